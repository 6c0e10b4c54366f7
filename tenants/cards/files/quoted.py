"""Sentences of a check that quote values from behind a mask: who may read them.

A sentence is kept once and read by everybody who brings files, with the right to documents and numbers or without it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from tenants.cards.sections_saving import CLOSED_CONTRADICTION

FROM_CARD: Final = "card"  # a closed value of the card is quoted
FROM_FILE: Final = "file"  # a closed value is quoted that the file itself has brought
CLOSED_CELL: Final = "Значение с ошибкой, его видит тот, кто загрузил файл."

Said = Sequence[str]  # code of the column, the sentence, and what it quotes where it does


def told(said: Sequence[Said], *, may_identify: bool, is_mine: bool) -> Iterator[tuple[str, str]]:
    """Columns and sentences for one reader; what is not for him is said without the values."""
    for code, sentence, *quoted in said:
        if FROM_CARD in quoted and not may_identify:
            yield code, CLOSED_CONTRADICTION
        elif FROM_FILE in quoted and not (may_identify or is_mine):
            yield code, CLOSED_CELL
        else:
            yield code, sentence
