"""The largest number that the column of a field holds: told in a sentence before the database refuses without one."""

from __future__ import annotations

from decimal import Decimal
from functools import cache

from django.apps import apps
from django.core.validators import MaxValueValidator
from django.db import models

from shared.cards.layout import Field


def largest(field: Field) -> Decimal | None:
    """The bound of a numeric column; None when the column is no number, or the field has none."""
    return _largest(field.table, field.column)


@cache
def _largest(table: str, name: str) -> Decimal | None:
    model = next((one for one in apps.get_models() if one._meta.db_table == table), None)
    column = next((one for one in model._meta.concrete_fields if one.name == name), None) if model else None
    if isinstance(column, models.DecimalField):
        digits, places = column.max_digits or 0, column.decimal_places or 0
        return (10**digits - 1) * Decimal(10) ** -places
    if not isinstance(column, models.IntegerField):
        return None
    # Django adds the range of the column's type to the validators that the model names itself.
    limits = [one.limit_value for one in column.validators if isinstance(one, MaxValueValidator)]
    return Decimal(min(limits)) if limits else None
