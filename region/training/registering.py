"""Registering a person: by himself, or by the responsible worker of his organization. Runs in role ``accounts``.

Source: R-281, R-282, R-284, R-285, R-288.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypedDict

from django.db import transaction
from django.utils import timezone

from region.training import consent
from region.training.claims import Job, claim_job
from region.training.errors import AlreadyRegistered, LoginTaken, NotYourOrganization
from region.training.models import Registration
from shared.access.actors import Actor
from shared.access.errors import PasswordRefused
from shared.access.roles import Role
from shared.access.services import create_account, give_role
from shared.accounts.models import Account, CredentialIssue
from shared.accounts.passwords import POLICY, one_time_password
from shared.appointments.logins import suggest_login
from shared.credentials.services import Slip
from shared.kernel.names import match_key
from shared.kernel.rules import constraint_means
from shared.organizations.models import Organization


class Names(TypedDict):
    last_name: str
    first_name: str
    patronymic: str


@dataclass(frozen=True, slots=True)
class Person:
    """Who registers; of one with an account the names are the account's."""

    last_name: str
    first_name: str
    patronymic: str
    born_on: datetime.date
    email: str

    @property
    def names(self) -> Names:
        return {"last_name": self.last_name, "first_name": self.first_name, "patronymic": self.patronymic}

    @property
    def name_key(self) -> str:
        return match_key(f"{self.last_name} {self.first_name} {self.patronymic}".strip())


@transaction.atomic
def register_self(*, person: Person, job: Job, login: str, password: str, key: uuid.UUID) -> Registration:
    """A new account in group «Работник образования», and its place of work for the operator to check.

    ``key`` was made with the form: the same form sent twice registers once. Raises: AlreadyRegistered, LoginTaken,
    PasswordRefused.
    """
    sent_before = Registration.objects.filter(pk=key).first()
    if sent_before is not None:
        return sent_before
    reasons = POLICY.reasons_against(password, Account(login=login, **person.names))
    if reasons:
        raise PasswordRefused(reason=" ".join(reasons))
    refuse_known(person)
    with _told_apart():
        account = create_account(login=login, password=password, is_one_time=False, **person.names)
        return _register(account, person, job, key=key, by=account.full_name)


@transaction.atomic
def register_account(*, account: Account, person: Person, job: Job) -> Registration:
    """Somebody who already signs in, at his organization, fills the form. Raises: AlreadyRegistered."""
    refuse_known(person)
    with _told_apart():
        return _register(account, person, job, by=account.full_name)


@transaction.atomic
def register_worker(
    *, person: Person, organization: Organization, position: str, login: str, consent_on: datetime.date, by: Actor
) -> Slip:
    """A worker of the responsible's own organization; returns the slip with his one-time password.

    Raises: NotYourOrganization, AlreadyRegistered, LoginTaken.
    """
    if organization.pk not in organizations_served(by):
        raise NotYourOrganization
    refuse_known(person)
    password = one_time_password()
    with _told_apart():
        account = create_account(login=login or suggest_login(**person.names), password=password, **person.names)
        job = Job(position=position, organization=organization)
        _register(account, person, job, by=by.signature, paper_consent_on=consent_on)
    until = account.one_time_until or timezone.now()
    CredentialIssue.objects.create(
        organization_id=organization.pk,
        account=account,
        issued_by=by.signature,
        issuer_id=by.account_id,
        valid_until=until,
        printed_at=timezone.now(),
    )
    return Slip(account.full_name, account.login, password, until)


def organizations_served(actor: Actor) -> set[uuid.UUID]:
    """Organizations whose responsible worker this person is."""
    held = (grant.organization_id for grant in actor.here if grant.role == Role.TRAINING_RESPONSIBLE)
    return {key for key in held if key is not None}


def refuse_known(person: Person) -> None:
    """Say it before the account is made; two at once are told apart by the constraints. Raises: AlreadyRegistered."""
    same = Registration.objects.filter(name_key=person.name_key, born_on=person.born_on)
    if (same | Registration.objects.filter(email=person.email)).exists():
        raise AlreadyRegistered


@contextmanager
def _told_apart() -> Iterator[None]:
    """What the database refuses, in words."""
    known = AlreadyRegistered()
    with (
        constraint_means("accounts_account_login_key", LoginTaken()),
        constraint_means("registration_one_person", known),
        constraint_means("registration_one_email", known),
        constraint_means("training_registration_account_id_key", known),
        constraint_means("training_registration_pkey", known),
    ):
        yield


def _register(
    account: Account,
    person: Person,
    job: Job,
    *,
    by: str,
    key: uuid.UUID | None = None,
    paper_consent_on: datetime.date | None = None,
) -> Registration:
    is_paper = paper_consent_on is not None
    given_at = (
        timezone.make_aware(datetime.datetime.combine(paper_consent_on, datetime.time()))
        if paper_consent_on is not None
        else timezone.now()
    )
    registration = Registration(
        account=account,
        name_key=person.name_key,
        born_on=person.born_on,
        email=person.email,
        consent_form=Registration.ConsentForm.PAPER if is_paper else Registration.ConsentForm.ELECTRONIC,
        consent_version=consent.VERSION,
        consent_text=consent.TEXT,
        consent_at=given_at,
        registered_by=by,
        registered_by_other=is_paper,
    )
    if key is not None:
        registration.pk = key
    registration.save(force_insert=True)
    give_role(account=account, role=Role.EDUCATION_WORKER, valid_from=timezone.localdate())
    claim_job(registration=registration, job=job)
    return registration
