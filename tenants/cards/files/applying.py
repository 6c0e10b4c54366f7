"""Writes what the rows of a checked file bring, and takes it back."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.db import transaction
from django.db.models import QuerySet

from shared.cards.kinds import CardKind
from shared.cards.values import plain, unplain, value_of
from shared.kernel.rules import RuleViolation
from shared.tenancy.bulk import update_rows
from shared.tenancy.scopes import give_reason
from tenants.cards.batches import ABSENCES, CardChange, apply_batch, undo_batch
from tenants.cards.errors import NothingToChange
from tenants.cards.files import staging
from tenants.cards.files.checking import Row
from tenants.cards.files.kinds import CHILD_KEY, LINK, RELATION, FileKind, file_kinds
from tenants.cards.files.later import last_event, moved_rows, worked_with
from tenants.cards.files.models import CardFile, CardFileRow, Verdict
from tenants.cards.hands import Hand
from tenants.cards.models import Batch
from tenants.people.models import GuardianLink

MOVED: Final = "Изменена после проверки: карточка уже не та, что была показана. Проверьте файл ещё раз."
NAMED: Final = 20  # so many of the cards that an undo leaves are named

Problems = list[list[str]]


@dataclass(slots=True)
class Applied:
    """What was written: the batch (None when there was nothing), rows refused after all, facts for the page."""

    batch: Batch | None = None
    refused: dict[int, Problems] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)  # Any: what JSON keeps


def carry_out(run: CardFile, *, by: str) -> Applied:
    """Check the rows again, with their cards held, and write those that would still do what was shown."""
    kind = file_kinds()[run.kind]
    # Rows are compared after that, so nobody's value is overwritten that the person has not seen.
    _hold(kind.card, CardFileRow.objects.filter(run=run, verdict=Verdict.CHANGED).values_list("card_id"))
    applied, changes = Applied(), list[CardChange]()
    creating, linking, relating = list[Row](), list[Row](), list[Row]()
    numbers: dict[uuid.UUID, int] = {}
    checker = staging.checker_of(run)
    for portion in staging.portions(run, Verdict.NEW, Verdict.CHANGED):
        rows = [row for _, row in portion]
        checker.check(rows)
        for shown, row in portion:
            if not _is_as_shown(row, shown):
                applied.refused[row.number] = row.problems or [["", MOVED]]
                continue
            row.key = shown.pk
            if row.verdict == Verdict.NEW:
                creating.append(row)
                continue
            if row.values and row.card_id:
                changes.append(CardChange(row.card_id, row.values, row.absences))
                numbers[row.card_id] = row.number
            if LINK in row.beside:
                relating.append(row)
            elif row.beside:
                linking.append(row)
    title = f"Загрузка «{run.file_name}»"
    give_reason(title)
    made = _create(kind, creating, applied, by=by)
    links, relations = _link(linking), _relate(relating, applied)
    applied.facts = {"links": [str(key) for key in links], "relations": relations}
    held_back: dict[uuid.UUID, str] = {}
    try:
        applied.batch = apply_batch(
            kind.card,
            _merged(changes),
            origin=Batch.Origin.FILE,
            title=title,
            hand=kind.hand_of_worker(by=by),
            created=made,
            refused=held_back,
        )
    except NothingToChange:
        if links or relations:
            applied.batch = Batch.objects.create(
                origin=Batch.Origin.FILE, kind=kind.code, title=title[:300], made_by=by
            )
    applied.refused |= {numbers[key]: [["", why]] for key, why in held_back.items()}
    applied.facts["last_event"] = last_event()
    return applied


def _hold(kind: CardKind, keys: QuerySet[Any, Any]) -> None:
    """Lock these cards in the order of their keys: who is writing one of them now comes first, the others later."""
    cards = kind.model._default_manager.filter(pk__in=keys).order_by("pk").select_for_update(of=("self",))
    list(cards.values_list("pk"))


def _is_as_shown(row: Row, shown: CardFileRow) -> bool:
    """Whether the row still does what the person has seen: to the same card, from the same values to the same."""
    same_card = (row.verdict, row.card_id) == (shown.verdict, shown.card_id)
    return same_card and row.kept == shown.values and row.changes == shown.changes


def take_back(run: CardFile, *, hand: Hand, reason: str = "") -> dict[str, Any]:
    """Undo the file's batch; what it says goes to the page. Raises: BatchAlreadyUndone, ClosedToHand."""
    assert run.batch is not None
    kind = file_kinds()[run.kind]
    after = run.summary.get("last_event", 0)
    _hold(kind.card, run.batch.changes.values_list("card_id"))  # type: ignore[attr-defined]
    kept = _kept(kind.card, run.batch)
    give_reason(f"Отмена: {run.batch.title}" + (f". {reason}" if reason else ""))
    made = list(run.batch.changes.filter(old__isnull=True).values_list("card_id", flat=True))  # type: ignore[attr-defined]
    spared = worked_with(kind.card, made, after=after) if made else set()
    kept += _named(kind.card, spared)
    ties = _untie(run.summary.get("links", []), kept, after=after)
    ties += _relate_back(run.summary.get("relations", {}), kept)
    undone = undo_batch(kind.card, run.batch, hand=hand, reason=reason, spared=spared)
    return {
        "restored": undone.restored,
        "ties": ties,
        "kept": undone.kept,
        "withdrawn": undone.withdrawn,
        "named": kept[:NAMED],
    }


