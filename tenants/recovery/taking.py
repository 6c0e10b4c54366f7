"""Taking chosen records back into the organization, by its own role and through its row history; and the undo of it.

What cannot come back is refused by name, everything else comes. Each table is written in one statement; only where the
database refuses one row of it, its rows are written one by one. Source: issue «taking back chosen records», R-204.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import psycopg
from django.db import IntegrityError, transaction
from django.utils import timezone

from shared.access.requests import NotedAction
from shared.audit.notes import note_in_organization
from shared.copies.models import OfferedCopy
from shared.documents import store
from shared.organizations.models import Organization
from shared.tenancy.bulk import copy_rows, update_changed, update_rows
from shared.tenancy.connection import tenant_connection
from shared.tenancy.scopes import give_reason
from tenants.handup.services import hand_up_everything
from tenants.organization.services import refresh_card
from tenants.recovery.bars import bar_of, bars_of, bars_of_missing, people_of
from tenants.recovery.bundles import chosen_of, dependents_of
from tenants.recovery.errors import NothingToTake, NothingToUndo
from tenants.recovery.models import Difference
from tenants.recovery.parts import ENTITIES, PARTS, RANK, Part
from tenants.recovery.rows import check_references_at_once, delete_rows, rows_now

CHANGED_SINCE: Final = "После сравнения запись изменили. Сравните снова и решите, что верно."
GONE_SINCE: Final = "После сравнения запись удалили. Сравните снова."
NO_CONTENT: Final = "Содержимое файла не сохранилось ни здесь, ни в копии."
NAMED_BY_OTHERS: Final = "Запись осталась: с ней уже связаны новые."
FORGOTTEN: Final = "Прежние сведения уничтожены, возвращать нечего."
_REFUSALS: Final[dict[type[Exception], str]] = {
    psycopg.errors.UniqueViolation: "Такая запись уже внесена заново. Сверьте её и исправьте вручную.",
    psycopg.errors.ExclusionViolation: "На эти дни уже есть другая запись. Исправьте даты вручную.",
    psycopg.errors.ForeignKeyViolation: "Нет записи, к которой она относится. Выберите и её.",
    psycopg.errors.CheckViolation: "Она противоречит нынешним сведениям. Исправьте вручную.",
}
_OTHER: Final = "База данных её не приняла. Исправьте вручную."
_IN_REGISTRY: Final = frozenset({"student", "group", "order", "enrollment", "placement", "order_row"})
_ON_CARD: Final = frozenset({"organization", "responsible", "building", "document"})
Outcome = Difference.Outcome
Kind = Difference.Kind


@dataclass(frozen=True, slots=True)
class Order:
    """What was asked and allowed: the request, why, who asked and who allowed, in the words of the history."""

    approval_id: uuid.UUID
    number: int
    reason: str
    allowed_by: str


@dataclass
class Result:
    """What has become of the records: written, refused with a sentence, taken back before."""

    done: list[Difference] = field(default_factory=list)
    refused: list[Difference] = field(default_factory=list)
    before: list[Difference] = field(default_factory=list)

    def refuse(self, one: Difference, why: str) -> None:
        one.refusal = why[:300]
        self.refused.append(one)


@transaction.atomic
def take_back(*, offer: OfferedCopy, chosen: Collection[uuid.UUID], order: Order) -> Result:
    """Bring the chosen records and what hangs on them back; done twice it changes nothing more.

    Requests for the same records wait for each other: what one has taken back the other finds done.
    Raises: NothingToTake.
    """
    _take_turn()
    rows = chosen_of(offer.pk, chosen)
    if not rows:
        raise NothingToTake
    give_reason(f"Возврат из копии на {timezone.localtime(offer.taken_at):%d.%m.%Y %H:%M}: {order.reason} "
                f"(запрос № {order.number}, разрешил {order.allowed_by})")  # fmt: skip
    check_references_at_once()
    rows += dependents_of(offer.pk, rows)
    result = Result(before=[one for one in rows if one.outcome == Outcome.TAKEN])
    wanted = _not_barred(offer, [one for one in rows if one.outcome != Outcome.TAKEN], result)
    for part, ones in _by_part(wanted):
        _update(part, [one for one in ones if one.kind == Kind.CHANGED], result, side="old")
        missing = [one for one in ones if one.kind == Kind.MISSING]
        _insert(part, _with_contents(offer, missing, result) if part.code == "file" else missing, result)
    _after(result.done, by=order.allowed_by)
    _remember(result, order.approval_id)
    note_in_organization(
        NotedAction("taken_back", "recovery", str(order.approval_id), len(result.done), order.reason),
        {"request": order.number, "refused": len(result.refused)},
    )
    return result


@transaction.atomic
def undo_taking(*, approval_id: uuid.UUID, number: int, by: str, reason: str) -> Result:
    """Take a taking back back: rows that came go, values return, where nobody has changed them since.

    Raises: NothingToUndo.
    """
    _take_turn()
    taken = list(Difference.objects.filter(approval_id=approval_id, outcome=Outcome.TAKEN).order_by("pk"))
    if not taken:
        raise NothingToUndo
    give_reason(f"Отмена возврата из копии (запрос № {number}): {reason}")
    check_references_at_once()
    result = Result()
    for part, ones in reversed(list(_by_part(taken))):
        for one in [one for one in ones if one.old is None]:
            result.refuse(one, FORGOTTEN)
        known = [one for one in ones if one.old is not None]
        _delete(part, [one for one in known if one.kind == Kind.MISSING], result)
        _update(part, [one for one in known if one.kind == Kind.CHANGED], result, side="live")
    _after(result.done, by=by)
    _remember_undone(result)
    note_in_organization(
        NotedAction("taking_undone", "recovery", str(approval_id), len(result.done), reason),
        {"request": number, "kept": len(result.refused)},
    )
    return result


def _take_turn() -> None:
    """One at a time in an organization; the rows of its offers are the lock."""
    list(OfferedCopy.objects.select_for_update(of=("self",)).order_by("pk"))


def _by_part(rows: Iterable[Difference]) -> Iterable[tuple[Part, list[Difference]]]:
    """In the order of foreign keys."""
    found: dict[str, list[Difference]] = {}
    for one in rows:
        found.setdefault(one.part, []).append(one)
    return [(PARTS[code], found[code]) for code in sorted(found, key=RANK.__getitem__)]


def _not_barred(offer: OfferedCopy, rows: list[Difference], result: Result) -> list[Difference]:
    """Consents may have been withdrawn and data destroyed since the comparison."""
    told = Difference.objects.of(offer.pk).filter(kind=Kind.MISSING, barred="", old__isnull=False)
    gone = told.filter(part__in=("student", "guardian", "staff", "link")).values_list("part", "key", "old")
    bars = bars_of(people_of(rows)) | bars_of_missing([(part, key, old or {}) for part, key, old in gone])
    kept = []
    for one in rows:
        if why := bar_of(one, bars):
            result.refuse(one, why)
        else:
            kept.append(one)
    return kept


def _with_contents(offer: OfferedCopy, rows: list[Difference], result: Result) -> list[Difference]:
    """Files whose content is here again: from the store of the copy where ours was swept."""
    here = tenant_connection().scope.schema
    beside = Organization.with_copies.values_list("schema_name", flat=True).get(pk=offer.copy_id)
    kept = []
    for one in rows:
        sha256 = str((one.old or {})["sha256"])
        content = store.take(here, sha256) or store.take(beside, sha256)
        if content is None:
            result.refuse(one, NO_CONTENT)
            continue
        store.put(here, sha256, content)  # young again, so no sweep takes it before the commit
        kept.append(one)
    return kept


def _insert(part: Part, rows: list[Difference], result: Result) -> None:
    def write(ones: list[Difference]) -> None:
        copy_rows(part.model, [_record(part, one) for one in ones])

    _write_all(part, rows, result, write)


def _record(part: Part, one: Difference) -> dict[str, Any]:
    """The row of the copy; an account is given anew, by who appoints."""
    row = {name: (one.old or {})[name] for name in part.columns}
    return row | {"account_id": None} if "account_id" in row else row


def _update(part: Part, rows: list[Difference], result: Result, *, side: str) -> None:
    """Write the values of one side where the live row is still the one that was compared (or taken back)."""
    held = rows_now(part, {one.key for one in rows}, lock=True)
    current = []
    for one in rows:
        if one.key not in held:
            result.refuse(one, GONE_SINCE)
        elif part.digest(held[one.key]) != one.digest:
            result.refuse(one, CHANGED_SINCE)
        else:
            current.append(one)

    def write(ones: list[Difference]) -> None:
        changes: dict[uuid.UUID, dict[str, Any]] = {}
        for one in ones:
            changes.setdefault(one.key, {}).update(getattr(one, side))
        if "updated_at" in part.columns:
            for values in changes.values():
                values["updated_at"] = timezone.now()
        update_changed(part.model, changes)

    _write_all(part, current, result, write)


def _delete(part: Part, rows: list[Difference], result: Result) -> None:
    held = rows_now(part, {one.key for one in rows}, lock=True)
    current = []
    for one in rows:
        if one.key in held and part.digest(held[one.key]) != one.digest:
            result.refuse(one, CHANGED_SINCE)
        else:
            current.append(one)

    def write(ones: list[Difference]) -> None:
        delete_rows(part, [one.key for one in ones])

    _write_all(part, current, result, write)


def _write_all(part: Part, rows: list[Difference], result: Result, write: Callable[[list[Difference]], None]) -> None:
    """All at once; one by one where one of them is refused, so that the others do not suffer for it."""
    if not rows:
        return
    try:
        with transaction.atomic():
            write(rows)
    except IntegrityError as error:
        if len(rows) == 1:
            result.refuse(rows[0], _sentence(part, error))
            return
        for one in rows:
            _write_all(part, [one], result, write)
        return
    result.done += rows


def _sentence(part: Part, error: IntegrityError) -> str:
    """Why the database refused a row, in the words of its card where it has some."""
    cause = error.__cause__
    name = str(getattr(getattr(cause, "diag", None), "constraint_name", ""))
    kind = ENTITIES[part.heads[0][0]].kind
    if kind is not None and name in kind.refusals:
        return str(kind.refusals[name]())
    return next((text for fault, text in _REFUSALS.items() if isinstance(cause, fault)), _OTHER)


def _remember(result: Result, approval_id: uuid.UUID) -> None:
    now = timezone.now()
    done = {"outcome": str(Outcome.TAKEN), "refusal": "", "approval_id": approval_id, "taken_at": now}
    _save(result, done, {"outcome": str(Outcome.REFUSED), "approval_id": approval_id})


def _remember_undone(result: Result) -> None:
    """What stayed is still taken back, with the sentence why."""
    _save(result, {"outcome": str(Outcome.UNDONE), "refusal": ""}, {})


def _save(result: Result, done: dict[str, Any], refused: dict[str, Any]) -> None:
    """The digests are of the rows as they stand now, also of the other half of a row."""
    for part, ones in _by_part(result.done):
        keys = {one.key for one in ones}
        now = {key: part.digest(row) for key, row in rows_now(part, keys).items()}
        update_rows(Difference, [{"id": one.pk, **done, "digest": now.get(one.key, "")} for one in ones])
        _follow(part, ones, now)
    update_rows(Difference, [{"id": one.pk, **refused, "refusal": one.refusal} for one in result.refused])


def _follow(part: Part, done: list[Difference], now: Mapping[uuid.UUID, str]) -> None:
    """The other half of a row that was written is of the row as it stands now: its own columns are as they were."""
    written = {(one.key, one.is_special) for one in done}
    halves = Difference.objects.of(done[0].offer_id).filter(part=part.code, kind=Kind.CHANGED, key__any_of=now)
    others = [one for one in halves if (one.key, one.is_special) not in written]
    update_rows(Difference, [{"id": one.pk, "digest": now[one.key]} for one in others])


def _after(rows: Collection[Difference], *, by: str) -> None:
    """What follows a change of these tables: the registry reads anew, the organization's card says what it holds."""
    parts = {one.part for one in rows}
    if parts & _IN_REGISTRY:
        hand_up_everything()
    if parts & _ON_CARD:
        refresh_card(by=by)
