"""Pages of the yearly order: mine, the whole, the draft, the sheet of acquaintance."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shared.access.declarations import requires
from shared.access.requests import actor_of, note_action, organization_of
from shared.appointments.queries import StaffMember, staff_of
from shared.documents.columns import Column, Value
from shared.documents.downloads import table_answer
from shared.kernel.days import academic_year_of
from shared.kernel.rules import RuleViolation
from tenants.duties.forms import HeadForm, YearForm, duties_in, duty_forms
from tenants.duties.models import DutyOrder
from tenants.duties.notices import notice_for
from tenants.duties.services import Author, acknowledge, discard_duties, draft_duties, edit_duties, sign_duties
from tenants.duties.sheet import SHEET_COLUMNS, Reader, readers_of

COLUMNS = (
    Column("№ п/п", 5, "int"),
    Column("Данные", 30),
    Column("Что именно", 26),
    Column("Кто вносит", 26),
    Column("Срок", 24),
    Column("Не позднее", 12, "date"),
    Column("Периодичность", 18),
)


def staff_here(request: HttpRequest, **kwargs: object) -> list[StaffMember]:
    """The staff of today, read before the view: an organization's own tables do not know accounts."""
    return staff_of(organization_of(request).id, timezone.localdate())


@requires("duties.read")
@require_GET
def duty_list(request: HttpRequest) -> HttpResponse:
    """What is mine in the order in force, and every order."""
    may_edit = _may_see_drafts(request)
    orders = DutyOrder.objects.with_counts()
    context = {
        "notice": notice_for(actor_of(request)),
        "orders": orders if may_edit else orders.exclude(status=DutyOrder.Status.DRAFT),
        "may_edit": actor_of(request).may("duties.edit"),
        "form": YearForm(initial={"academic_year": academic_year_of(timezone.localdate())}),
    }
    return render(request, "duties/list.html", context)


@requires("duties.edit")
@require_POST
def new(request: HttpRequest) -> HttpResponse:
    """A draft for a year, with the rows of the last order or the usual ones."""
    form = YearForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Выберите учебный год, для которого готовите приказ.")
        return redirect("duties:list")
    order = draft_duties(
        academic_year=form.cleaned_data["academic_year"],
        org_type=organization_of(request).org_type,
        author=_author(request),
    )
    return redirect("duties:edit", order_id=order.pk)


@requires("duties.read")
@require_GET
def detail(request: HttpRequest, order_id: uuid.UUID) -> HttpResponse:
    """One order with its rows, its path and what may be done with it."""
    return _page(request, _order(request, order_id))


@requires("duties.edit", groundwork=staff_here)
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, order_id: uuid.UUID) -> HttpResponse:
    """Head and rows of a draft on one page."""
    order = get_object_or_404(DutyOrder, pk=order_id, status=DutyOrder.Status.DRAFT)
    head = HeadForm(request.POST or None, initial={"number": order.number, "issued_on": order.issued_on})
    rows = duty_forms(order, _staff(request), request.POST or None)
    if request.method == "POST" and head.is_valid() and rows.is_valid():
        try:
            edit_duties(order=order, **head.cleaned_data, duties=duties_in(rows), author=_author(request))
        except RuleViolation as violation:
            head.refuse(violation)
        else:
            messages.success(request, "Проект сохранён. В действие его вводит руководитель.")
            return redirect("duties:edit" if "more" in request.POST else "duties:detail", order_id=order.pk)
    status = 422 if request.method == "POST" else 200
    return render(request, "duties/edit.html", {"order": order, "head": head, "rows": rows}, status=status)


@requires("duties.sign")
@require_POST
def sign(request: HttpRequest, order_id: uuid.UUID) -> HttpResponse:
    """Put a draft in force."""
    order = get_object_or_404(DutyOrder, pk=order_id)
    try:
        sign_duties(order=order, signer=_author(request))
    except RuleViolation as violation:
        return _page(request, order, refusal=str(violation), status=422)
    messages.success(request, f"Приказ № {order.number} действует. Работники увидят его на главной странице.")
    return redirect("duties:detail", order_id=order_id)


@requires("duties.edit")
@require_POST
def discard(request: HttpRequest, order_id: uuid.UUID) -> HttpResponse:
    """Delete a draft."""
    order = get_object_or_404(DutyOrder, pk=order_id)
    try:
        discard_duties(order=order)
    except RuleViolation as violation:
        return _page(request, order, refusal=str(violation), status=422)
    messages.success(request, "Проект удалён.")
    return redirect("duties:list")


