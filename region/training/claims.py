"""Asking the operator to confirm a job or a group, and his decisions. Runs in role ``accounts``.

Source: R-283, R-286, R-288.
"""

from __future__ import annotations

import datetime
import uuid
from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from region.training.errors import (
    AlreadyAsked,
    AlreadyDecided,
    AlreadyInGroup,
    HeldElsewhere,
    OtherOrganization,
    OwnClaim,
    OwnOrganizationWanted,
    PlaceFirst,
    SamePlace,
)
from region.training.groups import GROUP_ROLES, GROUPS, Subject
from region.training.models import Claim, Registration
from shared.access.actors import Actor
from shared.access.models import RoleGrant
from shared.access.roles import TRAINING_ROLES, Role
from shared.access.services import give_role, reissue_password
from shared.accounts.models import Account, CredentialIssue
from shared.credentials.services import Slip
from shared.documents import store
from shared.documents.uploads import CheckedUpload
from shared.kernel.rules import constraint_means
from shared.kernel.workdays import working_days_after
from shared.organizations.models import AuthorityBody, Organization
from shared.tenancy import scopes
from shared.tenancy.names import PUBLIC

TERM_WORKING_DAYS: Final = 5


@dataclass(frozen=True, slots=True)
class Job:
    """A place of work: of the catalog, or in the person's own words."""

    position: str
    organization: Organization | None = None
    other_place: str = ""


@dataclass(frozen=True, slots=True)
class OrderScan:
    """An appointment order with its picture."""

    number: str
    date: datetime.date
    file: CheckedUpload


@transaction.atomic
def claim_job(*, registration: Registration, job: Job) -> Claim:
    """A new place of work or position goes to the operator; one that waits is replaced. Raises: SamePlace."""
    Registration.objects.select_for_update().get(pk=registration.pk)
    current = job_of(registration)
    if current is not None and (current.organization, current.other_place, current.position) == (
        job.organization,
        job.other_place,
        job.position,
    ):
        raise SamePlace
    waiting = registration.claims.filter(subject=Subject.EMPLOYMENT, state=Claim.State.WAITING)
    waiting.update(state=Claim.State.REPLACED)
    return _ask(
        registration,
        Subject.EMPLOYMENT,
        organization=job.organization,
        other_place=job.other_place,
        position=job.position,
    )


@transaction.atomic
def claim_group(
    *, registration: Registration, subject: Subject, authority: AuthorityBody | None, order: OrderScan
) -> Claim:
    """Ask for a group by an appointment order. Raises: AlreadyInGroup, AlreadyAsked, OwnOrganizationWanted."""
    group = GROUPS[subject]
    if RoleGrant.objects.on(timezone.localdate()).filter(account=registration.account_id, role=group.role).exists():
        raise AlreadyInGroup
    organization = None
    if not group.authorities:
        job = job_of(registration)
        organization = job.organization if job else None
        if organization is None:
            raise OwnOrganizationWanted
    store.put(PUBLIC, order.file.sha256, order.file.content)
    with constraint_means("claim_one_waiting", AlreadyAsked()):
        return _ask(
            registration,
            subject,
            organization=organization,
            authority=authority,
            order_number=order.number,
            order_date=order.date,
            scan_name=order.file.name,
            scan_type=order.file.content_type,
            scan_sha256=order.file.sha256,
        )


def job_of(registration: Registration) -> Claim | None:
    """The place of work as the person named it last, unless it was refused."""
    named = registration.claims.filter(
        subject=Subject.EMPLOYMENT, state__in=[Claim.State.WAITING, Claim.State.CONFIRMED]
    )
    return named.select_related("organization").order_by("-asked_at", "-pk").first()


def confirmed_job_of(registration: Registration) -> Claim | None:
    """The place of work that counts: the latest the operator has confirmed."""
    confirmed = registration.claims.filter(subject=Subject.EMPLOYMENT, state=Claim.State.CONFIRMED)
    return confirmed.select_related("organization").order_by("-decided_at", "-pk").first()


def _ask(registration: Registration, subject: Subject, **facts: object) -> Claim:
    now = timezone.now()
    claim = Claim(
        registration=registration,
        account_id=registration.account_id,
        subject=subject,
        asked_at=now,
        due_on=working_days_after(timezone.localdate(now), TERM_WORKING_DAYS),
        **facts,
    )
    claim.save(force_insert=True)
    return claim


