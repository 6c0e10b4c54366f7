"""The register of certificates, issuing one from the card, its print and annulment."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shared.access.declarations import requires
from shared.access.requests import actor_of, organization_of
from shared.access.searches import posted_address
from shared.access.support.showing import shows_people
from shared.access.throttles import throttled
from shared.documents.downloads import imprint_of, pdf_answer, table_answer
from shared.kernel.rules import RuleViolation
from shared.organizations.models import Organization
from tenants.papers.forms import AnnulForm, OneCertificateForm
from tenants.papers.models import CERTIFICATE_CHOICES, Certificate, PaperKind
from tenants.papers.printing import record_printing
from tenants.papers.register import COLUMNS, CertificateListing, prints_text, state_text
from tenants.papers.services import annul_certificate, count_prints, issue_certificate
from tenants.papers.sheets import render_certificates
from tenants.papers.signers import signers_here, signers_of
from tenants.papers.views.common import check_address, learner, note_print, printer_of, status_of
from tenants.papers.wording import dative_of, paragraphs_of, rows_of
from tenants.people.models import Student

FILTERS = ("kind", "status", "year")
ISSUE = "papers.issue"


@requires("papers.read")
@require_http_methods(["GET", "HEAD", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    """The register; a POST carries the search line and the filters and answers with their address."""
    if request.method == "POST":
        return redirect(f"{reverse('papers:register')}?{posted_address(request, FILTERS)}")
    listing = CertificateListing(request)
    page = listing.page()
    shows_people(request, len(page))
    context = {
        "listing": listing,
        "page_obj": page,
        "lines": [(one, state_text(one), prints_text(one)) for one in page],
        "kinds": CERTIFICATE_CHOICES,
        "states": Certificate.Status.choices,
        "may_issue": actor_of(request).may(ISSUE),
        "may_export": actor_of(request).may("lists.export"),
    }
    template = "papers/_register.html" if request.htmx else "papers/register.html"  # type: ignore[attr-defined]
    response = render(request, template, context)
    patch_vary_headers(response, ["HX-Request"])
    return response


@requires("lists.export")
@require_safe
def export(request: HttpRequest, extension: str) -> HttpResponse:
    """The register as a file, with the filters of the screen."""
    listing = CertificateListing(request)
    return table_answer(
        request,
        extension,
        title="Журнал выдачи справок",
        columns=COLUMNS,
        rows=listing.rows(),
        filters=listing.words,
    )


@requires("papers.issue", groundwork=signers_here)
@require_http_methods(["GET", "HEAD", "POST"])
def issue(request: HttpRequest, student_id: uuid.UUID) -> HttpResponse:
    """A certificate from the card of a learner."""
    student = learner(request, student_id, ISSUE)
    initial = {"dative": dative_of(student), "kind": request.GET.get("kind", PaperKind.STUDY)}
    form = OneCertificateForm(request.POST or None, initial=initial, signers=signers_of(request))
    if request.method == "POST" and form.is_valid():
        try:
            certificate = issue_certificate(
                student,
                wish=form.wish,
                day=timezone.localdate(),
                issued_by=actor_of(request).signature,
                dative=form.cleaned_data["dative"],
            )
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            messages.success(request, f"Справка {certificate} записана в журнал. Напечатайте её.")
            return redirect("papers:certificate", certificate_id=certificate.pk)
    context = {"student": student, "form": form}
    return render(request, "papers/issue.html", context, status=status_of(request))


@requires("papers.read")
@require_safe
def certificate(request: HttpRequest, certificate_id: uuid.UUID) -> HttpResponse:
    """One certificate as it was issued."""
    found = _certificate(request, certificate_id, "papers.read")
    shows_people(request, 1, subject_kind="student", subject_id=found.student_id)
    return _page(request, found)


@requires("papers.issue")
@throttled("export")
@require_POST
def print_certificate(request: HttpRequest, certificate_id: uuid.UUID) -> HttpResponse:
    """The paper; every print after the first is marked as a duplicate on it and in the register."""
    found = _certificate(request, certificate_id, ISSUE)
    if found.is_annulled:
        return _page(request, found, refusal="Аннулированную справку не печатают. Выдайте новую.", status=422)
    title = found.get_kind_display()
    printing = record_printing(
        kind=PaperKind(found.kind),
        title=f"{title}: № {found.number}",
        subjects=[found.student_id],
        by=printer_of(request),
        is_repeat=found.print_count > 0,
    )
    content = render_certificates(
        imprint_of(request, title, copy=printing.copy),
        [found],
        organization=Organization.with_copies.get(pk=organization_of(request).id),
        check_address=check_address(request),
    )
    count_prints([found])
    note_print(request, found.student, title)
    return pdf_answer(content, f"{title} № {found.number}.pdf")


@requires("papers.issue")
@require_POST
def annul(request: HttpRequest, certificate_id: uuid.UUID) -> HttpResponse:
    """Annul with a reason; the number stays in the register."""
    found = _certificate(request, certificate_id, ISSUE)
    form = AnnulForm(request.POST)
    if form.is_valid():
        try:
            annul_certificate(
                found,
                reason=form.cleaned_data["reason"],
                day=timezone.localdate(),
                annulled_by=actor_of(request).signature,
            )
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            messages.success(request, f"Справка {found} аннулирована. Проверка по коду ответит, что она не действует.")
            return redirect("papers:certificate", certificate_id=found.pk)
    return _page(request, found, form=form, status=422)


def _certificate(request: HttpRequest, certificate_id: uuid.UUID, capability: str) -> Certificate:
    """A certificate of a learner who is reached; of a blocked one it is not shown."""
    reached = Certificate.objects.seen_by(actor_of(request), capability)
    known = reached.filter(student__in=Student.objects.known())
    return get_object_or_404(known.select_related("student"), pk=certificate_id)


def _page(
    request: HttpRequest, found: Certificate, *, form: AnnulForm | None = None, refusal: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "one": found,
        "state": state_text(found),
        "prints": prints_text(found),
        "paragraphs": paragraphs_of(found),
        "rows": rows_of(found),
        "form": form or AnnulForm(),
        "refusal": refusal,
        "may_issue": actor_of(request).may(ISSUE) and not found.is_annulled,
        "check_address": check_address(request),
    }
    return render(request, "papers/certificate.html", context, status=status)
