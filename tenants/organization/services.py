"""Writing the card: its own columns here, the organization's public facts in the directory row, in one transaction.

The database lets an organization's role change only these columns and only of its own row. Source: ORGANIZATION 2.1.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from shared.access.workspaces import forget_workspaces
from shared.cards.layout import Absence
from shared.cards.values import is_filled, value_of
from shared.kernel.rules import constraint_means
from shared.organizations.models import Organization
from tenants.organization.errors import CardIncomplete, KppWanted, NumbersTaken, ShiftsWrong
from tenants.organization.fields import DIRECTORY, LAYOUT
from tenants.organization.models import (
    Building,
    OrganizationCard,
    OrganizationDocument,
    ResponsiblePerson,
    ResponsibleRole,
)

NAMES: Final = frozenset({"full_name", "short_name"})
ENTREPRENEUR: Final = "ip"
_DEPUTIES: Final = (ResponsibleRole.DEPUTY_UVR, ResponsibleRole.DEPUTY_FACILITIES, ResponsibleRole.DEPUTY_IT)
_PAPERS: Final = (
    OrganizationDocument.Kind.CHARTER,
    OrganizationDocument.Kind.LICENSE,
    OrganizationDocument.Kind.ACCREDITATION,
)
SUMMARY: Final = (*map(str, _DEPUTIES), *map(str, _PAPERS), "building_count")


class ForeignCard(RuntimeError):
    """A fault: the card names an organization whose row this role may not change."""


def cards() -> QuerySet[OrganizationCard]:
    """The card with everything its fields lead to."""
    return OrganizationCard.objects.select_related("organization__municipality", "organization__founder")


def own_card() -> OrganizationCard:
    """The card of this organization; it is made with the schema, so it is always there."""
    return cards().get()


@transaction.atomic
def write_card(card: OrganizationCard, values: Mapping[str, Any], *, by: str) -> None:
    """Set typed fields of the card, by their codes.

    Raises: KppWanted, NumbersTaken, ShiftsWrong.
    """
    own: dict[str, Any] = {}  # Any: a field's value is of its kind
    directory: dict[str, Any] = {}
    for code, value in values.items():
        field = LAYOUT.fields[code]
        if field.is_derived:
            raise ValueError(f"{code} is not typed on the card")
        if field.path.startswith(DIRECTORY):
            directory[field.path.removeprefix(DIRECTORY)] = value
        else:
            own[field.path] = value
    _check_kpp(card, own, directory)
    for name, value in own.items():
        setattr(card, name, value)
    for code, value in values.items():
        if is_filled(value):
            card.absences.pop(code, None)
    with constraint_means("organizationcard_shifts", ShiftsWrong()):
        _save(card, own, by=by)
    _write_directory(card, directory)


@transaction.atomic
def explain_absence(*, code: str, reason: str, by: str) -> OrganizationCard:
    """Why a field is empty for good: there is no such deputy, no accreditation. '' takes the explanation back."""
    card = own_card()
    field = LAYOUT.fields[code]
    if not field.is_explainable:
        raise ValueError(f"{code} may not be explained")
    card.absences.pop(code, None)
    if reason and not is_filled(value_of(card, field)):
        card.absences[code] = Absence(reason).value
    _save(card, (), by=by)
    _write_directory(card, {})
    return card


@transaction.atomic
def refresh_card(*, by: str) -> OrganizationCard:
    """After a change of leaders, buildings or documents: what the card and the directory say of them today."""
    card, today = own_card(), timezone.localdate()
    held = list(ResponsiblePerson.objects.on(today).order_by("name", "id"))
    papers = {one.kind: one.requisites for one in OrganizationDocument.objects.current().filter(kind__in=_PAPERS)}
    for role in _DEPUTIES:
        setattr(card, role, ", ".join(one.name for one in held if one.role == role)[:1000])
    for kind in _PAPERS:
        setattr(card, kind, papers.get(kind, ""))
    card.building_count = Building.objects.in_use().count() or None
    for code in SUMMARY:
        if is_filled(getattr(card, code)):
            card.absences.pop(code, None)
    _save(card, SUMMARY, by=by)
    head = next((one for one in held if one.role == ResponsibleRole.DIRECTOR), None)
    facts = {"head_name": head.name if head else "", "head_position": head.position if head else ""}
    _write_directory(card, facts)
    return card


@transaction.atomic
def confirm_card(*, confirmed_on: datetime.date, confirmed_by: str) -> OrganizationCard:
    """«Проверено, всё верно»: the yearly confirmation, which the levels above see. Source: R-082, R-096, KG 4.1.

    Raises: CardIncomplete.
    """
    card = own_card()
    lacking = lacking_fields(card)
    if lacking:
        raise CardIncomplete(fields=", ".join(f"«{label}»" for label in lacking))
    card.confirmed_on, card.confirmed_by = confirmed_on, confirmed_by
    card.save(update_fields=["confirmed_on", "confirmed_by"])
    _write_directory(card, {"card_confirmed_on": confirmed_on}, is_change=False)
    return card


def lacking_fields(card: OrganizationCard) -> list[str]:
    """Labels of the fields without which the card is not whole."""
    lacking = [one.label for one in LAYOUT.fields.values() if one.is_hard and not is_filled(value_of(card, one))]
    if not card.organization.kpp and card.legal_form != ENTREPRENEUR:
        lacking.append(LAYOUT.fields["kpp"].label)
    return lacking


@transaction.atomic
def set_setup_step(step: OrganizationCard.Setup) -> None:
    """Where the first start goes on the next time. Source: R-017, R-360."""
    card = own_card()
    card.setup_step = step
    card.save(update_fields=["setup_step"])


def _check_kpp(card: OrganizationCard, own: Mapping[str, Any], directory: Mapping[str, Any]) -> None:
    """Raises: KppWanted."""
    if "kpp" not in directory or directory["kpp"]:
        return
    if own.get("legal_form", card.legal_form) != ENTREPRENEUR:
        raise KppWanted


def _save(card: OrganizationCard, names: Iterable[str], *, by: str) -> None:
    card.updated_by = by
    card.save(update_fields=[*names, "absences", "updated_by", "updated_at"])


def _write_directory(card: OrganizationCard, facts: Mapping[str, Any], *, is_change: bool = True) -> None:
    """Raises: NumbersTaken, ForeignCard."""
    row = card.organization
    changed = {name: value for name, value in facts.items() if getattr(row, name) != value}
    if is_change:
        changed["updated_at"] = timezone.now()
    if not changed:
        return
    with constraint_means("organization_one_per_ogrn_kpp", NumbersTaken()):
        written = Organization.with_copies.filter(pk=row.pk).update(**changed)
    if written != 1:
        raise ForeignCard(str(row.pk))
    for name, value in changed.items():
        setattr(row, name, value)
    if NAMES & changed.keys():
        transaction.on_commit(forget_workspaces)
