"""Half-open periods of the data as a person says them: «с 01.09.2026 по 27.11.2026 включительно»."""

from __future__ import annotations

import datetime

DAY = datetime.timedelta(days=1)


def period_text(first: datetime.date, until: datetime.date | None) -> str:
    """``until`` is the first day that no longer counts; on screen stands the last one that does."""
    if until is None:
        return f"с {first:%d.%m.%Y} бессрочно"
    if until <= first:
        return "не вступило в силу"
    return f"с {first:%d.%m.%Y} по {until - DAY:%d.%m.%Y} включительно"


def order_text(number: str, day: datetime.date | None) -> str:
    """«приказ № 41 от 20.11.2026»; nothing without a number."""
    if not number:
        return ""
    return f"приказ № {number} от {day:%d.%m.%Y}" if day else f"приказ № {number}"
