"""A table of counts: dimensions down, one across, every number with the address of the people behind it."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from region.registry.facets import labels_of
from region.registry.wanted import ASKED_DIMENSIONS, read_day
from shared.classifiers.catalog import load_catalog
from shared.contingent.counts import Count, Counted, count, grouped_by
from shared.contingent.errors import GroupNeedsOrganization
from shared.contingent.suppression import suppress
from shared.contingent.words import CLASSIFIER_OF, dimension_label
from shared.documents.columns import Column, Value
from shared.kernel.classlabel import LAST_GRADE
from shared.organizations.models import Organization

MEASURES = {"persons": "Человек", "enrollments": "Мест"}
DEFAULT_ROWS = ("municipality",)
MOST_ROWS = 3
SHOWN = 1000
_VALUES = {"grade": range(1, LAST_GRADE + 1), "shift": range(1, 4)}
_CHOSEN = ("program_kind", "organization_type", "grade", "sex", "health_limits", "disability", "urban_rural")
_CHOSEN_MORE = ("form_of_study", "form_of_education", "shift", "direction", "class_type")


@dataclass(frozen=True)
class CountsAsked:
    """Dimensions, conditions and day of a table, as the address has them."""

    day: datetime.date
    age_on: datetime.date
    rows: tuple[str, ...]
    column: str
    measure: str
    where: dict[str, list[str]]

    @property
    def dimensions(self) -> tuple[str, ...]:
        return (*self.rows, self.column) if self.column else self.rows


@dataclass(frozen=True, slots=True)
class CellShown:
    """``number`` is None where a small number is hidden; ``url`` leads to the people."""

    number: int | None
    url: str


@dataclass(frozen=True, slots=True)
class RowShown:
    labels: tuple[str, ...]
    cells: tuple[CellShown, ...]
    total: CellShown


@dataclass(frozen=True)
class Table:
    heads: tuple[str, ...]
    columns: tuple[str, ...]
    rows: list[RowShown]
    column_totals: tuple[CellShown, ...]
    total: CellShown
    hidden_rows: int = field(default=0)


def counts_asked(query: QueryDict) -> CountsAsked:
    """Read the address. Raises: GroupNeedsOrganization."""
    rows = tuple(dict.fromkeys(name for name in query.getlist("rows") if name in ASKED_DIMENSIONS))[:MOST_ROWS]
    column = query.get("column", "")
    where = {name: _values(query.getlist(name)) for name in ASKED_DIMENSIONS if any(query.getlist(name))}
    day = read_day(query.get("as_of", "")) or timezone.localdate()
    asked = CountsAsked(
        day=day,
        age_on=read_day(query.get("age_on", "")) or day,
        rows=rows or DEFAULT_ROWS,
        column=column if column in ASKED_DIMENSIONS and column not in rows else "",
        measure=query.get("measure", "") if query.get("measure") in MEASURES else "persons",
        where=where,
    )
    if "group" in (*asked.dimensions, *where) and "organization" not in (*asked.dimensions, *where):
        raise GroupNeedsOrganization
    return asked


def table_of(asked: CountsAsked, *, is_exact: bool, with_links: bool = True) -> Table:
    """The table; a role that may not open people gets one column with small numbers hidden."""
    if not is_exact:
        return _suppressed(asked)
    cells = _numbers(asked, asked.dimensions)
    row_totals = _numbers(asked, asked.rows) if asked.column else cells
    column_totals = _numbers(asked, (asked.column,)) if asked.column else {}
    total = _numbers(asked, ())
    address = _Address(asked) if with_links else None
    codes = sorted(key[0] for key in column_totals)
    keys = sorted(row_totals, key=_order)
    labels = _labels(asked, keys)
    rows = [
        RowShown(
            labels=tuple(labels[name][value] for name, value in zip(asked.rows, key, strict=True)),
            cells=tuple(_cell(cells.get((*key, code), 0), address, (*key, code)) for code in _sorted(codes)),
            total=_cell(row_totals[key], address, key),
        )
        for key in keys
    ]
    column_labels = labels_of(asked.column, codes) if asked.column else {}
    return Table(
        heads=tuple(dimension_label(name) for name in asked.rows),
        columns=tuple(column_labels[code] for code in _sorted(codes)),
        rows=rows[:SHOWN] if with_links else rows,
        column_totals=tuple(
            _cell(column_totals[(code,)], address, (code,), names=(asked.column,)) for code in _sorted(codes)
        ),
        total=_cell(total.get((), 0), address, (), names=()),
        hidden_rows=max(0, len(rows) - SHOWN) if with_links else 0,
    )


def file_of(asked: CountsAsked, table: Table) -> tuple[list[Column], Iterator[list[Value]]]:
    """Columns and rows of the file, with the total as its last row."""
    columns = [Column(head, 34) for head in table.heads]
    columns += [Column(title, 14, "int") for title in table.columns]
    columns.append(Column(MEASURES[asked.measure], 14, "int"))
    return columns, _file_rows(table)


def choices(asked: CountsAsked, names: Sequence[str] = (*_CHOSEN, *_CHOSEN_MORE)) -> list[tuple[str, str, list]]:
    """Conditions a person may set: dimension, its title and its values with labels and whether they are chosen."""
    return [(name, dimension_label(name), _options(name, asked.where.get(name, []))) for name in names]


def in_words(asked: CountsAsked) -> str:
    """The question as a sentence, for the imprint and the page."""
    told = [f"на {asked.day:%d.%m.%Y}"]
    for name, values in asked.where.items():
        labels = labels_of(name, values)
        told.append(f"{dimension_label(name).lower()}: {', '.join(labels[value] for value in values)}")
    if "age" in (*asked.dimensions, *asked.where) and asked.age_on != asked.day:
        told.append(f"возраст на {asked.age_on:%d.%m.%Y}")
    return "; ".join(told)


class _Address:
    """The list of people behind a cell: its key and the conditions of the table, codes only."""

    def __init__(self, asked: CountsAsked) -> None:
        self._names = asked.dimensions
        self._start = reverse("registry:people")
        days = [("as_of", asked.day.isoformat()), ("age_on", asked.age_on.isoformat())]
        self._rest = days + [(name, value) for name, values in asked.where.items() for value in values]

    def of(self, key: Sequence[str], names: Sequence[str] | None) -> str:
        own = list(zip(self._names if names is None else names, key, strict=False))
        fixed = {name for name, _ in own}
        rest = [(name, value) for name, value in self._rest if name not in fixed]
        return f"{self._start}?{urlencode([*own, *rest])}"


def _cell(number: int, address: _Address | None, key: Sequence[str], names: Sequence[str] | None = None) -> CellShown:
    return CellShown(number, address.of(key, names) if address and number else "")


def _numbers(asked: CountsAsked, names: Sequence[str]) -> dict[tuple[str, ...], int]:
    found = grouped_by(names, as_of=asked.day, age_on=asked.age_on, where=asked.where)
    return {row.key: getattr(row, asked.measure) or 0 for row in found}


def _suppressed(asked: CountsAsked) -> Table:
    counted: Counted = suppress(count(as_of=asked.day, by=asked.dimensions, where=asked.where, age_on=asked.age_on))
    labels = _labels(asked, [row.key for row in counted.rows], asked.dimensions)
    return Table(
        heads=tuple(dimension_label(name) for name in asked.dimensions),
        columns=(),
        rows=[
            RowShown(
                labels=tuple(labels[name][value] for name, value in zip(asked.dimensions, row.key, strict=True)),
                cells=(),
                total=_hidden_or(row, asked),
            )
            for row in counted.rows
        ],
        column_totals=(),
        total=_hidden_or(counted.total, asked),
    )


def _hidden_or(row: Count, asked: CountsAsked) -> CellShown:
    return CellShown(getattr(row, asked.measure), "")


def _labels(
    asked: CountsAsked, keys: Sequence[tuple[str, ...]], names: Sequence[str] | None = None
) -> Mapping[str, Mapping[str, str]]:
    names = asked.rows if names is None else names
    return {name: _labels_of_column(name, {key[place] for key in keys}) for place, name in enumerate(names)}


def _labels_of_column(name: str, values: set[str]) -> Mapping[str, str]:
    if name == "organization":
        return dict(Organization.objects.filter(slug__in=values).values_list("slug", "short_name"))
    return labels_of(name, values)


def _options(name: str, chosen: Sequence[str]) -> list[tuple[str, str, bool]]:
    if name in CLASSIFIER_OF:
        codes = load_catalog().codes(CLASSIFIER_OF[name])
    elif name in _VALUES:
        codes = [str(number) for number in _VALUES[name]]
    else:
        codes = ["yes", "no"]
    labels = labels_of(name, codes)
    return [(code, labels[code], code in chosen) for code in codes]


def _values(given: Sequence[str]) -> list[str]:
    """Values of a dimension; ages may be typed as «15», «7, 8» or «7–9»."""
    found: list[str] = []
    for part in ",".join(given).split(","):
        low, dash, high = part.strip().replace("–", "-").partition("-")
        if dash and low.isdecimal() and high.isdecimal() and len(low + high) < 6:
            found += [str(number) for number in range(int(low), int(high) + 1)]
        elif part.strip():
            found.append(part.strip()[:80])
    return found


def _sorted(codes: Sequence[str]) -> list[str]:
    return sorted(codes, key=lambda code: _order((code,)))


def _order(key: Sequence[str]) -> tuple[tuple[int, str], ...]:
    return tuple((int(value), "") if value.isdecimal() else (10**6, value) for value in key)


def _file_rows(table: Table) -> Iterator[list[Value]]:
    for row in table.rows:
        yield [*row.labels, *(cell.number for cell in row.cells), row.total.number]
    labels = ["Всего", *[""] * (len(table.heads) - 1)]
    yield [*labels, *(cell.number for cell in table.column_totals), table.total.number]
