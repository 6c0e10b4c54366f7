"""The first page of the control: meters, classes, what lacks most, what is due, what levels above see.

Source: R-037, R-039, R-044, R-061, R-064, R-066, R-165, R-235. A class teacher sees the same of his own classes.
"""

from __future__ import annotations

import datetime
import uuid
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from django.utils import timezone

from shared.access.actors import Actor
from shared.cards.filling import wanted
from shared.kernel.days import academic_year_of
from shared.quality.models import QualitySummary, Remark
from tenants.cards.kinds import KINDS
from tenants.duties.models import DataSet, DutyOrder, DutyRow
from tenants.duties.queries import duties_of
from tenants.groups.models import Group
from tenants.quality.cards import (
    READ,
    Groups,
    groups_of_guardians,
    groups_of_learners,
    kinds_for,
    sealed,
    sees_everything,
    within,
)
from tenants.quality.counting import CardState, Filling, LackingField, states_of

MOST: Final = 12
# Which cards a duty of the yearly order is about; health and social facts are entered by people of their own.
_APART: Final = {DataSet.HEALTH: "health", DataSet.SOCIAL: "social"}
DUTY_CARDS: Final = {
    DataSet.CONTINGENT: ("student", "guardian"),
    DataSet.STAFF: ("staff",),
    **dict.fromkeys(_APART, ("student",)),
}


@dataclass(frozen=True)
class GroupLine:
    """A class with the cards of its learners and of their representatives."""

    group: Group
    learners: Filling
    guardians: Filling | None

    @property
    def lacking(self) -> int:
        return self.learners.lacking + (self.guardians.lacking if self.guardians else 0)

    @property
    def stale(self) -> int:
        return self.learners.stale + (self.guardians.stale if self.guardians else 0)


@dataclass(frozen=True, slots=True)
class DutyLine:
    """A duty of the order in force with its term, and what its cards still lack (None: not known here)."""

    row: DutyRow
    lacking: int | None
    today: datetime.date

    @property
    def is_overdue(self) -> bool:
        return bool(self.row.due_on and self.row.due_on < self.today and self.lacking)

    @property
    def state(self) -> tuple[str, str]:
        """Kind and words of the status mark."""
        if self.lacking == 0:
            return "ok", "Сделано"
        if self.is_overdue:
            return "bad", "Просрочено"
        if self.row.due_on is None:
            return "idle", self.row.get_periodicity_display()
        if self.row.due_on < self.today:
            return "idle", f"Срок был {self.row.due_on:%d.%m.%Y}"
        return "info", f"До {self.row.due_on:%d.%m.%Y}"


@dataclass(frozen=True)
class Dashboard:
    """What one person sees today."""

    actor: Actor
    today: datetime.date
    fillings: dict[str, Filling]
    placed: dict[str, Groups]
    groups: list[Group]
    sealed: dict[str, int]
    duties: list[DutyLine]
    order: DutyOrder | None
    remarks: list[Remark]
    summaries: dict[str, QualitySummary]

    @property
    def meters(self) -> list[tuple[Filling, int, QualitySummary | None]]:
        """Each kind: its cards, how many wait for a consent, what levels above see of it."""
        return [(one, self.sealed.get(code, 0), self.summaries.get(code)) for code, one in self.fillings.items()]

    @property
    def is_whole(self) -> bool:
        """Whether these are the figures of the whole organization."""
        return sees_everything(self.actor)

    @property
    def may_special(self) -> bool:
        """Whether special facts of everybody may be told: sums are of all cards together."""
        return self.actor.may_everywhere(KINDS["student"].special)

    @property
    def stale(self) -> int:
        return sum(one.stale for one in self.fillings.values())

    @property
    def explained(self) -> int:
        return sum(one.explained for one in self.fillings.values())

    @property
    def counted_at(self) -> datetime.datetime | None:
        """When the figures that levels above see were counted."""
        return max((one.counted_at for one in self.summaries.values()), default=None)

    @cached_property
    def lacking(self) -> list[LackingField]:
        """What most cards lack, of all kinds."""
        every = [field for one in self.fillings.values() for field in one.most_lacking(with_special=self.may_special)]
        return sorted(every, key=lambda field: -field.cards)

    @property
    def most_lacking(self) -> list[LackingField]:
        return self.lacking[:MOST]

    @property
    def mine(self) -> list[LackingField]:
        """What the person himself answers for by his roles. Source: R-022."""
        roles = {grant.role for grant in self.actor.here}
        return [field for field in self.lacking if field.wanted.keeper in roles]

    @property
    def mine_count(self) -> int:
        return sum(field.cards for field in self.mine)

    @cached_property
    def by_group(self) -> list[GroupLine]:
        """Classes that have learners today."""
        learners = self._split("student")
        guardians = self._split("guardian")
        lines = []
        for group in self.groups:
            held = learners.get(group.pk)
            if held:
                around = guardians.get(group.pk, []) if "guardian" in self.fillings else None
                lines.append(
                    GroupLine(
                        group,
                        Filling.of(KINDS["student"], held),
                        Filling.of(KINDS["guardian"], around) if around is not None else None,
                    )
                )
        return lines

    def _split(self, code: str) -> dict[uuid.UUID, list[CardState]]:
        found: dict[uuid.UUID, list[CardState]] = {}
        if code in self.fillings:
            for state in self.fillings[code].states:
                for group in self.placed[code].get(state.key, ()):
                    found.setdefault(group, []).append(state)
        return found


