"""Decisions about the table of rights: an organization's by order or reason, the region's ceilings by act.

A change is dated and never rewrites a day that has passed. Runs in role ``accounts``.
Source: ORGANIZATION 4 (R-060, R-063, R-098, R-163), REGION 6.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from shared.access.models import RightCeiling, RightChange
from shared.access.rights import LEVELS, Row, matrix
from shared.access.roles import ORGANIZATION_ROLES, Role
from shared.appointments.days import order_text
from shared.appointments.errors import (
    BasisWanted,
    CeilingKnown,
    CellUnknown,
    HeadOrderWanted,
    LevelNotPossible,
    PeriodBackward,
    RightNotYours,
    RightsBackdated,
    RightsChangedMeanwhile,
)
from shared.appointments.matrix import Cell, Sheet, level_words, offered, sheet_of
from shared.appointments.workplaces import Decider
from shared.kernel.rules import constraint_means
from shared.tenancy import scopes

Wanted = Mapping[tuple[str, str], str]  # (row, role) → level; an empty level is the return to the default


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """By what and for which days ``[valid_from, valid_to)`` rights change; an order, or a reason without one."""

    valid_from: datetime.date
    valid_to: datetime.date | None = None
    order_number: str = ""
    order_date: datetime.date | None = None
    reason: str = ""

    @property
    def has_order(self) -> bool:
        return bool(self.order_number and self.order_date)

    @property
    def text(self) -> str:
        return order_text(self.order_number, self.order_date) or self.reason


@dataclass(frozen=True, slots=True)
class Planned:
    """A cell as it will be: what stands now, what is wanted, which later decisions the change sets aside."""

    cell: Cell
    level: str
    set_aside: tuple[RightChange, ...] = ()

    @property
    def after(self) -> str:
        return self.level or self.cell.default

    @property
    def words(self) -> str:
        label = level_words(self.cell.row.code, self.after)
        return f"{label} (по умолчанию)" if not self.level else label

    @property
    def is_wider(self) -> bool:
        return not self.cell.row.fits_under(self.after, self.cell.level)


def plan(*, organization_id: uuid.UUID, org_type: str, wanted: Wanted, basis: Basis, by: Decider) -> list[Planned]:
    """What a change will do, checked and not yet done: the preview.

    Raises: CellUnknown, PeriodBackward, RightsBackdated, BasisWanted, LevelNotPossible, RightNotYours, HeadOrderWanted.
    """
    _check_basis(basis)
    sheet = sheet_of(organization_id, org_type, basis.valid_from)
    later = _decisions_after(organization_id, wanted, basis)
    return [_planned(sheet, key, level, basis, by, later) for key, level in wanted.items()]


@transaction.atomic
def decide_rights(
    *, organization_id: uuid.UUID, org_type: str, wanted: Wanted, basis: Basis, by: Decider
) -> list[RightChange]:
    """Change cells of an organization's table from a day on, for good or for a time, all of them or none.

    What was decided for these days ends; after a change for a time the earlier plan goes on.
    Raises: what ``plan`` raises, RightsChangedMeanwhile.
    """
    planned = plan(organization_id=organization_id, org_type=org_type, wanted=wanted, basis=basis, by=by)
    scopes.give_reason(basis.text)
    meanwhile = RightsChangedMeanwhile()
    with constraint_means("rightchange_one_open", meanwhile), constraint_means("rightchange_one_a_day", meanwhile):
        return [_decide(organization_id, one, basis, by) for one in planned]


def _decide(organization_id: uuid.UUID, planned: Planned, basis: Basis, by: Decider) -> RightChange:
    row, role = planned.cell.row.code, planned.cell.role
    tails = []
    for old in _rows_from(organization_id, [(row, role)], basis).select_for_update(of=("self",)):
        if basis.valid_to is not None and (old.valid_to is None or old.valid_to > basis.valid_to):
            tails.append((old, max(old.valid_from, basis.valid_to), old.valid_to))
        old.valid_to = max(old.valid_from, basis.valid_from)
        old.save(update_fields=["valid_to"])
    change = RightChange.objects.create(
        organization_id=organization_id,
        row=row,
        role=role,
        level=planned.level,
        order_number=basis.order_number,
        order_date=basis.order_date,
        reason=basis.reason,
        valid_from=basis.valid_from,
        valid_to=basis.valid_to,
        decided_by=by.signature,
    )
    for old, first, until in tails:
        RightChange.objects.create(
            organization_id=organization_id,
            row=row,
            role=role,
            level=old.level,
            order_number=old.order_number,
            order_date=old.order_date,
            reason=old.reason,
            valid_from=first,
            valid_to=until,
            decided_by=old.decided_by,
        )
    return change


def _rows_from(organization_id: uuid.UUID, cells: Iterable[tuple[str, str]], basis: Basis) -> QuerySet[RightChange]:
    """Decisions about these cells that count on some day of the change."""
    which = Q(pk__in=[])
    for row, role in cells:
        which |= Q(row=row, role=role)
    days = Q(valid_to=None) | Q(valid_to__gt=basis.valid_from)
    if basis.valid_to is not None:
        days &= Q(valid_from__lt=basis.valid_to)
    return RightChange.objects.filter(which, days, organization_id=organization_id).order_by("valid_from", "id")


def _decisions_after(
    organization_id: uuid.UUID, wanted: Wanted, basis: Basis
) -> dict[tuple[str, str], tuple[RightChange, ...]]:
    """Decisions that would have begun later and that the change sets aside, by cell."""
    found: dict[tuple[str, str], tuple[RightChange, ...]] = {}
    for one in _rows_from(organization_id, wanted, basis):
        if one.valid_from > basis.valid_from:
            found[one.row, one.role] = (*found.get((one.row, one.role), ()), one)
    return found


def _check_basis(basis: Basis) -> None:
    if basis.valid_from < timezone.localdate():
        raise RightsBackdated
    if basis.valid_to is not None and basis.valid_to <= basis.valid_from:
        raise PeriodBackward
    if not basis.has_order and not basis.reason:
        raise BasisWanted


def _planned(
    sheet: Sheet,
    key: tuple[str, str],
    level: str,
    basis: Basis,
    by: Decider,
    later: Mapping[tuple[str, str], tuple[RightChange, ...]],
) -> Planned:
    row = _row(*key)
    if level and level not in offered(row.code):
        raise CellUnknown
    found = Planned(sheet.cell(row, key[1]), level, later.get(key, ()))
    if level and not found.cell.allows(level):
        raise LevelNotPossible(label=row.label, role=found.cell.role_name, most=_most(found.cell), why=found.cell.limit)
    _check_decider(found, basis, by)
    return found


def _most(cell: Cell) -> str:
    """The widest level that the cell admits, in words."""
    return LEVELS[max(cell.choices, key=lambda level: sum(cell.row.gives(level).values()))].label


def _check_decider(planned: Planned, basis: Basis, by: Decider) -> None:
    """Ordinary cells belong to the administrator; special ones are widened by the head alone, by an order."""
    row = planned.cell.row
    if not row.is_special:
        if not by.may_manage:
            raise RightNotYours(label=row.label)
        return
    if planned.is_wider and not by.may_decide:
        raise RightNotYours(label=row.label)
    if planned.is_wider and not basis.has_order:
        raise HeadOrderWanted(label=row.label)


def _row(code: str, role: str) -> Row:
    row = matrix().get(code)
    if row is None or role not in ORGANIZATION_ROLES:
        raise CellUnknown
    return row


@transaction.atomic
def set_ceiling(*, region_id: str, row: str, role: str, level: str, act: str, set_by: str) -> RightCeiling:
    """No organization of the region gives this role more; what is given beyond it stops at once.

    Raises: CellUnknown, CeilingKnown.
    """
    found = _row(row, role)
    if level not in offered(row):
        raise CellUnknown
    scopes.give_reason(act)
    known = CeilingKnown(label=found.label, role=Role(role).label)
    with constraint_means("rightceiling_once", known):
        return RightCeiling.objects.create(region_id=region_id, row=row, role=role, level=level, act=act, set_by=set_by)


@transaction.atomic
def lift_ceiling(*, ceiling: RightCeiling, act: str) -> None:
    """Organizations decide again themselves; who lifted it and by which act stands in the row history."""
    scopes.give_reason(act)
    ceiling.delete()


def exceeding(*, region_id: str, row: str, role: str, level: str, day: datetime.date) -> int:
    """How many organizations of the region have decided more than ``level``: a ceiling will take it away."""
    decided = RightChange.objects.on(day).filter(organization__region=region_id, row=row, role=role).exclude(level="")
    found = _row(row, role)
    return sum(not found.fits_under(one, level) for one in decided.values_list("level", flat=True))
