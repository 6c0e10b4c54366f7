"""The register of consents, a subject's papers, recording and withdrawing them."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shared.access.declarations import requires
from shared.access.requests import actor_of, note_action
from shared.documents.downloads import imprint_of, pdf_answer, workbook_answer
from shared.documents.pdf import render_table
from shared.documents.uploads import CheckedUpload
from shared.kernel.ids import new_id
from shared.kernel.rules import RuleViolation
from tenants.consents.forms import (
    STATES,
    EmployeePaperForm,
    LearnerPaperForm,
    PaperForm,
    RegisterFilter,
    ScanForm,
    WithdrawalForm,
)
from tenants.consents.models import KINDS, Consent, SubjectKind
from tenants.consents.papers import consent_form
from tenants.consents.register import COLUMNS, PAGE_SIZE, Register, state_of
from tenants.consents.report import consents_about
from tenants.consents.scans import SCAN
from tenants.consents.services import (
    SignedPaper,
    attach_scan,
    deadline_of,
    record_employee_consent,
    record_guardian_consent,
    record_learner_consent,
    withdraw,
)
from tenants.files.models import StoredFile
from tenants.files.services import store_upload
from tenants.people.models import Guardian, Student


@requires("consent.read")
@require_GET
def register(request: HttpRequest) -> HttpResponse:
    """Every consent of the learners, guardians and employees one answers for, and who has given none."""
    asked = RegisterFilter.of(request.GET)
    found = _register(request)
    page = Paginator(found.found, PAGE_SIZE).get_page(request.GET.get("page"))
    actor = actor_of(request)
    context = {
        "page_obj": page,
        "lines": list(found.lines(page)),
        "asked": asked,
        "kinds": KINDS,
        "states": STATES,
        "may": {name.replace(".", "_"): True for name in actor.capabilities},
    }
    return render(request, "consents/register.html", context)


@requires("lists.export")
@require_GET
def export(request: HttpRequest) -> HttpResponse:
    """Report R12 as a table."""
    found = _register(request)
    return workbook_answer(
        request,
        title="Согласия на обработку ПДн",
        columns=COLUMNS,
        rows=found.everything(),
        filters=found.filters_text,
    )


@requires("lists.export")
@require_GET
def export_pdf(request: HttpRequest) -> HttpResponse:
    """Report R12 on paper."""
    found = _register(request)
    rows = list(found.everything())
    note_action(request, "exported", rows=len(rows), path=request.path)
    title = "Согласия на обработку ПДн"
    imprint = imprint_of(request, title)
    return pdf_answer(render_table(imprint=imprint, columns=COLUMNS, rows=rows, landscape=True), f"{title}.pdf")


@requires("consent.read")
@require_GET
def subject(request: HttpRequest, student_id: uuid.UUID) -> HttpResponse:
    """Every paper of a learner and of those who represent him."""
    student = _student(request, student_id, "consent.read")
    today = timezone.localdate()
    links = student.guardian_links.select_related("guardian").order_by("guardian__sort_name")
    context = {
        "student": student,
        "consents": [(one, state_of(one, today)) for one in consents_about(student.pk)],
        "guardians": [link.guardian for link in links],
        "may_record": actor_of(request).may("consent.record"),
    }
    return render(request, "consents/subject.html", context)


@requires("consent.record")
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, student_id: uuid.UUID) -> HttpResponse:
    """Record a signed form: of the learner, or of the guardian named in ``?subject=``."""
    student = _student(request, student_id, "consent.record")
    guardian = _guardian(student, request.GET.get("subject", ""))
    data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form: PaperForm
    if guardian is None:
        form = LearnerPaperForm(data, files, student=student, initial={"kind": request.GET.get("kind")})
    else:
        form = PaperForm(data, files, subject=SubjectKind.GUARDIAN)
    if request.method == "POST" and form.is_valid():
        try:
            _record(request, form, student, guardian)
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            messages.success(request, "Согласие записано. Сведения открыты с этого дня.")
            return redirect("consents:subject", student_id=student.pk)
    context = {"student": student, "guardian": guardian, "form": form}
    return render(request, "consents/new.html", context, status=_status(request))


@requires("consent.record")
@require_http_methods(["GET", "POST"])
def new_employee(request: HttpRequest) -> HttpResponse:
    """Record an employee's consent; only who answers for the whole organization. Source: R-205."""
    right = actor_of(request).right("consent.record")
    if right is None or not right.is_everywhere:
        raise PermissionDenied
    form = EmployeePaperForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            record_employee_consent(
                employee_id=new_id(),
                paper=_paper(request, form, form.cleaned_data["signer"]),
                kind=form.cleaned_data["kind"],
            )
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            messages.success(request, f"Согласие записано: {form.cleaned_data['signer']}.")
            return redirect("consents:register")
    return render(request, "consents/new.html", {"form": form, "student": None}, status=_status(request))


