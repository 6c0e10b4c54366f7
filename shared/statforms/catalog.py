"""The catalog of federal statistical forms: an edition of a form as typed, frozen data.

A layout comes from ``data/layouts/*.yaml`` or from the stored edition and is validated when it is parsed: an unknown
key is a fault, because a misspelled ``closed`` would silently open a cell.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from shared.statforms.checks import Check


class Confidence(StrEnum):
    """How far the wording and the code of a part of a form can be trusted; the worst part decides for a cell."""

    VERBATIM = "verbatim"
    PARTIAL = "partial"
    RECONSTRUCTED = "reconstructed"

    @classmethod
    def worst(cls, *values: Confidence) -> Confidence:
        return max(values, key=list(cls).index)


class CellAddress(NamedTuple):
    """Section, row and column code: the only name of a cell in bindings, checks, outputs and submissions."""

    section: str
    row: str
    column: str


@dataclass(frozen=True, slots=True)
class Column:
    code: str
    title: str
    confidence: Confidence
    is_own: bool


@dataclass(frozen=True, slots=True)
class Row:
    """``title`` is the official wording, or ours where not ``is_title_official``; ``of`` is its parent row."""

    code: str
    title: str
    is_title_official: bool
    unit: str
    of: str
    closed: frozenset[str]
    assumed_closed: frozenset[str]
    confidence: Confidence
    is_own: bool


@dataclass(frozen=True, slots=True)
class Section:
    """``original`` names the section whose rows and columns a copy repeats; a section is its own original otherwise."""

    code: str
    title: str
    edition: str
    source: str
    note: str
    confidence: Confidence
    is_own: bool
    original: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    checks: tuple[Check, ...]
    unreadable_checks: tuple[str, ...]

    @property
    def is_copy(self) -> bool:
        return self.original != self.code

    @property
    def is_reconstructed(self) -> bool:
        """Whether the section, one of its rows or of its columns was reconstructed and every output has to say so."""
        parts = (
            self.confidence,
            *(row.confidence for row in self.rows),
            *(column.confidence for column in self.columns),
        )
        return Confidence.RECONSTRUCTED in parts

    @property
    def row_codes(self) -> tuple[str, ...]:
        return tuple(row.code for row in self.rows)

    @property
    def column_codes(self) -> tuple[str, ...]:
        return tuple(column.code for column in self.columns)

    def confidence_of(self, row: Row, column: Column) -> Confidence:
        guessed = Confidence.RECONSTRUCTED if column.code in row.assumed_closed else Confidence.VERBATIM
        return Confidence.worst(self.confidence, row.confidence, column.confidence, guessed)


@dataclass(frozen=True)
class FormLayout:
    """One edition of a form. ``edition`` labels the whole; parts may come from others (``Section.edition``)."""

    code: str
    edition: str
    title: str
    okud: str
    approved_by: str
    periodicity: str
    source: str
    warning: str
    missing: tuple[str, ...]
    sections: tuple[Section, ...]

    @cached_property
    def section_by_code(self) -> dict[str, Section]:
        return {section.code: section for section in self.sections}

    @cached_property
    def open_cells(self) -> dict[CellAddress, Confidence]:
        """Every cell that may hold a value, in the order of the form; closed cells (х) are absent."""
        return dict(self._walk())

    @cached_property
    def assumed_closed(self) -> frozenset[CellAddress]:
        """Cells whose х was counted but not located: left open, a value in them is worth a warning."""
        return frozenset(
            CellAddress(section.code, row.code, column)
            for section in self.sections
            for row in section.rows
            for column in row.assumed_closed
        )

    @property
    def unreadable_checks(self) -> tuple[tuple[str, str], ...]:
        """Checks that only a person can read, as (section, text)."""
        return tuple((section.code, text) for section in self.sections for text in section.unreadable_checks)

    def _walk(self) -> Iterator[tuple[CellAddress, Confidence]]:
        for section in self.sections:
            for row in section.rows:
                for column in section.columns:
                    if column.code not in row.closed:
                        address = CellAddress(section.code, row.code, column.code)
                        yield address, section.confidence_of(row, column)
