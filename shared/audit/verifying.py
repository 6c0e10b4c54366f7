"""Recomputing the chains: any record edited, removed, inserted or moved since its sealing is found and named."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.db import connections, transaction
from psycopg import sql

from shared.audit.chain import FIRST, is_same, seal_of
from shared.audit.logs import Log
from shared.audit.models import Chain
from shared.audit.sealing import is_late, last_sealed_at

PAGE: Final = 5000


@dataclass(frozen=True, slots=True)
class Breach:
    """The first record of a log that is not as it was sealed; what is not known of it (it is gone) is ''."""

    what: str
    number: int
    at: str = ""
    action: str = ""
    object: str = ""


@dataclass(frozen=True, slots=True)
class Verified:
    """What a log was found to be: the records sealed and the last seal, to be compared with those noted elsewhere."""

    log: Log
    records: int
    last_seal: str
    breach: Breach | None


@dataclass(frozen=True, slots=True)
class _Sealed:
    """A sealed record as it stands in the table."""

    number: int
    seal: bytes
    fields: tuple[str | None, ...]
    at: str
    action: str
    object: str

    def breach(self, what: str, number: int | None = None) -> Breach:
        return Breach(what, self.number if number is None else number, self.at, self.action, self.object)


def verify(log: Log) -> Verified:
    """Walk one chain from its first record to its head, in one snapshot. Seal first what waits for it."""
    with transaction.atomic(using="owner"):
        with connections["owner"].cursor() as cursor:
            cursor.execute("set transaction isolation level repeatable read, read only")
        head = Chain.objects.using("owner").filter(pk=log.schema).first()
        number, seal, breach = _walk(log, FIRST)
        breach = breach or _broken_head(number, seal, head) or _late_record(log, head)
    return Verified(log, number, seal.hex(), breach)


def _walk(log: Log, seal: bytes) -> tuple[int, bytes, Breach | None]:
    """How far the chain holds, its seal there, and what breaks it."""
    number = 0
    for record in _records(log):
        if record.number <= number:
            return number, seal, record.breach("вставлена запись с занятым номером")
        if record.number > number + 1:
            missing = number + 1
            return number, seal, Breach("удалена запись", missing, f"до {record.at}")
        expected = seal_of(log.schema, record.number, seal, record.fields)
        if not is_same(expected, record.seal):
            return number, seal, record.breach("запись изменена, переставлена или вставлена")
        number, seal = record.number, expected
    return number, seal, None


def _broken_head(number: int, seal: bytes, head: Chain | None) -> Breach | None:
    if head is None:
        return Breach("удалена голова цепочки", number) if number else None
    if head.last_no > number:
        return Breach("удалены последние записи", number + 1, f"до {head.sealed_at:%Y-%m-%d %H:%M:%S}")
    if head.last_no < number or not is_same(bytes(head.last_seal), seal):
        return Breach("голова цепочки не подходит к последней записи", number)
    return None


def _late_record(log: Log, head: Chain | None) -> Breach | None:
    """A record that the sealing would not take: it appeared long after its own time. See ``sealing.seal``."""
    found = _rows(
        log,
        sql.SQL("seal_no is null and {} order by id limit 1").format(is_late()),
        {"sealed_at": last_sealed_at(head)},
    )
    return found[0].breach("вставлена запись задним числом", 0) if found else None


def _records(log: Log) -> Iterator[_Sealed]:
    """Sealed records in the order of their numbers, page by page."""
    after, key = 0, 0
    while True:
        page = _rows(
            log,
            sql.SQL(
                "seal_no is not null and (seal_no, id) > (%(after)s, %(key)s) order by seal_no, id limit {}"
            ).format(sql.Literal(PAGE)),
            {"after": after, "key": key},
        )
        yield from page
        if len(page) < PAGE:
            return
        after, key = page[-1].number, int(page[-1].fields[0] or 0)


def _rows(log: Log, condition: sql.Composed, parameters: dict[str, Any]) -> list[_Sealed]:
    shown = sql.SQL(
        "seal_no, seal, to_char(at at time zone 'utc', 'YYYY-MM-DD HH24:MI:SS'), action, object_kind, object_id"
    )
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            sql.SQL("select {}, {} from {} where {}").format(shown, log.fields, log.table, condition), parameters
        )
        return [
            _Sealed(number or 0, bytes(seal or b""), tuple(fields), at or "", action, f"{kind} {key}".strip())
            for number, seal, at, action, kind, key, *fields in cursor.fetchall()
        ]
