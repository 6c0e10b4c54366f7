"""The wizard of an order: head → learners → check. Every step is saved by the server; steps are walked freely."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from shared.access.declarations import requires
from shared.access.requests import actor_of, organization_of
from shared.kernel.days import academic_year_of
from shared.kernel.rules import RuleViolation
from tenants.groups.models import Group
from tenants.orders.checking import check_order, refuse_unready
from tenants.orders.forms import DepartureForm, HeadForm, PlaceForm
from tenants.orders.models import Order
from tenants.orders.picking import as_uuid, chosen_places, known_learners, one_learner, open_places
from tenants.orders.services import (
    add_departure_row,
    add_enrollment_row,
    draft_order,
    edit_order,
    send_for_signature,
)
from tenants.orders.views.pages import document_context
from tenants.people.forms import StudentForm
from tenants.people.guardian_forms import CARD_FIELDS as GUARDIAN_FIELDS
from tenants.people.guardian_forms import addresses_in, guardian_forms, guardians_in
from tenants.people.likeness import may_create
from tenants.people.listing import StudentLine
from tenants.people.models import Student
from tenants.people.numbering import keeps_personal_files
from tenants.people.services import create_student

GUARDIANS = 2
Forms = dict[str, Any]  # forms of a step by their names in the template


@requires("orders.draft")
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, kind: str) -> HttpResponse:
    """Step 1 of a new order: number and day are proposed, the draft is saved by «Продолжить»."""
    if kind not in Order.Kind:
        raise Http404
    form = HeadForm(request.POST or None, initial=HeadForm.initial_of(kind))
    if request.method == "POST" and form.is_valid():
        try:
            order = draft_order(kind=kind, drafted_by=actor_of(request).signature, **form.cleaned_data)
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            student = as_uuid(request.GET.get("student"))
            query = f"?student={student}" if student else ""
            return redirect(reverse("orders:learners", args=[order.pk]) + query)
    context = {"form": form, "kind": kind, "title": Order.Kind(kind).label, "order": None}
    return render(request, "orders/head.html", context, status=_status(request))


@requires("orders.draft")
@require_http_methods(["GET", "POST"])
def head(request: HttpRequest, order_id: uuid.UUID) -> HttpResponse:
    """Step 1 of a saved draft."""
    order = get_object_or_404(Order, pk=order_id)
    if order.status != Order.Status.DRAFT:
        return redirect("orders:detail", order_id=order.pk)
    initial = {"number": order.number, "issued_on": order.issued_on, "basis": order.basis}
    form = HeadForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            edit_order(order=order, **form.cleaned_data)
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            return redirect("orders:check" if order.rows.exists() else "orders:learners", order_id=order.pk)
    context = document_context(request, order) | {"form": form, "kind": order.kind, "title": order.get_kind_display()}
    return render(request, "orders/head.html", context, status=_status(request))


@requires("orders.draft")
@require_http_methods(["GET", "POST"])
def learners(request: HttpRequest, order_id: uuid.UUID) -> HttpResponse:
    """Step 2: whom the order names."""
    order = get_object_or_404(Order, pk=order_id)
    if order.status != Order.Status.DRAFT:
        return redirect("orders:detail", order_id=order.pk)
    step = _enroll if order.kind == Order.Kind.ENROLLMENT else _withdraw
    return step(request, order)


@requires("orders.draft")
@require_POST
def find(request: HttpRequest, order_id: uuid.UUID) -> HttpResponse:
    """The list under the search line of step 2; a name travels in the body, never in an address."""
    order = get_object_or_404(Order.objects.drafts(), pk=order_id)
    text = request.POST.get("q", "")
    if order.kind == Order.Kind.ENROLLMENT:
        return render(request, "orders/_known.html", {"found": _known(request, text), "text": text.strip()})
    places = open_places(order, text=text, group_id=as_uuid(request.POST.get("group")))
    return render(request, "orders/_places.html", {"places": places, "asked": True})


@requires("orders.draft")
@require_http_methods(["GET", "POST"])
def check(request: HttpRequest, order_id: uuid.UUID) -> HttpResponse:
    """Step 3: what signing will do; «На подпись» gives the draft to those who sign."""
    order = get_object_or_404(Order, pk=order_id)
    if order.status != Order.Status.DRAFT:
        return redirect("orders:detail", order_id=order.pk)
    refusal = ""
    if request.method == "POST":
        try:
            refuse_unready(order)
            send_for_signature(order=order)
        except RuleViolation as violation:
            refusal = str(violation)
        else:
            messages.success(request, f"Приказ № {order.number} передан на подпись.")
            return redirect("orders:detail", order_id=order.pk)
    context = document_context(request, order) | {"check": check_order(order), "refusal": refusal}
    return render(request, "orders/check.html", context, status=_status(request))


def _enroll(request: HttpRequest, order: Order) -> HttpResponse:
    if request.method == "GET":
        student = as_uuid(request.GET.get("student"))
        found = one_learner(student) if student else []
        return _enroll_page(request, order, _fresh_forms(request, order), found=found)
    action = request.POST.get("do", "")
    text = request.POST.get("q", "")
    if action == "find" and (text.strip() or not request.POST.get("last_name", "").strip()):
        return _enroll_page(request, order, _retyped_forms(request), found=_known(request, text), text=text)
    forms = _posted_forms(request)
    if action.startswith("add:"):
        del forms["card"], forms["guardians"]
        added = _add_known(order, forms["place"], as_uuid(action.removeprefix("add:")))
        forms = _retyped_forms(request) | forms
    else:
        added = _add_new(order, forms, gives_file_no=keeps_personal_files(organization_of(request)))
    if added is None:
        return _enroll_page(request, order, forms, found=_known(request, text), text=text, is_open="card" in forms)
    messages.success(request, f"Добавлен в приказ: {added}.")
    return redirect("orders:learners" if action == "more" else "orders:check", order_id=order.pk)


def _add_known(order: Order, place: PlaceForm, student_id: uuid.UUID | None) -> Student | None:
    student = Student.objects.known().filter(pk=student_id).first() if student_id else None
    if not place.is_valid():
        return None
    if student is None:
        place.add_error(None, "Этой карточки больше нет. Найдите ученика заново.")
        return None
    try:
        add_enrollment_row(order=order, student=student, **place.cleaned_data)
    except RuleViolation as violation:
        place.refuse(violation)
        return None
    return student


def _add_new(order: Order, forms: Forms, *, gives_file_no: bool) -> Student | None:
    """A card, its guardians and the row of the order together, or nothing of them."""
    valid = [form.is_valid() for form in forms.values()]  # every form shows its errors, so no short cut
    if not all(valid):
        return None
    card: StudentForm = forms["card"]
    try:
        with transaction.atomic():
            student = create_student(
                facts=card.facts,
                guardians=guardians_in(forms["guardians"], addresses=addresses_in(card.cleaned_data)),
                is_namesake=card.cleaned_data["is_namesake"],
                gives_file_no=gives_file_no,
                recorded_by=order.drafted_by,
            )
            add_enrollment_row(order=order, student=student, **forms["place"].cleaned_data)
    except RuleViolation as violation:
        card.refuse(violation)
        return None
    return student


def _may_special(request: HttpRequest) -> bool:
    """Special facts of a new card are typed by who may change them."""
    return actor_of(request).may("students.special.edit")


def _fresh_forms(request: HttpRequest, order: Order) -> Forms:
    place = PlaceForm.initial_of(order.rows.order_by("position"), organization_of(request).org_type)
    return {
        "place": PlaceForm(initial=place),
        "card": StudentForm(may_special=_may_special(request)),
        "guardians": guardian_forms(extra=GUARDIANS)(prefix="guardians"),
    }


def _posted_forms(request: HttpRequest) -> Forms:
    return {
        "place": PlaceForm(request.POST),
        "card": StudentForm(request.POST, may_special=_may_special(request)),
        "guardians": guardian_forms(extra=GUARDIANS)(request.POST, prefix="guardians"),
    }


def _retyped_forms(request: HttpRequest) -> Forms:
    """What was typed, not yet judged: the person only searched."""
    typed = request.POST.dict()
    names = ("relation", "consent_on", *GUARDIAN_FIELDS)
    guardians = [{name: typed.get(f"guardians-{n}-{name}", "") for name in names} for n in range(GUARDIANS)]
    return {
        "place": PlaceForm(initial=typed),
        "card": StudentForm(initial=typed, may_special=_may_special(request)),
        "guardians": guardian_forms(extra=GUARDIANS)(prefix="guardians", initial=guardians)
        if any(any(one.values()) for one in guardians)
        else guardian_forms(extra=GUARDIANS)(prefix="guardians"),
    }


def _enroll_page(
    request: HttpRequest, order: Order, forms: Forms, *, found: object, text: str = "", is_open: bool = False
) -> HttpResponse:
    is_refused = any(form.is_bound and not form.is_valid() for form in forms.values())
    context = document_context(request, order) | forms
    context |= {"found": found, "text": text.strip(), "is_open": is_open or bool(request.POST.get("last_name"))}
    context["may_check"] = may_create(actor_of(request))
    return render(request, "orders/learners_in.html", context, status=422 if is_refused else 200)


def _withdraw(request: HttpRequest, order: Order) -> HttpResponse:
    text, group = request.POST.get("q", ""), as_uuid(request.POST.get("group"))
    if request.method == "GET":
        form = DepartureForm(initial=DepartureForm.initial_of(order.rows.order_by("position")))
        places = open_places(order, student_id=as_uuid(request.GET.get("student")))
        return _withdraw_page(request, order, form, places)
    if request.POST.get("do") == "find":
        form = DepartureForm(initial=request.POST.dict())
        return _withdraw_page(request, order, form, open_places(order, text=text, group_id=group), text=text)
    form = DepartureForm(request.POST)
    only = request.POST.get("do", "").removeprefix("add:")
    chosen = chosen_places([only] if as_uuid(only) else request.POST.getlist("place"))
    if form.is_valid() and _close(order, chosen, form):
        messages.success(request, f"Добавлено в приказ: {len(chosen)}.")
        return redirect("orders:check", order_id=order.pk)
    shown = open_places(order, text=text, group_id=group) or chosen
    return _withdraw_page(request, order, form, shown, text=text)


def _close(order: Order, places: list[Any], form: DepartureForm) -> bool:
    """All the chosen places, or none and the reason."""
    if not places:
        form.add_error(None, "Никто не выбран. Найдите учеников и отметьте их.")
        return False
    try:
        with transaction.atomic():
            for place in places:
                add_departure_row(order=order, enrollment=place, **form.cleaned_data)
    except RuleViolation as violation:
        form.refuse(violation)
        return False
    return True


def _withdraw_page(
    request: HttpRequest, order: Order, form: DepartureForm, places: object, text: str = ""
) -> HttpResponse:
    context = document_context(request, order) | {
        "form": form,
        "places": places,
        "text": text,
        "asked": request.method == "POST",
        "groups": Group.objects.of_year(academic_year_of(order.issued_on)),
        "group_asked": request.POST.get("group", ""),
    }
    return render(request, "orders/learners_out.html", context, status=422 if form.is_bound and form.errors else 200)


def _status(request: HttpRequest) -> int:
    """A page shown in answer to a POST is a refusal: success redirects."""
    return 422 if request.method == "POST" else 200


def _known(request: HttpRequest, text: str) -> list[StudentLine]:
    """Search before create, as far as the person's own lists reach."""
    actor = actor_of(request)
    reached = Student.objects.seen_by(actor, "students.list")
    return known_learners(text, among=reached, by_snils=actor.may_everywhere("students.identity"))
