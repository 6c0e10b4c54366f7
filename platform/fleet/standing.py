"""Where an organization stands: its way from the application to the archive, its hosts, whose it was and is.

States of REGION 1: Заявка → Соглашение → Подключена → Приостановлена → Отключена.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.utils import timezone

from fleet.addresses import host_of
from fleet.agreements import agreement_of
from shared.organizations.models import ConnectionAgreement, Domain, Organization, Subordination


@dataclass(frozen=True, slots=True)
class Step:
    """A state of the way: behind, the present one, or not reached; ``is_missing`` was passed by without its paper."""

    name: str
    note: str = ""
    is_done: bool = False
    is_now: bool = False
    is_missing: bool = False


@dataclass(frozen=True, slots=True)
class Belonging:
    """Whose an organization is on the days from ``valid_from`` (None: since it is here) up to ``valid_to``."""

    valid_from: datetime.date | None
    valid_to: datetime.date | None
    municipality: str
    founder: str
    ground: str = ""
    recorded_by: str = ""
    is_planned: bool = False


@dataclass(frozen=True)
class Standing:
    """Everything of it for the page of one organization."""

    steps: list[Step]
    agreement: ConnectionAgreement | None
    is_agreement_in_force: bool
    former_hosts: list[str]
    history: list[Belonging]
    planned: Subordination | None


def standing_of(organization: Organization) -> Standing:
    """``organization`` comes with its municipality and founder."""
    today = timezone.localdate()
    agreement = agreement_of(organization, today)
    former = Domain.objects.filter(tenant=organization, is_primary=False).order_by("domain")
    related = ("municipality", "founder", "was_municipality", "was_founder")
    changes = list(Subordination.objects.filter(organization=organization).select_related(*related))
    planned = [one for one in changes if one.carried_out_at is None]
    in_force = agreement is not None and agreement.is_in_force(today)
    return Standing(
        steps=_steps(organization, agreement, in_force),
        agreement=agreement,
        is_agreement_in_force=in_force,
        former_hosts=list(former.values_list("domain", flat=True)),
        history=_history(organization, [one for one in changes if one.carried_out_at], planned),
        planned=planned[0] if planned else None,
    )


def _steps(organization: Organization, agreement: ConnectionAgreement | None, in_force: bool) -> list[Step]:
    status, connected = organization.status, f"{timezone.localtime(organization.connected_at):%d.%m.%Y}"
    is_stopped, is_ended = status == Organization.Status.SUSPENDED, status == Organization.Status.ARCHIVED
    return [
        Step("Заявка", f"принята до {connected}", is_done=True),
        _agreement_step(organization, agreement, in_force),
        Step("Подключена", connected, is_done=is_stopped or is_ended, is_now=status == Organization.Status.ACTIVE),
        Step("Приостановлена", host_of(organization.slug) if is_stopped else "", is_now=is_stopped),
        Step("Отключена", "данные в архиве" if is_ended else "", is_now=is_ended),
    ]


def _agreement_step(organization: Organization, agreement: ConnectionAgreement | None, in_force: bool) -> Step:
    if organization.municipality_id is None:
        return Step("Соглашение", "не нужно: региональная", is_done=True)
    if agreement is None:
        return Step("Соглашение", "не записано", is_missing=True)
    return Step(
        "Соглашение", str(agreement) if in_force else f"{agreement}, истекло", is_done=in_force, is_missing=not in_force
    )


def _history(organization: Organization, done: list[Subordination], planned: list[Subordination]) -> list[Belonging]:
    """The latest first."""
    first = done[0] if done else None
    place, body = (
        (first.was_municipality, first.was_founder) if first else (organization.municipality, organization.founder)
    )
    starts = [one.valid_from for one in [*done, *planned]]
    found = [Belonging(None, starts[0] if starts else None, _name(place), _name(body))]
    for number, one in enumerate([*done, *planned], start=1):
        found.append(
            Belonging(
                one.valid_from,
                starts[number] if number < len(starts) else None,
                _name(one.municipality),
                _name(one.founder),
                one.ground,
                one.recorded_by,
                is_planned=one.carried_out_at is None,
            )
        )
    return found[::-1]


def _name(place: object | None) -> str:
    return str(place) if place is not None else "—"
