"""Remarks of an authority: written to one or many organizations, their answers decided on. Source: R-160, R-293."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shared.access.declarations import requires
from shared.access.requests import actor_of, workplace_of
from shared.access.visibility import visible_to
from shared.documents.downloads import table_answer
from shared.kernel.rules import RuleViolation
from shared.kernel.text import plural
from shared.organizations.models import Organization
from shared.quality.files import REMARK_COLUMNS, remark_rows
from shared.quality.forms import RemarkForm, ReturnForm
from shared.quality.models import Remark
from shared.quality.queries import RemarkQuerySet
from shared.quality.services import Sender, accept_answer, return_answer, send_remarks

PAGE_SIZE: Final = 50
STATES: Final = {
    "": "Все",
    "answered": "Есть ответ",
    "waiting": "Ждут ответа",
    "overdue": "Срок прошёл",
    "accepted": "Принято",
}


@requires("quality.watch")
@require_safe
def remarks(request: HttpRequest) -> HttpResponse:
    """All remarks on organizations of this authority, the newest first."""
    page = Paginator(_found(request), PAGE_SIZE).get_page(request.GET.get("page"))
    known = _organizations({one.organization_id for one in page})
    context = {
        "page_obj": page,
        "lines": [(one, known[one.organization_id]) for one in page],
        "states": STATES,
        "state": _state(request),
        "today": timezone.localdate(),
    }
    return render(request, "quality_watch/remarks.html", context)


@requires("quality.watch")
@require_safe
def export(request: HttpRequest, extension: str) -> HttpResponse:
    """The same list as a file."""
    found = list(_found(request))
    state = STATES[_state(request)]
    return table_answer(
        request,
        extension,
        title="Замечания к данным организаций",
        columns=REMARK_COLUMNS,
        rows=remark_rows(found, _organizations({one.organization_id for one in found})),
        filters=f"Отбор: {state}" if _state(request) else "",
        is_personal=False,
    )


@requires("quality.remark")
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """One remark or reminder to the organizations that were chosen in the table."""
    values = request.POST if request.method == "POST" else request.GET
    chosen = list(_chosen(request, values.getlist("organization")))
    form = RemarkForm(request.POST) if request.method == "POST" else RemarkForm()
    refusal = ""
    if request.method == "POST" and form.is_valid():
        facts = {name: form.cleaned_data[name] for name in ("kind", "text", "due_on")}
        try:
            sent = send_remarks(organizations=chosen, by=_sender(request), **facts)
        except RuleViolation as violation:
            refusal = str(violation)
        else:
            count = len(sent)
            words = plural(count, "организации,организациям,организациям")
            messages.success(request, f"Замечание отправлено {count} {words}. Его уже видно на их главной странице.")
            return redirect("quality_watch:remarks")
    context = {"form": form, "chosen": chosen, "refusal": refusal}
    return render(request, "quality_watch/new.html", context, status=422 if request.method == "POST" else 200)


@requires("quality.remark")
@require_POST
def accept(request: HttpRequest, remark_id: uuid.UUID) -> HttpResponse:
    """The answer is accepted: the data are in order."""
    remark = _own(request, remark_id)
    try:
        accept_answer(remark_id=remark.pk, by=_sender(request))
        messages.success(request, "Ответ принят. Организация видит решение.")
    except RuleViolation as violation:
        messages.error(request, str(violation))
    return _back(remark)


@requires("quality.remark")
@require_http_methods(["GET", "POST"])
def give_back(request: HttpRequest, remark_id: uuid.UUID) -> HttpResponse:
    """The answer does not do: what is left, and by when."""
    remark = _own(request, remark_id)
    form = ReturnForm(request.POST) if request.method == "POST" else ReturnForm()
    refusal = ""
    if request.method == "POST" and form.is_valid():
        try:
            return_answer(remark_id=remark.pk, by=_sender(request), **form.cleaned_data)
        except RuleViolation as violation:
            refusal = str(violation)
        else:
            messages.success(request, "Замечание возвращено. Организация видит, что ещё исправить.")
            return _back(remark)
    organization = _organizations({remark.organization_id})[remark.organization_id]
    context = {"form": form, "remark": remark, "organization": organization, "refusal": refusal}
    return render(request, "quality_watch/return.html", context, status=422 if request.method == "POST" else 200)


def _state(request: HttpRequest) -> str:
    asked = request.GET.get("state", "")
    return asked if asked in STATES else ""


def _found(request: HttpRequest) -> RemarkQuerySet:
    """Row security leaves those on this authority's organizations."""
    every, state = Remark.objects.all(), _state(request)
    if state in ("waiting", "overdue"):
        every = every.waiting()
    if state == "overdue":
        return every.filter(due_on__lt=timezone.localdate())
    return every.filter(state=state) if state in ("answered", "accepted") else every


def _organizations(keys: set[uuid.UUID]) -> Mapping[object, Organization]:
    return Organization.objects.in_bulk(keys)


def _chosen(request: HttpRequest, keys: list[str]) -> list[Organization]:
    """Only organizations of this authority; anything else in the address does not exist."""
    working = Organization.objects.exclude(status=Organization.Status.ARCHIVED)
    known = [key for key in keys if _is_key(key)]
    return list(visible_to(actor_of(request), working.filter(pk__in=known))) if known else []


def _is_key(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True


def _own(request: HttpRequest, remark_id: uuid.UUID) -> Remark:
    """A remark that this authority has sent; another's does not exist here."""
    found = Remark.objects.filter(pk=remark_id, authority_id=_sender(request).authority_id).first()
    if found is None:
        raise Http404
    return found


def _sender(request: HttpRequest) -> Sender:
    actor = actor_of(request)
    if actor.authority_id is None:
        raise Http404
    return Sender(actor.authority_id, workplace_of(request), actor.signature)


def _back(remark: Remark) -> HttpResponse:
    slug = _organizations({remark.organization_id})[remark.organization_id].slug
    return redirect("quality_watch:organization", slug=slug)
