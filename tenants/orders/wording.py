"""The text of an order as it is read on paper and kept in the archive."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from shared.classifiers.catalog import load_catalog
from tenants.orders.models import Order, OrderRow

INSTEAD: Final = "2. Внести сведения в книгу движения и алфавитную книгу."


def text_of(order: Order, rows: Sequence[OrderRow]) -> str:
    """Paragraphs, one a line; ``rows`` with their learners and groups. Source: ORGANIZATION 9."""
    is_enrollment = order.kind == Order.Kind.ENROLLMENT
    verb = "Зачислить" if is_enrollment else "Отчислить"
    ground = f"Основание: {order.basis.rstrip('.')}. " if order.basis else ""
    lines = [
        "О зачислении" if is_enrollment else "Об отчислении (выбытии)",
        f"{ground}Приказываю:",
        f"1. {verb}:",
        *(_row(number, row, is_enrollment=is_enrollment) for number, row in enumerate(rows, start=1)),
        INSTEAD,
        f"Подписал: {order.signed_by}",
    ]
    if order.status == Order.Status.ANNULLED and order.annulled_on:
        lines.append(f"Аннулирован {order.annulled_on:%d.%m.%Y}: {order.annulled_reason}")
    return "\n".join(lines)


def _row(number: int, row: OrderRow, *, is_enrollment: bool) -> str:
    born = row.student.shown_birth_date
    who = f"{number}) {row.student.full_name}" + (f", {born:%d.%m.%Y} г. р." if born else "")
    group = row.group.name if row.group else ""
    if is_enrollment:
        came = f", прибыл: {row.note}" if row.note else ""
        return f"{who}, в {group or 'организацию'} с {row.effective_on:%d.%m.%Y}{came};"
    label = load_catalog().label("movement_type", row.movement_type)
    reason = label.partition(": ")[2] or label.lower()
    held = f", {group}" if group else ""
    gone = f", {row.note}" if row.note else ""
    return f"{who}{held}, не числится с {row.effective_on:%d.%m.%Y}, причина: {reason}{gone};"
