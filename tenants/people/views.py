"""Learners: the list, the panel beside it, the card; its sections are those of ``tenants.cards``."""

from __future__ import annotations

import uuid

from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shared.access.declarations import requires
from shared.access.requests import actor_of, note_look
from shared.access.searches import posted_address
from shared.access.support.showing import shows_people
from shared.access.throttles import throttled
from shared.documents.downloads import pdf_answer, workbook_answer
from shared.kernel.days import academic_year_of
from tenants.cards.successors import leads_on
from tenants.consents.report import report_of
from tenants.groups.models import Group
from tenants.people.card import STUDENT_CARD
from tenants.people.cards import former_lines, guardian_lines, history
from tenants.people.fields import FIELDS, SPECIAL_RIGHT
from tenants.people.filters import GRADES, PROGRAM_KINDS, Standing
from tenants.people.likeness import may_create
from tenants.people.listing import COLUMNS, StudentLine, StudentListing
from tenants.people.menus import file_menu
from tenants.people.models import GuardianLink, Student
from tenants.people.places import held_or_last, places_of, with_places
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
        "may_change": actor_of(request).may("students.edit"),
        "may_create": may_create(actor_of(request)),
        **file_menu(request, "students.edit"),
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
@leads_on("student_id", STUDENT_CARD)
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
@leads_on("student_id", STUDENT_CARD)
@require_GET
def card(request: HttpRequest, student_id: uuid.UUID) -> HttpResponse:
    """The card of a learner; what is sensitive stands under masks."""
    reached = Student.objects.known().seen_by(actor_of(request), "students.read")
    known = reached.select_related("special").prefetch_related(
        Prefetch("guardian_links", GuardianLink.objects.select_related("guardian").order_by("guardian__sort_name"))
    )
    student = get_object_or_404(with_places(known), pk=student_id)
    shows_people(request, 1, subject_kind="student", subject_id=student.pk)
    today = timezone.localdate()
    places = places_of(student, today)
    rights = _rights(request, student)
    context = {
        "line": StudentLine(student, held_or_last(places), today),
        "student": student,
        "places": places,
        "history": history(places),
        "guardians": guardian_lines(list(student.guardian_links.all())),
        "achievements": list(student.achievements.all()) if rights["may_achievements"] else [],
        "former": former_lines(student),
        "special_fields": [field for field in FIELDS if field.is_special],
        "special_right": SPECIAL_RIGHT,
        "reason_form": ReasonForm(),
        "may": _may_print(request),
        **rights,
    }
    return render(request, "people/card.html", context)


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


def _links(student: Student) -> list[GuardianLink]:
    return list(student.guardian_links.select_related("guardian").order_by("guardian__sort_name"))


def _rights(request: HttpRequest, student: Student) -> dict[str, bool]:
    """What the card offers; each is asked again by the view it leads to."""
    actor = actor_of(request)
    return {
        "may_reveal": _reaches(request, student, "students.identity"),
        "may_special": _reaches(request, student, "students.special.read"),
        "may_special_edit": actor.may("students.special.edit"),
        "may_edit": _reaches(request, student, "students.edit"),
        "may_draft": actor.may("orders.draft"),
        "may_consents": actor.may("consent.read"),
        "may_record": actor.may("consent.record"),
        "may_report": actor.may("consent.blocked"),
        "may_audit": actor.may("audit.read"),
        "may_guardians": actor.may("guardians.read"),
        "may_guardians_edit": _reaches(request, student, "guardians.edit"),
        "may_achievements": _rewarded(request, student, "achievements.read"),
        "may_achieve": _rewarded(request, student, "achievements.edit"),
    }


def _may_print(request: HttpRequest) -> dict[str, bool]:
    """What the menu of papers asks (``papers/_menu.html``)."""
    actor = actor_of(request)
    return {name.replace(".", "_"): actor.may(name) for name in ("papers.read", "papers.issue", "consent.read")}


def _rewarded(request: HttpRequest, student: Student, capability: str) -> bool:
    right = actor_of(request).right(capability)
    if right is None or right.is_everywhere:
        return right is not None
    return Student.objects.rewarded_by(actor_of(request), capability).filter(pk=student.pk).exists()


def _reaches(request: HttpRequest, student: Student, capability: str) -> bool:
    """Whether the right reaches this learner; a right to everybody costs no query."""
    right = actor_of(request).right(capability)
    if right is None or right.is_everywhere:
        return right is not None
    return Student.objects.seen_by(actor_of(request), capability).filter(pk=student.pk).exists()
