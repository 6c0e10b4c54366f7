"""What every process knows of open breaks without asking at every request: the register's open rows, for 2 seconds.

For words alone. Whether a write is let through is decided by ``shared.tenancy.gate``, always anew.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from django.utils import timezone

from shared.maintenance.models import MaintenanceBreak
from shared.tenancy.gate import HeldByBreak, until_words

CACHE_SECONDS: Final = 2.0


@dataclass(slots=True)
class _Known:
    until: float = 0.0
    breaks: tuple[MaintenanceBreak, ...] = field(default=())


_known = _Known()


def open_breaks() -> tuple[MaintenanceBreak, ...]:
    """Breaks to come or going on, the nearest first. As the login ``app``: before or after the work of a request."""
    if _known.until <= time.monotonic():
        rows = MaintenanceBreak.objects.open().select_related("organization").order_by("planned_start", "pk")
        _known.breaks = tuple(rows)
        _known.until = time.monotonic() + CACHE_SECONDS
    return _known.breaks


def forget_breaks() -> None:
    """Ask at the next occasion: this process has just changed the register, or another test begins."""
    _known.until, _known.breaks = 0.0, ()


def breaks_of(organization_id: uuid.UUID | None, known: tuple[MaintenanceBreak, ...]) -> list[MaintenanceBreak]:
    """Those that concern this place: of the whole installation, and of its own organization."""
    return [one for one in known if one.organization_id in (None, organization_id)]


def notice(one: MaintenanceBreak) -> str:
    """What every page says of an open break."""
    if one.is_holding:
        until = until_words(one.ends_at, one.planned_end)
        return f"Идёт технологический перерыв{until}: сведения можно смотреть, но не менять. {_sentence(one.reason)}"
    return (
        f"Технологический перерыв {span(one)}: сведения можно будет смотреть, но не менять. {_sentence(one.reason)} "
        "Сохраните начатое до него."
    )


def span(one: MaintenanceBreak) -> str:
    """«23.11.2026 с 22:00 до 23:30», «с 23.11.2026 22:00 до 24.11.2026 02:00»."""
    begins = timezone.localtime(one.planned_start)
    if one.planned_end is None:
        return f"с {begins:%d.%m.%Y %H:%M}"
    ends = timezone.localtime(one.planned_end)
    if begins.date() == ends.date():
        return f"{begins:%d.%m.%Y} с {begins:%H:%M} до {ends:%H:%M}"
    return f"с {begins:%d.%m.%Y %H:%M} до {ends:%d.%m.%Y %H:%M}"


def is_whole_held() -> bool:
    """Whether the whole installation is held, as known for 2 s: what a worker does not begin then."""
    return any(one.is_holding and one.organization_id is None for one in open_breaks())


def outside_breaks(step: Callable[[], object]) -> Callable[[], None]:
    """``step`` of a worker's poll, put off while a break holds everything; nothing is lost, the next round does it."""

    def waiting() -> None:
        if is_whole_held():
            return
        try:
            step()
        except HeldByBreak:
            return  # begun in the moment the break was

    return waiting


def _sentence(reason: str) -> str:
    """The operator's words as a sentence of their own."""
    text = reason.strip()
    return f"Причина: {text}" + ("" if text.endswith((".", "…", "?")) else ".")
