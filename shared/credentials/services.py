"""Issuing one-time passwords on printed slips, and the register of who got them. Runs in role ``accounts``.

Source: ORGANIZATION 5; R-018, R-019, R-100, R-322.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from shared.access.actors import Actor
from shared.access.models import RoleGrant
from shared.access.roles import FAMILY_ROLES
from shared.access.services import recover, reissue_password
from shared.accounts.models import Account, CredentialIssue
from shared.accounts.sessions import end_sessions
from shared.appointments.workplaces import Workplace
from shared.credentials.errors import (
    AccessClosed,
    AlreadyHanded,
    HeldElsewhere,
    NobodyChosen,
    NotFamily,
    OwnPassword,
    TooManyChosen,
)

MOST_AT_ONCE: Final = 120  # each password is hashed as dearly as any other: about 0.1 s


@dataclass(frozen=True, slots=True)
class Recipient:
    """To whom a password goes: of a representative, also who he is in the organization and of which class."""

    account: Account
    guardian_id: uuid.UUID | None = None
    group_id: uuid.UUID | None = None
    group_name: str = ""


@dataclass(frozen=True, slots=True)
class Slip:
    """What is printed once and kept nowhere."""

    name: str
    login: str
    password: str
    valid_until: datetime.datetime
    group_name: str = ""


@transaction.atomic
def issue(
    *, place: Workplace, by: Actor, recipients: Sequence[Recipient], is_family_only: bool = False, anew: bool = False
) -> list[Slip]:
    """New one-time passwords for people of this place, each with a line in the register.

    ``is_family_only``: the issuer may not touch the accounts of staff. ``anew`` also forgets the second factors.
    Raises: NobodyChosen, TooManyChosen, OwnPassword, AccessClosed, HeldElsewhere, NotFamily.
    """
    keys = [recipient.account.pk for recipient in recipients]
    locked = Account.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk")
    _check(place, by, {account.pk: account for account in locked}, is_family_only=is_family_only)
    return [_issue_one(place, by, recipient, anew=anew) for recipient in recipients]


def _check(place: Workplace, by: Actor, accounts: dict[uuid.UUID, Account], *, is_family_only: bool) -> None:
    if not accounts:
        raise NobodyChosen
    if len(accounts) > MOST_AT_ONCE:
        raise TooManyChosen(count=len(accounts), limit=MOST_AT_ONCE)
    if by.account_id in accounts:
        raise OwnPassword
    closed = [account for account in accounts.values() if not account.is_active]
    if closed:
        raise AccessClosed(names=_names(closed))
    lasting = RoleGrant.objects.filter(Q(valid_to=None) | Q(valid_to__gt=timezone.localdate()), account__in=accounts)
    here = Q(organization_id=place.organization_id, authority_id=place.authority_id)
    # Whoever could set a password here would enter there as this person.
    elsewhere = set(lasting.exclude(here).values_list("account", flat=True))
    if elsewhere:
        raise HeldElsewhere(names=_names(accounts[key] for key in elsewhere))
    staff = set(lasting.exclude(role__in=FAMILY_ROLES).values_list("account", flat=True)) if is_family_only else set()
    if staff:
        raise NotFamily(names=_names(accounts[key] for key in staff))


def _names(accounts: Iterable[Account]) -> str:
    return ", ".join(sorted(str(account) for account in accounts))


def _issue_one(place: Workplace, by: Actor, recipient: Recipient, *, anew: bool) -> Slip:
    account = recipient.account
    password = recover(account) if anew else reissue_password(account)
    account.refresh_from_db(fields=["one_time_until"])
    until = account.one_time_until or timezone.now()
    CredentialIssue.objects.create(
        organization_id=place.organization_id,
        authority_id=place.authority_id,
        account=account,
        guardian_id=recipient.guardian_id,
        group_id=recipient.group_id,
        group_name=recipient.group_name,
        issued_by=by.signature,
        issuer_id=by.account_id,
        valid_until=until,
        printed_at=timezone.now(),
    )
    return Slip(account.full_name or account.login, account.login, password, until, recipient.group_name)


def mark_handed(*, issue: CredentialIssue, to: str, on: datetime.date) -> None:
    """The slip is in the hands of a person. Raises: AlreadyHanded."""
    fresh = CredentialIssue.objects.filter(pk=issue.pk, handed_on=None)
    if not fresh.update(handed_to=to.strip(), handed_on=on):
        raise AlreadyHanded


def end_sessions_here(*, accounts: Iterable[Account], host: str) -> int:
    """End what people of this place have open on its host; their other places are not its business."""
    return sum(end_sessions(account, host=host) for account in accounts)
