"""Rows of a file as the page shows them: what stands on the card, what it becomes, what is wrong and in which cell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from shared.cards.masks import DOT
from tenants.cards.files.kinds import FileKind
from tenants.cards.files.models import CardFile, CardFileRow, Verdict
from tenants.cards.files.quoted import CLOSED_CELL, Said, told

HIDDEN: Final = DOT * 6
_TABS: Final = {
    Verdict.NEW: "Новые",
    Verdict.CHANGED: "Меняются",
    Verdict.SAME: "Без изменений",
    Verdict.REFUSED: "С ошибками",
}


@dataclass(frozen=True, slots=True)
class Change:
    """One cell: «было → стало»."""

    label: str
    was: str
    becomes: str


@dataclass(frozen=True)
class ShownRow:
    """A row with the words of its columns.

    What stands on a card under a mask is shown to who may see it; what the file says of it, also to who brought it.
    """

    row: CardFileRow
    kind: FileKind
    run: CardFile
    may_identify: bool
    is_mine: bool = False

    @property
    def changes(self) -> list[Change]:
        return [self._change(*change) for change in self.row.changes]

    @property
    def filled(self) -> int:
        """How many fields a new card gets."""
        return len(self.row.values["values"]) if self.row.values else 0

    @property
    def problems(self) -> list[tuple[str, str, str]]:
        """Column, what stands in the cell (unless the sentence quotes it), the sentence."""
        said = self._told(self.row.problems)
        return [(self._label(code), "" if self._cell(code) in why else self._cell(code), why) for code, why in said]

    @property
    def warnings(self) -> list[tuple[str, str]]:
        return [(self._label(code), why) for code, why in self._told(self.row.warnings)]

    @property
    def url(self) -> str:
        """Where the card of the row is seen; '' of a new one."""
        if not self.row.card_id or self.row.verdict == Verdict.REFUSED:
            return ""
        return self.kind.card.url(self.kind.card.model(id=self.row.card_id))

    def _change(self, code: str, was: str, becomes: str) -> Change:
        was = was and HIDDEN if self._is_masked(code) and not self.may_identify else was
        becomes = becomes and HIDDEN if self._is_hidden(code) else becomes
        return Change(self._label(code), was, becomes)

    def _told(self, said: Sequence[Said]) -> Iterator[tuple[str, str]]:
        """A sentence may quote the cell, or what stands on the card."""
        for code, sentence in told(said, may_identify=self.may_identify, is_mine=self.is_mine):
            yield code, CLOSED_CELL if self._is_hidden(code) else sentence

    def _cell(self, code: str) -> str:
        index = next((place for place, name in self.run.columns.items() if name == code), None)
        cells: Sequence[str] = self.row.cells or ()
        if index is None or index >= len(cells) or self._is_hidden(code):
            return ""
        return cells[index].strip()[:80]

    def _label(self, code: str) -> str:
        column = self.kind.columns.get(code)
        return column.header if column else ""

    def _is_masked(self, code: str) -> bool:
        return code in self.kind.columns and self.kind.columns[code].field.is_masked

    def _is_hidden(self, code: str) -> bool:
        """Whether what the file says is not for this person."""
        return self._is_masked(code) and not (self.may_identify or self.is_mine)


def tabs(summary: Mapping[str, Any]) -> list[tuple[str, str, int]]:
    """What may be shown: everything, rows of a verdict, rows with warnings; empty ones are left out."""
    found = [(verdict.value, title, summary.get(verdict, 0)) for verdict, title in _TABS.items()]
    found.append(("warned", "С предупреждениями", summary.get("warned", 0)))
    return [("", "Все", summary.get("rows", 0)), *(tab for tab in found if tab[2])]
