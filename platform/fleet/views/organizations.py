"""The fleet: which organizations are connected and in which state."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models.functions import Lower
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from fleet import lifecycle, queries
from fleet.filters import OrganizationFilter
from shared.access.declarations import requires
from shared.access.requests import note_action
from shared.access.visibility import visible_to
from shared.kernel.rules import RuleViolation
from shared.organizations.models import Organization, OrgType

PAGE = 50


@requires("fleet.view")
@require_safe
def organizations(request: HttpRequest) -> HttpResponse:
    """The table with search, filters and counts; a fixed number of queries whatever its length."""
    fingerprint = queries.current_fingerprint()
    shown = visible_to(request.actor, Organization.with_copies.all())  # type: ignore[attr-defined]
    named = queries.with_state(shown.select_related("municipality", "region"))
    named = named.annotate(sort_name=Lower("short_name"))
    filtered = OrganizationFilter(request.GET, named.order_by("sort_name", "slug"), fingerprint=fingerprint)
    page = Paginator(filtered.qs, PAGE).get_page(request.GET.get("page"))
    sizes = queries.sizes_of(page)
    for one in page:
        one.bytes = sizes.get(one.schema_name)  # type: ignore[attr-defined]
    context: dict[str, Any] = {
        "title": "Парк организаций",
        "page_obj": page,
        "chosen": {
            name: request.GET.get(name, "") for name in ("q", "status", "type", "municipality", "version", "faults")
        },
        "fingerprint": fingerprint,
        "base_domain": settings.BASE_DOMAIN,
    }
    if request.htmx and not request.htmx.history_restore_request:  # type: ignore[attr-defined]
        return render(request, "fleet/_organizations.html", context)
    context |= {
        "totals": queries.fleet_totals(fingerprint),
        "drill": queries.last_drill(),
        "municipalities": queries.municipalities_with_organizations(),
        "types": OrgType.choices,
    }
    return render(request, "fleet/organizations.html", context)


@requires("organizations.suspend")
@require_http_methods(["GET", "POST"])
def suspend(request: HttpRequest, slug: str) -> HttpResponse:
    """Confirm, then stop the host of an organization."""
    return _change(request, slug, is_stop=True)


@requires("organizations.suspend")
@require_http_methods(["GET", "POST"])
def resume(request: HttpRequest, slug: str) -> HttpResponse:
    """Confirm, then start the host again."""
    return _change(request, slug, is_stop=False)


def _change(request: HttpRequest, slug: str, *, is_stop: bool) -> HttpResponse:
    organization = get_object_or_404(Organization.with_copies, slug=slug)
    context = {
        "title": "Приостановить организацию" if is_stop else "Возобновить работу организации",
        "organization": organization,
        "is_stop": is_stop,
        "host": f"{slug}.{settings.BASE_DOMAIN}",
    }
    if request.method == "GET":
        return render(request, "fleet/change_status.html", context)
    try:
        (lifecycle.suspend if is_stop else lifecycle.resume)(slug)
    except RuleViolation as violation:
        return render(request, "fleet/change_status.html", {**context, "refusal": str(violation)}, status=422)
    done = "приостановлена, её адрес отвечает объяснением" if is_stop else "снова работает"
    action = "organization_suspended" if is_stop else "organization_resumed"
    note_action(request, action, subject_kind="organization", subject_id=organization.pk)
    messages.success(request, f"«{organization.short_name}» {done}.")
    return redirect("fleet:organization", slug)
