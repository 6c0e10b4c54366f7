"""What the person responsible for personal data works with: blocked learners, requisites, requests of families."""

from __future__ import annotations

import datetime
import uuid
from dataclasses import dataclass

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shared.access.declarations import requires
from shared.access.requests import actor_of, note_look, organization_of
from shared.documents.downloads import imprint_of, pdf_answer
from shared.kernel.rules import RuleViolation
from tenants.consents.blocking import decide_blocked, withdrawn_consent
from tenants.consents.forms import AnswerForm, DecisionForm, OperatorForm
from tenants.consents.models import BlockedDecision, Consent, OperatorDetails, SubjectRequest
from tenants.consents.papers import blocked_act
from tenants.consents.register import PAGE_SIZE
from tenants.consents.requests import answer
from tenants.consents.services import deadline_of
from tenants.people.fields import FIELDS
from tenants.people.models import Student
from tenants.security.state import hand_up_state


@dataclass(frozen=True, slots=True)
class BlockedLine:
    """A blocked learner: by when what is to be decided, and what was."""

    student: Student
    consent: Consent
    deadline: datetime.date
    decision: BlockedDecision | None
    days_left: int


@requires("consent.blocked")
@require_GET
def blocked(request: HttpRequest) -> HttpResponse:
    """Everybody whose consent is withdrawn, those without a decision first."""
    found = Consent.objects.current().processing_of_learners().exclude(withdrawn_on=None)
    students = Student.objects.blocked().seen_by(actor_of(request), "consent.blocked")
    listed = found.filter(student__in=students).select_related("student", "decision")
    page = Paginator(
        listed.order_by(F("decision__decided_on").desc(nulls_first=True), "withdrawn_on", "id"), PAGE_SIZE
    ).get_page(request.GET.get("page"))
    return render(request, "consents/blocked.html", {"page_obj": page, "lines": [_line(one) for one in page]})


@requires("consent.blocked")
@require_http_methods(["GET", "POST"])
def blocked_one(request: HttpRequest, student_id: uuid.UUID) -> HttpResponse:
    """What to do with the data of one blocked learner, and the decision."""
    student, consent = _blocked(request, student_id)
    form = DecisionForm(request.POST or None, initial={"decided_on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        try:
            decide_blocked(student=student, **form.cleaned_data, decided_by=actor_of(request).signature)
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            messages.success(request, "Решение записано. Напечатайте акт и подпишите его.")
            return redirect("consents:blocked_one", student_id=student.pk)
    if request.method == "GET":
        note_look(request, student.pk, "name")
    context = {"student": student, "line": _line(consent), "form": form}
    return render(request, "consents/blocked_one.html", context, status=422 if request.method == "POST" else 200)


@requires("consent.blocked")
@require_GET
def act(request: HttpRequest, student_id: uuid.UUID) -> HttpResponse:
    """The act of the decision, to be signed."""
    student, consent = _blocked(request, student_id)
    decision = BlockedDecision.objects.filter(consent=consent).first()
    if decision is None:
        raise Http404
    note_look(request, student.pk, "name", action="printed")
    content = blocked_act(imprint_of(request, "Акт о заблокированных данных"), consent=consent, decision=decision)
    return pdf_answer(content, f"Акт {decision.act_number}.pdf")


@requires("organization.edit")
@require_http_methods(["GET", "POST"])
def operator(request: HttpRequest) -> HttpResponse:
    """Requisites of the organization as an operator of personal data. Source: R-174."""
    details = OperatorDetails.objects.first()
    form = OperatorForm(request.POST or None, initial=OperatorForm.initial_of(details))
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data | {"updated_by": actor_of(request).signature}
        OperatorDetails.objects.update_or_create(is_only=True, defaults=values)
        hand_up_state()
        messages.success(request, "Реквизиты сохранены. Они стоят на каждой форме согласия.")
        return redirect("consents:operator")
    context = {"form": form, "organization": organization_of(request)}
    return render(request, "consents/operator.html", context, status=422 if request.method == "POST" else 200)


@requires("consent.record")
@require_GET
def requests(request: HttpRequest) -> HttpResponse:
    """Requests of families, those that wait first, by their term."""
    return _requests_page(request)


@requires("consent.record")
@require_POST
def answer_request(request: HttpRequest, request_id: uuid.UUID) -> HttpResponse:
    """Answer one of them."""
    students = Student.objects.kept().seen_by(actor_of(request), "consent.record")
    found = get_object_or_404(SubjectRequest.objects.filter(student__in=students), pk=request_id)
    form = AnswerForm(request.POST)
    if form.is_valid():
        try:
            answer(
                request=found,
                is_done=form.cleaned_data["is_done"] == "yes",
                text=form.cleaned_data["answer"],
                answered_by=actor_of(request).signature,
                today=timezone.localdate(),
            )
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            messages.success(request, "Ответ записан, семья увидит его в своём кабинете.")
            return redirect("consents:requests")
    return _requests_page(request, refused=found, form=form)


def _requests_page(
    request: HttpRequest, *, refused: SubjectRequest | None = None, form: AnswerForm | None = None
) -> HttpResponse:
    students = Student.objects.kept().seen_by(actor_of(request), "consent.record")
    found = SubjectRequest.objects.filter(student__in=students).select_related("student", "consent")
    page = Paginator(found.order_by(F("answered_on").desc(nulls_first=True), "due_on", "id"), PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    today = timezone.localdate()
    lines = [
        {
            "request": one,
            "field": FIELDS[one.field].label if one.field in FIELDS else "",
            "is_late": one.status == SubjectRequest.Status.NEW and one.due_on < today,
            "form": form if refused is not None and one.pk == refused.pk else AnswerForm(auto_id=f"id_%s_{one.pk}"),
        }
        for one in page
    ]
    context = {"page_obj": page, "lines": lines, "refused": refused}
    return render(request, "consents/requests.html", context, status=422 if refused else 200)


def _blocked(request: HttpRequest, student_id: uuid.UUID) -> tuple[Student, Consent]:
    students = Student.objects.blocked().seen_by(actor_of(request), "consent.blocked")
    student = get_object_or_404(students, pk=student_id)
    consent = withdrawn_consent(student)
    if consent is None:
        raise Http404
    return student, consent


def _line(consent: Consent) -> BlockedLine:
    if consent.student is None or consent.withdrawn_on is None:
        raise AssertionError("only withdrawn consents of learners are listed")
    deadline = deadline_of(consent.withdrawn_on)
    decision = getattr(consent, "decision", None)
    return BlockedLine(consent.student, consent, deadline, decision, (deadline - timezone.localdate()).days)
