"""Comparing a copy with its live organization: offered by the operator, read by the organization's own people.

No role of an organization sees another schema, so the worker compares on ``owner``, which only reads here: one
statement a table, both schemas at one moment. What differs is written by the organization's own role into its own
schema. Source: BKP, issue «restore beside the live one; comparison and taking back chosen records».
"""

from __future__ import annotations

import contextlib
import json
import logging
import time
import uuid
from collections.abc import Iterable, Iterator
from typing import Any, Final

from django.db import connections, transaction
from psycopg import sql

from fleet.backups.errors import CopyHasNoHome, NotACopy, VersionsDiffer
from fleet.errors import OrganizationArchived, OrganizationUnknown
from shared.access.requests import NotedAction
from shared.audit.models import PublicEvent
from shared.audit.notes import note_in_organization
from shared.copies.models import OfferedCopy
from shared.kernel.rules import RuleViolation
from shared.organizations.models import Organization
from shared.tenancy import scopes
from tenants.recovery.parts import ENTITIES, PARTS, Part
from tenants.recovery.recording import Compared, Found, Row, failed, finished, write_down

logger = logging.getLogger(__name__)
_NAMES_PEOPLE: Final = ("student_id", "guardian_id", "member_id", "employee_id")
_NAMES_FILES: Final = ("file_id", "scan_id")


def offer_copy(slug: str, *, by: str) -> OfferedCopy:
    """Offer a copy to the organization it is of, and compare the two; offered again, it is compared again.

    Raises: OrganizationUnknown, NotACopy, CopyHasNoHome, OrganizationArchived.
    """
    copy = Organization.with_copies.using("owner").filter(slug=slug).first()
    if copy is None or copy.status == Organization.Status.ARCHIVED:
        raise OrganizationUnknown(slug=slug)
    if copy.copied_at is None:
        raise NotACopy(slug=slug)
    live = _source_of(copy)
    offer, is_new = OfferedCopy.objects.using("owner").get_or_create(
        copy=copy, defaults={"organization": live, "taken_at": copy.copied_at, "offered_by": by}
    )
    with scopes.enter(scopes.of_organization(live.schema_name).by(by)):
        if is_new:
            facts = {"address": copy.slug, "taken_at": copy.copied_at.isoformat()}
            note_in_organization(NotedAction("copy_offered", "copy", str(offer.pk)), facts)
        compare(offer.pk)
    offer.refresh_from_db(using="owner")
    return offer


def compare(offer_id: uuid.UUID) -> None:
    """Compare in the scope of the organization, to which row security shows its own offers alone.

    What does not work out is told to its people by the offer.
    """
    offer = OfferedCopy.objects.select_related("organization").filter(pk=offer_id).first()
    copy = Organization.with_copies.filter(pk=offer.copy_id).first() if offer else None
    if offer is None or copy is None:
        return
    began = time.perf_counter()
    try:
        write_down(offer, differing(live=offer.organization, copy=copy))
    except RuleViolation as refusal:
        failed(offer, str(refusal))
        return
    finished(offer, seconds=time.perf_counter() - began)
    logger.info("copy compared", extra={"schema": offer.organization.schema_name})


def differing(*, live: Organization, copy: Organization) -> Compared:
    """Everything that differs, read on ``owner`` as of one moment. Raises: VersionsDiffer."""
    if live.fingerprint != copy.fingerprint:
        raise VersionsDiffer
    with _reading():
        rows = [one for part in PARTS.values() for one in _rows(part, live.schema_name, copy.schema_name)]
        cards = _cards(rows, live.schema_name, copy.schema_name)
        files = {one.key for one in rows if one.entity == "file"}
        people = _people_of_files(files, copy.schema_name) if files else {}
    return Compared(rows, cards, people)


def forget_comparison(copy: Organization) -> None:
    """What its comparison has left in the live organization goes with the copy, in the caller's transaction."""
    for offer in OfferedCopy.objects.using("owner").filter(copy=copy).select_related("organization"):
        if offer.organization.status != Organization.Status.ARCHIVED:
            statement = sql.SQL("delete from {} where offer_id = %s").format(
                sql.Identifier(offer.organization.schema_name, "recovery_difference")
            )
            with connections["owner"].cursor() as cursor:
                cursor.execute(statement, [offer.pk])


def _source_of(copy: Organization) -> Organization:
    """The organization whose backup the copy is, as the public log says since it was made.

    Raises: CopyHasNoHome, OrganizationArchived.
    """
    made = PublicEvent.objects.using("owner").filter(action="copied", object_id=str(copy.pk)).order_by("-id")
    source = made.values_list("organization_id", flat=True).first()
    live = Organization.objects.using("owner").filter(pk=source).first() if source else None
    if live is None:
        raise CopyHasNoHome(slug=copy.slug)
    if live.status == Organization.Status.ARCHIVED:
        raise OrganizationArchived(name=live.short_name)
    return live


