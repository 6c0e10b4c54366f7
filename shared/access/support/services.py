"""A case: opened by the organization, taken and used by one engineer, closed by the organization.

Everything runs in role ``accounts``. Two people at once are decided by the database: each step is one conditional
UPDATE. Source: R-031, R-179, STYLE 3.
"""

from __future__ import annotations

import datetime
import re
import uuid
from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from shared.access.support.errors import (
    CaseAlreadyOpen,
    CaseGone,
    CaseNotYours,
    CaseTaken,
    FactorNeeded,
    OrganizationClosed,
    QuestionNamesPeople,
    RowsSpent,
)
from shared.access.support.inside import REASONS
from shared.access.support.models import SupportCase
from shared.kernel.rules import constraint_means
from shared.organizations.models import Organization

LONG_NUMBER: Final = re.compile(r"\d(?:[\s\-().]{0,2}\d){8,}")


def open_case(*, organization_id: uuid.UUID, opened_by: uuid.UUID, question: str, hours: int, rows: int) -> SupportCase:
    """Let the support service in for a question, a time and a number of people.

    Raises: CaseAlreadyOpen, QuestionNamesPeople.
    """
    if LONG_NUMBER.search(question):
        raise QuestionNamesPeople
    now = timezone.now()
    with transaction.atomic():
        close_lapsed(organization_id)
        case = SupportCase(
            organization_id=organization_id,
            opened_by_id=opened_by,
            opened_at=now,
            ends_at=now + datetime.timedelta(hours=hours),
            question=question,
            rows_budget=rows,
        )
        with constraint_means("supportcase_one_open", CaseAlreadyOpen()):
            case.save(force_insert=True)
    return case


def close_lapsed(organization_id: uuid.UUID) -> None:
    """Cases ended by time or budget make room for the next one."""
    lapsed = SupportCase.objects.filter(organization=organization_id, closed_at=None)
    for case in lapsed.select_for_update(of=("self",)):
        if not case.is_in_force:
            SupportCase.objects.filter(pk=case.pk).update(closed_at=timezone.now())


def close_case(*, case: SupportCase, closed_by: uuid.UUID) -> None:
    """Shut the door: the engineer's next request ends his session. A closed case stays as it was closed."""
    SupportCase.objects.filter(pk=case.pk, closed_at=None).update(closed_at=timezone.now(), closed_by=closed_by)


def take_case(*, case: SupportCase, engineer: uuid.UUID, factor_passed: bool) -> None:
    """One engineer takes the case. Raises: FactorNeeded, OrganizationClosed, CaseTaken, CaseGone."""
    _check_way_in(case, factor_passed=factor_passed)
    now = timezone.now()
    taken = SupportCase.objects.in_force(now).filter(pk=case.pk, taken_by=None).exclude(opened_by=engineer)
    if not taken.update(taken_by=engineer, taken_at=now):
        raise _why_not(case)


def enter_case(*, case: SupportCase, engineer: uuid.UUID, factor_passed: bool) -> None:
    """The engineer goes in; the organization's staff see it from now on.

    Raises: FactorNeeded, OrganizationClosed, CaseNotYours, CaseGone.
    """
    _check_way_in(case, factor_passed=factor_passed)
    now = timezone.now()
    if not SupportCase.objects.in_force(now).filter(pk=case.pk, taken_by=engineer).update(entered_at=now):
        raise CaseNotYours(number=case.number) if case.is_in_force else _why_not(case)


@dataclass(frozen=True)
class Rows:
    """What a page costs that showed ``count`` people under a case; nobody sees it before it is paid."""

    case: uuid.UUID
    count: int

    def pay(self) -> None:
        """Raises: RowsSpent, CaseGone."""
        paid = SupportCase.objects.in_force(timezone.now()).filter(
            pk=self.case, rows_seen__lte=F("rows_budget") - self.count
        )
        if paid.update(rows_seen=F("rows_seen") + self.count):
            return
        case = SupportCase.objects.get(pk=self.case)
        if case.is_in_force:
            raise RowsSpent(number=case.number, asked=self.count, left=case.rows_left)
        raise _why_not(case)


def _check_way_in(case: SupportCase, *, factor_passed: bool) -> None:
    if not factor_passed:
        raise FactorNeeded
    organization = case.organization
    if organization.status != Organization.Status.ACTIVE:
        raise OrganizationClosed(name=organization.short_name, status=organization.get_status_display().lower())


def _why_not(case: SupportCase) -> CaseGone | CaseTaken:
    """Why the case, as it stands now, was not to be had."""
    case.refresh_from_db()
    reason = REASONS.get(case.state)
    return CaseGone(number=case.number, reason=reason) if reason else CaseTaken(number=case.number)
