"""Cells of a file as values of fields. A column repeats itself, so what a text means is found once."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, Final

from shared.cards.layout import Absence, Field
from shared.cards.models import CardModel
from shared.cards.values import read, value_of, written

CLEAR: Final = "очистить"
ABSENCES: Final = {absence.label: absence for absence in Absence}
MOST_REMEMBERED: Final = 4096


@dataclass(slots=True)  # not frozen: a file has a million of them
class Cell:
    """What a cell that is not empty says: a value, an explained absence, or a sentence why it cannot be read."""

    value: Any = None  # Any: of the field's kind
    absence: str = ""
    error: str = ""


class ColumnReader:
    """Reads the cells of one column, and says what they would be for a card."""

    __slots__ = ("_get", "_remembered", "field")

    def __init__(self, field: Field) -> None:
        self.field = field
        self._remembered: dict[str, Cell] = {}
        self._get = None if "__" in field.path else attrgetter(field.path)

    def held(self, card: CardModel) -> Any:  # Any: of the field's kind
        """What stands on a card."""
        return self._get(card) if self._get else value_of(card, self.field)

    def shown(self, card: CardModel) -> str:
        """What a cell of the file «для правки» says of a card."""
        return _cell_text(self.field, self.held(card), card.absences)

    def read(self, text: str) -> Cell:
        """``text`` is trimmed and not empty."""
        found = self._remembered.get(text)
        if found is None:
            if len(self._remembered) >= MOST_REMEMBERED:
                self._remembered.clear()
            found = self._remembered[text] = self._read(text)
        return found

    def read_kept(self, text: str, keep: Collection[str]) -> Cell:
        """The same where ``keep`` stands already: an ended value of a classifier may stay."""
        try:
            return Cell(read(self.field, text, keep=keep))
        except ValueError as refusal:
            return Cell(error=str(refusal))

    def _read(self, text: str) -> Cell:
        word = text.lower()
        if word == CLEAR:
            if self.field.is_hard:
                return Cell(error="Это поле обязательное, очистить его нельзя. Впишите значение или оставьте пусто.")
            return Cell(read(self.field, ""))
        if self.field.is_explainable and word in ABSENCES:
            return Cell(read(self.field, ""), ABSENCES[word])
        try:
            return Cell(read(self.field, text))
        except ValueError as refusal:
            return Cell(error=str(refusal))


def cell_of(card: CardModel, field: Field) -> str:
    """What a cell of the file says of a card: the value, or why there is none."""
    return _cell_text(field, value_of(card, field), card.absences)


def _cell_text(field: Field, value: Any, absences: Mapping[str, str]) -> str:
    text = written(field, value).strip()
    if not text and field.is_explainable and (why := absences.get(field.code)):
        return Absence(why).label
    return text
