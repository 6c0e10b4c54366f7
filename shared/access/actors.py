"""Who is asking, and what he may do on this host."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from shared.access.models import RoleGrant
from shared.access.roles import Role, capabilities_of
from shared.access.workspaces import Workspace, WorkspaceKind
from shared.accounts.models import Account

ROLE_OF_HOST = {
    WorkspaceKind.MUNICIPALITY: Role.MUNICIPAL_OFFICER,
    WorkspaceKind.REGION: Role.MINISTRY_OFFICER,
    WorkspaceKind.OPERATOR: Role.OPERATOR,
}


@dataclass(frozen=True)
class Grant:
    """A role grant as a request carries it."""

    id: uuid.UUID
    role: str
    place: str
    organization_id: uuid.UUID | None
    organization_slug: str
    authority_id: int | None
    municipality_oktmo: str | None
    region_code: str | None

    @property
    def role_name(self) -> str:
        return str(Role(self.role).label)


@dataclass(frozen=True)
class Actor:
    """A signed-in person: loaded eagerly in the identity transaction, nothing about him is lazy afterwards.

    ``here`` are the grants that count on this host: all of the organization's, or the one authority chosen.
    """

    account_id: uuid.UUID
    login: str
    full_name: str
    must_change_password: bool
    grants: tuple[Grant, ...]
    here: tuple[Grant, ...]
    is_token: bool = False

    @property
    def capabilities(self) -> frozenset[str]:
        return frozenset().union(*(capabilities_of(grant.role) for grant in self.here))

    def may(self, capability: str) -> bool:
        return bool(self.here) and (not capability or capability in self.capabilities)

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
    account: Account, workspace: Workspace, *, today: datetime.date, grant_id: uuid.UUID | None, is_token: bool = False
) -> Actor:
    """The person with his grants of today, in one query."""
    rows = (
        RoleGrant.objects.on(today)
        .filter(account=account)
        .select_related("organization", "authority")
        .order_by("organization__short_name", "authority__name", "role")
    )
    grants = tuple(map(_grant, rows))
    here = _here(grants, workspace, grant_id)
    return Actor(
        account_id=account.pk,
        login=account.login,
        full_name=account.full_name,
        must_change_password=account.must_change_password,
        grants=grants,
        here=here,
        is_token=is_token,
    )


def _grant(row: RoleGrant) -> Grant:
    organization, authority = row.organization, row.authority
    place = organization.short_name if organization else authority.name if authority else "Оператор системы"
    return Grant(
        id=row.pk,
        role=row.role,
        place=place,
        organization_id=row.organization_id,
        organization_slug=organization.slug if organization else "",
        authority_id=row.authority_id,
        municipality_oktmo=authority.municipality_id if authority else None,
        region_code=authority.region_id if authority else None,
    )


def _here(grants: Iterable[Grant], workspace: Workspace, grant_id: uuid.UUID | None) -> tuple[Grant, ...]:
    if workspace.organization is not None:
        return tuple(grant for grant in grants if grant.organization_id == workspace.organization.id)
    if workspace.kind == WorkspaceKind.TRAINING:
        return tuple(grants)
    role = ROLE_OF_HOST.get(workspace.kind)
    fitting = [grant for grant in grants if grant.role == role]
    chosen = [grant for grant in fitting if grant.id == grant_id] or fitting[:1]
    return tuple(chosen)
