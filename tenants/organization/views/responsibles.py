"""Leaders and persons in charge."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from shared.access.declarations import requires
from shared.access.requests import actor_of
from shared.documents.columns import Column, Value
from shared.documents.downloads import table_answer
from shared.kernel.rules import RuleViolation
from tenants.consents.models import OperatorDetails
from tenants.organization.forms import ChargeForm, EndForm
from tenants.organization.models import ResponsiblePerson, ResponsibleRole
from tenants.organization.reading import leader_lines
from tenants.organization.responsibles import end_charge, put_in_charge
from tenants.organization.services import own_card

COLUMNS: Final = (
    Column("За что отвечает", 36),
    Column("Фамилия, имя, отчество", 34),
    Column("Должность", 26),
    Column("Приказ", 24),
    Column("С", 12, "date"),
    Column("По", 12, "date"),
)


@requires("organization.read")
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Who answers for what today, by which order; former ones below. Source: R-040, R-196, R-228."""
    today, card = timezone.localdate(), own_card()
    everyone = list(ResponsiblePerson.objects.all())
    held = [one for one in everyone if one.held_to is None or one.held_to > today]
    roles = {one.role for one in held}
    order = list(ResponsibleRole)
    context = {
        "held": sorted(held, key=lambda one: order.index(ResponsibleRole(one.role))),
        "former": [one for one in everyone if one not in held],
        "operator": OperatorDetails.objects.first(),
        "card": card,
        "vacant": [(one, one.code in card.absences) for one in leader_lines() if one.code not in roles],
        "wanted": [role for role in order if role not in roles],
        "may_edit": actor_of(request).may("organization.edit"),
    }
    return render(request, "organization/people.html", context)


@requires("organization.edit")
@require_http_methods(["GET", "POST"])
def new_person(request: HttpRequest) -> HttpResponse:
    """Put somebody in charge; a new head ends the days of the former one."""
    initial = {"role": request.GET.get("role", ""), "held_from": timezone.localdate()}
    form = ChargeForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            put_in_charge(charge=form.charge, recorded_by=actor_of(request).signature)
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            messages.success(request, "Ответственное лицо записано.")
            return redirect("organization:people")
    status = 422 if request.method == "POST" else 200
    return render(request, "organization/person.html", {"form": form}, status=status)


@requires("organization.edit")
@require_http_methods(["GET", "POST"])
def end_person(request: HttpRequest, person_id: uuid.UUID) -> HttpResponse:
    """From which day a person answers no more; the row stays."""
    person = get_object_or_404(ResponsiblePerson, pk=person_id)
    form = EndForm(request.POST or None, initial={"day": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        try:
            end_charge(person=person, held_to=form.cleaned_data["day"], recorded_by=actor_of(request).signature)
        except RuleViolation as violation:
            form.add_error("day", str(violation))
        else:
            messages.success(request, "Назначение завершено. Запись остаётся в списке прежних.")
            return redirect("organization:people")
    status = 422 if request.method == "POST" else 200
    return render(request, "organization/person_end.html", {"form": form, "person": person}, status=status)


@requires("organization.read")
@require_safe
def export_people(request: HttpRequest, extension: str) -> HttpResponse:
    """Everybody in charge, former ones included."""
    return table_answer(
        request, extension, title="Ответственные лица", columns=COLUMNS, rows=_rows(), is_personal=False
    )


def _rows() -> Iterator[list[Value]]:
    for one in ResponsiblePerson.objects.all():
        yield [one.get_role_display(), one.name, one.position, one.order, one.held_from, one.last_day]
