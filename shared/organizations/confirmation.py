"""The yearly confirmation of an organization's card. Source: KG 4.1 (R-082, R-096): at the beginning of the year."""

from __future__ import annotations

import datetime

from shared.kernel.days import SEPTEMBER, academic_year_of


def year_begins(day: datetime.date) -> datetime.date:
    """1 September of the school year of a day: from then on a new confirmation is due."""
    return datetime.date(academic_year_of(day), SEPTEMBER, 1)


def is_confirmation_due(confirmed_on: datetime.date | None, day: datetime.date) -> bool:
    """Whether a card waits for the confirmation of the school year of ``day``."""
    return confirmed_on is None or confirmed_on < year_begins(day)
