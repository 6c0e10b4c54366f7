"""Another municipality or founder from a date: recorded, carried out on its day, undone while it is only planned.

On the day one transaction changes the organization's row, the oversight of its schema and its days in the registry;
the days before stay with whom they were. Source: REGION 1, ARCHITECTURE 3, 5.
"""

from __future__ import annotations

import datetime
import logging
import uuid
from dataclasses import dataclass
from typing import Final

from django.db.models import F
from django.utils import timezone

from fleet.addresses import present
from fleet.errors import (
    ChangePlanned,
    ChangeTooEarly,
    FounderUnknown,
    MunicipalityUnknown,
    NoPlan,
    NothingChanges,
    RegionStays,
)
from fleet.provisioning import lock_provisioning, regrant_oversight
from shared.access.workspaces import forget_workspaces
from shared.kernel.rules import constraint_means
from shared.messaging.services import want_task
from shared.organizations.models import AuthorityBody, Municipality, Organization, Subordination
from shared.tenancy import scopes
from tenants.handup.belonging import go_over, hold_registry

logger = logging.getLogger(__name__)
TASK: Final = "fleet.subordination.carry_out"
POLL_SECONDS: Final = 60.0
REGIONAL: Final = "regional"


@dataclass(frozen=True, slots=True)
class Change:
    """What is asked: an ОКТМО, ``regional`` for the region's own, None to leave it; the founder by his code.

    Without a founder named, one that was the authority of the former territory gives way to that of the new one.
    """

    valid_from: datetime.date
    municipality: str | None = None
    founder: str | None = None
    ground: str = ""


def plan(slug: str, change: Change, *, by: str) -> Subordination:
    """Record a change, in the operator's scope; the worker carries it out on its day, at once if that has come.

    Raises: ChangePlanned, ChangeTooEarly, NothingChanges, MunicipalityUnknown, RegionStays, FounderUnknown,
    OrganizationUnknown, OrganizationArchived, CopyStays.
    """
    organization = present(slug)
    _check_day(organization, change.valid_from)
    municipality = _municipality(organization, change.municipality)
    founder = _founder(organization, municipality, change.founder)
    if (municipality, founder) == (organization.municipality, organization.founder):
        raise NothingChanges(name=organization.short_name)
    planned = Subordination(
        organization=organization,
        valid_from=change.valid_from,
        municipality=municipality,
        founder=founder,
        was_municipality=organization.municipality,
        was_founder=organization.founder,
        ground=change.ground,
        recorded_by=by,
    )
    with constraint_means("subordination_one_plan", ChangePlanned(planned=change.valid_from)):
        planned.save(force_insert=True)
    if planned.valid_from <= timezone.localdate():
        want_task(TASK, subordination_id=str(planned.pk))
    return planned


def undo_plan(slug: str, *, on: datetime.date | None = None) -> Subordination:
    """Forget a change that was not carried out yet, of the day ``on`` if one is named.

    Raises: NoPlan and what ``present`` raises.
    """
    organization = present(slug)
    planned = Subordination.objects.planned().filter(organization=organization).first()
    if planned is None or on not in (None, planned.valid_from):
        raise NoPlan(name=organization.short_name)
    if not Subordination.objects.planned().filter(pk=planned.pk).delete()[0]:
        raise NoPlan(name=organization.short_name)
    return planned


def carry_out_due(today: datetime.date | None = None) -> int:
    """Carry out every change whose day has come; returns how many. For the worker's poll; a fault stops one alone."""
    day = today or timezone.localdate()
    due = Subordination.objects.using("owner").planned().filter(valid_from__lte=day)
    working = due.exclude(organization__status=Organization.Status.ARCHIVED)
    done = 0
    for key in list(working.order_by("valid_from").values_list("pk", flat=True)):
        try:
            done += carry_out(key, today=day)
        except Exception:  # it stays planned for the next round; the others must not wait for it
            logger.exception("subordination not carried out", extra={"subordination": str(key)})
    return done


