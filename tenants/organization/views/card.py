"""The card of the organization: read, confirmed every year, printed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from shared.access.declarations import requires
from shared.access.requests import actor_of
from shared.cards.layout import Absence
from shared.documents.columns import Column, Value
from shared.documents.downloads import table_answer
from shared.kernel.rules import RuleViolation
from shared.organizations.confirmation import is_confirmation_due, year_begins
from tenants.consents.models import OperatorDetails
from tenants.organization.fields import LAYOUT
from tenants.organization.reading import (
    expiring,
    fullness_of,
    lines_of_card,
    sections_of,
)
from tenants.organization.services import confirm_card, explain_absence, own_card

TITLE: Final = "Карточка образовательной организации"
COLUMNS: Final = (Column("Раздел", 26), Column("Сведения", 40), Column("Значение", 60))


@requires("organization.read")
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """Everything known of the organization, how full it is, when it was confirmed and changed."""
    return _page(request)


@requires("organization.edit")
@require_POST
def confirm(request: HttpRequest) -> HttpResponse:
    """«Проверено, всё верно»: seen by the municipality and the region at once. Source: R-082, R-096."""
    day = timezone.localdate()
    try:
        confirm_card(confirmed_on=day, confirmed_by=actor_of(request).signature)
    except RuleViolation as violation:
        return _page(request, refusal=str(violation), status=422)
    messages.success(request, f"Карточка подтверждена на {day:%d.%m.%Y}. Дату видят муниципалитет и министерство.")
    return redirect("organization:card")


@requires("organization.edit")
@require_POST
def absence(request: HttpRequest, code: str) -> HttpResponse:
    """«Отсутствует» for a deputy or a document that the organization does not have."""
    field = LAYOUT.fields.get(code)
    reason = request.POST.get("reason", "")
    if field is None or not field.is_explainable or reason not in ("", *Absence):
        raise Http404
    explain_absence(code=code, reason=reason, by=actor_of(request).signature)
    said = "отмечено: отсутствует" if reason else "отметка снята"
    messages.success(request, f"{field.label}: {said}.")
    return redirect("organization:people" if field in LAYOUT.section("leaders").fields else "organization:documents")


@requires("organization.read")
@require_safe
def export(request: HttpRequest, extension: str) -> HttpResponse:
    """The card as a table or as a paper."""
    return table_answer(request, extension, title=TITLE, columns=COLUMNS, rows=_rows(), is_personal=False)


def _rows() -> Iterator[list[Value]]:
    for title, label, value in lines_of_card(own_card()):
        yield [title, label, value]


def _page(request: HttpRequest, *, refusal: str = "", status: int = 200) -> HttpResponse:
    actor, card, day = actor_of(request), own_card(), timezone.localdate()
    context = {
        "card": card,
        "row": card.organization,
        "sections": sections_of(card),
        "fullness": fullness_of(card),
        "is_due": is_confirmation_due(card.confirmed_on, day),
        "year_begins": year_begins(day),
        "day": day,
        "operator": OperatorDetails.objects.first(),
        "expiring": list(expiring(day)),
        "may_edit": actor.may("organization.edit"),
        "may_log": actor.may("audit.read"),
        "refusal": refusal,
    }
    return render(request, "organization/card.html", context, status=status)
