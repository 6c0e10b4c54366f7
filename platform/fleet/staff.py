"""Accounts that the operator makes: a person with a role, a new password, a token. Runs in role ``accounts``."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.utils import timezone

from fleet.errors import OrganizationUnknown
from shared.access.actors import load_actor
from shared.access.errors import PasswordRefused
from shared.access.models import RoleGrant
from shared.access.roles import AUTHORITY_ROLES, ORGANIZATION_ROLES, REGIONAL_ROLES, Role, role_facts
from shared.access.services import create_account, give_role, recover, reissue_password
from shared.access.workspaces import Workspace, workspace_of
from shared.accounts.models import Account, CredentialIssue
from shared.accounts.passwords import POLICY, one_time_password
from shared.kernel.rules import RuleViolation, constraint_means
from shared.organizations.models import AuthorityBody, Organization


class PlaceRefused(RuleViolation):
    code = "place_refused"
    is_wrong_usage = True
    text = "{reason}"


class LoginTaken(RuleViolation):
    code = "login_taken"
    text = "Логин «{login}» уже занят. Выберите другой или дайте этому человеку ещё одну роль: asuso users grant."


class RoleAlreadyGiven(RuleViolation):
    code = "role_already_given"
    text = "У «{login}» эта роль в этом месте уже есть."


class PersonUnknown(RuleViolation):
    code = "person_unknown"
    is_wrong_usage = True
    text = "Логина «{login}» нет {where}. Проверьте написание."


class HostUnknown(RuleViolation):
    code = "host_unknown"
    is_wrong_usage = True
    text = "Узла «{host}» нет. Укажите его как в адресной строке, например school-1.{base}."


@dataclass(frozen=True, slots=True)
class Place:
    """A role and where it is held."""

    role: Role
    host: str
    organization: Organization | None = None
    authority: AuthorityBody | None = None


@dataclass(frozen=True, slots=True)
class Access:
    """What a person needs to sign in."""

    login: str
    host: str
    password: str
    is_one_time: bool


def find_place(*, role: str, slug: str | None, code: str | None) -> Place:
    """The place of a role by an organization's slug or an authority's code. Raises: PlaceRefused."""
    chosen = Role(role)
    if chosen in ORGANIZATION_ROLES:
        organization = Organization.with_copies.exclude(status="archived").filter(slug=slug).first() if slug else None
        if organization is None or code:
            raise PlaceRefused(reason=f"Для роли «{chosen.label}» укажите --organization подключённой организации.")
        return Place(chosen, _host(organization.slug), organization=organization)
    name = role_facts()[chosen].level
    if chosen not in AUTHORITY_ROLES:
        if slug or code:
            raise PlaceRefused(reason=f"Роль «{chosen.label}» не относится ни к организации, ни к органу управления.")
        return Place(chosen, _host(name))
    authority = AuthorityBody.objects.filter(code=code).first() if code else None
    if authority is None or slug or authority.is_regional is not (chosen in REGIONAL_ROLES):
        raise PlaceRefused(reason=f"Для роли «{chosen.label}» укажите --authority: office-ОКТМО или ministry-РЕГИОН.")
    return Place(chosen, _host(name), authority=authority)


def create_person(
    *,
    login: str,
    last_name: str,
    first_name: str,
    patronymic: str,
    place: Place,
    password: str | None,
    by: str = "console",
) -> Access:
    """A new account with one role; without a password of its own it gets a one-time one, issued by ``by``.

    Raises: LoginTaken, PasswordRefused.
    """
    login = login.strip().lower()
    given = password or one_time_password()
    if password:
        person = Account(login=login, last_name=last_name, first_name=first_name, patronymic=patronymic)
        reasons = POLICY.reasons_against(password, person)
        if reasons:
            raise PasswordRefused(reason=" ".join(reasons))
    with constraint_means("accounts_account_login_key", LoginTaken(login=login)):
        account = create_account(
            login=login,
            password=given,
            last_name=last_name,
            first_name=first_name,
            patronymic=patronymic,
            is_one_time=password is None,
        )
    _give(account, place)
    if password is None:
        _register(account, place.organization, place.authority, by)
    return Access(login, place.host, given, is_one_time=password is None)


def add_role(*, login: str, place: Place) -> str:
    """One more role for a known person; returns the host. Raises: PersonUnknown, RoleAlreadyGiven."""
    account = Account.objects.filter(login=login.strip().lower(), is_active=True).first()
    if account is None:
        raise PersonUnknown(login=login, where="среди действующих учётных записей")
    with constraint_means("rolegrant_once", RoleAlreadyGiven(login=login)):
        _give(account, place)
    return place.host


def reissue(*, slug: str, login: str | None, by: str) -> Access:
    """A new one-time password for a person of an organization, by default its first administrator.

    The register of the organization gets its line: ``by`` is who issued it. Raises: OrganizationUnknown, PersonUnknown.
    """
    if not Organization.with_copies.exclude(status="archived").filter(slug=slug).exists():
        raise OrganizationUnknown(slug=slug)
    grants = RoleGrant.objects.on(timezone.localdate()).filter(organization__slug=slug, account__is_active=True)
    wanted = grants.filter(account__login=login.strip().lower()) if login else grants.filter(role=Role.ORG_ADMIN)
    grant = wanted.select_related("account", "organization").order_by("account__created_at").first()
    if grant is None:
        raise PersonUnknown(login=login or "администратор", where=f"среди работников организации «{slug}»")
    password = reissue_password(grant.account)
    _register(grant.account, grant.organization, None, by)
    return Access(grant.account.login, _host(slug), password, is_one_time=True)


def recover_person(*, login: str) -> Access:
    """A new one-time password and no second factor, for who lost them and works in several places or above them.

    Raises: PersonUnknown.
    """
    account = Account.objects.filter(login=login.strip().lower(), is_active=True).first()
    if account is None:
        raise PersonUnknown(login=login, where="среди действующих учётных записей")
    today = timezone.localdate()
    grant = RoleGrant.objects.on(today).filter(account=account).select_related("organization").order_by("pk").first()
    name = grant.organization.slug if grant and grant.organization else role_facts()[grant.role].level if grant else ""
    host = _host(name) if name else str(settings.BASE_DOMAIN)
    return Access(account.login, host, recover(account), is_one_time=True)


def find_holder(*, host: str, login: str) -> tuple[Account, Workspace]:
    """The person and the workspace of a token; he must have a role there today.

    Raises: HostUnknown, PersonUnknown.
    """
    workspace = workspace_of(host.partition(":")[0])
    if workspace is None:
        raise HostUnknown(host=host, base=settings.BASE_DOMAIN)
    account = Account.objects.filter(login=login.strip().lower(), is_active=True).first()
    actor = load_actor(account, workspace, today=timezone.localdate(), grant_id=None) if account else None
    if account is None or actor is None or not actor.here:
        raise PersonUnknown(login=login, where=f"среди тех, у кого есть роль на узле {workspace.host}")
    return account, workspace


def _register(account: Account, organization: Organization | None, authority: AuthorityBody | None, by: str) -> None:
    """The line of the register: given by the console, so nothing was printed by the system."""
    CredentialIssue.objects.create(
        organization=organization,
        authority=authority,
        account=account,
        issued_by=by,
        valid_until=POLICY.one_time_until,
    )


def _give(account: Account, place: Place) -> None:
    give_role(
        account=account,
        role=place.role,
        organization_id=place.organization.pk if place.organization else None,
        authority_id=place.authority.pk if place.authority else None,
        valid_from=timezone.localdate(),
    )


def _host(name: str) -> str:
    return f"{name}.{settings.BASE_DOMAIN}"