def dashboard_for(actor: Actor, organization_id: uuid.UUID) -> Dashboard:
    """A fixed number of queries, whatever the size of the organization."""
    today = timezone.localdate()
    kinds = kinds_for(actor)
    fillings = {kind.code: Filling.of(kind, states_of(kind, within(actor, kind, today), today)) for kind in kinds}
    is_whole = sees_everything(actor)
    learners = groups_of_learners(today) if "student" in fillings else {}
    order, duties = _duties(actor, fillings, today)
    summaries = QualitySummary.objects.filter(organization_id=organization_id) if is_whole else ()
    return Dashboard(
        actor=actor,
        today=today,
        fillings=fillings,
        placed={
            "student": learners,
            "guardian": groups_of_guardians(learners) if "guardian" in fillings else {},
        },
        groups=_groups(actor, today),
        sealed={kind.code: sealed(kind, today).count() for kind in kinds} if is_whole else {},
        duties=duties,
        order=order,
        remarks=list(Remark.objects.open()) if is_whole else [],
        summaries={one.kind: one for one in summaries},
    )


def _groups(actor: Actor, today: datetime.date) -> list[Group]:
    """Classes of this year; of a class teacher his own."""
    every = Group.objects.of_year(academic_year_of(today))
    right = actor.right(READ)
    if right is not None and not right.is_everywhere:
        every = every.filter(pk__in=right.groups)
    return list(every.order_by("kind", "grade", "name", "id"))


def _duties(
    actor: Actor, fillings: dict[str, Filling], today: datetime.date
) -> tuple[DutyOrder | None, list[DutyLine]]:
    """What the order in force asks by a day or of cards: of everybody for who watches everything, else of the person.

    Source: R-022.
    """
    order = DutyOrder.objects.current(academic_year_of(today)).first() if actor.may("duties.read") else None
    if order is None:
        return None, []
    rows = order.rows.all()
    if not sees_everything(actor):
        rows = duties_of(rows, actor.account_id, {grant.role for grant in actor.here})
    lines = [DutyLine(row, _still_lacking(row, fillings), today) for row in rows]
    lines = [line for line in lines if line.row.due_on or line.lacking is not None]
    return order, sorted(lines, key=lambda line: (not line.is_overdue, line.row.due_on or datetime.date.max))


def _still_lacking(row: DutyRow, fillings: dict[str, Filling]) -> int | None:
    """How many fields the cards of a duty lack; nothing where they are not seen here."""
    data_set = DataSet(row.data_set)
    known = [fillings[code] for code in DUTY_CARDS.get(data_set, ()) if code in fillings]
    if not known:
        return None
    return sum(
        one.by_code[field.code] for one in known for field in wanted(one.kind) if _is_of(field.section, data_set)
    )


def _is_of(section: str, data_set: DataSet) -> bool:
    own = _APART.get(data_set)
    return section == own if own else section not in _APART.values()
