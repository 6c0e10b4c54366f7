"""Papers of a learner and of a class: the card, the cover of the personal file, the form of a consent, the list."""

from __future__ import annotations

import datetime
import uuid
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from shared.access.declarations import requires
from shared.access.requests import actor_of, note_action
from shared.access.throttles import throttled
from shared.documents.downloads import imprint_of, pdf_answer
from shared.documents.papers import Certification, Verification, render_card, render_paper
from tenants.cards.sections import CardLook
from tenants.consents.models import KINDS as CONSENT_KINDS
from tenants.consents.papers import consent_form
from tenants.groups.models import Group
from tenants.orders.models import Placement
from tenants.papers.cards import card_sections
from tenants.papers.cards import class_list as list_of
from tenants.papers.covers import render_cover
from tenants.papers.forms import ClassListForm, ConsentPaperForm, CoverForm, PrintForm
from tenants.papers.models import PaperKind, Printing
from tenants.papers.printing import record_printing
from tenants.papers.signers import signers_here, signers_of
from tenants.papers.views.common import check_address, learner, note_print, printer_of, status_of
from tenants.people.card import STUDENT_CARD
from tenants.people.models import Student
from tenants.people.places import held_or_last, places_of


@requires("papers.read", groundwork=signers_here)
@throttled("export")
@require_http_methods(["GET", "HEAD", "POST"])
def card(request: HttpRequest, student_id: uuid.UUID) -> HttpResponse:
    """The personal card; documents and addresses only for who may look behind their masks."""
    student = learner(request, student_id)
    form = PrintForm(request.POST or None, signers=signers_of(request))
    if request.method != "POST" or not form.is_valid():
        return _choice(request, PaperKind.CARD, form, student=student)
    look = CardLook.of(STUDENT_CARD, student, actor_of(request))
    places = places_of(student, timezone.localdate())
    links = student.guardian_links.select_related("guardian").order_by("guardian__sort_name")
    printing = _recorded(request, PaperKind.CARD, [student.pk], form.certification)
    content = render_card(
        imprint_of(request, "Личная карточка обучающегося", copy=printing.copy),
        _whose(student),
        card_sections(look, places, links),
        certification=form.certification,
        verification=Verification(printing.code, check_address(request)),
    )
    note_print(request, student, "card" if look.may_identify else str(PaperKind.CARD.label))
    return pdf_answer(content, "Личная карточка.pdf")


@requires("papers.read", groundwork=signers_here)
@throttled("export")
@require_http_methods(["GET", "HEAD", "POST"])
def cover(request: HttpRequest, student_id: uuid.UUID) -> HttpResponse:
    """The cover of the personal file."""
    student = learner(request, student_id)
    initial = {"file_number": student.personal_file_no}
    form = CoverForm(request.POST or None, initial=initial, signers=signers_of(request))
    if request.method != "POST" or not form.is_valid():
        return _choice(request, PaperKind.COVER, form, student=student)
    printing = _recorded(request, PaperKind.COVER, [student.pk], form.certification)
    content = render_cover(
        imprint_of(request, "Личное дело обучающегося", copy=printing.copy),
        student,
        places_of(student, timezone.localdate()),
        number=form.cleaned_data["file_number"],
        certification=form.certification,
    )
    note_print(request, student, str(PaperKind.COVER.label))
    return pdf_answer(content, "Обложка личного дела.pdf")


@requires("consent.read")
@throttled("export")
@require_http_methods(["GET", "HEAD", "POST"])
def consent(request: HttpRequest, student_id: uuid.UUID) -> HttpResponse:
    """The form of a consent to be signed, filled in from the card."""
    student = learner(request, student_id, "consent.read")
    form = ConsentPaperForm(request.POST or None, student=student)
    if request.method != "POST" or not form.is_valid():
        return _choice(request, PaperKind.CONSENT, form, student=student)
    kind = form.cleaned_data["kind"]
    printing = _recorded(request, PaperKind.CONSENT, [student.pk], None)
    imprint = imprint_of(request, dict(CONSENT_KINDS)[kind], copy=printing.copy)
    content = consent_form(request, imprint, kind=kind, student=student, guardian=form.signer)
    return pdf_answer(content, "Согласие на обработку ПДн.pdf")


@requires("papers.read", groundwork=signers_here)
@throttled("export")
@require_http_methods(["GET", "HEAD", "POST"])
def class_list(request: HttpRequest, group_id: uuid.UUID) -> HttpResponse:
    """The list of a class on a day: of any class, or of one's own."""
    group = get_object_or_404(Group.objects.known(), pk=group_id)
    for capability in ("papers.read", "students.list"):
        right = actor_of(request).right(capability)
        if right is None or not (right.is_everywhere or group.pk in right.groups):
            raise PermissionDenied
    initial = {"day": timezone.localdate(), "columns": ["birth_date", "enrolled"]}
    may_guardians = actor_of(request).may("students.read")
    form = ClassListForm(
        request.POST or None, initial=initial, signers=signers_of(request), may_guardians=may_guardians
    )
    if request.method != "POST" or not form.is_valid():
        return _choice(request, PaperKind.CLASS_LIST, form, group=group)
    day: datetime.date = form.cleaned_data["day"]
    placements = list(_placements(group, day))
    part = list_of(group, placements, form.cleaned_data["columns"])
    title = f"Список: {group.name}"
    keys = [place.enrollment.student_id for place in placements]
    printing = _recorded(request, PaperKind.CLASS_LIST, keys, form.certification, title=title)
    content = render_paper(
        imprint_of(request, title, f"На {day:%d.%m.%Y}, человек: {len(keys)}", copy=printing.copy),
        [part],
        certification=form.certification,
        verification=Verification(printing.code, check_address(request)),
        landscape=len(part.columns) > 5,
    )
    note_action(request, "printed", rows=len(keys), path=request.path, kind=PaperKind.CLASS_LIST.value)
    return pdf_answer(content, f"{title}.pdf")


def _choice(
    request: HttpRequest,
    kind: PaperKind,
    form: Any,  # one of the forms above
    *,
    student: Student | None = None,
    group: Group | None = None,
) -> HttpResponse:
    context = {"kind": kind.label, "form": form, "student": student, "group": group}
    return render(request, "papers/print.html", context, status=status_of(request))


def _recorded(
    request: HttpRequest,
    kind: PaperKind,
    subjects: list[uuid.UUID],
    certification: Certification | None,
    *,
    title: str = "",
) -> Printing:
    return record_printing(
        kind=kind,
        title=title or str(kind.label),
        subjects=subjects,
        by=printer_of(request),
        has_code=kind in (PaperKind.CARD, PaperKind.CLASS_LIST),
        certification=certification,
    )


def _whose(student: Student) -> str:
    places = held_or_last(places_of(student, timezone.localdate()))
    return ", ".join([student.full_name, *(one.group_name for one in places)])


def _placements(group: Group, day: datetime.date) -> Any:  # a QuerySet of placements with what a list prints
    known = Placement.objects.on(day).filter(group=group, enrollment__student__consent_withdrawn_on=None)
    known = known.select_related("enrollment__student", "enrollment__order")
    known = known.prefetch_related("enrollment__student__guardian_links__guardian")
    return known.order_by("enrollment__student__sort_name", "enrollment__student_id")
