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
from shared.access.requests import actor_of
from shared.access.searches import posted_address
from shared.access.support.showing import shows_people
from shared.access.throttles import throttled
from shared.classifiers.catalog import load_catalog
from shared.documents.downloads import workbook_answer
from shared.kernel.rules import RuleViolation
from tenants.consents.papers import pdf_answer
from tenants.consents.report import report_of
from tenants.groups.models import Group
from tenants.groups.queries import academic_year_of
from tenants.people.cards import (
    CARD_FIELDS,
    HIDDEN,
    guardian_lines,
    history,
    identity_lines,
    is_protected,
    missing_fields,
)
from tenants.people.fields import FIELDS, IDENTITY_RIGHT, SPECIAL_RIGHT
from tenants.people.filters import GRADES, PROGRAM_KINDS, Standing
from tenants.people.forms import GuardianForm, StudentEditForm, guardian_forms, guardians_in, initial_guardians
from tenants.people.listing import COLUMNS, StudentLine, StudentListing
from tenants.people.looks import note_look
from tenants.people.models import GuardianLink, Student
from tenants.people.places import held_or_last, places_of, with_places
from tenants.people.services import edit_student
from tenants.people.special_forms import ReasonForm

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
    shows_people(request, len(page))
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


@requires("lists.export")
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
    reached = Student.objects.known().seen_by(actor_of(request), "students.read")
    student = get_object_or_404(with_places(reached), pk=student_id)
    shows_people(request, 1, subject_kind="student", subject_id=student.pk)
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
    reached = Student.objects.known().seen_by(actor_of(request), "students.read")
    known = reached.prefetch_related(
        Prefetch("guardian_links", GuardianLink.objects.select_related("guardian").order_by("guardian__sort_name"))
    )
    student = get_object_or_404(with_places(known), pk=student_id)
    shows_people(request, 1, subject_kind="student", subject_id=student.pk)
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
        "special_fields": [field for field in FIELDS if field.is_special],
        "special_right": SPECIAL_RIGHT,
        "identity_right": IDENTITY_RIGHT,
        "reason_form": ReasonForm(),
        **_rights(request, student),
    }
    return render(request, "people/card.html", context)


@requires("students.identity")
@throttled("reveal")
@require_POST
def reveal(request: HttpRequest, student_id: uuid.UUID, field: str) -> HttpResponse:
    """One value from behind its mask; who looked is logged by ids."""
    hidden = HIDDEN.get(field)
    if hidden is None:
        raise Http404
    student = get_object_or_404(Student.objects.known().seen_by(actor_of(request), "students.identity"), pk=student_id)
    if is_protected(student, field):
        raise Http404  # opens with a reason, among the special facts
    note_look(request, student.pk, field)
    return HttpResponse(hidden.value(student), content_type="text/plain; charset=utf-8")


@requires("students.identity")
@throttled("reveal")
@require_POST
def reveal_guardian(request: HttpRequest, student_id: uuid.UUID, link_id: uuid.UUID) -> HttpResponse:
    """The telephone of a representative."""
    reached = Student.objects.known().seen_by(actor_of(request), "students.identity")
    links = GuardianLink.objects.select_related("guardian").filter(student__in=reached)
    link = get_object_or_404(links, pk=link_id, student_id=student_id)
    if link.guardian.is_sealed:
        raise Http404
    note_look(request, student_id, "guardian_phone", guardian=link.guardian_id)
    return HttpResponse(link.guardian.phone, content_type="text/plain; charset=utf-8")


@requires("consent.blocked")
@require_GET
def report(request: HttpRequest, student_id: uuid.UUID) -> HttpResponse:
    """Everything held about a learner, blocked or not, and who looked; printing it is recorded. Source: R-170."""
    reached = Student.objects.kept().seen_by(actor_of(request), "consent.blocked")
    student = get_object_or_404(reached, pk=student_id)
    return pdf_answer(report_of(request, student), "Отчёт субъекту персональных данных.pdf")


@requires("students.edit")
@throttled("reveal")
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, student_id: uuid.UUID) -> HttpResponse:
    """Correct the card; the form shows what is masked elsewhere, so opening it is a disclosure."""
    student = get_object_or_404(Student.objects.known().seen_by(actor_of(request), "students.edit"), pk=student_id)
    may_identity, may_special = _reaches(request, student, "students.identity"), _may_special(request, student)
    form = StudentEditForm(request.POST or None, student=student, may_identity=may_identity, may_special=may_special)
    known = initial_guardians(student, may_identity=may_identity)
    formset_class = guardian_forms(extra=1)
    if request.method == "GET":
        if may_identity or may_special:
            note_look(request, student.pk, "card")
        guardians = formset_class(initial=known, prefix="guardians")
        return _edit_page(request, student, form, guardians)
    guardians = formset_class(request.POST, initial=known, prefix="guardians")
    if form.is_valid() & guardians.is_valid():
        try:
            edit_student(
                student=student,
                facts=form.facts,
                guardians=guardians_in(guardians, may_identity=may_identity),
                recorded_by=actor_of(request).signature,
            )
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


def _rights(request: HttpRequest, student: Student) -> dict[str, bool]:
    """What the card offers; each is asked again by the view it leads to."""
    actor = actor_of(request)
    return {
        "may_reveal": _reaches(request, student, "students.identity"),
        "may_special": _reaches(request, student, "students.special.read"),
        "may_special_edit": actor.may("students.special.edit"),
        "may_edit": actor.may("students.edit"),
        "may_draft": actor.may("orders.draft"),
        "may_consents": actor.may("consent.read"),
        "may_record": actor.may("consent.record"),
        "may_report": actor.may("consent.blocked"),
        "may_audit": actor.may("audit.read"),
    }


def _may_special(request: HttpRequest, student: Student) -> bool:
    """The card's form shows and changes special facts only for who may do both."""
    return actor_of(request).may("students.special.edit") and _reaches(request, student, "students.special.read")


def _reaches(request: HttpRequest, student: Student, capability: str) -> bool:
    """Whether the right reaches this learner; a right to everybody costs no query."""
    right = actor_of(request).right(capability)
    if right is None or right.is_everywhere:
        return right is not None
    return Student.objects.seen_by(actor_of(request), capability).filter(pk=student.pk).exists()
