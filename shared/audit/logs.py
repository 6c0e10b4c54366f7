"""Where the logs are: the public one and one in every organization, and their records as text to be sealed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.db import connections
from psycopg import sql

from shared.organizations.models import Organization
from shared.tenancy.names import PUBLIC

# As text, so that nothing is lost on the way to Python: numbers of any length, moments to the microsecond.
SEALED_FIELDS: Final = (
    *("id", "extract(epoch from at)", "actor", "actor_name", "request_id", "action", "object_kind", "object_id"),
    *("changes", "rows", "reason", "facts"),
)
PLACE_FIELDS: Final = ("organization_id", "authority_id")


@dataclass(frozen=True, slots=True)
class Log:
    """The table of events of one schema; ``slug`` is the organization's address, '' for the public log."""

    schema: str
    slug: str = ""

    @property
    def table(self) -> sql.Identifier:
        return sql.Identifier(self.schema, "audit_event" if self.schema == PUBLIC else "history_event")

    @property
    def fields(self) -> sql.Composed:
        """The sealed columns, as text."""
        names = SEALED_FIELDS + (PLACE_FIELDS if self.schema == PUBLIC else ())
        return sql.SQL(", ").join(sql.SQL("({})::text").format(sql.SQL(name)) for name in names)


PUBLIC_LOG: Final = Log(PUBLIC)


def all_logs(slug: str | None = None) -> Iterator[Log]:
    """The public log and that of every organization whose data is here, or of one organization alone."""
    if slug is None:
        yield PUBLIC_LOG
    found = Organization.with_copies.using("owner").exclude(status=Organization.Status.ARCHIVED).order_by("slug")
    for schema, name in (found.filter(slug=slug) if slug else found).values_list("schema_name", "slug"):
        yield Log(schema, name)


def has_log(log: Log) -> bool:
    """Whether the schema has its log yet: an organization that waits for its migration has not."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("select to_regclass(%s) is not null", [log.table.as_string()])
        row = cursor.fetchone()
    return bool(row and row[0])