@transaction.atomic
def confirm(*, claim_id: uuid.UUID, by: Actor) -> Claim:
    """The data are right: the job counts from now, or the group is given from today.

    Raises: AlreadyDecided, OwnClaim, PlaceFirst, OtherOrganization, AlreadyInGroup.
    """
    claim = _taken_for_decision(claim_id, by)
    claim.grant = _move_job(claim, by) if claim.is_employment else _give_group(claim)
    return _decided(claim, Claim.State.CONFIRMED, by)


@transaction.atomic
def refuse(*, claim_id: uuid.UUID, reason: str, by: Actor) -> Claim:
    """Refuse with a reason that the person will read. Raises: AlreadyDecided, OwnClaim."""
    claim = _taken_for_decision(claim_id, by)
    claim.reason = reason
    return _decided(claim, Claim.State.REFUSED, by)


def _taken_for_decision(claim_id: uuid.UUID, by: Actor) -> Claim:
    """The claim, locked: the second of two operators waits here and then reads what the first decided."""
    key = Claim.objects.values_list("registration", flat=True).get(pk=claim_id)
    Registration.objects.select_for_update().get(pk=key)
    claim = Claim.objects.select_related("registration__account", "organization", "authority").get(pk=claim_id)
    if not claim.is_waiting:
        state = str(claim.get_state_display()).lower()
        raise AlreadyDecided(state=state, by=claim.decided_by or "сам заявитель")
    if claim.account_id == by.account_id:
        raise OwnClaim
    return claim


def _decided(claim: Claim, state: str, by: Actor) -> Claim:
    claim.state, claim.decided_by, claim.decided_at = state, by.signature, timezone.now()
    claim.save(update_fields=["state", "decided_by", "decided_at", "reason", "grant"])
    return claim


def _move_job(claim: Claim, by: Actor) -> RoleGrant:
    """«Работник образования» of the confirmed place; groups of the former place end with it. Source: R-288."""
    today = timezone.localdate()
    held = RoleGrant.objects.filter(account=claim.account_id, valid_to=None)
    former = confirmed_job_of(claim.registration)
    if former is not None and (former.organization_id, former.other_place) != (
        claim.organization_id,
        claim.other_place,
    ):
        held.filter(role__in=GROUP_ROLES).update(valid_to=today, ended_by=by.signature)
    worker = held.filter(role=Role.EDUCATION_WORKER)
    same = worker.filter(organization=claim.organization_id).first()
    if same is not None:
        return same
    worker.update(valid_to=today, ended_by=by.signature)
    return give_role(
        account=claim.registration.account,
        role=Role.EDUCATION_WORKER,
        organization_id=claim.organization_id,
        valid_from=today,
    )


def _give_group(claim: Claim) -> RoleGrant:
    job = confirmed_job_of(claim.registration)
    if job is None or claim.registration.claims.filter(subject=Subject.EMPLOYMENT).waiting().exists():
        raise PlaceFirst
    if claim.organization_id is not None and claim.organization_id != job.organization_id:
        raise OtherOrganization(place=claim.place)
    with constraint_means("rolegrant_once", AlreadyInGroup()):
        return give_role(
            account=claim.registration.account,
            role=GROUPS[Subject(claim.subject)].role,
            organization_id=claim.organization_id,
            authority_id=claim.authority_id,
            valid_from=timezone.localdate(),
            order_number=claim.order_number,
            order_date=claim.order_date,
        )


def sweep_scans() -> int:
    """Remove scans that no request names: of refused or broken uploads, older than a day."""
    with scopes.enter(scopes.of_accounts().reading()):
        kept = set(Claim.objects.exclude(scan_sha256="").values_list("scan_sha256", flat=True))
    return store.sweep(PUBLIC, kept)


@transaction.atomic
def new_password(*, registration: Registration, by: Actor) -> Slip:
    """For a registered person who lost his password and has no organization to issue another. Raises: HeldElsewhere."""
    account = Account.objects.select_for_update().get(pk=registration.account_id)
    lasting = RoleGrant.objects.filter(Q(valid_to=None) | Q(valid_to__gt=timezone.localdate()), account=account)
    if lasting.exclude(role__in=TRAINING_ROLES - {Role.TRAINING_OPERATOR}).exists():
        raise HeldElsewhere
    password = reissue_password(account)
    account.refresh_from_db(fields=["one_time_until"])
    until = account.one_time_until or timezone.now()
    job = confirmed_job_of(registration)
    CredentialIssue.objects.create(
        organization_id=job.organization_id if job else None,
        account=account,
        issued_by=by.signature,
        issuer_id=by.account_id,
        valid_until=until,
        printed_at=timezone.now(),
    )
    return Slip(account.full_name or account.login, account.login, password, until)
