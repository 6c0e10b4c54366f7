"""Learners: the list, the card, its edit and the look behind a mask."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.db.models import Prefetch
from django.forms import BaseFormSet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shared.access.declarations import requires
from shared.access.requests import actor_of, note_disclosure
from shared.access.searches import posted_address
from shared.classifiers.catalog import load_catalog
from shared.documents.downloads import workbook_answer
from shared.kernel.rules import RuleViolation
from tenants.groups.models import Group
from tenants.groups.queries import academic_year_of
from tenants.people.cards import CARD_FIELDS, HIDDEN, guardian_lines, history, identity_lines, missing_fields
from tenants.people.filters import GRADES, PROGRAM_KINDS, Standing
from tenants.people.forms import GuardianForm, StudentEditForm, guardian_forms, guardians_in, initial_guardians
from tenants.people.listing import COLUMNS, StudentLine, StudentListing
from tenants.people.models import GuardianLink, Student
from tenants.people.places import held_or_last, places_of, with_places
from tenants.people.services import edit_student

FILTERS = ("status", "day", "program_kind", "grade", "group", "sex", "sort")


@requires("students.list")
@require_http_methods(["GET", "POST"])
def student_list(request: HttpRequest) -> HttpResponse:
    """The list; a POST carries the search line and the filters and answers with their address."""
    if request.method == "POST":
        chosen = [name for name in FILTERS if request.POST.get(name) or name == "status"]  # its emptiness means «all»
        return redirect(f"{reverse('people:list')}?{posted_address(request, chosen)}")
    listing = StudentListing(request)
    page = listing.page()
    context = {
        "listing": listing,
        "page_obj": page,
        "lines": list(listing.lines(page)),
        "may_read": actor_of(request).may("students.read"),
    }
    if request.htmx:  # type: ignore[attr-defined]
        template = "people/_results.html"
    else:
        template = "people/list.html"
        context |= {
            "statuses": Standing.choices,
            "grades": GRADES,
            "kinds": PROGRAM_KINDS,
            "sexes": Student.Sex.choices,
            "groups": Group.objects.of_year(academic_year_of(listing.day)),
        }
    response = render(request, template, context)
    patch_vary_headers(response, ["HX-Request"])
    return response


@requires("students.list")
@require_GET
def export(request: HttpRequest) -> HttpResponse:
    """The same list as a file."""
    listing = StudentListing(request)
    return workbook_answer(
        request,
        title="Список обучающихся",
        columns=COLUMNS,
        rows=listing.everything(),
        filters=listing.filters_text,
    )


@requires("students.read")
@require_GET
def peek(request: HttpRequest, student_id: uuid.UUID) -> HttpResponse:
    """The panel beside the list."""
    student = get_object_or_404(with_places(Student.objects.known()), pk=student_id)
    today = timezone.localdate()
    context = {
        "line": StudentLine(student, held_or_last(places_of(student, today)), today),
        "guardians": guardian_lines(_links(student)),
    }
    return render(request, "people/_peek.html", context)


@requires("students.read")
@require_GET
def card(request: HttpRequest, student_id: uuid.UUID) -> HttpResponse:
    """The card of a learner; what is sensitive stands under masks."""
    known = Student.objects.known().prefetch_related(
        Prefetch("guardian_links", GuardianLink.objects.select_related("guardian").order_by("guardian__sort_name"))
    )
    student = get_object_or_404(with_places(known), pk=student_id)
    today = timezone.localdate()
    places = places_of(student, today)
    guardians = guardian_lines(list(student.guardian_links.all()))
    missing = missing_fields(student, len(guardians))
    context = {
        "line": StudentLine(student, held_or_last(places), today),
        "student": student,
        "identity": identity_lines(student),
        "places": places,
        "history": history(places),
        "guardians": guardians,
        "missing": missing,
        "filled": round(100 * (CARD_FIELDS - len(missing)) / CARD_FIELDS),
        "citizenship": load_catalog().label("country", student.citizenship) if student.citizenship else "",
        "may_reveal": actor_of(request).may("students.identity"),
        "may_edit": actor_of(request).may("students.edit"),
        "may_draft": actor_of(request).may("orders.draft"),
    }
    return render(request, "people/card.html", context)


@requires("students.identity")
@require_POST
def reveal(request: HttpRequest, student_id: uuid.UUID, field: str) -> HttpResponse:
    """One value from behind its mask; who looked is logged by ids."""
    hidden = HIDDEN.get(field)
    if hidden is None:
        raise Http404
    student = get_object_or_404(Student.objects.known(), pk=student_id)
    note_disclosure(request, "revealed", student=student.pk, field=field)
    return HttpResponse(hidden.value(student), content_type="text/plain; charset=utf-8")


@requires("students.identity")
@require_POST
def reveal_guardian(request: HttpRequest, student_id: uuid.UUID, link_id: uuid.UUID) -> HttpResponse:
    """The telephone of a representative."""
    link = get_object_or_404(GuardianLink.objects.select_related("guardian"), pk=link_id, student_id=student_id)
    note_disclosure(request, "revealed", student=student_id, guardian=link.guardian_id, field="phone")
    return HttpResponse(link.guardian.phone, content_type="text/plain; charset=utf-8")


@requires("students.edit")
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, student_id: uuid.UUID) -> HttpResponse:
    """Correct the card; the form shows what is masked elsewhere, so opening it is a disclosure."""
    student = get_object_or_404(Student.objects.known(), pk=student_id)
    formset_class = guardian_forms(extra=1)
    if request.method == "GET":
        note_disclosure(request, "revealed", student=student.pk, field="card")
        form = StudentEditForm(initial=StudentEditForm.initial_of(student))
        guardians = formset_class(initial=initial_guardians(student), prefix="guardians")
        return _edit_page(request, student, form, guardians)
    form = StudentEditForm(request.POST)
    guardians = formset_class(request.POST, initial=initial_guardians(student), prefix="guardians")
    if form.is_valid() & guardians.is_valid():
        try:
            edit_student(student=student, facts=form.facts, guardians=guardians_in(guardians))
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            messages.success(request, f"Карточка сохранена: {form.facts.last_name} {form.facts.first_name}.")
            return redirect("people:card", student_id=student.pk)
    return _edit_page(request, student, form, guardians, status=422)


def _edit_page(
    request: HttpRequest,
    student: Student,
    form: StudentEditForm,
    guardians: BaseFormSet[GuardianForm],
    status: int = 200,
) -> HttpResponse:
    context = {"student": student, "form": form, "guardians": guardians}
    return render(request, "people/edit.html", context, status=status)


def _links(student: Student) -> list[GuardianLink]:
    return list(student.guardian_links.select_related("guardian").order_by("guardian__sort_name"))
