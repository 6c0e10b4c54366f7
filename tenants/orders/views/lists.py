"""The list of orders and the signing of several drafts at once."""

from __future__ import annotations

import uuid

import django_filters
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_GET, require_POST

from shared.access.declarations import requires
from shared.access.requests import actor_of
from shared.access.support.showing import shows_people
from shared.kernel.rules import RuleViolation
from shared.kernel.text import NBSP, plural
from tenants.orders.models import Order
from tenants.orders.picking import as_uuid
from tenants.orders.queries import OrderQuerySet
from tenants.orders.services import sign_order

PAGE_SIZE = 50
STATES = [("sent", "На подписи"), ("draft", "Готовятся"), ("signed", "Подписаны"), ("annulled", "Аннулированы")]


class OrderFilter(django_filters.FilterSet):
    """A number is no personal data, so here the search stands in the address."""

    q = django_filters.CharFilter(label="Номер", field_name="number", lookup_expr="icontains")
    kind = django_filters.ChoiceFilter(label="Вид", choices=Order.Kind.choices)
    state = django_filters.ChoiceFilter(label="Состояние", choices=STATES, method="in_state")
    issued_from = django_filters.DateFilter(label="с", field_name="issued_on", lookup_expr="gte")
    issued_to = django_filters.DateFilter(label="по", field_name="issued_on", lookup_expr="lte")

    def in_state(self, orders: OrderQuerySet, name: str, value: str) -> QuerySet[Order]:
        if value == "sent":
            return orders.awaiting_signature()
        return orders.filter(status=value, sent_at=None) if value == "draft" else orders.filter(status=value)


@requires("orders.read")
@require_GET
def order_list(request: HttpRequest) -> HttpResponse:
    """Orders, the newest first."""
    found = OrderFilter(request.GET, queryset=Order.objects.with_row_count().order_by("-issued_on", "-id"))
    found.form.is_valid()
    shows_people(request, 0)
    facts = found.form.cleaned_data
    context = {
        "page_obj": Paginator(found.qs, PAGE_SIZE).get_page(request.GET.get("page")),
        "facts": facts,
        "is_narrowed": any(facts.values()),
        "kinds": Order.Kind.choices,
        "states": STATES,
        "waiting": Order.objects.awaiting_signature().count(),
        "may_sign": actor_of(request).may("orders.sign"),
        "may_draft": actor_of(request).may("orders.draft"),
    }
    is_fragment = request.htmx  # type: ignore[attr-defined]
    response = render(request, "orders/_results.html" if is_fragment else "orders/list.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response


@requires("orders.sign")
@require_POST
def sign_many(request: HttpRequest) -> HttpResponse:
    """Sign the marked drafts one by one; a refused one stays a draft and says why."""
    keys = [key for key in map(as_uuid, request.POST.getlist("order")) if key is not None]
    signed, refused = _sign(keys, signed_by=actor_of(request).signature)
    if signed:
        messages.success(request, f"Подписано: {signed}{NBSP}{plural(signed, 'приказ,приказа,приказов')}.")
    for text in refused:
        messages.error(request, text)
    if not signed and not refused:
        messages.warning(request, "Приказы не отмечены. Отметьте черновики и подпишите снова.")
    return redirect("orders:list")


def _sign(keys: list[uuid.UUID], *, signed_by: str) -> tuple[int, list[str]]:
    signed, refused = 0, []
    for order in Order.objects.awaiting_signature().filter(pk__in=keys).order_by("issued_on", "id"):
        try:
            sign_order(order=order, signed_by=signed_by)
        except RuleViolation as violation:
            refused.append(f"Приказ № {order.number} не подписан. {violation}")
        else:
            signed += 1
    return signed, refused