def carry_out(key: uuid.UUID, *, today: datetime.date | None = None) -> bool:
    """Carry out one change whose day has come, in one transaction on ``owner``; False when there is nothing to do."""
    planned = Subordination.objects.using("owner").planned().filter(pk=key).first()
    if planned is None or planned.valid_from > (today or timezone.localdate()):
        return False
    with scopes.enter(scopes.IDENTITY.by(planned.recorded_by, "", planned.recorded_by), using="owner"):
        done = _carry_out(key)
    if done:
        forget_workspaces()
    return done


def _carry_out(key: uuid.UUID) -> bool:
    """Locks in the order of everybody: provisioning, the organization's registry, its row."""
    lock_provisioning()
    known = Subordination.objects.using("owner").select_related("organization")
    found = known.planned().filter(pk=key).first()
    if found is None:
        return False
    hold_registry(found.organization)
    organization = Organization.objects.using("owner").select_for_update(of=("self",)).get(pk=found.organization_id)
    planned = Subordination.objects.using("owner").planned().select_for_update().filter(pk=key).first()
    if planned is None or organization.status == Organization.Status.ARCHIVED:
        return False
    _take_effect(planned, organization)
    return True


def _take_effect(planned: Subordination, organization: Organization) -> None:
    rows = Subordination.objects.using("owner")
    was = organization.municipality_id, organization.founder_id
    corrected = rows.in_force().filter(organization=organization, valid_from=planned.valid_from).first()
    if corrected is not None:  # of one day there is one truth; what stood before it is what stood before the first
        was = corrected.was_municipality_id, corrected.was_founder_id
        corrected.delete(using="owner")
    rows.filter(pk=planned.pk).update(carried_out_at=timezone.now(), was_municipality_id=was[0], was_founder_id=was[1])
    Organization.objects.using("owner").filter(pk=organization.pk).update(
        municipality_id=planned.municipality_id, founder_id=planned.founder_id, version=F("version") + 1
    )
    present_one = Organization.objects.using("owner").select_related("founder").get(pk=organization.pk)
    regrant_oversight(present_one)
    go_over(present_one, planned.valid_from)
    logger.info("organization went over", extra={"schema": organization.schema_name})


def _check_day(organization: Organization, day: datetime.date) -> None:
    planned = Subordination.objects.planned().filter(organization=organization).first()
    if planned is not None:
        raise ChangePlanned(planned=planned.valid_from)
    last = Subordination.objects.in_force().filter(organization=organization).order_by("-valid_from").first()
    if last is not None and day < last.valid_from:
        raise ChangeTooEarly(last=last.valid_from)


def _municipality(organization: Organization, asked: str | None) -> Municipality | None:
    if asked is None:
        return organization.municipality
    if asked == REGIONAL:
        return None
    found = Municipality.objects.filter(pk=asked).first()
    if found is None:
        raise MunicipalityUnknown(oktmo=asked)
    if found.region_id != organization.region_id:
        raise RegionStays(municipality=found.name, name=organization.short_name)
    return found


def _founder(organization: Organization, to: Municipality | None, asked: str | None) -> AuthorityBody | None:
    region = organization.region_id
    if asked is None:
        is_territorys = organization.founder in (None, authority_of(region, organization.municipality))
        goes_too = is_territorys and to != organization.municipality
        return authority_of(region, to) if goes_too else organization.founder
    found = AuthorityBody.objects.filter(code=asked, region_id=region).first()
    if found is None:
        raise FounderUnknown(code=asked)
    return found


def authority_of(region: str, municipality: Municipality | None) -> AuthorityBody | None:
    """Who founds where nobody else is named: the office of the municipality, or the education ministry."""
    known = AuthorityBody.objects.filter(region_id=region)
    if municipality is not None:
        return known.filter(municipality=municipality).first()
    return known.filter(municipality=None, kind="education_ministry").first()
