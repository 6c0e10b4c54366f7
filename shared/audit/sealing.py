"""Sealing: committed records get their number and their place in the chain, a few seconds after they were written.

Writers never wait for each other: they only append a mark that their schema has something to seal. The sealing takes
the marked schemas one by one, each in a transaction of its own on ``owner``: when it dies, nothing of that schema is
half done, and the mark is still there. Source: ARCHITECTURE 7.
"""

from __future__ import annotations

import datetime
import logging
from collections.abc import Sequence
from typing import Final

from django.db import connections, transaction
from django.utils import timezone
from psycopg import sql

from shared.audit.chain import FIRST, seal_of
from shared.audit.logs import Log
from shared.audit.models import Chain, Mark

BATCH: Final = 2000
# No transaction of the product lives that long; a record that appears later than that was put in beside the program.
LATE: Final = datetime.timedelta(hours=1)


logger = logging.getLogger(__name__)


class BrokenChain(RuntimeError):
    """The head does not fit the last sealed record: nothing more is chained to it, the verification says why."""


def seal_marked() -> int:
    """Seal the schemas that have marks; says how many records were sealed. A broken one does not stop the others."""
    sealed = 0
    marked = Mark.objects.using("owner").values_list("schema_name", flat=True).distinct()
    for schema in sorted(marked):
        try:
            sealed += seal(Log(schema))
        except BrokenChain:
            logger.error("log not sealed", extra={"schema": schema})
    return sealed


def seal(log: Log) -> int:
    """Chain what is committed and not sealed yet, in the order of the keys; says how many records.

    A record that comes too late is left alone, and the verification names it: one written, by its own time, more than
    an hour before the last sealing. The records of a transaction are seen by the first sealing after its end, so only
    what was put in beside the program, with a time of the past, can be so late. Raises: BrokenChain.
    """
    sealed = 0
    while True:
        with transaction.atomic(using="owner"):
            head = _locked_head(log)
            Mark.objects.using("owner").filter(schema_name=log.schema).delete()
            rows = _unsealed(log, head)
            if not rows:
                return sealed
            _chain(log, head, rows)
        sealed += len(rows)
        if len(rows) < BATCH:
            return sealed


def seal_anew(log: Log) -> int:
    """Chain every record of a log that was brought into this schema from elsewhere, in the caller's transaction.

    Its former seals name another schema; what kept them is told by a record of its own. Says how many records.
    """
    Chain.objects.using("owner").filter(pk=log.schema).delete()
    head = _locked_head(log)
    while rows := _waiting(log):
        _chain(log, head, rows)
        head.refresh_from_db(using="owner")
    return head.last_no


def _waiting(log: Log) -> Sequence[tuple[str | None, ...]]:
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            sql.SQL("select {fields} from {table} where seal_no is null order by id limit {batch}").format(
                fields=log.fields, table=log.table, batch=sql.Literal(BATCH)
            )
        )
        return cursor.fetchall()


def _locked_head(log: Log) -> Chain:
    """The head, held by nobody else until this transaction ends. Raises: BrokenChain."""
    heads = Chain.objects.using("owner")
    start = Chain(schema_name=log.schema, last_no=0, last_seal=FIRST, sealed_at=timezone.now())
    heads.bulk_create([start], ignore_conflicts=True)
    head = heads.select_for_update().get(pk=log.schema)
    with connections["owner"].cursor() as cursor:
        cursor.execute(sql.SQL("select coalesce(max(seal_no), 0) from {} where seal_no is not null").format(log.table))
        if cursor.fetchone() != (head.last_no,):
            raise BrokenChain(log.schema)
    return head


def is_late() -> sql.Composed:
    """The rule of ``seal`` about a record; its parameter is the time of the last sealing (None: never)."""
    return sql.SQL("coalesce(at < %(sealed_at)s::timestamptz - {}::interval, false)").format(sql.Literal(LATE))


def last_sealed_at(head: Chain | None) -> datetime.datetime | None:
    return head.sealed_at if head is not None and head.last_no else None


def _unsealed(log: Log, head: Chain) -> Sequence[tuple[str | None, ...]]:
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            sql.SQL(
                "select {fields} from {table} where seal_no is null and not {late} order by id limit {batch}"
            ).format(fields=log.fields, table=log.table, late=is_late(), batch=sql.Literal(BATCH)),
            {"sealed_at": last_sealed_at(head)},
        )
        return cursor.fetchall()


def _chain(log: Log, head: Chain, rows: Sequence[tuple[str | None, ...]]) -> None:
    number, seal_before = head.last_no, bytes(head.last_seal)
    keys, numbers, seals = [], [], []
    for row in rows:
        number += 1
        seal_before = seal_of(log.schema, number, seal_before, row)
        keys.append(int(row[0] or 0))
        numbers.append(number)
        seals.append(seal_before)
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            sql.SQL(
                "update {} e set seal_no = s.number, seal = s.seal "
                "from unnest(%s::bigint[], %s::bigint[], %s::bytea[]) as s(id, number, seal) where e.id = s.id"
            ).format(log.table),
            [keys, numbers, seals],
        )
    Chain.objects.using("owner").filter(pk=log.schema).update(
        last_no=number, last_seal=seal_before, sealed_at=timezone.now()
    )
