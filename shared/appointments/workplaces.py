"""The place whose people a host manages: an organization, an authority, or the operator."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Final

from django.db.models import Q
from django.http import HttpRequest

from shared.access.actors import ROLES_OF_HOST, Actor
from shared.access.models import RoleGrant, RoleGrantQuerySet
from shared.access.requests import actor_of
from shared.access.roles import FAMILY_ROLES, STAFF_ROLES, Role, role_facts
from shared.access.workspaces import Workspace, WorkspaceKind
from shared.organizations.models import Organization

ADMINISTRATORS: Final = {
    WorkspaceKind.ORGANIZATION: Role.ORG_ADMIN,
    WorkspaceKind.MUNICIPALITY: Role.MUN_ADMIN,
    WorkspaceKind.REGION: Role.REGION_ADMIN,
    WorkspaceKind.OPERATOR: Role.OPERATOR,
}


@dataclass(frozen=True, slots=True)
class Workplace:
    """Where appointments are held and which roles may be given there: only those of its own level.

    ``administrator``: the role that gives the others, so somebody must always hold it. Source: R-060, R-158, R-163.
    """

    organization_id: uuid.UUID | None
    authority_id: int | None
    roles: frozenset[str]
    administrator: Role
    org_type: str = ""

    @property
    def needs_order(self) -> bool:
        """Organizations and authorities appoint by an order; the operator's staff have none in the system."""
        return self.organization_id is not None or self.authority_id is not None

    def grants(self) -> RoleGrantQuerySet:
        """Every appointment of this place, of families too; nothing of another place."""
        held = Q(organization_id=self.organization_id, authority_id=self.authority_id)
        return RoleGrant.objects.filter(held, role__in=self.known_roles)

    @property
    def known_roles(self) -> frozenset[str]:
        return self.roles | FAMILY_ROLES if self.organization_id else self.roles

    def role_choices(self, given: frozenset[str]) -> list[tuple[str, str]]:
        """Roles in the order of the directory."""
        return [(code, facts.label) for code, facts in role_facts().items() if code in self.known_roles & given]


@dataclass(frozen=True, slots=True)
class Decider:
    """Who decides, with which rights: ``may_manage`` everything ordinary, ``may_decide`` what is left to the head."""

    account_id: uuid.UUID | None
    signature: str
    may_manage: bool
    may_decide: bool

    @classmethod
    def of(cls, actor: Actor) -> Decider:
        return cls(actor.account_id, actor.signature, actor.may("rights.manage"), actor.may("rights.decide"))

    def roles_given(self, place: Workplace) -> frozenset[str]:
        """The administrator gives every role of the place; the head appoints the administrator. Source: R-329."""
        if self.may_manage:
            return place.roles
        return frozenset({place.administrator}) if self.may_decide else frozenset()


def workplace_here(request: HttpRequest) -> Workplace:
    """The place of this host, for the person who is asking."""
    workspace: Workspace = request.workspace  # type: ignore[attr-defined]
    if workspace.organization is not None:
        return _of_organization(workspace.organization.id, workspace.organization.org_type)
    return Workplace(
        organization_id=None,
        authority_id=actor_of(request).authority_id,
        roles=frozenset(map(str, ROLES_OF_HOST.get(workspace.kind, ()))),
        administrator=ADMINISTRATORS[workspace.kind],
    )


def workplace_of_organization(organization: Organization) -> Workplace:
    """The same of an organization, outside a request."""
    return _of_organization(organization.pk, organization.org_type)


def _of_organization(key: uuid.UUID, org_type: str) -> Workplace:
    roles = frozenset(map(str, STAFF_ROLES))
    return Workplace(key, None, roles, ADMINISTRATORS[WorkspaceKind.ORGANIZATION], org_type)
