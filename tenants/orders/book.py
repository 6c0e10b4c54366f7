"""The movement book (Книга движения): rows of signed orders, and numbers that always agree. Source: ORGANIZATION 9.

На начало + прибыло − выбыло = на конец, over the organization and, with moves inside, in every class.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Count, F, Q, QuerySet

from shared.classifiers.catalog import load_catalog
from shared.documents.columns import Column, Value
from tenants.orders.models import Enrollment, Order, OrderRow, Placement
from tenants.people.models import Student

COLUMNS = (
    Column("№ п/п", 6, "int"),
    Column("Ф.И.О.", 36),
    Column("Дата рождения", 13, "date"),
    Column("Класс", 14),
    Column("Тип движения", 15),
    Column("Откуда прибыл / куда выбыл", 30),
    Column("Дата", 12, "date"),
    Column("№ и дата приказа", 24),
    Column("Причина", 34),
    Column("№ личного дела", 14),
    Column("Подпись", 14),
)


@dataclass(frozen=True, slots=True)
class Period:
    """Both days belong to the period."""

    first: datetime.date
    last: datetime.date

    def __str__(self) -> str:
        return f"{self.first:%d.%m.%Y} – {self.last:%d.%m.%Y}"


@dataclass(frozen=True, slots=True)
class Balance:
    """Places at the end of the day before the period, what came, what went, and places on its last day."""

    start: int
    arrived: int
    left: int
    end: int

    @property
    def inside(self) -> int:
        """Moves between classes; of an organization as a whole always nothing."""
        return self.end - self.start - self.arrived + self.left

    @property
    def is_empty(self) -> bool:
        return not (self.start or self.arrived or self.left or self.end)


@dataclass(frozen=True, slots=True)
class BalanceLine:
    """A class, a whole grade (``is_sum``) or those without a class."""

    name: str
    balance: Balance
    group_id: object | None = None
    is_sum: bool = False


@dataclass(frozen=True, slots=True)
class BookRow:
    """A row of the book in the words of the paper one."""

    row: OrderRow
    is_arrival: bool
    kind: str
    reason: str


class Book:
    """Движение of a period; ``flow`` is ``in``, ``out`` or empty."""

    def __init__(self, period: Period, *, flow: str = "", search: str = "") -> None:
        self.period = period
        self.flow = flow
        self.search = search

    @property
    def rows(self) -> QuerySet[OrderRow]:
        """Rows of orders in force, in the order of days; a draft and an annulled order are not in the book."""
        found = OrderRow.objects.filter(
            order__status=Order.Status.SIGNED,
            is_annulled=False,
            effective_on__range=(self.period.first, self.period.last),
        )
        if self.flow:
            found = found.filter(order__kind=Order.Kind.ENROLLMENT if self.flow == "in" else Order.Kind.DEPARTURE)
        if any(map(str.isdigit, self.search)):
            found = found.filter(order__number__icontains=self.search)
        elif self.search:
            found = found.filter(student__in=Student.objects.known().named_like(self.search))
        return found.select_related("order", "student", "group").order_by(
            "effective_on", "order__issued_on", "order_id", "position"
        )

    @cached_property
    def total(self) -> Balance:
        """All places in one query; ``end`` is counted by itself, not derived."""
        counted = Enrollment.objects.filter(is_annulled=False).aggregate(
            start=Count("pk", filter=_held("enrolled_on", "left_on", self.period.first, is_end=False)),
            arrived=Count("pk", filter=Q(enrolled_on__range=self._days)),
            left=Count("pk", filter=Q(left_on__range=self._days)),
            end=Count("pk", filter=_held("enrolled_on", "left_on", self.period.last, is_end=True)),
        )
        return Balance(**counted)

    @cached_property
    def lines(self) -> list[BalanceLine]:
        """By class and by grade; the last line holds places that had no class."""
        groups = self._groups()
        lines: list[BalanceLine] = []
        for grade in sorted({grade for grade, _ in groups}, key=lambda one: (one is None, one or 0)):
            inside = [line for known, line in groups if known == grade]
            lines += inside
            if grade is not None and len(inside) > 1:
                lines.append(BalanceLine(f"{grade} классы", _sum(line.balance for line in inside), is_sum=True))
        rest = _minus(self.total, _sum(line.balance for _, line in groups))
        return lines if rest.is_empty else [*lines, BalanceLine("Без класса", rest)]

    @property
    def _days(self) -> tuple[datetime.date, datetime.date]:
        return self.period.first, self.period.last

    def _groups(self) -> list[tuple[int | None, BalanceLine]]:
        first, last = self._days
        here = Placement.objects.filter(enrollment__is_annulled=False)
        start = _held("placed_from", "placed_to", first, is_end=False) & _not_left(first, is_end=False)
        end = _held("placed_from", "placed_to", last, is_end=True) & _not_left(last, is_end=True)
        arrived = Q(enrollment__enrolled_on__range=self._days, placed_from=F("enrollment__enrolled_on"))
        left = Q(enrollment__left_on__range=self._days, placed_to=F("enrollment__left_on"))
        counted = (
            here.values("group_id", "group__name", "group__grade", "group__academic_year")
            .annotate(
                start=Count("pk", filter=start),
                arrived=Count("pk", filter=arrived),
                left=Count("pk", filter=left),
                end=Count("pk", filter=end),
            )
            .order_by("group__academic_year", "group__grade", "group__name", "group_id")
        )
        found = []
        for one in counted:
            balance = Balance(one["start"], one["arrived"], one["left"], one["end"])
            if not balance.is_empty:
                line = BalanceLine(one["group__name"], balance, group_id=one["group_id"])
                found.append((one["group__grade"], line))
        return found


def described(rows: Iterable[OrderRow]) -> list[BookRow]:
    """Rows with the words of the classifier: «Зачисление: в 1 класс» is the kind and the reason."""
    catalog = load_catalog()
    found = []
    for row in rows:
        is_arrival = row.order.kind == Order.Kind.ENROLLMENT
        label = catalog.label("movement_type", row.movement_type)
        head, colon, tail = label.partition(": ")
        kind = "Зачисление" if is_arrival else "Выбытие"
        found.append(BookRow(row, is_arrival, kind, tail if colon else head))
    return found


def file_rows(book: Book) -> list[list[Value]]:
    """The paper columns and, under them, the totals."""
    table: list[list[Value]] = []
    for number, one in enumerate(described(book.rows), start=1):
        row, student = one.row, one.row.student
        line: list[Value] = [number, student.full_name, student.shown_birth_date, row.group.name if row.group else ""]
        line += [one.kind, row.note, row.effective_on, str(row.order), one.reason, "", ""]
        table.append(line)
    total = book.total
    words = [
        (f"На начало ({book.period.first:%d.%m.%Y})", total.start),
        ("Прибыло", total.arrived),
        ("Выбыло", total.left),
        (f"На конец ({book.period.last:%d.%m.%Y})", total.end),
    ]
    return table + [[None, text, None, "", str(number), "", None, "", "", "", ""] for text, number in words]


def _held(begins: str, ends: str, day: datetime.date, *, is_end: bool) -> Q:
    """Counted at the end of ``day`` or, for a period's start, at the end of the day before it."""
    if is_end:
        return Q(**{f"{begins}__lte": day}) & (Q(**{ends: None}) | Q(**{f"{ends}__gt": day}))
    return Q(**{f"{begins}__lt": day}) & (Q(**{ends: None}) | Q(**{f"{ends}__gte": day}))


def _not_left(day: datetime.date, *, is_end: bool) -> Q:
    left = "enrollment__left_on__gt" if is_end else "enrollment__left_on__gte"
    return Q(enrollment__left_on=None) | Q(**{left: day})


def _sum(balances: Iterable[Balance]) -> Balance:
    known = list(balances)
    return Balance(*(sum(getattr(one, name) for one in known) for name in ("start", "arrived", "left", "end")))


def _minus(one: Balance, other: Balance) -> Balance:
    return Balance(one.start - other.start, one.arrived - other.arrived, one.left - other.left, one.end - other.end)
