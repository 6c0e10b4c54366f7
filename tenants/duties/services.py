"""The yearly order: drafted with suggested rows, put in force by the head, read by everybody.

Source: R-020, R-021, R-059.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

from django.db import transaction
from django.utils import timezone

from tenants.duties.defaults import suggested_rows
from tenants.duties.errors import DutyOrderEmpty, NotADraft, NotInForce, NumberWanted, OwnDutyDraft
from tenants.duties.models import Acknowledgement, DutyOrder, DutyRow
from tenants.duties.queries import shifted


@dataclass(frozen=True, slots=True)
class Author:
    """Who drafts, signs or reads."""

    account_id: uuid.UUID
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """A row as it is typed: a role or a person, never both."""

    data_set: str
    deadline: str
    periodicity: str
    role: str = ""
    account_id: uuid.UUID | None = None
    person_name: str = ""
    details: str = ""
    due_on: datetime.date | None = None


@transaction.atomic
def draft_duties(*, academic_year: int, org_type: str, author: Author) -> DutyOrder:
    """A draft that begins with the rows of the last order in force, or with those usual for the type."""
    order = DutyOrder.objects.create(academic_year=academic_year, drafter_id=author.account_id, drafted_by=author.name)
    _write_rows(order, _first_rows(academic_year, org_type))
    return order


@transaction.atomic
def edit_duties(
    *, order: DutyOrder, number: str, issued_on: datetime.date | None, duties: Sequence[Duty], author: Author
) -> DutyOrder:
    """Replace head and rows of a draft; who changed it last is its drafter. Raises: NotADraft."""
    order = _locked_draft(order)
    order.number, order.issued_on = number, issued_on
    order.drafter_id, order.drafted_by = author.account_id, author.name
    order.save(update_fields=["number", "issued_on", "drafter_id", "drafted_by"])
    order.rows.all().delete()
    _write_rows(order, duties)
    return order


@transaction.atomic
def sign_duties(*, order: DutyOrder, signer: Author) -> DutyOrder:
    """Put a draft in force; the order of the same year is replaced.

    Raises: NotADraft, OwnDutyDraft, DutyOrderEmpty, NumberWanted.
    """
    order = _locked_draft(order)
    if order.drafter_id == signer.account_id:
        raise OwnDutyDraft
    if not order.rows.exists():
        raise DutyOrderEmpty
    if not order.number or order.issued_on is None:
        raise NumberWanted
    DutyOrder.objects.in_force().filter(academic_year=order.academic_year).update(status=DutyOrder.Status.REPLACED)
    order.status = DutyOrder.Status.IN_FORCE
    order.signed_by, order.signed_on = signer.name, timezone.localdate()
    order.save(update_fields=["status", "signed_by", "signed_on"])
    return order


@transaction.atomic
def discard_duties(*, order: DutyOrder) -> None:
    """Delete a draft: nobody was bound by it. Raises: NotADraft."""
    order = _locked_draft(order)
    order.rows.all().delete()
    order.delete()


@transaction.atomic
def acknowledge(*, order: DutyOrder, reader: Author) -> Acknowledgement:
    """The person has read the order; a second press changes nothing. Raises: NotInForce."""
    if order.status != DutyOrder.Status.IN_FORCE:
        raise NotInForce(status=order.get_status_display().lower())
    found, _ = Acknowledgement.objects.get_or_create(
        order=order, account_id=reader.account_id, defaults={"name": reader.name}
    )
    return found


def as_duty(row: DutyRow, *, years: int = 0) -> Duty:
    """The same duty for another draft, its day moved by years."""
    return Duty(
        data_set=row.data_set,
        deadline=row.deadline,
        periodicity=row.periodicity,
        role=row.role,
        account_id=row.account_id,
        person_name=row.person_name,
        details=row.details,
        due_on=shifted(row.due_on, years),
    )


def _locked_draft(order: DutyOrder) -> DutyOrder:
    found = DutyOrder.objects.select_for_update(of=("self",)).filter(pk=order.pk).first()
    if found is None:
        raise NotADraft(status="удалён")
    if found.status != DutyOrder.Status.DRAFT:
        raise NotADraft(status=found.get_status_display().lower())
    return found


def _first_rows(academic_year: int, org_type: str) -> list[Duty]:
    last = DutyOrder.objects.current(academic_year).first()
    if last is not None:
        years = academic_year - last.academic_year
        return [as_duty(row, years=years) for row in last.rows.order_by("position")]
    return [
        Duty(
            data_set=one.data_set,
            deadline=one.deadline,
            periodicity=one.periodicity,
            role=one.role,
            details=one.details,
            due_on=_day(academic_year, one.due),
        )
        for one in suggested_rows(org_type)
    ]


def _day(academic_year: int, due: tuple[int, int] | None) -> datetime.date | None:
    if due is None:
        return None
    month, day = due
    return datetime.date(academic_year if month >= 9 else academic_year + 1, month, day)


def _write_rows(order: DutyOrder, duties: Iterable[Duty]) -> None:
    DutyRow.objects.bulk_create(
        DutyRow(order=order, position=position, **asdict(duty)) for position, duty in enumerate(duties, start=1)
    )
