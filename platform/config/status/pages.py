"""The page and its twin for programs. Put together once in ten seconds; answers also while the database is away."""

from __future__ import annotations

import datetime
import time
from dataclasses import dataclass, field, replace
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from config.status import parts
from config.status.parts import Part, State
from shared.access.declarations import public
from shared.maintenance.current import notice, open_breaks, span
from shared.maintenance.models import MaintenanceBreak, Stage
from shared.organizations.models import Organization

PAGE, TWIN = "/status/", "/status.json"
CACHE_SECONDS: Final = 10.0
WHOLE: Final = "Вся система"
ONE: Final = "Одна организация"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The state as of a moment."""

    at: datetime.datetime
    parts: tuple[Part, ...]
    open: tuple[MaintenanceBreak, ...] = ()
    past: tuple[MaintenanceBreak, ...] = ()

    @property
    def word(self) -> str:
        """One word for programs: ``maintenance``, or how the worst part is."""
        if any(one.is_holding and one.organization_id is None for one in self.open):
            return "maintenance"
        # A rehearsal that failed is the operator's concern: everything works.
        states = {one.state for one in self.parts if one.code != "backup"}
        return "down" if State.BROKEN in states else "degraded" if State.SLOW in states else "ok"


@dataclass(slots=True)
class _Kept:
    until: float = 0.0
    snapshot: Snapshot | None = field(default=None)


_kept = _Kept()
HEADLINES: Final = {
    "ok": "Все части системы работают",
    "degraded": "Система работает, часть её — с задержкой",
    "down": "Часть системы не работает",
    "maintenance": "Идёт технологический перерыв",
}

_TONES: Final = {State.FINE: "ok", State.SLOW: "warn", State.BROKEN: "bad"}


@public()
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """For everybody, without signing in. Source: R-278."""
    return _page(request, _snapshot())


@public()
@require_safe
def twin(request: HttpRequest) -> HttpResponse:
    """The same for programs."""
    return _twin(_snapshot())


def away(request: HttpRequest) -> HttpResponse:
    """Either of the two while the database is away: what this process knew last, and that it is away."""
    last = _kept.snapshot
    known = last or Snapshot(timezone.now(), ())
    shown = replace(known, parts=(parts.web(), parts.database_away()))
    if request.path == TWIN:
        return _twin(shown, status=503)
    return _page(request, shown, status=503)


def forget_snapshot() -> None:
    """Look anew at the next occasion; between tests."""
    _kept.until, _kept.snapshot = 0.0, None


def _snapshot() -> Snapshot:
    if _kept.snapshot is None or _kept.until <= time.monotonic():
        opened = open_breaks()
        is_held = any(one.is_holding and one.organization_id is None for one in opened)
        found = (
            parts.web(),
            parts.database(),
            parts.worker(),
            parts.files(),
            parts.registry(is_held=is_held),
            parts.drill(),
        )
        past = tuple(MaintenanceBreak.objects.recently_over().select_related("organization"))
        _kept.snapshot = Snapshot(timezone.now(), found, opened, past)
        _kept.until = time.monotonic() + CACHE_SECONDS
    return _kept.snapshot


def _page(request: HttpRequest, shown: Snapshot, *, status: int = 200) -> HttpResponse:
    context = {
        "title": "Состояние системы",
        "shown": shown,
        "headline": HEADLINES[shown.word],
        "tone": {"ok": "ok", "down": "bad"}.get(shown.word, "warn"),
        "parts": [(one, _TONES[one.state]) for one in shown.parts],
        "open": [(one, _place(one), notice(one)) for one in shown.open],
        "past": [(one, _place(one)) for one in shown.past],
        "twin": TWIN,
    }
    return _cached(render(request, "rooms/status.html", context, status=status), "private")


def _twin(shown: Snapshot, *, status: int = 200) -> HttpResponse:
    planned = [one for one in shown.open if one.stage == Stage.ANNOUNCED]
    document = {
        "status": shown.word,
        "at": shown.at.isoformat(timespec="seconds"),
        "parts": [
            {"code": one.code, "title": one.title, "state": one.state, "words": one.words} for one in shown.parts
        ],
        "breaks": {
            "open": [_facts(one) for one in shown.open if one.is_holding],
            "planned": [_facts(one) for one in planned],
            "past": [_facts(one) for one in shown.past],
        },
    }
    return _cached(JsonResponse(document, status=status, json_dumps_params={"ensure_ascii": False}), "public")


def _facts(one: MaintenanceBreak) -> dict[str, Any]:  # Any: what JSON holds
    moments = ("announced_at", "planned_start", "planned_end", "started_at", "end_announced_at", "ends_at", "ended_at")
    return {
        "number": one.pk,
        "stage": str(one.stage),
        "place": _place(one),
        "reason": one.reason,
        "span": span(one),
        **{name: _iso(getattr(one, name)) for name in moments},
    }


def _iso(moment: datetime.datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None


def _place(one: MaintenanceBreak) -> str:
    """A connected organization stands in the public catalog anyway; any other has no name here."""
    if one.organization is None:
        return WHOLE
    return one.organization.short_name if one.organization.status == Organization.Status.ACTIVE else ONE


def _cached(response: HttpResponse, kept_by: str) -> HttpResponse:
    """Kept for as long as the snapshot: the twin by anybody, the page by its browser."""
    is_whole = response.status_code == 200
    response.headers["Cache-Control"] = f"{kept_by}, max-age={CACHE_SECONDS:.0f}" if is_whole else "no-store"
    return response
