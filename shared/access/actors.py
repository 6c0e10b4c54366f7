"""Who is asking, and what he may do on this host."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from shared.access.loading import Appointment, appointments_of
from shared.access.rights import Right, rights_of_role
from shared.access.roles import (
    MUNICIPAL_ROLES,
    ORGANIZATION_ROLES,
    REGIONAL_ROLES,
    SECOND_FACTOR_ROLES,
    TRAINING_ROLES,
    Role,
)
from shared.access.support.inside import CaseInside, Visitor, case_of, support_rights, visitor_in
from shared.access.workspaces import OrganizationFacts, Workspace, WorkspaceKind
from shared.accounts.models import Account

ROLES_OF_HOST = {
    WorkspaceKind.MUNICIPALITY: MUNICIPAL_ROLES,
    WorkspaceKind.REGION: REGIONAL_ROLES,
    WorkspaceKind.OPERATOR: frozenset({Role.OPERATOR}),
}


@dataclass(frozen=True)
class Grant:
    """A role grant as a request carries it; ``rights`` are what it gives in its place today."""

    id: uuid.UUID
    role: str
    place: str
    organization_id: uuid.UUID | None
    organization_slug: str
    authority_id: int | None
    municipality_oktmo: str | None
    region_code: str | None
    rights: dict[str, Right] = field(default_factory=dict)
    group_names: tuple[str, ...] = ()
    valid_to: datetime.date | None = None

    @property
    def role_name(self) -> str:
        return str(Role(self.role).label)

    @property
    def where(self) -> tuple[uuid.UUID | None, int | None]:
        """The place itself: grants of one place are used together."""
        return self.organization_id, self.authority_id


@dataclass(frozen=True)
class Actor:
    """A signed-in person: loaded eagerly in the identity transaction, nothing about him is lazy afterwards.

    ``here`` are the grants that count on this host: all of the organization's, or all of the one authority chosen.
    ``support_case`` is the case under which an engineer of the operator is in an organization, ``visitor`` the engineer
    who is in this organization now, if any.
    """

    account_id: uuid.UUID
    login: str
    full_name: str
    must_change_password: bool
    grants: tuple[Grant, ...]
    here: tuple[Grant, ...]
    is_token: bool = False
    has_second_factor: bool = False
    factor_passed: bool = False
    support_case: CaseInside | None = None
    visitor: Visitor | None = None

    @cached_property
    def rights(self) -> dict[str, Right]:
        """What he may do here, of all his grants together the widest reach."""
        found: dict[str, Right] = {}
        for grant in self.here:
            for name, right in grant.rights.items():
                found[name] = found[name] | right if name in found else right
        return found

    @property
    def capabilities(self) -> frozenset[str]:
        return frozenset(self.rights)

    def may(self, capability: str) -> bool:
        """Whether he holds the capability here at all, with whatever reach."""
        return bool(self.here) and (not capability or capability in self.rights)

    def may_everywhere(self, capability: str) -> bool:
        """Whether he holds it for all of the workspace: what lists, filters and searches over everybody ask for."""
        right = self.rights.get(capability)
        return right is not None and right.is_everywhere

    def right(self, capability: str) -> Right | None:
        """The capability with its reach; a list is narrowed by it, an object outside it does not exist."""
        return self.rights.get(capability)

    @property
    def needs_second_factor(self) -> bool:
        """Whether a role of his, wherever it is held, forbids work without a second factor."""
        return any(grant.role in SECOND_FACTOR_ROLES for grant in self.grants)

    @property
    def signature(self) -> str:
        """How documents and history name him."""
        return self.full_name or self.login

    @property
    def authority_id(self) -> int | None:
        return self.here[0].authority_id if self.here else None

    # DRF and Django ask a user these two questions.
    is_authenticated = True

    @property
    def pk(self) -> uuid.UUID:
        return self.account_id


def load_actor(
    account: Account,
    workspace: Workspace,
    *,
    today: datetime.date,
    grant_id: uuid.UUID | None,
    is_token: bool = False,
    factor_passed: bool = False,
) -> Actor:
    """The person with his grants of today and their rights, in one query."""
    rows = appointments_of(account.pk, today)
    grants = tuple(map(_grant, rows))
    case, home = None, workspace.organization
    if home is not None and not is_token and grant_id not in {grant.id for grant in grants}:
        case = case_of(account, home.id, grant_id, held=(grant.role for grant in grants))
    return Actor(
        account_id=account.pk,
        login=account.login,
        full_name=account.full_name,
        must_change_password=account.must_change_password,
        grants=grants,
        here=_by_case(case, home) if case and home else _here(grants, workspace, grant_id),
        support_case=case,
        visitor=next((visitor_in(row.visitors) for row in rows if home and row.organization_id == home.id), None),
        is_token=is_token,
        has_second_factor=account.second_factor_since is not None,
        factor_passed=factor_passed,
    )


def _by_case(case: CaseInside, home: OrganizationFacts) -> tuple[Grant, ...]:
    """What an engineer of the support is inside an organization: one role that only looks, while his case lasts."""
    if case.ended:
        return ()
    role = Grant(
        id=case.key,
        role=Role.SUPPORT,
        place=home.short_name,
        organization_id=home.id,
        organization_slug=home.slug,
        authority_id=None,
        municipality_oktmo=None,
        region_code=None,
        rights=dict(support_rights()),
    )
    return (role,)


def _grant(row: Appointment) -> Grant:
    nowhere = "Кадры" if row.role in TRAINING_ROLES else "Оператор системы"
    return Grant(
        id=row.id,
        role=row.role,
        place=row.organization_name or row.authority_name or nowhere,
        organization_id=row.organization_id,
        organization_slug=row.organization_slug or "",
        authority_id=row.authority_id,
        municipality_oktmo=row.municipality_oktmo,
        region_code=row.region_code,
        rights=rights_of_role(
            row.role,
            org_type=row.org_type or "",
            groups=row.group_ids,
            changes=row.changes,
            ceilings=row.ceilings,
        ),
        group_names=tuple(row.group_names),
        valid_to=row.valid_to,
    )


def _here(grants: Iterable[Grant], workspace: Workspace, grant_id: uuid.UUID | None) -> tuple[Grant, ...]:
    if workspace.organization is not None:
        in_place = (grant for grant in grants if grant.organization_id == workspace.organization.id)
        return tuple(grant for grant in in_place if grant.role in ORGANIZATION_ROLES)
    if workspace.kind == WorkspaceKind.TRAINING:
        return tuple(grants)
    roles = ROLES_OF_HOST.get(workspace.kind, frozenset())
    fitting = [grant for grant in grants if grant.role in roles]
    chosen = next((grant for grant in fitting if grant.id == grant_id), fitting[0] if fitting else None)
    return tuple(grant for grant in fitting if chosen is not None and grant.where == chosen.where)
