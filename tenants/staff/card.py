"""Cards of employees as the engine of cards uses them. Source: ORGANIZATION 2.2."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Final

from django.urls import reverse
from django.utils import timezone

from shared.access.actors import Actor
from shared.cards.kinds import Beside, CardKind, RowsHandler, Values
from tenants.staff.errors import SameNameKnown, SnilsKnown
from tenants.staff.layout import LAYOUT, ROWS
from tenants.staff.listing import StaffListing
from tenants.staff.models import Certification, StaffMember, StaffRow
from tenants.staff.queries import StaffQuerySet
from tenants.staff.rows import add_row, annul_row, change_row, end_certification
from tenants.staff.services import annul_hired, check_values, hire, put_back, write


def reached(actor: Actor, capability: str) -> StaffQuerySet:
    """Cards that a right reaches, the archive too; sealed ones are a name and a position.

    Common sections are written by who keeps everybody's cards; a person reads the whole of his own, asks the secretary
    to correct it and adds his methodical works in the room. Source: KK Прил.2 2.1.8, 3.1.5, ORGANIZATION 3.5.
    """
    known = StaffMember.objects.known()
    right = actor.right(capability)
    if capability == "staff.edit" and right is not None and not right.is_everywhere:
        return known.none()
    return known.seen_by(actor, capability)


def card_url(member: StaffMember) -> str:
    return reverse("staff:card", args=[member.pk])


def create(values: Values, *, by: str) -> StaffMember:
    """A row of a file, or a card of the API. Raises as ``hire``."""
    return hire(values=values, by=by)


def colleagues() -> Sequence[tuple[str, str]]:
    """Who works here today, for fields that name a person."""
    working = StaffMember.objects.working_on(timezone.localdate())
    return [(str(one.pk), f"{one.full_name}, {one.position.lower()}") for one in working]


def _rows(section: str) -> RowsHandler:
    def add(member: StaffMember, values: Values, *, by: str) -> StaffRow:
        return add_row(member=member, section=section, values=values, by=by)

    def change(row: StaffRow, values: Values, *, by: str) -> None:
        change_row(row=row, values=values)

    def end(row: Certification, day: datetime.date, *, by: str) -> None:
        end_certification(row=row, day=day)

    def take_out(row: StaffRow, reason: str, *, by: str) -> None:
        annul_row(row=row, reason=reason)

    return RowsHandler(add=add, change=change, end=end if ROWS[section] is Certification else None, withdraw=take_out)


STAFF_CARD: Final = CardKind(
    layout=LAYOUT,
    model=StaffMember,
    one="работник",
    many="Работники",
    reads="staff.read",
    edits="staff.edit",
    identity="staff.identity",
    reached=reached,
    write=write,
    put_back=put_back,
    create=create,
    url=card_url,
    is_sealed=lambda member: member.is_sealed,
    withdraw=annul_hired,
    refusals={
        "staffmember_one_per_snils": lambda: SnilsKnown(member="другой работник"),
        "staffmember_one_person": lambda: SameNameKnown(member="Работник", birth_date="с этой датой рождения"),
    },
    is_written_singly=True,  # former values are kept card by card
    people=colleagues,
    rows={section.code: _rows(section.code) for section in LAYOUT.repeated},
    check=check_values,
    beside={
        "dismissed_on": Beside(label="Дата увольнения", value=lambda member: member.dismissed_on),
        "certification_valid_to": Beside(
            label="Аттестация действует до",
            value=lambda member: member.attested_until,
            rows="certifications",
        ),
    },
    found=lambda request: StaffListing(request).found,
)
