"""The first start: facts, contacts, leaders, access of employees. Interrupted, it goes on where it stopped.

Source: R-017 (DO 2.1), R-360 (KK Прил.2 2.1.1).
"""

from __future__ import annotations

from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shared.access.declarations import requires
from shared.access.requests import actor_of, organization_of
from shared.access.roles import Role
from shared.appointments.queries import StaffMember, staff_of
from shared.cards.forms import ABSENCE_PREFIX, SectionForm
from shared.cards.layout import Field
from shared.cards.values import values_of
from shared.kernel.rules import RuleViolation
from tenants.organization.fields import LAYOUT
from tenants.organization.forms import ChargeForm
from tenants.organization.models import OrganizationCard, ResponsiblePerson, ResponsibleRole
from tenants.organization.reading import STEPS
from tenants.organization.responsibles import put_in_charge
from tenants.organization.services import own_card, set_setup_step, write_card

Step = OrganizationCard.Setup
_CODES: Final = {
    Step.FACTS: (
        *("full_name", "short_name", "legal_form", "org_number", "urban_rural"),
        *("inn", "kpp", "ogrn"),
    ),
    Step.CONTACTS: ("locality", "legal_address", "address", "phone", "email", "website"),
}
# Who has to be able to sign in before the work begins. Source: KK Прил.2 3.2.
_EXPECTED: Final = (Role.DIRECTOR, Role.COORDINATOR, Role.ORG_ADMIN, Role.SECRETARY)


def staff_here(request: HttpRequest, **kwargs: object) -> list[StaffMember]:
    """The staff of today, read before the view: an organization's own tables do not know accounts."""
    return staff_of(organization_of(request).id, timezone.localdate())


@requires("organization.edit")
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """To the step that is next; one that was put off begins anew."""
    step = Step(own_card().setup_step)
    return redirect("organization:setup_step", step=step if step in STEPS else Step.FACTS)


@requires("organization.edit")
@require_POST
def skip(request: HttpRequest) -> HttpResponse:
    """«Позже»: the home page reminds no more, the card still shows what is missing."""
    set_setup_step(Step.SKIPPED)
    messages.success(request, "Настройка отложена. Продолжить её можно с карточки организации.")
    return redirect("organization:card")


@requires("organization.edit", groundwork=staff_here)
@require_http_methods(["GET", "POST"])
def step(request: HttpRequest, step: str) -> HttpResponse:
    """One step; saved, it leads to the next."""
    if step not in STEPS:
        raise Http404
    here = Step(step)
    if here in _CODES:
        return _section(request, here)
    return _leaders(request) if here == Step.LEADERS else _access(request)


def _section(request: HttpRequest, here: Step) -> HttpResponse:
    card = own_card()
    fields = [LAYOUT.fields[code] for code in _CODES[here]]
    form = SectionForm(
        request.POST or None,
        card=LAYOUT.code,
        fields=fields,
        values=_values(card, fields),
    )
    for name in [name for name in form.fields if name.startswith(ABSENCE_PREFIX)]:
        del form.fields[name]  # the first start asks what there is; gaps are explained on the card
    if request.method == "POST" and form.is_valid():
        try:
            write_card(card, form.typed_values, by=actor_of(request).signature)
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            return _onward(request, here)
    return _page(request, here, form=form)


def _leaders(request: HttpRequest) -> HttpResponse:
    card, today = own_card(), timezone.localdate()
    held = list(ResponsiblePerson.objects.on(today))
    form = ChargeForm(request.POST if "name" in request.POST else None, initial=_next_charge(held))
    if request.method == "POST" and "name" not in request.POST:
        if card.organization.head_name:
            return _onward(request, Step.LEADERS)
        form = ChargeForm(request.POST)
        form.add_error(None, "Руководитель не указан. Впишите его и сохраните, остальных можно добавить позже.")
    elif form.is_bound and form.is_valid():
        try:
            put_in_charge(charge=form.charge, recorded_by=actor_of(request).signature)
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            messages.success(request, "Записано. Добавьте следующего или переходите дальше.")
            return redirect("organization:setup_step", step=Step.LEADERS)
    return _page(request, Step.LEADERS, form=form, held=held)


def _access(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        return _onward(request, Step.ACCESS)
    staff: list[StaffMember] = request.groundwork  # type: ignore[attr-defined]
    held = {role for one in staff for role in one.roles}
    expected = [(role.label, role in held) for role in _EXPECTED]
    may_users = actor_of(request).may("rights.read")
    return _page(request, Step.ACCESS, staff=staff, expected=expected, may_users=may_users)


def _values(card: OrganizationCard, fields: list[Field]) -> dict[str, Any]:
    """What stands on the card; the legal address is proposed from the one known at the connection."""
    values = values_of(card, {field.code: field for field in fields})
    if "legal_address" in values:
        values["legal_address"] = values["legal_address"] or card.organization.address
    return values


def _next_charge(held: list[ResponsiblePerson]) -> dict[str, Any]:
    roles = {one.role for one in held}
    wanted = next((role for role in ResponsibleRole if role not in roles), ResponsibleRole.DEPUTY_UVR)
    return {"role": wanted, "held_from": timezone.localdate()}


def _onward(request: HttpRequest, done: Step) -> HttpResponse:
    """The next step is kept, so an interrupted start goes on there; a step looked at again moves nothing back."""
    place = STEPS.index(done) + 1
    following = STEPS[place] if place < len(STEPS) else Step.DONE
    if place > _reached():
        set_setup_step(following)
    if following != Step.DONE:
        return redirect("organization:setup_step", step=following)
    messages.success(request, "Первичная настройка закончена. Проверьте карточку и подтвердите её.")
    return redirect("organization:card")


def _reached() -> int:
    """How many steps are done; one that was put off begins anew."""
    known = Step(own_card().setup_step)
    if known == Step.DONE:
        return len(STEPS)
    return STEPS.index(known) if known in STEPS else 0


def _page(request: HttpRequest, here: Step, **facts: Any) -> HttpResponse:
    place, reached = STEPS.index(here), _reached()
    steps = [(step, number < reached, step == here) for number, step in enumerate(STEPS)]
    context = {"steps": steps, "here": here, "back": STEPS[place - 1] if place else None, **facts}
    status = 422 if request.method == "POST" else 200
    return render(request, "organization/setup.html", context, status=status)
