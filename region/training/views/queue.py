"""The operator's queue: checks data, confirms the place of work, gives groups. Source: R-286."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from region.training.claims import confirm, confirmed_job_of, new_password, refuse
from region.training.forms import RefusalForm
from region.training.models import Claim
from region.training.queries import COLUMNS, STATES, Queue, claim_seen, claims_of, counts
from shared.access.declarations import requires
from shared.access.requests import actor_of, note_action
from shared.access.searches import posted_address
from shared.access.throttles import throttled
from shared.credentials.slips import slips_answer
from shared.documents import store
from shared.documents.downloads import workbook_answer
from shared.kernel.rules import RuleViolation
from shared.tenancy.names import PUBLIC

# Even opened by force, the content may run nothing and reach nothing.
SANDBOX: Final = "sandbox; default-src 'none'"


@requires("registrations.read", scope="accounts")
@require_http_methods(["GET", "HEAD", "POST"])
def queue(request: HttpRequest) -> HttpResponse:
    """What waits, with its term; a POST carries the search and answers with its address."""
    if request.method == "POST":
        return redirect(f"{reverse('training:queue')}?{posted_address(request, ['state'])}")
    listing = Queue(request)
    context = {"listing": listing, "page_obj": listing.page(), "states": STATES, "counts": counts()}
    return render(request, "training/queue.html", context)


@requires("registrations.read", scope="accounts")
@require_GET
def export(request: HttpRequest) -> HttpResponse:
    """The same list as a file."""
    listing = Queue(request)
    return workbook_answer(
        request,
        title="Запросы на проверку, система «Кадры»",
        columns=COLUMNS,
        rows=listing.rows(),
        filters=listing.filters_text,
    )


@requires("registrations.read", scope="accounts")
@never_cache
@require_safe
def claim(request: HttpRequest, claim_id: uuid.UUID) -> HttpResponse:
    """One request with the person's data and everything else he has asked for."""
    found = claim_seen(claim_id)
    note_action(request, "viewed", subject_kind="registration", subject_id=found.registration_id)
    return _page(request, found, RefusalForm())


def _page(request: HttpRequest, found: Claim, form: RefusalForm, *, refused: str = "") -> HttpResponse:
    actor = actor_of(request)
    context = {
        "claim": found,
        "registration": found.registration,
        "job": confirmed_job_of(found.registration),
        "others": [one for one in claims_of(found.registration) if one.pk != found.pk],
        "form": form,
        "refused": refused,
        "is_own": found.account_id == actor.account_id,
        "may_decide": found.is_waiting and actor.may("registrations.decide") and found.account_id != actor.account_id,
    }
    status = 422 if refused or form.errors else 200
    return render(request, "training/claim.html", context, status=status)


@requires("registrations.decide", scope="accounts")
@require_POST
def confirm_claim(request: HttpRequest, claim_id: uuid.UUID) -> HttpResponse:
    """The data are right: the place of work is confirmed, or the group is given."""
    claim_seen(claim_id)
    return _decide(request, claim_id, RefusalForm(), lambda: confirm(claim_id=claim_id, by=actor_of(request)))


@requires("registrations.decide", scope="accounts")
@require_POST
def refuse_claim(request: HttpRequest, claim_id: uuid.UUID) -> HttpResponse:
    """Refuse with a reason."""
    found = claim_seen(claim_id)
    form = RefusalForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form)
    reason = form.cleaned_data["reason"]
    return _decide(request, claim_id, form, lambda: refuse(claim_id=claim_id, reason=reason, by=actor_of(request)))


def _decide(
    request: HttpRequest, claim_id: uuid.UUID, form: RefusalForm, decision: Callable[[], Claim]
) -> HttpResponse:
    try:
        decided = decision()
    except RuleViolation as violation:
        return _page(request, claim_seen(claim_id), form, refused=str(violation))
    note_action(request, f"claim_{decided.state}", subject_kind="registration", subject_id=decided.registration_id)
    messages.success(request, f"{decided}: {str(decided.get_state_display()).lower()}.")
    return redirect("training:queue")


@requires("registrations.read", scope="accounts")
@throttled("export")
@require_safe
def scan(request: HttpRequest, claim_id: uuid.UUID) -> HttpResponse:
    """The order's picture, always as an attachment, never inside a page of ours."""
    found = claim_seen(claim_id)
    content = store.take(PUBLIC, found.scan_sha256) if found.scan_sha256 else None
    if content is None:
        raise Http404
    response = HttpResponse(content, content_type=found.scan_type)
    response.headers["Content-Disposition"] = content_disposition_header(True, found.scan_name) or "attachment"
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["Cache-Control"] = "private, no-store"
    note_action(request, "files.opened", subject_kind="registration", subject_id=found.registration_id)
    return response


@requires("registrations.decide", scope="accounts")
@require_POST
def issue_password(request: HttpRequest, claim_id: uuid.UUID) -> HttpResponse:
    """For who has lost his password: a one-time one, on a slip."""
    found = claim_seen(claim_id)
    try:
        slip = new_password(registration=found.registration, by=actor_of(request))
    except RuleViolation as violation:
        return _page(request, found, RefusalForm(), refused=str(violation))
    return slips_answer(request, [slip])
