"""Maintenance breaks in the console: announce, begin, prolong, announce the end, end. Source: R-277 to R-279."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from fleet.maintenance.forms import AnnounceForm, EndForm, UntilForm, suggested_end
from fleet.maintenance.register import COLUMNS, line
from shared.access.declarations import requires
from shared.access.requests import actor_of
from shared.documents.downloads import workbook_answer
from shared.kernel.rules import RuleViolation
from shared.maintenance import services
from shared.maintenance.current import notice
from shared.maintenance.models import MaintenanceBreak, Stage

PAGE = 50
TITLE = "Технологические перерывы"
TONES = {
    Stage.ANNOUNCED: "info",
    Stage.CLOSING: "warn",
    Stage.RUNNING: "warn",
    Stage.ENDING: "warn",
    Stage.ENDED: "ok",
    Stage.WITHDRAWN: "idle",
}


@requires("fleet.view")
@require_safe
def breaks(request: HttpRequest) -> HttpResponse:
    """The register, and the form of a new break."""
    return _register(request, AnnounceForm())


@requires("fleet.maintenance")
@require_POST
def announce(request: HttpRequest) -> HttpResponse:
    """Announce a break, or on a failure announce and begin it in one step."""
    form = AnnounceForm(request.POST)
    if not form.is_valid():
        return _register(request, form)
    data, by = form.cleaned_data, actor_of(request).signature
    try:
        if data["kind"] == MaintenanceBreak.Kind.FAILURE:
            one = services.start_at_once(
                reason=data["reason"], expected_end=data["planned_end"], by=by, organization=data["organization"]
            )
        else:
            one = services.announce(
                reason=data["reason"],
                planned_start=data["planned_start"],
                planned_end=data["planned_end"],
                by=by,
                organization=data["organization"],
            )
    except RuleViolation as violation:
        form.refuse(violation)
        return _register(request, form)
    messages.success(request, f"Перерыв № {one.pk} объявлен: о нём сказано на всех страницах и на странице состояния.")
    return redirect("fleet:break", number=one.pk)


@requires("fleet.view")
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """The register as a file."""
    return workbook_answer(request, title=TITLE, columns=COLUMNS, rows=map(line, _all()), is_personal=False)


@requires("fleet.view")
@require_safe
def one_break(request: HttpRequest, number: int) -> HttpResponse:
    """One break: where it stands, and what may be done next."""
    return _page(request, _found(number))


@requires("fleet.view")
@require_safe
def state(request: HttpRequest, number: int) -> HttpResponse:
    """The live part of the page, asked every few seconds while the break is open."""
    return _state(request, _found(number))


@requires("fleet.maintenance")
@require_POST
def settle(request: HttpRequest, number: int) -> HttpResponse:
    """The same while the door closes: the break runs when the last write has ended."""
    with suppress(RuleViolation):  # ended meanwhile: the page says so
        services.settle(number)
    return _state(request, _found(number))


@requires("fleet.maintenance")
@require_POST
def start(request: HttpRequest, number: int) -> HttpResponse:
    """Begin an announced break."""
    return _step(request, number, services.start, "Новая запись остановлена, ждём окончания начатой.")


@requires("fleet.maintenance")
@require_POST
def end(request: HttpRequest, number: int) -> HttpResponse:
    """End the break when its announced end has come."""
    return _step(request, number, services.end, "Перерыв завершён, работа с данными открыта.")


@requires("fleet.maintenance")
@require_POST
def withdraw(request: HttpRequest, number: int) -> HttpResponse:
    """Call off a break that has not begun."""
    return _step(request, number, services.withdraw, "Перерыв отменён, объявление снято.")


@requires("fleet.maintenance")
@require_POST
def extend(request: HttpRequest, number: int) -> HttpResponse:
    """Expect the end later."""
    form = UntilForm(request.POST, prefix="until")
    if form.is_valid():
        try:
            services.extend(number, until=form.cleaned_data["planned_end"])
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            messages.success(request, "Ожидаемое окончание изменено.")
            return redirect("fleet:break", number=number)
    return _page(request, _found(number), until_form=form)


@requires("fleet.maintenance")
@require_POST
def announce_end(request: HttpRequest, number: int) -> HttpResponse:
    """Announce the end, at least 15 minutes before it. Source: R-278."""
    form = EndForm(request.POST, prefix="end")
    if form.is_valid():
        try:
            services.announce_end(number, ends_at=form.cleaned_data["ends_at"], by=actor_of(request).signature)
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            messages.success(request, "Окончание объявлено на всех страницах и на странице состояния.")
            return redirect("fleet:break", number=number)
    return _page(request, _found(number), end_form=form)


def _step(request: HttpRequest, number: int, act: Callable[..., MaintenanceBreak], done: str) -> HttpResponse:
    try:
        act(number, by=actor_of(request).signature)
    except RuleViolation as violation:
        return _page(request, _found(number), refusal=str(violation))
    messages.success(request, done)
    return redirect("fleet:break", number=number)


def _all() -> QuerySet[MaintenanceBreak]:
    return MaintenanceBreak.objects.select_related("organization")


def _found(number: int) -> MaintenanceBreak:
    return get_object_or_404(_all(), pk=number)


def _register(request: HttpRequest, form: AnnounceForm) -> HttpResponse:
    page = Paginator(_all(), PAGE).get_page(request.GET.get("page"))
    context = {
        "title": TITLE,
        "page_obj": page,
        "rows": [(one, TONES[one.stage]) for one in page],
        "form": form,
        "may_change": actor_of(request).may("fleet.maintenance"),
    }
    return render(request, "fleet/maintenance.html", context, status=422 if form.errors else 200)


def _page(
    request: HttpRequest,
    one: MaintenanceBreak,
    *,
    refusal: str = "",
    until_form: UntilForm | None = None,
    end_form: EndForm | None = None,
) -> HttpResponse:
    context = _standing(one) | {
        "title": f"Перерыв № {one.pk}",
        "refusal": refusal,
        "until_form": until_form or UntilForm(prefix="until"),
        "end_form": end_form or EndForm(prefix="end", initial={"ends_at": suggested_end()}),
        "may_change": actor_of(request).may("fleet.maintenance"),
    }
    is_refused = bool(refusal or until_form or end_form)
    return render(request, "fleet/maintenance_one.html", context, status=422 if is_refused else 200)


def _state(request: HttpRequest, one: MaintenanceBreak) -> HttpResponse:
    """The fragment; another stage than the page was drawn for makes the browser draw it anew."""
    response = render(request, "fleet/_maintenance_state.html", _standing(one))
    if request.GET.get("stage") != one.stage:
        response.headers["HX-Refresh"] = "true"
    return response


def _standing(one: MaintenanceBreak) -> dict[str, object]:
    return {
        "one": one,
        "tone": TONES[one.stage],
        "said": notice(one) if one.is_open else "",
        "writing": services.writing_now(one) if one.stage == Stage.CLOSING else 0,
    }
