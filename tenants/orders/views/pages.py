"""One order: what it does, who prepared, signed and annulled it."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from shared.access.declarations import requires
from shared.access.requests import actor_of, organization_of
from shared.access.support.showing import shows_people
from shared.classifiers.catalog import load_catalog
from shared.kernel.rules import RuleViolation
from tenants.orders.checking import check_order
from tenants.orders.forms import AnnulForm
from tenants.orders.models import Order, OrderRow
from tenants.orders.services import annul_order, discard_draft, remove_row, sign_order

HEAD_OF = {"preschool": "Заведующий"}


def document_context(request: HttpRequest, order: Order) -> dict[str, Any]:
    """What the printed order and its preview need."""
    organization = organization_of(request)
    catalog = load_catalog()
    rows = list(order.rows.select_related("student", "group").order_by("position"))
    for row in rows:
        label = catalog.label("movement_type", row.movement_type)
        row.movement_label, row.reason = label, label.partition(": ")[2] or label.lower()  # type: ignore[attr-defined]
    return {
        "order": order,
        "rows": rows,
        "organization": organization,
        "head_post": HEAD_OF.get(organization.org_type, "Директор"),
        "is_enrollment": order.kind == Order.Kind.ENROLLMENT,
    }


@requires("orders.read")
@require_GET
def detail(request: HttpRequest, order_id: uuid.UUID) -> HttpResponse:
    """The order with what signing it will do."""
    return _page(request, get_object_or_404(Order, pk=order_id))


@requires("orders.sign")
@require_POST
def sign(request: HttpRequest, order_id: uuid.UUID) -> HttpResponse:
    """Put the draft in force."""
    order = get_object_or_404(Order, pk=order_id)
    try:
        sign_order(order=order, signed_by=actor_of(request).signature)
    except RuleViolation as violation:
        order.refresh_from_db()
        return _page(request, order, refusal=str(violation), status=422)
    messages.success(request, f"Приказ № {order.number} подписан: места изменены, реестр узнает об этом сейчас же.")
    return redirect("orders:detail", order_id=order_id)


@requires("orders.sign")
@require_POST
def annul(request: HttpRequest, order_id: uuid.UUID) -> HttpResponse:
    """Undo a signed order, with a reason."""
    order = get_object_or_404(Order, pk=order_id)
    form = AnnulForm(request.POST)
    if form.is_valid():
        try:
            annul_order(order=order, annulled_by=actor_of(request).signature, reason=form.cleaned_data["reason"])
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            messages.success(request, f"Приказ № {order.number} аннулирован: то, что он сделал, отменено.")
            return redirect("orders:detail", order_id=order_id)
    order.refresh_from_db()
    return _page(request, order, annul_form=form, status=422)


@requires("orders.draft")
@require_POST
def discard(request: HttpRequest, order_id: uuid.UUID) -> HttpResponse:
    """Delete a draft."""
    order = get_object_or_404(Order, pk=order_id)
    try:
        discard_draft(order=order)
    except RuleViolation as violation:
        return _page(request, order, refusal=str(violation), status=422)
    messages.success(request, f"Черновик № {order.number} удалён. Карточки учеников остались.")
    return redirect("orders:list")


@requires("orders.draft")
@require_POST
def remove(request: HttpRequest, order_id: uuid.UUID, row_id: uuid.UUID) -> HttpResponse:
    """Take a learner out of a draft."""
    row = get_object_or_404(OrderRow.objects.select_related("order", "student"), pk=row_id, order_id=order_id)
    try:
        remove_row(row=row)
    except RuleViolation as violation:
        return _page(request, get_object_or_404(Order, pk=order_id), refusal=str(violation), status=422)
    messages.success(request, f"Убран из приказа: {row.student}. Карточка осталась.")
    return redirect("orders:check" if request.POST.get("from") == "check" else "orders:learners", order_id=order_id)


def _page(
    request: HttpRequest, order: Order, *, refusal: str = "", annul_form: AnnulForm | None = None, status: int = 200
) -> HttpResponse:
    actor = actor_of(request)
    is_draft = order.status == Order.Status.DRAFT
    context = document_context(request, order) | {
        "check": check_order(order) if is_draft else None,
        "refusal": refusal,
        "annul_form": annul_form or AnnulForm(),
        "is_draft": is_draft,
        "may_sign": is_draft and actor.may("orders.sign"),
        "is_own_draft": order.drafted_by == actor.signature,
        "may_annul": order.status == Order.Status.SIGNED and actor.may("orders.sign"),
        "may_draft": is_draft and actor.may("orders.draft"),
        "may_read": actor.may("students.read"),
    }
    shows_people(request, len(context["rows"]))
    return render(request, "orders/detail.html", context, status=status)
