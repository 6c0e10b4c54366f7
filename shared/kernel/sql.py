"""Database expressions that behave the same on every server."""

from django.db.models import CharField, Func, GeneratedField, Value
from django.db.models.functions import Concat, Lower


def sort_name_field() -> GeneratedField:
    """Stored key for sorting and searching Russian names: lower case, ё as е. Source: TENANCY 1.

    Collations differ between servers; this key does not, and it can stand in an index.
    """
    return GeneratedField(
        expression=Func(
            Lower(Concat("last_name", Value(" "), "first_name", Value(" "), "patronymic")),
            Value("ё"),
            Value("е"),
            function="translate",
        ),
        output_field=CharField(max_length=310),
        db_persist=True,
    )
