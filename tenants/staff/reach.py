"""How far a person's rights reach among employees, for pages."""

from __future__ import annotations

import uuid

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from shared.access.requests import actor_of
from tenants.staff.models import StaffMember


def reached_member(request: HttpRequest, member_id: uuid.UUID, capability: str) -> StaffMember:
    """An employee whom the right reaches; others do not exist. Raises: Http404."""
    return get_object_or_404(StaffMember.objects.known().seen_by(actor_of(request), capability), pk=member_id)


def has_for_everybody(request: HttpRequest, capability: str) -> bool:
    """Whether the right is more than that to one's own card."""
    right = actor_of(request).right(capability)
    return right is not None and right.is_everywhere


def reaches(request: HttpRequest, member: StaffMember, capability: str) -> bool:
    """Whether the right reaches this employee; answered without a query."""
    actor = actor_of(request)
    return has_for_everybody(request, capability) or (actor.may(capability) and member.account_id == actor.account_id)


def gives_access(request: HttpRequest) -> bool:
    """Whether this person makes accounts and gives roles to everybody here."""
    return has_for_everybody(request, "credentials.issue") and actor_of(request).may("rights.manage")
