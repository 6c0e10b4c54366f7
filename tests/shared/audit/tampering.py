"""What a person with the owner's login can do to a log, past its triggers."""

from __future__ import annotations

from django.db import connections, transaction

from shared.audit.logs import Log
from tests.support import School
from tests.tenants import factories


def log_of(place: School) -> Log:
    return Log(place.organization.schema_name, place.organization.slug)


def write_five(place: School) -> None:
    """Five records in five transactions."""
    write_records(place, 5)


def write_records(place: School, count: int) -> None:
    """So many records, each in a transaction of its own."""
    for number in range(count):
        with place.work("anna"):
            factories.group(f"{number + 1}А")


def tamper(place: School, *statements: str) -> None:
    """Change the log as the owner of its table, its triggers put aside; ``{log}`` and ``{schema}`` are its names."""
    log = log_of(place)
    table = log.table.as_string()
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute(f"alter table {table} disable trigger user")
        for statement in statements:
            cursor.execute(statement.format(log=table, schema=log.schema))
        cursor.execute(f"alter table {table} enable trigger user")


def ask(place: School, question: str) -> list[tuple]:
    """An answer about the log, read as its owner."""
    log = log_of(place)
    with connections["owner"].cursor() as cursor:
        cursor.execute(question.format(log=log.table.as_string(), schema=log.schema))
        return cursor.fetchall()