@requires("duties.read")
@require_POST
def read(request: HttpRequest, order_id: uuid.UUID) -> HttpResponse:
    """«Ознакомлен(а)»: the person's own record, with the moment."""
    order = _order(request, order_id)
    try:
        acknowledge(order=order, reader=_author(request))
    except RuleViolation as violation:
        return _page(request, order, refusal=str(violation), status=422)
    note_action(request, "acknowledged", subject_kind="duty_order", subject_id=order.pk)
    messages.success(request, "Отмечено: вы ознакомлены с приказом.")
    return redirect("duties:list")


@requires("duties.edit", groundwork=staff_here)
@require_GET
def sheet(request: HttpRequest, order_id: uuid.UUID) -> HttpResponse:
    """Who has read the order and who has not."""
    order = _signed_order(order_id)
    readers = readers_of(order, _staff(request))
    context = {"order": order, "readers": readers, "unread": sum(one.at is None for one in readers)}
    return render(request, "duties/sheet.html", context)


@requires("duties.edit", groundwork=staff_here)
@require_GET
def sheet_file(request: HttpRequest, order_id: uuid.UUID, extension: str) -> HttpResponse:
    """The sheet of acquaintance (R44) as a file, with a place for signatures on paper."""
    order = _signed_order(order_id)
    return table_answer(
        request,
        extension,
        title="Лист ознакомления с приказом",
        columns=SHEET_COLUMNS,
        rows=_sheet_rows(readers_of(order, _staff(request))),
        filters=f"Приказ {order} об обязанностях и сроках внесения данных, {order.year_name}",
    )


@requires("duties.read")
@require_GET
def order_file(request: HttpRequest, order_id: uuid.UUID, extension: str) -> HttpResponse:
    """The distribution of duties as a file."""
    order = _order(request, order_id)
    rows: Iterator[list[Value]] = (
        [
            row.position,
            row.get_data_set_display(),
            row.details,
            row.holder,
            row.deadline,
            row.due_on,
            row.get_periodicity_display(),
        ]
        for row in order.rows.order_by("position")
    )
    head = f"Приказ {order}" if order.number else "Проект приказа"
    return table_answer(
        request,
        extension,
        title="Распределение обязанностей и сроков внесения данных",
        columns=COLUMNS,
        rows=rows,
        filters=f"{head}, {order.year_name}",
    )


def _order(request: HttpRequest, order_id: uuid.UUID) -> DutyOrder:
    """An order the person may know of: a draft concerns those who prepare and sign it."""
    order = get_object_or_404(DutyOrder, pk=order_id)
    if order.status == DutyOrder.Status.DRAFT and not _may_see_drafts(request):
        raise Http404
    return order


def _signed_order(order_id: uuid.UUID) -> DutyOrder:
    return get_object_or_404(DutyOrder.objects.exclude(status=DutyOrder.Status.DRAFT), pk=order_id)


def _may_see_drafts(request: HttpRequest) -> bool:
    actor = actor_of(request)
    return actor.may("duties.edit") or actor.may("duties.sign")


def _page(request: HttpRequest, order: DutyOrder, *, refusal: str = "", status: int = 200) -> HttpResponse:
    actor = actor_of(request)
    is_draft = order.status == DutyOrder.Status.DRAFT
    context = {
        "order": order,
        "rows": order.rows.order_by("position"),
        "acknowledgement": order.acknowledgements.filter(account_id=actor.account_id).first(),
        "reader_count": order.acknowledgements.count(),
        "is_draft": is_draft,
        "is_own_draft": order.drafter_id == actor.account_id,
        "may_edit": actor.may("duties.edit"),
        "may_sign": is_draft and actor.may("duties.sign"),
        "refusal": refusal,
    }
    return render(request, "duties/detail.html", context, status=status)


def _author(request: HttpRequest) -> Author:
    actor = actor_of(request)
    return Author(actor.account_id, actor.signature)


def _staff(request: HttpRequest) -> list[StaffMember]:
    return cast("list[StaffMember]", request.groundwork)  # type: ignore[attr-defined]


def _sheet_rows(readers: list[Reader]) -> Iterator[list[Value]]:
    for number, one in enumerate(readers, start=1):
        yield [number, one.name, one.roles, one.moment, ""]
