"""Buildings, rooms and equipment: three lists, the page of a building, forms, closing."""

from __future__ import annotations

import uuid
from typing import Any, Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_http_methods, require_safe

from shared.access.declarations import requires
from shared.access.requests import actor_of
from shared.documents.downloads import table_answer
from shared.kernel.rules import RuleViolation
from tenants.organization.forms import BuildingForm, EndForm, EquipmentForm, RoomForm
from tenants.organization.listing import LISTS
from tenants.organization.models import Building, Equipment, Room
from tenants.organization.premises import close_place, save_building, save_equipment, save_room

PAGE_SIZE: Final = 50


@requires("organization.read")
@require_safe
def places(request: HttpRequest, code: str) -> HttpResponse:
    """One of the three lists. Source: R-012."""
    shown = LISTS[code]
    page = Paginator(shown.asked(request.GET), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "list": shown,
        "tabs": LISTS.values(),
        "page_obj": page,
        "kinds": shown.kinds(),
        "asked": {name: request.GET.get(name, "") for name in ("q", "kind", "closed")},
        "may_edit": actor_of(request).may("organization.edit"),
    }
    page_name = "organization/_places.html" if request.htmx else "organization/places.html"  # type: ignore[attr-defined]
    response = render(request, page_name, context)
    patch_vary_headers(response, ["HX-Request"])
    return response


@requires("organization.read")
@require_safe
def export_places(request: HttpRequest, code: str, extension: str) -> HttpResponse:
    """The same list as a file."""
    shown = LISTS[code]
    return table_answer(
        request,
        extension,
        title=shown.title,
        columns=shown.columns,
        rows=map(shown.cells, shown.asked(request.GET)),
        filters=shown.filters(request.GET),
        is_personal=False,
    )


@requires("organization.read")
@require_safe
def building(request: HttpRequest, building_id: uuid.UUID) -> HttpResponse:
    """One building with its rooms and equipment, closed ones last."""
    found = get_object_or_404(Building, pk=building_id)
    context = {
        "building": found,
        "rooms": list(found.rooms.all()),
        "equipment": list(found.equipment.select_related("room")),
        "may_edit": found.closed_on is None and actor_of(request).may("organization.edit"),
    }
    return render(request, "organization/building.html", context)


@requires("organization.edit")
@require_http_methods(["GET", "POST"])
def new_building(request: HttpRequest) -> HttpResponse:
    """A building that was not known."""
    form = BuildingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = save_building(facts=form.cleaned_data, by=actor_of(request).signature)
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            messages.success(request, "Здание записано. Добавьте его помещения и оборудование.")
            return redirect("organization:building", building_id=made.pk)
    return _form_page(request, form, title="Новое здание", keep="building")


@requires("organization.edit")
@require_http_methods(["GET", "POST"])
def edit_building(request: HttpRequest, building_id: uuid.UUID) -> HttpResponse:
    """Correct what is known of a building."""
    found = get_object_or_404(Building, pk=building_id)
    form = BuildingForm(request.POST or None, initial=BuildingForm.initial_of(found))
    if request.method == "POST" and form.is_valid():
        try:
            save_building(facts=form.cleaned_data, by=actor_of(request).signature, building=found)
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            messages.success(request, "Сведения о здании сохранены.")
            return redirect("organization:building", building_id=found.pk)
    return _form_page(request, form, title=found.name, building=found)


@requires("organization.edit")
@require_http_methods(["GET", "POST"])
def new_room(request: HttpRequest, building_id: uuid.UUID) -> HttpResponse:
    """A room of a building."""
    found = get_object_or_404(Building, pk=building_id)
    form = RoomForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            save_room(building=found, facts=form.cleaned_data, by=actor_of(request).signature)
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            messages.success(request, "Помещение записано.")
            return redirect("organization:building", building_id=found.pk)
    return _form_page(request, form, title="Новое помещение", building=found, keep="room")


@requires("organization.edit")
@require_http_methods(["GET", "POST"])
def edit_room(request: HttpRequest, room_id: uuid.UUID) -> HttpResponse:
    """Correct what is known of a room."""
    found = get_object_or_404(Room.objects.select_related("building"), pk=room_id)
    form = RoomForm(request.POST or None, initial=RoomForm.initial_of(found))
    if request.method == "POST" and form.is_valid():
        try:
            save_room(building=found.building, facts=form.cleaned_data, by=actor_of(request).signature, room=found)
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            messages.success(request, "Сведения о помещении сохранены.")
            return redirect("organization:building", building_id=found.building_id)
    return _form_page(request, form, title=f"Помещение {found}", building=found.building, place=found)


@requires("organization.edit")
@require_http_methods(["GET", "POST"])
def new_equipment(request: HttpRequest, building_id: uuid.UUID) -> HttpResponse:
    """Things of a building."""
    found = get_object_or_404(Building, pk=building_id)
    form = EquipmentForm(request.POST or None, building=found, initial={"quantity": 1})
    if request.method == "POST" and form.is_valid():
        try:
            save_equipment(building=found, facts=form.cleaned_data, by=actor_of(request).signature)
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            messages.success(request, "Оборудование записано.")
            return redirect("organization:building", building_id=found.pk)
    return _form_page(request, form, title="Новое оборудование", building=found, keep="equipment")


@requires("organization.edit")
@require_http_methods(["GET", "POST"])
def edit_equipment(request: HttpRequest, equipment_id: uuid.UUID) -> HttpResponse:
    """Correct what is known of some things."""
    found = get_object_or_404(Equipment.objects.select_related("building"), pk=equipment_id)
    home = found.building
    form = EquipmentForm(request.POST or None, building=home, initial=EquipmentForm.initial_of(found))
    if request.method == "POST" and form.is_valid():
        try:
            save_equipment(building=home, facts=form.cleaned_data, by=actor_of(request).signature, equipment=found)
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            messages.success(request, "Сведения об оборудовании сохранены.")
            return redirect("organization:building", building_id=home.pk)
    return _form_page(request, form, title=found.name, building=home, place=found)


@requires("organization.edit")
@require_http_methods(["GET", "POST"])
def close(request: HttpRequest, code: str, place_id: uuid.UUID) -> HttpResponse:
    """Not used from a day on; the row stays in the list of closed ones."""
    place = get_object_or_404(LISTS[code].rows(), pk=place_id)
    home = place if code == "buildings" else place.building
    form = EndForm(request.POST or None, initial={"day": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        try:
            close_place(place=place, closed_on=form.cleaned_data["day"], by=actor_of(request).signature)
        except RuleViolation as violation:
            form.add_error("day", str(violation))
        else:
            messages.success(request, f"Закрыто: {place}. Запись остаётся в списке закрытых.")
            return redirect("organization:building", building_id=home.pk)
    context = {"form": form, "place": place, "building": home, "code": code}
    return render(request, "organization/place_close.html", context, status=_status(request))


def _form_page(request: HttpRequest, form: Any, **facts: Any) -> HttpResponse:
    return render(request, "organization/place_form.html", {"form": form, **facts}, status=_status(request))


def _status(request: HttpRequest) -> int:
    """A form shown in answer to a POST is a refusal: success redirects."""
    return 422 if request.method == "POST" else 200
