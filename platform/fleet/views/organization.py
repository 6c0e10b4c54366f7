"""The page of one organization: facts, state, hosts, agreement, whose it was, and what the operator does with it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from fleet import queries
from fleet.addresses import host_of
from fleet.standing import standing_of
from shared.access.declarations import requires
from shared.access.requests import actor_of
from shared.access.visibility import visible_to
from shared.organizations.models import Organization


@requires("fleet.view")
@require_safe
def organization(request: HttpRequest, slug: str) -> HttpResponse:
    """Everything the console knows of an organization; of its people nothing."""
    return page(request, find(request, slug))


def find(request: HttpRequest, slug: str) -> Organization:
    """By its present address."""
    known = visible_to(actor_of(request), Organization.with_copies.all())
    return get_object_or_404(known.select_related("municipality", "region", "founder"), slug=slug)


def page(request: HttpRequest, found: Organization, *, refusal: str = "", status: int = 200) -> HttpResponse:
    """The page, with the refusal of what was asked on it."""
    actor = actor_of(request)
    fingerprint = queries.current_fingerprint()
    is_changeable = found.status != Organization.Status.ARCHIVED and not found.is_copy
    context: dict[str, Any] = {
        "title": found.short_name,
        "organization": found,
        "host": host_of(found.slug),
        "standing": standing_of(found),
        "faults": queries.faults_of(found),
        "bytes": queries.sizes_of([found]).get(found.schema_name),
        "backup": queries.last_backup_of(found),
        "is_current": found.fingerprint == fingerprint,
        "today": timezone.localdate(),
        "may_stop": actor.may("organizations.suspend") and found.status != Organization.Status.ARCHIVED,
        "may_change": actor.may("organizations.manage") and is_changeable,
        "may_record": actor.may("agreements.manage"),
        "refusal": refusal,
    }
    return render(request, "fleet/organization.html", context, status=status)