@contextlib.contextmanager
def _reading() -> Iterator[None]:
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute("set transaction isolation level repeatable read, read only")
        yield


def _rows(part: Part, live: str, copy: str) -> Iterator[Found]:
    """The differing rows of one table: one statement, joined by the key."""
    statement = sql.SQL(
        "select coalesce(c.id, l.id), case when c.id is not null then {old} end, "
        "case when l.id is not null then {new} end "
        "from {copy} c full join {live} l on l.id = c.id {via} where {differs}"
    ).format(
        old=_as_json("c", part),
        new=_as_json("l", part),
        copy=sql.Identifier(copy, part.table),
        live=sql.Identifier(live, part.table),
        via=_via(part, live, copy),
        differs=_differs(part),
    )
    for key, old, new in _ask(statement):
        row = (old and json.loads(old)) or None, (new and json.loads(new)) or None
        entity, head = part.head_of(row[0] or row[1] or {})
        yield Found(part, key, row[0], row[1], entity, head)


def _as_json(side: str, part: Part) -> sql.Composable:
    """The row of one side, with the card that the row it lies in names."""
    whole = sql.SQL("to_jsonb({})").format(sql.Identifier(side))
    if part.via is None:
        return whole
    column = part.heads[0][1]
    named = sql.SQL("jsonb_build_object({}, {})").format(sql.Literal(column), sql.Identifier(f"{side}_via", column))
    return sql.SQL("{} || {}").format(whole, named)


def _via(part: Part, live: str, copy: str) -> sql.Composable:
    if part.via is None:
        return sql.SQL("")
    model, column = part.via
    return sql.SQL("left join {} c_via on c_via.id = c.{name} left join {} l_via on l_via.id = l.{name}").format(
        sql.Identifier(copy, model._meta.db_table),
        sql.Identifier(live, model._meta.db_table),
        name=sql.Identifier(column),
    )


def _differs(part: Part) -> sql.Composable:
    if part.is_missed_only:
        return sql.SQL("l.id is null")
    sides = [sql.SQL(", ").join(sql.Identifier(side, column) for column in part.compared) for side in ("c", "l")]
    return sql.SQL("c.id is null or l.id is null or ({}) is distinct from ({})").format(*sides)


def _cards(rows: Iterable[Found], live: str, copy: str) -> dict[tuple[str, uuid.UUID], tuple[Row | None, Row | None]]:
    """The cards that the differing rows belong to, in one statement for each kind of them."""
    wanted: dict[str, set[uuid.UUID]] = {}
    for one in rows:
        wanted.setdefault(one.entity, set()).add(one.head_id)
    found: dict[tuple[str, uuid.UUID], tuple[Row | None, Row | None]] = {}
    for entity in wanted.keys() & (ENTITIES.keys() - {"organization"}):
        table = PARTS[entity].table
        statement = sql.SQL(
            "select coalesce(c.id, l.id), case when c.id is not null then to_jsonb(c) end, "
            "case when l.id is not null then to_jsonb(l) end from (select * from {} where id = any(%(keys)s)) c "
            "full join (select * from {} where id = any(%(keys)s)) l on l.id = c.id"
        ).format(sql.Identifier(copy, table), sql.Identifier(live, table))
        for key, old, new in _ask(statement, {"keys": list(wanted[entity])}):
            found[entity, key] = (old and json.loads(old)) or None, (new and json.loads(new)) or None
    return found


def _people_of_files(files: Iterable[uuid.UUID], copy: str) -> dict[uuid.UUID, frozenset[uuid.UUID]]:
    """Whose data files are: of the people in the copy's rows that name them."""
    found: dict[uuid.UUID, set[uuid.UUID]] = {}
    for part in PARTS.values():
        for column in {"file_id", "scan_id"} & part.columns.keys():
            people = [
                name for name in ("student_id", "guardian_id", "member_id", "employee_id") if name in part.columns
            ]
            statement = sql.SQL("select {}, array[{}]::uuid[] from {} where {} = any(%s)").format(
                sql.Identifier(column),
                sql.SQL(", ").join(map(sql.Identifier, people)),
                sql.Identifier(copy, part.table),
                sql.Identifier(column),
            )
            for key, named in _ask(statement, [list(files)]):
                found.setdefault(key, set()).update(filter(None, named))
    return {key: frozenset(people) for key, people in found.items()}


def _ask(statement: sql.Composed, values: Any = None) -> list[tuple[Any, ...]]:
    with connections["owner"].cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()
