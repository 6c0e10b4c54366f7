"""A person for every role, each with one appointment, made inside the transaction of a test."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings

from shared.access.roles import MUNICIPAL_ROLES, REGIONAL_ROLES, SECOND_FACTOR_ROLES, STAFF_ROLES, TRAINING_ROLES, Role
from shared.access.services import create_account, give_role
from shared.accounts.factors import save_app
from shared.accounts.models import Account
from shared.organizations.models import AuthorityBody
from shared.tenancy import scopes
from tenants.groups.models import Group
from tests import factor
from tests.support import PASSWORD, SINCE, School

STRANGER = "stranger"
FOUNDERS = {Role.ROIV_HEAD: "culture-03", Role.ROIV_SPECIALIST: "culture-03"}


@dataclass(frozen=True)
class Holder:
    """Who asks: a role and the kind of host it works on."""

    role: str
    kind: str

    @property
    def login(self) -> str:
        return f"holder-{self.role}"


def _of(kind: str, roles: frozenset[Role]) -> list[Holder]:
    return [Holder(str(role), kind) for role in sorted(roles)]


HOLDERS = [
    *_of("organization", STAFF_ROLES | {Role.GUARDIAN, Role.STUDENT}),
    *_of("municipality", MUNICIPAL_ROLES),
    *_of("region", REGIONAL_ROLES),
    *_of("operator", frozenset({Role.OPERATOR})),
    *_of("training", TRAINING_ROLES | {Role.TEACHER}),
]


def host_of(kind: str, school: School) -> str:
    """The address of a kind of host; of an organization the address of ``school``."""
    base = settings.BASE_DOMAIN
    return {"organization": school.host, "entrance": base}.get(kind, f"{kind}.{base}")


def engage(holder: Holder, school: School, *groups: Group) -> Account:
    """The account with its appointment: in ``school``, in the office above it, in the ministry or in a founder."""
    authority = {
        "municipality": "office-03608000",
        "region": FOUNDERS.get(Role(holder.role), "ministry-03"),
    }.get(holder.kind)
    is_placed = holder.kind in ("organization", "training") and holder.role != Role.TRAINING_OPERATOR
    with scopes.enter(scopes.of_accounts()):
        account = create_account(
            login=holder.login, password=PASSWORD, last_name="Держатель", first_name=holder.role, is_one_time=False
        )
        grant = give_role(
            account=account,
            role=holder.role,
            organization_id=school.organization.pk if is_placed else None,
            authority_id=AuthorityBody.objects.get(code=authority).pk if authority else None,
            valid_from=SINCE,
        )
        if groups:
            grant.group_ids, grant.group_names = [one.pk for one in groups], [one.name for one in groups]
            grant.save(update_fields=["group_ids", "group_names"])
        if holder.role in SECOND_FACTOR_ROLES:
            save_app(account=account, secret=factor.SECRET)
    return account