@requires("consent.read")
@require_GET
def form_pdf(request: HttpRequest, student_id: uuid.UUID) -> HttpResponse:
    """The form to be signed, filled in from the card."""
    student = _student(request, student_id, "consent.read")
    guardian = _guardian(student, request.GET.get("subject", ""))
    kind = request.GET.get("kind") or "student"
    if kind not in dict(KINDS) or (kind == "guardian" and guardian is None):
        raise Http404
    if guardian is None:  # the usual signer; of several any may sign
        link = student.guardian_links.legal().select_related("guardian").order_by("guardian__sort_name").first()  # type: ignore[attr-defined]
        guardian = link.guardian if link else None
    imprint = imprint_of(request, dict(KINDS)[kind])
    content = consent_form(request, imprint, kind=kind, student=student, guardian=guardian)
    return pdf_answer(content, "Согласие на обработку ПДн.pdf")


@requires("consent.read")
@require_GET
def detail(request: HttpRequest, consent_id: uuid.UUID) -> HttpResponse:
    """One consent with its text, scan and withdrawal."""
    return _detail(request, _consent(request, consent_id, "consent.read"))


@requires("consent.record")
@require_POST
def scan(request: HttpRequest, consent_id: uuid.UUID) -> HttpResponse:
    """Attach the scanned form."""
    consent = _consent(request, consent_id, "consent.record")
    form = ScanForm(request.POST, request.FILES)
    if form.is_valid():
        attach_scan(consent=consent, scan=_stored(request, form.cleaned_data["scan"]))
        messages.success(request, "Скан приложен.")
        return redirect("consents:detail", consent_id=consent.pk)
    return _detail(request, consent, scan_form=form, status=422)


@requires("consent.record")
@require_POST
def withdraw_consent(request: HttpRequest, consent_id: uuid.UUID) -> HttpResponse:
    """Record a withdrawal; the answer says at once what it has done and what is to be done."""
    consent = _consent(request, consent_id, "consent.record")
    form = WithdrawalForm(request.POST)
    if form.is_valid():
        try:
            withdrawn = withdraw(consent=consent, **form.cleaned_data, recorded_by=actor_of(request).signature)
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            context = {
                "consent": withdrawn,
                "deadline": deadline_of(form.cleaned_data["withdrawn_on"]),
                "may_blocked": actor_of(request).may("consent.blocked"),
            }
            return render(request, "consents/withdrawn.html", context)
    return _detail(request, consent, withdrawal_form=form, status=422)


def _record(request: HttpRequest, form: PaperForm, student: Student, guardian: Guardian | None) -> None:
    kind = form.cleaned_data["kind"]
    if guardian is not None:
        record_guardian_consent(guardian=guardian, paper=_paper(request, form), kind=kind)
        return
    signed_by = form.guardian if isinstance(form, LearnerPaperForm) else None
    paper = _paper(request, form, signer=str(signed_by or student.real_name))
    record_learner_consent(student=student, paper=paper, kind=kind, guardian=signed_by)


def _paper(request: HttpRequest, form: PaperForm, signer: str = "") -> SignedPaper:
    data = form.cleaned_data
    return SignedPaper(
        signed_on=data["signed_on"],
        number=data["number"],
        valid_until=data["valid_until"],
        signer=signer,
        scan=_stored(request, data["scan"]) if data["scan"] else None,
        recorded_by=actor_of(request).signature,
    )


def _stored(request: HttpRequest, upload: CheckedUpload) -> StoredFile:
    actor = actor_of(request)
    return store_upload(upload, purpose=SCAN, uploaded_by=actor.account_id, made_by=actor.signature)


def _register(request: HttpRequest) -> Register:
    return Register(actor_of(request), **RegisterFilter.of(request.GET), today=timezone.localdate())


def _student(request: HttpRequest, student_id: uuid.UUID, capability: str) -> Student:
    """A blocked learner exists only for whoever answers for blocked data: he records the new consent."""
    actor = actor_of(request)
    shown = Student.objects.kept() if actor.may("consent.blocked") else Student.objects.known()
    return get_object_or_404(shown.seen_by(actor, capability), pk=student_id)


def _guardian(student: Student, key: str) -> Guardian | None:
    """The representative an address names. Raises: Http404 when he is not this child's."""
    if not key:
        return None
    try:
        wanted = uuid.UUID(key)
    except ValueError:
        raise Http404 from None
    return get_object_or_404(Guardian, pk=wanted, links__student=student)


def _consent(request: HttpRequest, consent_id: uuid.UUID, capability: str) -> Consent:
    reached = Consent.objects.seen_by(actor_of(request), capability)
    return get_object_or_404(reached.select_related("student", "guardian", "terms", "scan"), pk=consent_id)


def _detail(
    request: HttpRequest,
    consent: Consent,
    *,
    scan_form: ScanForm | None = None,
    withdrawal_form: WithdrawalForm | None = None,
    status: int = 200,
) -> HttpResponse:
    is_open = consent.is_current and consent.withdrawn_on is None
    context: dict[str, Any] = {
        "consent": consent,
        "state": state_of(consent, timezone.localdate()),
        "scan_form": scan_form or ScanForm(),
        "withdrawal_form": withdrawal_form or WithdrawalForm(initial={"withdrawn_on": timezone.localdate()}),
        "may_record": actor_of(request).may("consent.record"),
        "is_open": is_open,
    }
    return render(request, "consents/detail.html", context, status=status)


def _status(request: HttpRequest) -> int:
    """A form shown in answer to a POST is a refusal: success redirects."""
    return 422 if request.method == "POST" else 200
