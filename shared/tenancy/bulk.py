"""Many rows at once: COPY for new ones, one UPDATE for changed ones. Every table is named by its model."""

from __future__ import annotations

import datetime
import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import JSONField, Model
from psycopg import sql
from psycopg.types.json import Jsonb

from shared.tenancy.connection import tenant_connection


def copy_rows(model: type[Model], records: Sequence[Mapping[str, Any]]) -> None:
    """Insert records of equal columns."""
    if not records:
        return
    columns = list(records[0])
    json_columns = {column for column in columns if isinstance(model._meta.get_field(column), JSONField)}
    statement = sql.SQL("copy {} ({}) from stdin").format(
        sql.Identifier(model._meta.db_table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    with connection.cursor() as cursor:
        tenant_connection().refuse_if_held()
        # Django wraps the faults of ``execute`` only; a broken constraint must look the same here.
        with connection.wrap_database_errors, cursor.copy(statement) as copy:
            for record in records:
                copy.write_row(
                    [
                        Jsonb(value) if column in json_columns and value is not None else value
                        for column, value in record.items()
                    ]
                )


def update_rows(model: type[Model], records: Iterable[Mapping[str, Any]]) -> None:
    """Give the rows of these keys the values of the records; all records have equal columns."""
    records = list(records)
    if not records:
        return
    columns = [column for column in records[0] if column != "id"]
    names = list(map(sql.Identifier, columns))
    statement = sql.SQL(
        "update {table} t set {values} from jsonb_to_recordset(%s::jsonb) as v(id uuid, {types}) where t.id = v.id"
    ).format(
        table=sql.Identifier(model._meta.db_table),
        values=sql.SQL(", ").join(sql.SQL("{0} = v.{0}").format(name) for name in names),
        types=sql.SQL(", ").join(
            sql.SQL("{} {}").format(name, sql.SQL(_type(model, column)))
            for name, column in zip(names, columns, strict=True)
        ),
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [json.dumps(records, default=_plain)])


def update_changed(model: type[Model], changes: Mapping[uuid.UUID, Mapping[str, Any]]) -> None:
    """Like ``update_rows`` for records whose columns differ: one UPDATE for each set of columns."""
    by_columns: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for key, values in changes.items():
        columns = tuple(sorted(values))
        by_columns.setdefault(columns, []).append({"id": key, **{column: values[column] for column in columns}})
    for records in by_columns.values():
        update_rows(model, records)


def plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values as JSON keeps them."""
    return json.loads(json.dumps(values, default=_plain))


def _plain(value: object) -> str:
    if isinstance(value, uuid.UUID | datetime.date | Decimal):
        return str(value)
    raise TypeError(type(value).__name__)


def _type(model: type[Model], column: str) -> Any:
    """The column's type as our own migration wrote it; never a text from outside."""
    return model._meta.get_field(column).db_type(connection)
