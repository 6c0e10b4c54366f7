"""Another address, another municipality or founder of an organization."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from fleet import addresses, subordination
from fleet.forms import AddressForm, SubordinationForm
from fleet.views.organization import find, page
from shared.access.declarations import requires
from shared.access.requests import actor_of, note_action
from shared.kernel.rules import RuleViolation
from shared.organizations.models import Organization


@requires("organizations.manage")
@require_http_methods(["GET", "POST"])
def rename(request: HttpRequest, slug: str) -> HttpResponse:
    """Give the organization another address; the present one redirects until it is forgotten."""
    found = find(request, slug)
    form = AddressForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            renamed = addresses.rename(slug, form.cleaned_data["slug"])
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            _note(request, "organization_renamed", found, host=addresses.host_of(renamed.slug))
            messages.success(
                request,
                f"Новый адрес, {addresses.host_of(renamed.slug)}, уже открыт. "
                "Прежний адрес перенаправляет; сотрудники войдут заново.",
            )
            return redirect("fleet:organization", renamed.slug)
    context = {
        "title": "Сменить адрес",
        "organization": found,
        "host": addresses.host_of(slug),
        "form": form,
        "today": timezone.localdate(),
    }
    return render(request, "fleet/organization_rename.html", context, status=422 if request.method == "POST" else 200)


@requires("organizations.manage")
@require_POST
def forget_address(request: HttpRequest, slug: str) -> HttpResponse:
    """End the redirect of a former address; it may be given to another organization."""
    found, host = find(request, slug), request.POST.get("host", "")
    try:
        addresses.forget_address(slug, host)
    except RuleViolation as violation:
        return page(request, found, refusal=str(violation), status=422)
    _note(request, "former_address_dropped", found, host=host)
    messages.success(request, f"Адрес {host} больше не перенаправляет и свободен.")
    return redirect("fleet:organization", slug)


@requires("organizations.manage")
@require_http_methods(["GET", "POST"])
def move(request: HttpRequest, slug: str) -> HttpResponse:
    """Another municipality or founder from a day; one that has come is carried out by the worker at once."""
    found = find(request, slug)
    form = SubordinationForm(request.POST or None, organization=found)
    if request.method == "POST" and form.is_valid():
        try:
            planned = subordination.plan(slug, form.change, by=actor_of(request).signature)
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            day = f"{planned.valid_from:%d.%m.%Y}"
            is_due = planned.valid_from <= timezone.localdate()
            _note(request, "organization_moved" if is_due else "move_planned", found, day=day)
            said = "выполняется, обновите страницу через несколько секунд" if is_due else "запланирована"
            messages.success(request, f"Смена с {day} {said}.")
            return redirect("fleet:organization", slug)
    context = {"title": "Сменить муниципалитет или учредителя", "organization": found, "form": form}
    return render(request, "fleet/organization_move.html", context, status=422 if request.method == "POST" else 200)


@requires("organizations.manage")
@require_POST
def undo_move(request: HttpRequest, slug: str) -> HttpResponse:
    """Forget a change that has not been carried out."""
    found = find(request, slug)
    try:
        planned = subordination.undo_plan(slug)
    except RuleViolation as violation:
        return page(request, found, refusal=str(violation), status=422)
    _note(request, "move_undone", found, day=f"{planned.valid_from:%d.%m.%Y}")
    messages.success(request, f"Смена с {planned.valid_from:%d.%m.%Y} отменена.")
    return redirect("fleet:organization", slug)


def _note(request: HttpRequest, action: str, found: Organization, *, host: str = "", day: str = "") -> None:
    """Into the public log: the console's role writes into no organization's own."""
    facts: dict[str, Any] = {name: fact for name, fact in (("host", host), ("day", day)) if fact}  # Any: facts alone
    note_action(request, action, subject_kind="organization", subject_id=found.pk, **facts)
