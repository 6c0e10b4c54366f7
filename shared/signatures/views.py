"""Requests for a second signature on every host where people decide: waiting, decided, one of them."""

from __future__ import annotations

import uuid

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from shared.access.approvals.exports import address_to_take, ask_for_export
from shared.access.approvals.forms import AskForm, DecisionForm
from shared.access.approvals.kinds import kind_of, known_kinds
from shared.access.approvals.models import Approval
from shared.access.approvals.services import Signer, decide, place_of
from shared.access.declarations import requires
from shared.access.requests import actor_of
from shared.documents.columns import Column
from shared.documents.downloads import workbook_answer
from shared.kernel.rules import RuleViolation

PAGE = 50
TABS = [("", "Ждут решения"), ("decided", "Решённые"), ("mine", "Мои запросы")]
COLUMNS = (
    Column("№", 8),
    Column("Вид", 30),
    Column("Что запрошено", 60),
    Column("Кто запросил", 34),
    Column("Когда", 18, "date"),
    Column("Зачем", 50),
    Column("Состояние", 18),
    Column("Кто решил", 34),
    Column("Когда решено", 18, "date"),
    Column("Пояснение", 50),
)


@requires("approvals.read", scope="accounts")
@require_safe
def approval_list(request: HttpRequest) -> HttpResponse:
    """What waits for a second person here, and what was decided."""
    tab, shown = _shown(request)
    labels = _labels()
    page = Paginator(shown, PAGE).get_page(request.GET.get("page"))
    context = {
        "title": "Вторая подпись",
        "tab": tab,
        "tabs": TABS,
        "page_obj": page,
        "lines": [(one, labels.get(one.kind, one.kind)) for one in page],
    }
    return render(request, "approvals/list.html", context)


@requires("approvals.read", scope="accounts")
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """The same list as a file; it names the staff who asked and decided, and no one else."""
    tab, shown = _shown(request)
    labels = _labels()
    rows = (
        [
            str(one.number),
            labels.get(one.kind, one.kind),
            one.subject,
            one.asked_by_name,
            timezone.localtime(one.asked_at),
            one.reason,
            one.state,
            one.decided_by_name,
            timezone.localtime(one.decided_at) if one.decided_at else None,
            one.decision_reason,
        ]
        for one in shown
    )
    return workbook_answer(
        request, title="Запросы второй подписи", columns=COLUMNS, rows=rows, filters=dict(TABS)[tab], is_personal=False
    )


def _shown(request: HttpRequest) -> tuple[str, QuerySet[Approval]]:
    actor = actor_of(request)
    here = Approval.objects.of(place_of(actor))
    tab = request.GET.get("tab", "")
    if tab == "decided":
        return tab, here.exclude(pk__in=here.waiting().values("pk"))
    if tab == "mine":
        return tab, here.filter(asked_by=str(actor.account_id))
    return "", here.waiting()


def _labels() -> dict[str, str]:
    return {kind.code: kind.label for kind in known_kinds()}


@requires("home.view", scope="accounts")
@require_safe
def detail(request: HttpRequest, approval_id: uuid.UUID) -> HttpResponse:
    """One request: for its asker, and for those who read all of them."""
    return _page(request, _seen(request, approval_id), DecisionForm())


@requires("home.view", scope="accounts")
@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for a list of many people; the page of the list has said why it needs a second person."""
    form = AskForm(request.POST)
    if form.is_valid():
        try:
            approval = ask_for_export(actor_of(request), **form.cleaned_data)
        except RuleViolation as violation:
            form.add_error(None, str(violation))
        else:
            messages.success(
                request, f"Нужна вторая подпись: запрос № {approval.number} отправлен. Его решит другой человек."
            )
            return redirect("approvals:detail", approval.pk)
    context = {"title": "Нужна вторая подпись", "form": form}
    return render(request, "approvals/needed.html", context, status=422)


@requires("approvals.decide", scope="accounts")
@require_POST
def decide_one(request: HttpRequest, approval_id: uuid.UUID) -> HttpResponse:
    """Allow or refuse; nobody decides what he has asked for himself."""
    approval = _seen(request, approval_id)
    form = DecisionForm(request.POST)
    actor = actor_of(request)
    if not actor.may(kind_of(approval).decide):
        raise Http404
    if not form.is_valid():
        return _page(request, approval, form, status=422)
    try:
        decided = decide(
            approval_id=approval.pk,
            place=place_of(actor),
            by=Signer.of(actor),
            is_approved=form.cleaned_data["decision"] == Approval.Decision.APPROVED,
            reason=form.cleaned_data["reason"],
        )
    except RuleViolation as violation:
        form.add_error(None, str(violation))
        return _page(request, _seen(request, approval_id), form, status=422)
    messages.success(request, f"Запрос № {decided.number}: {decided.get_decision_display().lower()}.")
    return redirect("approvals:detail", decided.pk)


def _seen(request: HttpRequest, approval_id: uuid.UUID) -> Approval:
    """Of this place, and one's own unless one reads them all; another's does not exist."""
    actor = actor_of(request)
    found = Approval.objects.of(place_of(actor)).filter(pk=approval_id)
    approval = (found if actor.may("approvals.read") else found.filter(asked_by=str(actor.account_id))).first()
    if approval is None:
        raise Http404
    return approval


def _page(request: HttpRequest, approval: Approval, form: forms.Form, status: int = 200) -> HttpResponse:
    actor, kind = actor_of(request), kind_of(approval)
    is_mine = approval.asked_by == str(actor.account_id)
    context = {
        "title": f"Запрос № {approval.number}",
        "approval": approval,
        "kind": kind,
        "form": form,
        "is_mine": is_mine,
        "may_decide": approval.is_waiting and not is_mine and actor.may(kind.decide),
        "may_read_all": actor.may("approvals.read"),
        "take": address_to_take(approval, actor),
        "page": kind.page(approval) if kind.page else "",
    }
    return render(request, "approvals/detail.html", context, status=status)
