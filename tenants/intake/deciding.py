"""What becomes of every row of a file: the counting rules of INTERFACES 5, without a database.

Rows about places that are known come first, so that a departure in the file makes room for the new place of the same
learner wherever its row stands.
"""

from __future__ import annotations

import dataclasses
import datetime
import uuid
from collections.abc import Sequence
from typing import Final

from shared.kernel.days import written
from shared.kernel.ids import new_id
from tenants.intake import fields as f
from tenants.intake.fields import PlaceRow
from tenants.intake.group_plan import GroupPlan
from tenants.intake.known import Draft, Known, Learner, Place, place_hash, place_key_of, row_identity
from tenants.intake.models import SealedDraft, Verdict
from tenants.intake.order_plan import OrderPlan
from tenants.intake.packing import pack
from tenants.intake.person_plan import PersonPlan
from tenants.intake.place_plan import APPLIED, NOT_APPLIED, PlacePlan
from tenants.intake.plan import Plan, Read
from tenants.orders.models import LEVEL_OF_KIND, ProgramKind

_KNOWN: Final = (Verdict.ALREADY, Verdict.DIFFERENT)
_DEPARTURE: Final = (
    *("left_on", "departure_reason", "departure_note", "departure_order_number", "departure_order_date"),
)


def decide(reads: Sequence[Read], known: Known, *, update: bool, run_id: uuid.UUID) -> Plan:
    """Give every row its verdict and return what is to be written; ``known`` is used up."""
    return _Decision(known, update=update, run_id=run_id).of(reads)


