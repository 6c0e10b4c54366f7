"""The classifiers of a place as a list, and one of them with its names in time."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Q
from django.utils import timezone

from shared.classifiers.books import Book, books, origin_text
from shared.classifiers.catalog import Catalog, Classifier, text_key
from shared.classifiers.models import ClassifierValue
from shared.documents.columns import Column, Value
from shared.reference.places import Place

BOOK_COLUMNS: Final = (
    Column("Справочник", 44),
    Column("Код", 28),
    Column("Раздел", 16),
    Column("Значений", 10, "int"),
    Column("Из них региона", 14, "int"),
    Column("Из них организации", 16, "int"),
    Column("Кто добавляет значения", 30),
    Column("Происхождение", 40),
)
VALUE_COLUMNS: Final = (
    Column("Название", 50),
    Column("Код", 24),
    Column("Действует с", 14, "date"),
    Column("По день", 14, "date"),
    Column("Состояние", 16),
    Column("Чьё значение", 20),
    Column("Другие названия", 40),
    Column("Основание", 40),
    Column("Происхождение", 34),
)
ENDED, ALL = "ended", "all"
STATES: Final = {"": "Действуют", ENDED: "Не действуют", ALL: "Все"}


@dataclass(frozen=True, slots=True)
class BookLine:
    """A classifier with the numbers of its values in use today."""

    book: Book
    values: int
    regional: int
    local: int

    @property
    def who_adds(self) -> str:
        return who_adds(self.book)


@dataclass(frozen=True, slots=True)
class ValueLine:
    """A name of a value; ``is_kept``: the person may change it, being its keeper, and it is the value's latest."""

    value: ClassifierValue
    state: str
    is_kept: bool
    origin: str

    @property
    def word(self) -> str:
        return {"now": "Действует", "later": "Начнёт действовать", "ended": "Не действует"}[self.state]

    @property
    def tone(self) -> str:
        return {"now": "ok", "later": "info", "ended": "idle"}[self.state]


def who_adds(book: Book) -> str:
    """Who may add values, in words."""
    if book.is_open and book.allows_local:
        return "регион и организация"
    return "регион" if book.is_open else "никто: по кодам считает программа"


def book_lines(catalog: Catalog, search: str = "", group: str = "") -> list[BookLine]:
    """The classifiers whose title, code or value has the text."""
    today, wanted = timezone.localdate(), text_key(search)
    return [
        _line(book, catalog[book.name], today)
        for book in books().values()
        if (not group or book.group == group) and (not wanted or _has(book, catalog[book.name], wanted))
    ]


def value_lines(book: Book, place: Place) -> list[ValueLine]:
    """All names of one classifier's values from the table, by one query."""
    rows = list(
        ClassifierValue.objects.filter(
            Q(organization=None) | Q(organization=place.organization_id), classifier=book.name
        )
    )
    latest, today = _latest(rows), timezone.localdate()
    return [_value_line(row, place, book, today, latest) for row in rows]


def narrowed(lines: Sequence[ValueLine], state: str, search: str) -> list[ValueLine]:
    """Those in the state (not ended, ended, all) that have the text."""
    wanted = text_key(search)
    return [
        line
        for line in lines
        if (state == ALL or (line.state == "ended") == (state == ENDED))
        and (not wanted or any(wanted in text_key(text) for text in _texts(line.value)))
    ]


def book_rows(lines: Sequence[BookLine]) -> Iterator[Sequence[Value]]:
    for line in lines:
        book = line.book
        numbers = (line.values, line.regional, line.local)
        yield (book.title, book.name, book.group, *numbers, line.who_adds, book.origin_text)


def value_rows(lines: Sequence[ValueLine]) -> Iterator[Sequence[Value]]:
    for line in lines:
        value = line.value
        days = (value.valid_from, value.last_day)
        whose = value.get_origin_display()
        yield (value.label, value.code, *days, line.word, whose, "; ".join(value.other_names), value.act, line.origin)


def _line(book: Book, classifier: Classifier, today: datetime.date) -> BookLine:
    origins = [item.origin for item in classifier.valid(today)]
    return BookLine(book, len(origins), origins.count("regional"), origins.count("local"))


def _has(book: Book, classifier: Classifier, wanted: str) -> bool:
    texts: list[str] = [book.title, book.name, *(name for item in classifier for name in item.names)]
    return any(wanted in text_key(text) for text in texts)


def _texts(value: ClassifierValue) -> list[str]:
    return [value.label, value.code, *value.other_names]


def _latest(rows: Sequence[ClassifierValue]) -> Mapping[Any, ClassifierValue]:
    """The last name of each value; a name taken back before its first day is no name."""
    last: dict[Any, ClassifierValue] = {}
    for row in sorted(rows, key=lambda row: row.valid_from or datetime.date.min):
        if row.valid_from is None or row.valid_from != row.valid_to or (row.code, row.organization_id) not in last:
            last[row.code, row.organization_id] = row
    return last


def _value_line(
    row: ClassifierValue, place: Place, book: Book, today: datetime.date, latest: Mapping[Any, ClassifierValue]
) -> ValueLine:
    is_later = row.valid_from is not None and row.valid_from > today and row.valid_from != row.valid_to
    state = "now" if row.is_valid_on(today) else "later" if is_later else "ended"
    is_latest = latest[row.code, row.organization_id] is row
    marks = str(row.facts.get("origin", book.origin)) if row.origin == "shipped" else ""
    return ValueLine(row, state, is_latest and place.keeps(row), origin_text(marks))
