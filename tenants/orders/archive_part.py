"""What the room of orders keeps for the sealed archive: orders with their texts, the movement book, class lists."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from django.db.models import Prefetch, Q, QuerySet

from shared.archive.parts import (
    CHUNK,
    KEY,
    Part,
    Row,
    Span,
    printed_lists,
    printed_table,
    printed_texts,
)
from shared.classifiers.catalog import load_catalog
from shared.documents.columns import Column
from tenants.orders.book import Book, Period, described
from tenants.orders.models import Order, OrderRow, Placement
from tenants.orders.wording import text_of

APP: Final = "orders"
NAME: Final = Column("Ф.И.О.", 36)
ORDERS_AT_ONCE: Final = 50


def _orders(span: Span) -> Iterator[Row]:
    """Orders that were signed, the annulled ones too: a draft is no order yet."""
    rows = OrderRow.objects.select_related("student", "group").order_by("position")
    found = Order.objects.exclude(status=Order.Status.DRAFT).filter(issued_on__range=(span.first, span.last))
    whole = found.order_by("issued_on", "number", "id").prefetch_related(Prefetch("rows", queryset=rows))
    for order in whole.iterator(chunk_size=ORDERS_AT_ONCE):
        named = list(order.rows.all())
        facts = [order.get_kind_display(), order.number, order.issued_on, order.get_status_display()]
        signed = ["да" if order.is_on_paper else "нет", order.basis, order.drafted_by, order.signed_by, order.signed_on]
        annulled = [order.annulled_by, order.annulled_on, order.annulled_reason]
        heading = f"{order.get_kind_display()} {order}"
        yield [str(order.pk), heading, *facts, *signed, *annulled, len(named), text_of(order, named)]


def _movement(span: Span) -> Iterator[Row]:
    rows = Book(Period(span.first, span.last)).rows
    for number, one in enumerate(described(rows.iterator(chunk_size=CHUNK)), start=1):
        row, student = one.row, one.row.student
        group = row.group.name if row.group else ""
        facts = [one.kind, row.note, row.effective_on, str(row.order), one.reason]
        yield [number, str(row.student_id), student.full_name, student.shown_birth_date, group, *facts]


def _balance(span: Span) -> list[str]:
    total = Book(Period(span.first, span.last)).total
    return [f"На начало {total.start}, прибыло {total.arrived}, выбыло {total.left}, на конец {total.end}."]


def _placements(span: Span) -> QuerySet[Placement]:
    """Everybody who was in a class in the span; a list names the days."""
    held = Q(placed_to=None) | Q(placed_to__gt=span.listed_from)
    return Placement.objects.filter(held, enrollment__is_annulled=False, placed_from__lte=span.last)


def _class_lists(span: Span) -> Iterator[Row]:
    catalog = load_catalog()
    found = _placements(span).select_related("group", "enrollment__student")
    sort = ("group__academic_year", "group__kind", "group__grade", "group__name", "group_id")
    ordered = found.order_by(*sort, "enrollment__student__sort_name", "placed_from", "id")
    for one in ordered.iterator(chunk_size=CHUNK):
        group, place, student = one.group, one.enrollment, one.enrollment.student
        heading = f"{group.name}, {group.academic_year}/{group.academic_year + 1}"
        person = [str(student.pk), student.full_name, student.shown_birth_date]
        left = one.placed_to if one.placed_to and one.placed_to <= span.last else None
        study = catalog.label("form_of_study", place.form_of_study)
        yield [
            heading,
            str(group.pk),
            *person,
            one.placed_from,
            left,
            one.shift,
            study,
            place.get_program_kind_display(),
        ]


PARTS: Final = (
    Part(
        app=APP,
        code="class_lists",
        title="Списки классов и групп",
        needs=("students.list", "groups.read"),
        columns=(
            *(Column("Класс, группа", 24), Column("Код класса", 36), Column("Код обучающегося", 36), NAME),
            *(Column("Дата рождения", 13, "date"), Column("В классе с", 12, "date"), Column("До", 12, "date")),
            *(Column("Смена", 8, "int"), Column("Форма обучения", 18), Column("Вид программы", 24)),
        ),
        rows=_class_lists,
        paper=printed_lists("Класс, группа", "Ф.И.О.", "Дата рождения", "В классе с", "До"),
    ),
    Part(
        app=APP,
        code="orders",
        title="Книга приказов с текстами",
        needs=("orders.read", "students.list"),
        columns=(
            *(KEY, Column("Приказ", 40), Column("Вид", 30), Column("Номер", 16), Column("Дата", 12, "date")),
            *(Column("Состояние", 14), Column("Издан на бумаге", 10), Column("Основание", 40)),
            *(Column("Подготовил", 30), Column("Подписал", 30), Column("Подписан", 12, "date")),
            *(Column("Аннулировал", 30), Column("Аннулирован", 12, "date"), Column("Причина отмены", 40)),
            *(Column("Учеников", 8, "int"), Column("Текст", 80)),
        ),
        rows=_orders,
        paper=printed_texts("Приказ", "Текст"),
    ),
    Part(
        app=APP,
        code="movement",
        title="Книга движения",
        needs=("movement.read", "students.list"),
        columns=(
            *(Column("№ п/п", 6, "int"), Column("Код обучающегося", 36), NAME, Column("Дата рождения", 13, "date")),
            *(Column("Класс", 14), Column("Тип движения", 15), Column("Откуда прибыл / куда выбыл", 30)),
            *(Column("Дата", 12, "date"), Column("№ и дата приказа", 24), Column("Причина", 34)),
        ),
        rows=_movement,
        paper=printed_table(
            *("№ п/п", "Ф.И.О.", "Дата рождения", "Класс", "Тип движения"),
            *("Откуда прибыл / куда выбыл", "Дата", "№ и дата приказа", "Причина"),
        ),
        remarks=_balance,
    ),
)
