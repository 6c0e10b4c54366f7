"""Upgrades of the fleet: what was done to whom, what failed and why, and going on where one stopped."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from fleet import queries, upgrading
from fleet.models import Upgrade, UpgradeLine
from shared.access.declarations import requires
from shared.messaging.services import want_task

PAGE = 50
RECENT = 20
Outcome = UpgradeLine.Outcome


@requires("fleet.view")
@require_safe
def upgrades(request: HttpRequest) -> HttpResponse:
    """The last runs, the present version, and how many organizations are behind it."""
    fingerprint = queries.current_fingerprint()
    context = {
        "title": "Обновления",
        "fingerprint": fingerprint,
        "totals": queries.fleet_totals(fingerprint),
        "may_upgrade": request.actor.may("fleet.upgrade"),  # type: ignore[attr-defined]
        "runs": _counted(Upgrade.objects.all())[:RECENT],
    }
    return render(request, "fleet/upgrades.html", context)


@requires("fleet.view")
@require_safe
def upgrade(request: HttpRequest, upgrade_id: uuid.UUID) -> HttpResponse:
    """One run: its progress while it goes on, then the organizations that were not upgraded, with the reasons."""
    return render(request, "fleet/upgrade.html", _context(request, upgrade_id))


@requires("fleet.view")
@require_safe
def progress(request: HttpRequest, upgrade_id: uuid.UUID) -> HttpResponse:
    """The same page's middle, asked every second while the run goes on."""
    return render(request, "fleet/_upgrade.html", _context(request, upgrade_id))


@requires("fleet.upgrade")
@require_POST
def carry_on(request: HttpRequest) -> HttpResponse:
    """Have the worker upgrade what is behind; those already at the version are not touched."""
    want_task(upgrading.TASK, by=request.actor.signature)  # type: ignore[attr-defined]
    messages.success(request, "Обновление отстающих организаций поставлено в очередь.")
    return redirect("fleet:upgrades")


def _context(request: HttpRequest, upgrade_id: uuid.UUID) -> dict[str, object]:
    run = get_object_or_404(_counted(Upgrade.objects.all()), pk=upgrade_id)
    troubled = UpgradeLine.objects.filter(upgrade=run).exclude(outcome=Outcome.DONE).order_by("slug")
    return {
        "title": "Обновление",
        "run": run,
        "percent": 100 * run.seen // max(run.wanted, 1),  # type: ignore[attr-defined]  # annotated
        "page_obj": Paginator(troubled, PAGE).get_page(request.GET.get("page")),
    }


def _counted(runs: QuerySet[Upgrade]) -> QuerySet[Upgrade]:
    return runs.annotate(
        seen=Count("lines"),
        done=Count("lines", filter=Q(lines__outcome=Outcome.DONE)),
        failed=Count("lines", filter=~Q(lines__outcome=Outcome.DONE) & Q(lines__isnull=False)),
    )
