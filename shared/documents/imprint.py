"""The head of every printout and export: which system, whose document, when and by whom it was made."""

import datetime
from dataclasses import dataclass

SYSTEM = "АСУ СО"


@dataclass(frozen=True, slots=True)
class Imprint:
    """Who answers for a paper. ``made_at`` is aware and already in the region's time zone.

    ``copy`` is the identifier of the printout in the print log («2026-15»); the foot of every page shows it.
    Source: STYLE 10, UI (print head: system, organization, document, date, executor), ORGANIZATION 22.
    """

    organization: str
    title: str
    made_at: datetime.datetime
    executor: str
    filters: str = ""
    system: str = SYSTEM
    copy: str = ""

    def __post_init__(self) -> None:
        if self.made_at.tzinfo is None:
            raise ValueError("made_at must be an aware moment, otherwise the paper shows somebody else's hour")

    @property
    def made_text(self) -> str:
        """«Сформировано 20.09.2026 14:05, исполнитель: Лебедь О. Т.»"""
        return f"Сформировано {self.made_at:%d.%m.%Y %H:%M}, исполнитель: {self.executor}"
