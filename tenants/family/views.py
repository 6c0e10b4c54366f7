"""The room of a family: own children, what is held of them, who looked, what to ask. Source: R-170, ORGANIZATION 3.5.

A child of somebody else does not exist here, in the same organization too.
"""

from __future__ import annotations

import uuid
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from shared.access.declarations import requires
from shared.access.requests import actor_of, note_look
from shared.documents.downloads import pdf_answer
from shared.kernel.rules import RuleViolation
from tenants.consents.looks import by_role, looks_at
from tenants.consents.models import Consent, SubjectRequest
from tenants.consents.register import state_of
from tenants.consents.report import consents_about, report_of
from tenants.consents.requests import ask
from tenants.family.forms import CorrectionForm
from tenants.people.cards import HIDDEN, identity_lines, is_protected
from tenants.people.models import Student
from tenants.people.places import held_or_last, places_of, with_places
from tenants.people.special import special_lines

OWN_LOOK: Final = "Семья открыла сведения своего ребёнка"


@requires("family.view")
@require_GET
def children(request: HttpRequest) -> HttpResponse:
    """The children whom this account represents by law, or the learner himself."""
    today = timezone.localdate()
    found = with_places(_own(request)).order_by("sort_name", "id")
    lines = [(one, [] if one.is_blocked else held_or_last(places_of(one, today))) for one in found]
    return render(request, "family/children.html", {"lines": lines})


@requires("family.view")
@require_GET
def child(request: HttpRequest, student_id: uuid.UUID) -> HttpResponse:
    """One child: data under masks, places, consents, looks, requests."""
    return _page(request, _child(request, student_id))


@requires("family.view")
@require_POST
def reveal(request: HttpRequest, student_id: uuid.UUID, field: str) -> HttpResponse:
    """One value from behind its mask; the family's own look is recorded like any other."""
    student = _open_child(request, student_id)
    hidden = HIDDEN.get(field)
    if hidden is None or is_protected(student, field):
        raise Http404
    note_look(request, student.pk, field, reason=OWN_LOOK)
    return HttpResponse(hidden.value(student), content_type="text/plain; charset=utf-8")


@requires("family.view")
@never_cache
@require_POST
def special(request: HttpRequest, student_id: uuid.UUID) -> HttpResponse:
    """The special facts of one's own child."""
    student = _open_child(request, student_id)
    note_look(request, student.pk, "special", reason=OWN_LOOK)
    return render(request, "family/special.html", {"student": student, "lines": special_lines(student)})


@requires("family.view")
@require_POST
def ask_correction(request: HttpRequest, student_id: uuid.UUID) -> HttpResponse:
    """Ask the secretary to correct a field."""
    student = _child(request, student_id)
    form = CorrectionForm(request.POST)
    if form.is_valid():
        try:
            made = _ask(request, student, SubjectRequest.Kind.CORRECTION, **form.cleaned_data)
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            messages.success(request, f"Просьба передана секретарю. Ответ — до {made.due_on:%d.%m.%Y}.")
            return redirect("family:child", student_id=student.pk)
    return _page(request, student, form=form, status=422)


@requires("family.view")
@require_POST
def ask_withdrawal(request: HttpRequest, student_id: uuid.UUID, consent_id: uuid.UUID) -> HttpResponse:
    """Ask to withdraw a consent; the organization records it by the day of this request."""
    student = _child(request, student_id)
    consent = next((one for one in _consents(request, student) if one.pk == consent_id), None)
    if consent is None or consent.withdrawn_on is not None or not consent.is_current:
        raise Http404
    text = "Прошу прекратить обработку персональных данных по этому согласию."
    try:
        made = _ask(request, student, SubjectRequest.Kind.WITHDRAWAL, text=text, consent=consent)
    except RuleViolation as violation:
        messages.warning(request, str(violation))
    else:
        messages.success(request, f"Отзыв передан организации. Она исполнит его до {made.due_on:%d.%m.%Y}.")
    return redirect("family:child", student_id=student.pk)


@requires("family.view")
@require_GET
def report(request: HttpRequest, student_id: uuid.UUID) -> HttpResponse:
    """Everything held about the child and who looked, as PDF."""
    content = report_of(request, _child(request, student_id), to_account=actor_of(request).account_id)
    return pdf_answer(content, "Отчёт субъекту персональных данных.pdf")


def _own(request: HttpRequest) -> Any:  # the queryset of learners
    return Student.objects.kept().children_of(actor_of(request).account_id)


def _child(request: HttpRequest, student_id: uuid.UUID) -> Student:
    student: Student = get_object_or_404(_own(request), pk=student_id)
    return student


def _open_child(request: HttpRequest, student_id: uuid.UUID) -> Student:
    """A child whose data are not blocked."""
    student = _child(request, student_id)
    if student.is_blocked:
        raise Http404
    return student


def _consents(request: HttpRequest, student: Student) -> list[Consent]:
    return consents_about(student.pk, to_account=actor_of(request).account_id)


def _ask(request: HttpRequest, student: Student, kind: str, **facts: Any) -> SubjectRequest:
    actor = actor_of(request)
    return ask(
        student=student,
        kind=kind,
        author_id=actor.account_id,
        author_name=actor.signature,
        today=timezone.localdate(),
        **facts,
    )


def _page(
    request: HttpRequest, student: Student, *, form: CorrectionForm | None = None, status: int = 200
) -> HttpResponse:
    today = timezone.localdate()
    looks = looks_at(student.pk)
    context = {
        "student": student,
        "identity": [] if student.is_blocked else identity_lines(student),
        "places": [] if student.is_blocked else held_or_last(places_of(student, today)),
        "consents": [(one, state_of(one, today)) for one in _consents(request, student)],
        "looks": by_role(looks),
        "look_count": len(looks),
        "requests": SubjectRequest.objects.filter(student=student).order_by("-made_on", "-id"),
        "form": form or CorrectionForm(),
    }
    return render(request, "family/child.html", context, status=status)
