"""Rows of one file that speak of the same card, or bring one number to two cards. The first of them stands.

Found when every row is checked: the check goes on in several places at once, none of which sees the whole file.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from typing import Any, Final

from tenants.cards.files.kinds import file_kinds
from tenants.cards.files.models import CardFile, CardFileRow, Verdict

SAME_CARD: Final = "О той же карточке говорит строка {number}. Оставьте одну строку."
SAME_NUMBER: Final = "То же значение стоит в строке {number}. Оставьте его у одной карточки."
OTHERWISE: Final = "Строка {number} говорит о той же карточке другое. Оставьте одно значение."
_NUMBER: Final = "number:"

Refused = dict[int, list[list[str]]]


def repeats(run: CardFile) -> Refused:
    """Numbers of the rows to refuse, with the column to blame and a sentence."""
    refused = _repeated_marks(run)
    if file_kinds()[run.kind].has_children:
        for number, problems in _contradictions(run).items():
            refused.setdefault(number, []).extend(problems)
    return refused


def number_mark(code: str, value: object) -> str:
    """The mark of a number that only one card may have; ``code`` of its column."""
    return f"{_NUMBER}{code}:{value}"


def _repeated_marks(run: CardFile) -> Refused:
    first: dict[str, int] = {}
    refused: Refused = {}
    rows = CardFileRow.objects.filter(run=run).exclude(marks=[]).order_by("number")
    for number, marks in rows.values_list("number", "marks").iterator():
        earlier = [(mark, first.setdefault(mark, number)) for mark in marks]
        # One sentence is enough: a row about the same card brings the same numbers.
        mark, other = next(((mark, one) for mark, one in earlier if one != number), ("", 0))
        if mark:
            code = mark.removeprefix(_NUMBER).partition(":")[0] if mark.startswith(_NUMBER) else ""
            refused[number] = [[code, (SAME_NUMBER if code else SAME_CARD).format(number=other)]]
    return refused


def _contradictions(run: CardFile) -> Refused:
    """A representative may stand in several rows, one for each child; they must say the same of him."""
    said: dict[tuple[uuid.UUID | None, str], tuple[Any, int]] = {}  # Any: a value as JSON keeps it
    refused: Refused = defaultdict(list)
    rows = CardFileRow.objects.filter(run=run, verdict=Verdict.CHANGED).order_by("number")
    for number, card_id, values in rows.values_list("number", "card_id", "values__values").iterator():
        for code, value in values.items():
            other, earlier = said.setdefault((card_id, code), (value, number))
            if other != value:
                refused[number].append([code, OTHERWISE.format(number=earlier)])
    return refused
