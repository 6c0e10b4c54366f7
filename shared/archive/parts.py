"""A part of the sealed archive as a room publishes it: its rows as a CSV, how they are printed, the files beside them.

A room keeps its parts in ``archive_part.py``; ``tenants.archive.registry`` puts them together.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any, ClassVar, Final

from shared.cards.layout import Field
from shared.cards.values import value_of, written
from shared.documents.columns import Column, value_text
from shared.documents.imprint import Imprint
from shared.documents.papers import Part as PaperPart
from shared.documents.papers import render_paper
from shared.documents.pdf import render_table
from shared.kernel.days import SEPTEMBER, academic_year_of

Cell = str | int | float | datetime.date | datetime.datetime | None
Row = Sequence[Any]  # Any: a cell of each column's kind
Rendering = Callable[[Imprint, Sequence[Column], Sequence[Row]], bytes]

SUFFIXES: Final = {"application/pdf": ".pdf", "image/jpeg": ".jpg", "image/png": ".png"}
DATES: Final = frozenset({"date", "past_date"})  # kinds of fields
CHUNK: Final = 500  # rows fetched at once
BEGINNING: Final = datetime.date(1900, 1, 1)
KEY: Final = Column("Код записи", 36)
"""The first column of people and orders: by it the tables of one archive are joined."""


@dataclass(frozen=True, slots=True)
class Span:
    """What an archive is of: an academic year, the state of a day, or everything.

    People and groups are those of ``[listed_from, last]``, papers and events those dated ``[first, last]``; of a day
    they are the ones of its academic year so far.
    """

    kind: str
    first: datetime.date
    last: datetime.date

    YEAR: ClassVar[str] = "year"
    DAY: ClassVar[str] = "day"
    WHOLE: ClassVar[str] = "whole"
    KINDS: ClassVar[list[tuple[str, str]]] = [
        (YEAR, "За учебный год"),
        (DAY, "На день"),
        (WHOLE, "За всё время"),
    ]

    @classmethod
    def of_year(cls, year: int, today: datetime.date) -> Span:
        """From 1 September to 31 August; of the current year up to today."""
        end = datetime.date(year + 1, SEPTEMBER, 1) - datetime.timedelta(days=1)
        first = datetime.date(year, SEPTEMBER, 1)
        return cls(cls.YEAR, first, max(first, min(end, today)))

    @classmethod
    def of_day(cls, day: datetime.date) -> Span:
        return cls(cls.DAY, datetime.date(academic_year_of(day), SEPTEMBER, 1), day)

    @classmethod
    def of_everything(cls, today: datetime.date) -> Span:
        return cls(cls.WHOLE, BEGINNING, today)

    @property
    def listed_from(self) -> datetime.date:
        return self.last if self.kind == self.DAY else self.first

    @property
    def years(self) -> range:
        """Academic years that it touches."""
        return range(academic_year_of(self.first), academic_year_of(self.last) + 1)

    def __str__(self) -> str:
        if self.kind == self.DAY:
            return f"на {self.last:%d.%m.%Y}"
        if self.kind == self.WHOLE:
            return f"за всё время по {self.last:%d.%m.%Y}"
        return f"{self.first.year}/{self.first.year + 1} учебный год (по {self.last:%d.%m.%Y})"


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A scan or a document whose content goes into the archive under its control sum."""

    sha256: str
    content_type: str

    @property
    def path(self) -> str:
        return f"files/{self.sha256}{SUFFIXES.get(self.content_type, '')}"


def _no_files(span: Span) -> Iterable[KeptFile]:
    return ()


def _no_remarks(span: Span) -> list[str]:
    return []


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What a room keeps for the archive.

    ``code`` names the file; ``needs``: rights that who orders must hold for the whole organization, else the part is
    left out and the act says so. ``is_special``: facts that go in only when they were asked for by name. ``is_people``:
    its rows are data of people and are counted in the log. ``rows`` are read piece by piece and never held together.
    ``paper`` prints them; ``remarks``: sentences for the act on what the rows do not tell.
    """

    app: str
    code: str
    title: str
    needs: tuple[str, ...]
    columns: Sequence[Column]
    rows: Callable[[Span], Iterator[Row]]
    paper: Rendering | None = None
    files: Callable[[Span], Iterable[KeptFile]] = _no_files
    remarks: Callable[[Span], list[str]] = _no_remarks
    is_special: bool = False
    is_people: bool = True
    counts_learners: bool = False


def printed_table(*titles: str) -> Rendering:
    """The named columns as a table."""

    def render(imprint: Imprint, columns: Sequence[Column], rows: Sequence[Row]) -> bytes:
        chosen = _places(columns, titles)
        shown = [columns[place] for place in chosen]
        cells = [[row[place] for place in chosen] for row in rows]
        return render_table(imprint=imprint, columns=shown, rows=cells, landscape=len(shown) > 4)

    return render


def printed_lists(by: str, *titles: str) -> Rendering:
    """A list under a heading for every value of the column ``by``, in which the rows are sorted."""

    def render(imprint: Imprint, columns: Sequence[Column], rows: Sequence[Row]) -> bytes:
        chosen, (head,) = _places(columns, titles), _places(columns, [by])
        shown = [columns[place] for place in chosen]
        parts = [
            PaperPart(
                title=str(value),
                columns=[("№", 5), *((column.title, column.width) for column in shown)],
                rows=[[str(number), *_texts(row, columns, chosen)] for number, row in enumerate(held, start=1)],
            )
            for value, held in groupby(rows, key=itemgetter(head))
        ]
        return render_paper(imprint, parts, dense=True)

    return render


def printed_texts(heading: str, text: str) -> Rendering:
    """Texts one after another, each under its heading: a book of orders."""

    def render(imprint: Imprint, columns: Sequence[Column], rows: Sequence[Row]) -> bytes:
        (head,), (body,) = _places(columns, [heading]), _places(columns, [text])
        parts = [PaperPart(title=str(row[head]), paragraphs=str(row[body]).split("\n")) for row in rows]
        return render_paper(imprint, parts, dense=True)

    return render


def printed_lines(label: str, value: str) -> Rendering:
    """Lines «label: value» of one card."""

    def render(imprint: Imprint, columns: Sequence[Column], rows: Sequence[Row]) -> bytes:
        (left,), (right,) = _places(columns, [label]), _places(columns, [value])
        return render_paper(imprint, [PaperPart(lines=[(str(row[left]), str(row[right]) or "—") for row in rows])])

    return render


def card_columns(fields: Iterable[Field]) -> list[Column]:
    """Fields of a card as columns of a table."""
    return [Column(field.label, 24, "date" if field.kind in DATES else "text") for field in fields]


def card_values(card: Any, fields: Iterable[Field], hidden: Iterable[str] = ()) -> list[Cell]:
    """Days as days, everything else in words; what is closed on this card is empty."""
    return [
        None if field.code in hidden else value_of(card, field) if field.kind in DATES else _words(card, field)
        for field in fields
    ]


def card_texts(card: Any, fields: Iterable[Field]) -> list[str]:
    """All values in words."""
    return [_words(card, field) for field in fields]


def _words(card: Any, field: Field) -> str:
    return written(field, value_of(card, field))


def _places(columns: Sequence[Column], titles: Sequence[str]) -> list[int]:
    known = [column.title for column in columns]
    return [known.index(title) for title in titles]


def _texts(row: Row, columns: Sequence[Column], chosen: Sequence[int]) -> list[str]:
    return [value_text(row[place], columns[place].kind) for place in chosen]