class _Decision:
    def __init__(self, known: Known, *, update: bool, run_id: uuid.UUID) -> None:
        self._update = update
        self._run_id = run_id
        self._learners = known.learners
        self._plan = Plan()
        self._groups = GroupPlan(known, self._plan)
        self._orders = OrderPlan(known, self._plan)
        self._places = PlacePlan(self._plan, self._groups, self._orders, update=update)
        self._persons = PersonPlan(known, self._plan, update=update)
        self._consents: dict[Learner, datetime.date] = {}

    def of(self, reads: Sequence[Read]) -> Plan:
        pairs = [(read, self._learner(read, read.row)) for read in reads if read.row is not None]
        self._groups.gather(read for read, _ in pairs)
        self._consents = _consents(pairs)
        later: list[tuple[Read, Learner]] = []
        for read, learner in pairs:
            place = learner.place(place_key_of(_row(read)))
            if place is None:
                later.append((read, learner))
            else:
                self._meet_place(read, _row(read), learner, place)
        for read, learner in later:
            self._meet_new(read, learner)
        self._settle_people(pairs)
        self._groups.finish(update=self._update)
        return self._plan

    def _learner(self, read: Read, row: PlaceRow) -> Learner:
        identity = row_identity(row)
        learner = self._learners.find(identity)
        if learner is None:
            if self._learners.has_namesake(identity):
                read.warn(
                    f.SNILS if row.snils else f.DOC_NUMBER,
                    "Есть ученик с тем же именем и датой рождения или с тем же документом, но другим СНИЛС или "
                    "номером документа. Проверьте, не один ли это человек.",
                )
            learner = Learner(new_id(), identity)
            self._learners.add(learner)
        else:
            self._learners.learn(learner, identity)
        return learner

    def _meet_place(self, read: Read, row: PlaceRow, learner: Learner, place: Place) -> None:
        """A row about a place that is known, from the database or from a row above."""
        read.verdict = Verdict.ALREADY
        if place.number is not None:
            read.warn("Строка", f"Строка повторяет место из строки {place.number}.")
        if row.left_on is not None and place.left_on is None:
            if obstacle := self._orders.obstacle(row, is_departure=True):
                read.refuse(obstacle.field, obstacle.reason)
                return
            self._places.close(row, learner, place)
            read.verdict = Verdict.ACCEPTED
        self._places.compare(read, row, learner, place)

    def _meet_new(self, read: Read, learner: Learner) -> None:
        """A row about a place that is not known."""
        row = _row(read)
        if place := learner.place(place_key_of(row)):
            self._meet_place(read, row, learner, place)
            return
        draft = learner.draft(place_key_of(row))
        consent_on = self._consents.get(learner)
        if learner.consent_withdrawn or consent_on is None:
            if learner.consent_withdrawn:
                read.warn(f.CONSENT_ON, "Согласие отозвано. Место ожидает нового согласия.")
            self._seal(read, row, learner, draft)
            return
        if draft is not None:
            row = read.row = self._unsealed(read, row, draft)
        if self._is_refused(read, row, learner):
            return
        if draft is not None:
            self._plan.set(SealedDraft, draft.id, opened_on=(None, consent_on))
            draft.is_opened = True
        self._places.open(read, row, learner)
        read.verdict = Verdict.ACCEPTED

    def _is_refused(self, read: Read, row: PlaceRow, learner: Learner) -> bool:
        kind = ProgramKind(row.program_kind)
        if row.left_on is None and kind != ProgramKind.SUPPLEMENTARY:
            place = learner.open_basic(LEVEL_OF_KIND[kind].value)
            if place is not None:
                above = f" (строка {place.number})" if place.number else ""
                read.refuse(
                    f.CLASS,
                    f"Ученик уже числится в «{place.title}» с {written(place.enrolled_on)}{above}, а в этой строке "
                    f"указан «{row.group_name}». Оформите выбытие из «{place.title}» или исправьте класс.",
                )
        for is_departure in (False, True):
            if obstacle := self._orders.obstacle(row, is_departure=is_departure):
                read.refuse(obstacle.field, obstacle.reason)
        return bool(read.problems)

    def _seal(self, read: Read, row: PlaceRow, learner: Learner, draft: Draft | None) -> None:
        """Keep a row without consent; one that is kept already may learn of a departure or, updated, of anything."""
        if draft is None:
            draft = Draft(new_id(), row, number=read.number)
            learner.drafts.append(draft)
            self._plan.create(SealedDraft, draft.id, **self._sealed(row), run_id=self._run_id, opened_on=None)
            read.verdict = Verdict.DRAFT
            return
        read.verdict = Verdict.ALREADY
        if draft.number is not None:
            read.warn("Строка", f"Строка повторяет место из строки {draft.number}.")
        new = _with_departure(draft.row, row)
        if new is not draft.row:
            read.verdict = Verdict.DRAFT
        if self._other_facts(read, row, new, update=self._update and draft.number is None):
            new = row
        if new is not draft.row:
            old_values, new_values = self._sealed(draft.row), self._sealed(new)
            self._plan.set(
                SealedDraft, draft.id, **{column: (old_values[column], new_values[column]) for column in new_values}
            )
            draft.row = new

    def _unsealed(self, read: Read, row: PlaceRow, draft: Draft) -> PlaceRow:
        """The sealed row with the consent and the departure of the file; its other facts only when it updates."""
        sealed = dataclasses.replace(_with_departure(draft.row, row), number=row.number, consent_on=row.consent_on)
        return row if self._other_facts(read, row, sealed, update=self._update) else sealed

    def _other_facts(self, read: Read, row: PlaceRow, sealed: PlaceRow, *, update: bool) -> bool:
        """List what the row says otherwise than the sealed one; True when the row is to be believed."""
        held = pack(sealed)
        apart = any(
            name not in ("number", "consent_on") and value != held[name] and value not in ("", None)
            for name, value in pack(row).items()
        )
        if apart:
            tail = APPLIED if update else NOT_APPLIED
            read.differs("Строка", f"Строка отличается от черновика, ожидающего согласия. {tail}")
        return apart and update

    def _sealed(self, row: PlaceRow) -> dict[str, object]:
        return {
            "learner_key": row_identity(row).key,
            "place_key": place_hash(row),
            "last_name": row.surname,
            "first_name": row.name,
            "patronymic": row.patronymic,
            "birth_date": row.birth_date,
            "group_name": row.group_name,
            "values": pack(row),
        }

    def _settle_people(self, pairs: Sequence[tuple[Read, Learner]]) -> None:
        said: dict[Learner, list[Read]] = {}
        for read, learner in pairs:
            if read.verdict == Verdict.ACCEPTED or (learner.is_live and read.verdict in _KNOWN):
                said.setdefault(learner, []).append(read)
        for learner, reads in said.items():
            if learner.consent_withdrawn:
                continue  # blocked: a file neither learns nor changes what is held of him
            self._persons.settle(learner, reads, consent_on=self._consents[learner])


def _consents(pairs: Sequence[tuple[Read, Learner]]) -> dict[Learner, datetime.date]:
    """The consent belongs to the person: any row may bring it, and a known learner has given it."""
    found: dict[Learner, datetime.date] = {}
    for read, learner in pairs:
        if learner.is_live and learner.facts:
            found[learner] = learner.facts["consent_on"]
        elif (consent_on := _row(read).consent_on) is not None:
            found.setdefault(learner, consent_on)
    return found


def _with_departure(sealed: PlaceRow, row: PlaceRow) -> PlaceRow:
    """The sealed row, with the departure of the new one when it had none."""
    if row.left_on is None or sealed.left_on is not None:
        return sealed
    return dataclasses.replace(sealed, **{name: getattr(row, name) for name in _DEPARTURE})


def _row(read: Read) -> PlaceRow:
    if read.row is None:
        raise AssertionError("only rows that could be read are decided")
    return read.row