def _merged(changes: Sequence[CardChange]) -> list[CardChange]:
    """One change a card: a representative of two children may stand in two rows, which say the same of him."""
    found: dict[uuid.UUID, CardChange] = {}
    for change in changes:
        known = found.get(change.card_id)
        values = {**known.values, **change.values} if known else change.values
        absences = change.absences if change.absences is not None or known is None else known.absences
        found[change.card_id] = CardChange(change.card_id, values, absences)
    return list(found.values())


def _create(kind: FileKind, rows: Sequence[Row], applied: Applied, *, by: str) -> list[uuid.UUID]:
    """New cards, and on their rows whose they are."""
    if not rows:
        return []
    described = [{**row.values, **row.beside} for row in rows]
    keys: Sequence[uuid.UUID | None]
    if kind.card.create_many is not None:
        keys = kind.card.create_many(described, by=by)
    else:
        keys = [_create_one(kind, row, values, applied, by=by) for row, values in zip(rows, described, strict=True)]
    made = [(row, key) for row, key in zip(rows, keys, strict=True) if key is not None]
    update_rows(CardFileRow, [{"id": row.key, "card_id": key} for row, key in made])
    explained = {key: row.absences for row, key in made if row.absences}
    update_rows(kind.card.model, [{"id": key, "absences": absences} for key, absences in explained.items()])
    return list(dict.fromkeys(key for _, key in made))


def _create_one(kind: FileKind, row: Row, values: Mapping[str, Any], applied: Applied, *, by: str) -> uuid.UUID | None:
    """The room's own refusal is the row's, and stops nobody else."""
    assert kind.card.create is not None
    try:
        with transaction.atomic():
            return kind.card.create(values, by=by).pk
    except RuleViolation as refusal:
        applied.refused[row.number] = [[refusal.field or "", str(refusal)]]
        return None


def _link(rows: Sequence[Row]) -> list[uuid.UUID]:
    """Known representatives become those of more children."""
    links = [
        GuardianLink(student_id=row.beside[CHILD_KEY], guardian_id=row.card_id, relation=row.beside.get(RELATION, ""))
        for row in rows
        if row.card_id is not None
    ]
    return [link.pk for link in GuardianLink.objects.bulk_create(links)]


def _relate(rows: Sequence[Row], applied: Applied) -> dict[str, list[str]]:
    """Known links say another relation; key of a link → what it said and what it says now, for the undo."""
    keys = [row.beside[LINK] for row in rows]
    links = GuardianLink.objects.filter(pk__any_of=keys).order_by("pk").select_for_update(of=("self",))
    held = dict(links.values_list("pk", "relation"))
    changed: dict[str, list[str]] = {}
    for row in rows:
        assert row.link is not None
        if held.get(row.link.key) == row.link.relation:
            changed[str(row.link.key)] = [row.link.relation, row.beside[RELATION]]
        else:
            applied.refused[row.number] = [[RELATION, MOVED]]
    update_rows(GuardianLink, [{"id": uuid.UUID(key), "relation": new} for key, (_, new) in changed.items()])
    return changed


def _relate_back(relations: Mapping[str, Sequence[str]], kept: list[list[str]]) -> int:
    """Relations that are still the file's become what they were; the others are named. Answers how many went back."""
    links = GuardianLink.objects.filter(pk__any_of=[uuid.UUID(key) for key in relations]).order_by("pk")
    back = []
    for link in links.select_related("guardian").select_for_update(of=("self",)):
        old, new = relations[str(link.pk)]
        if link.relation == new:
            back.append({"id": link.pk, "relation": old})
        else:
            kept.append([str(link.guardian), "Степень родства"])
    update_rows(GuardianLink, back)
    return len(back)


def _untie(keys: Sequence[str], kept: list[list[str]], *, after: int) -> int:
    """Links that the file has made and nobody has touched since; answers how many went, the others are named.

    What a court has said stands on a link, and a link goes nowhere with it.
    """
    links = GuardianLink.objects.filter(pk__any_of=[uuid.UUID(key) for key in keys]).order_by("pk")
    moved, going = moved_rows(keys, after=after), list[uuid.UUID]()
    for link in links.select_related("guardian").select_for_update(of=("self",)):
        if link.rights_restriction or str(link.pk) in moved:
            kept.append([str(link.guardian), "связь с ребёнком"])
        else:
            going.append(link.pk)
    return GuardianLink.objects.filter(pk__any_of=going).delete()[1].get(GuardianLink._meta.label, 0)


def _named(kind: CardKind, spared: Collection[uuid.UUID]) -> list[list[str]]:
    """New cards that stay, because somebody has worked with them since."""
    cards = kind.model._default_manager.filter(pk__any_of=spared).order_by("pk")[:NAMED]
    return [[str(card), "новая карточка, с ней уже работали"] for card in cards]


def _kept(kind: CardKind, batch: Batch) -> list[list[str]]:
    """Cards of which an undo leaves something: their names and the fields that somebody has changed since."""
    changes = [change for change in batch.changes.all() if change.old is not None]  # type: ignore[attr-defined]
    cards = kind.model._default_manager.in_bulk([change.card_id for change in changes])
    found = []
    for change in changes:
        card = cards.get(change.card_id)
        labels = [] if card is None else [kind.layout.fields[code].label for code in _moved(kind, card, change.new)]
        if labels:
            found.append([str(card), ", ".join(labels)])
    return found


def _moved(kind: CardKind, card: Any, new: Mapping[str, Any]) -> list[str]:
    """Codes of fields that hold something else than the file has written."""
    fields = {code: kind.layout.fields[code] for code in new if code != ABSENCES}
    return [code for code, one in fields.items() if plain(value_of(card, one)) != plain(unplain(one, new[code]))]
