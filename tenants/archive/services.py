"""Ordering an archive, noting its second copy. Source: R-338 (EJ 3.3.1), ORGANIZATION 12.7."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from shared.access.rights import matrix
from shared.archive.errors import ArchiveUnderWay, CarrierKnown, NotYetCopied
from shared.archive.models import LIVE, Copy, Package
from shared.archive.parts import Part, Span
from shared.kernel.rules import constraint_means
from shared.messaging.services import want_task
from shared.organizations.models import Organization
from shared.tenancy.connection import tenant_connection
from tenants.archive.registry import PARTS

TASK: Final = "tenants.archive.tasks.make_package"
TERMS: Final = (5, 10, 25, 50, 75)
"""Years of keeping that are offered. Source: ORGANIZATION 12.7 (5 and 25; the rest is an assumption)."""
USUAL_TERM: Final = 25
PATIENCE: Final = datetime.timedelta(minutes=15)
"""An archive that has not moved for so long was cut off for good: it holds up no other one."""
CUT_OFF: Final = "Сборка прервалась. Закажите архив снова."
NOT_ASKED: Final = "Не заказано."


@dataclass(frozen=True, slots=True)
class Choice:
    """The parts that go in, and of the others the reason."""

    parts: tuple[Part, ...]
    left_out: tuple[tuple[Part, str], ...]

    @property
    def needs(self) -> list[str]:
        """What opening the file asks for."""
        return sorted({right for part in self.parts for right in part.needs})


@dataclass(frozen=True, slots=True, kw_only=True)
class By:
    """Who orders."""

    account_id: uuid.UUID | None
    signature: str


def choose(may: Callable[[str], bool], *, with_special: bool) -> Choice:
    """The parts that a person may take away; special facts and closed cards only when they were asked for."""
    taken, left = [], []
    for part in PARTS.values():
        lacking = [right for right in part.needs if not may(right)]
        if lacking:
            left.append((part, f"У исполнителя нет права «{right_label(lacking[0])}»."))
        elif part.is_special and not with_special:
            left.append((part, NOT_ASKED))
        else:
            taken.append(part)
    return Choice(tuple(taken), tuple(left))


@transaction.atomic
def order_package(*, span: Span, choice: Choice, term: int, reason: str = "", by: By) -> Package:
    """Put an archive on the list; the worker makes it. Raises: ArchiveUnderWay."""
    package = new_package(span=span, choice=choice, term=term, reason=reason, by=by)
    want_task(TASK, package_id=str(package.pk))
    return package


@transaction.atomic
def new_package(*, span: Span, choice: Choice, term: int, reason: str = "", by: By) -> Package:
    """The row of an archive to be made; there is one at a time in an organization. Raises: ArchiveUnderWay."""
    organization = Organization.with_copies.get(schema_name=tenant_connection().scope.schema)
    own = Package.objects.filter(organization_id=organization.pk)
    stuck = own.filter(status__in=LIVE, moved_at__lt=timezone.now() - PATIENCE)
    stuck.update(status=Package.Status.FAILED, failure=CUT_OFF, finished_at=timezone.now())
    if own.filter(status__in=LIVE).exists():
        raise ArchiveUnderWay
    number = (own.aggregate(last=Max("number"))["last"] or 0) + 1
    with (
        constraint_means("package_one_at_a_time", ArchiveUnderWay()),
        constraint_means("package_number_once", ArchiveUnderWay()),
    ):
        return Package.objects.create(
            organization_id=organization.pk,
            number=number,
            kind=span.kind,
            first_on=span.first,
            last_on=span.last,
            parts=[part.code for part in choice.parts],
            needs=choice.needs,
            left_out=[{"code": part.code, "title": part.title, "reason": why} for part, why in choice.left_out],
            reason=reason,
            ordered_by=by.account_id,
            made_by=by.signature,
            kept_until=_years_after(timezone.localdate(), term),
        )


@transaction.atomic
def note_copy(package: Package, *, carrier: str, place: str, copied_on: datetime.date, by: By) -> Copy:
    """A copy was made on a removable carrier. Raises: NotYetCopied, CarrierKnown."""
    assert package.finished_at is not None
    made = timezone.localdate(package.finished_at)
    if not made <= copied_on <= timezone.localdate():
        raise NotYetCopied(made=made)
    with constraint_means("copy_carrier_once", CarrierKnown(carrier=carrier)):
        return Copy.objects.create(
            package=package,
            organization_id=package.organization_id,
            carrier=carrier,
            place=place,
            copied_on=copied_on,
            made_by=by.signature,
        )


def right_label(capability: str) -> str:
    """A right as the matrix calls it."""
    rows = matrix().values()
    found = next((row for row in rows if capability in (*row.read, *row.edit)), None)
    return found.label if found else capability


def _years_after(day: datetime.date, years: int) -> datetime.date:
    """The last day of the year in which the term ends, as archives count it."""
    return datetime.date(day.year + years, 12, 31)
