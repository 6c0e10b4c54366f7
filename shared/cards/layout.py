"""What a card holds: sections and fields as data, read once a process from a YAML file.

One layout says what a field is called, how it is written and checked, whether it must be filled, who answers for it
and who may see it. Screens, files, group edits, completeness and the API are made from it. Source: ORGANIZATION 2.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Any

from shared.access.fields import CardField, Category, FieldCatalog
from shared.kernel.data import read_yaml


class Need(StrEnum):
    """How much a field is wanted. Source: ORGANIZATION 2 («mandatory» in two grades)."""

    HARD = "hard"  # the card is not saved without it
    SOFT = "soft"  # counts against completeness until filled or explained
    FREE = "free"  # may stay empty


class Absence(StrEnum):
    """Why a field is empty for good; an explained field counts as filled. Source: R-203."""

    ABSENT = "absent"
    NOT_GIVEN = "not_given"

    @property
    def label(self) -> str:
        return {Absence.ABSENT: "отсутствует", Absence.NOT_GIVEN: "сведения не предоставлены"}[self]


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A field of a card.

    ``path`` leads from the card's model to the value («special__health_group»); ``kind`` names its writing
    (``shared.cards.values.KINDS``); ``is_derived``: shown and counted, written by something else than the card;
    ``keeper``: the role that answers for it; ``headers``: other names of its column in files; ``table`` and
    ``column``: where the value lies.
    """

    code: str
    label: str
    kind: str
    need: Need
    path: str
    category: Category
    is_masked: bool
    basis: str
    clause: str
    keeper: str
    table: str = ""
    column: str = ""
    classifier: str = ""
    max_length: int = 0
    unit: str = ""
    help: str = ""
    width: str = ""
    headers: tuple[str, ...] = ()
    is_derived: bool = False
    is_explainable: bool = True
    is_group_editable: bool = False
    is_general_knowledge: bool = False

    @property
    def is_special(self) -> bool:
        return self.category == Category.SPECIAL

    @property
    def is_hard(self) -> bool:
        return self.need == Need.HARD


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Fields that are read and saved together. ``rows``: name of the related rows when the section repeats.

    A section of rows is counted as one field of its ``need``: some row stands in it, or its absence is explained.
    """

    code: str
    title: str
    keeper: str
    fields: tuple[Field, ...]
    rows: str = ""
    need: Need = Need.FREE
    help: str = ""
    clause: str = ""

    @property
    def is_repeated(self) -> bool:
        return bool(self.rows)

    @property
    def typed(self) -> tuple[Field, ...]:
        """The fields that a person fills in here."""
        return tuple(field for field in self.fields if not field.is_derived)

    @property
    def is_special(self) -> bool:
        return any(field.is_special for field in self.fields)


@dataclass(frozen=True)
class Layout:
    """A whole card."""

    code: str
    title: str
    source: str
    sections: tuple[Section, ...]

    @cached_property
    def fields(self) -> Mapping[str, Field]:
        """Fields that stand once on the card, by code: without those of repeated rows."""
        return {field.code: field for section in self.sections if not section.rows for field in section.fields}

    @cached_property
    def repeated(self) -> tuple[Section, ...]:
        return tuple(section for section in self.sections if section.is_repeated)

    def section(self, code: str) -> Section:
        """Raises: KeyError."""
        return {section.code: section for section in self.sections}[code]


def load_layout(path: Path, catalog: FieldCatalog, *, table: str) -> Layout:
    """Read a layout; category and legal ground of a field come from the catalog of approved fields.

    ``table`` is the card's own table; sections may name another one for their fields. A field that the catalog does
    not know is a fault of the file: KeyError.
    """
    raw: dict[str, Any] = read_yaml(path)  # Any: what YAML holds
    approved = {(one.table, column): one for one in catalog for column in one.columns}
    sections = tuple(_section(one, approved, table) for one in raw["sections"])
    return Layout(raw["code"], raw["title"], raw["source"], sections)


def _section(raw: Mapping[str, Any], approved: Mapping[tuple[str, str], CardField], table: str) -> Section:
    place = raw.get("table", table)
    defaults = {"keeper": raw["keeper"], "clause": raw.get("clause", "")}
    return Section(
        code=raw["code"],
        title=raw["title"],
        keeper=raw["keeper"],
        fields=tuple(_field(defaults | one, approved, one.get("table", place)) for one in raw["fields"]),
        rows=raw.get("rows", ""),
        need=Need(raw.get("need", "free")),
        help=raw.get("help", ""),
        clause=raw.get("clause", ""),
    )


def _field(raw: Mapping[str, Any], approved: Mapping[tuple[str, str], CardField], table: str) -> Field:
    path = raw.get("path", raw["code"])
    column = raw.get("column", path.rpartition("__")[2])
    known = approved[table, column]
    need = Need(raw.get("need", "free"))
    return Field(
        code=raw["code"],
        label=raw["label"],
        kind=raw["kind"],
        need=need,
        path=path,
        category=known.category,
        is_masked=known.category == Category.PERSONAL and "lists" in known.hidden_in,
        basis=known.basis,
        clause=raw["clause"],
        keeper=raw["keeper"],
        table=table,
        column=column,
        classifier=raw.get("classifier", ""),
        max_length=raw.get("max", 0),
        unit=raw.get("unit", ""),
        help=raw.get("help", ""),
        width=raw.get("width", ""),
        headers=tuple(raw.get("headers", ())),
        is_derived=raw.get("derived", False),
        is_explainable=need == Need.SOFT and raw.get("explainable", True),
        is_group_editable=raw.get("group", False),
        is_general_knowledge=raw.get("general_knowledge", False),
    )
