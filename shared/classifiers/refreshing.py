"""The region's changes reach every process within seconds: an edition number is asked, rows only when it moved."""

from __future__ import annotations

import datetime
import time
from dataclasses import dataclass
from typing import Final

from django.db import ProgrammingError, transaction
from django.utils import timezone

from shared.classifiers.catalog import load_catalog, shipped_catalog, show_catalog
from shared.classifiers.models import ClassifierValue, Edition

CACHE_SECONDS: Final = 5.0


@dataclass(slots=True)
class _Checked:
    """When this process asks next, and of which day its names of today are."""

    until: float = 0.0
    day: datetime.date | None = None


_checked = _Checked()


def refresh_catalog() -> None:
    """Show what the database says, asking at most every 5 s; names that begin today begin at midnight.

    Runs before the work of a request, and in the worker every few seconds, as the login ``app``: only common values
    are read, so nothing of one organization can reach another.
    """
    if _checked.until > time.monotonic():
        return
    _checked.until = time.monotonic() + CACHE_SECONDS
    number = Edition.objects.values_list("number", flat=True).filter(pk=1).first() or 0
    today = timezone.localdate()
    if number == load_catalog().edition and (number == 0 or today == _checked.day):
        return
    rows = ClassifierValue.objects.decided() if number else ()
    show_catalog(shipped_catalog().overlaid(rows, edition=number))
    _checked.day = today


def refresh_if_migrated() -> None:
    """The same for a command, which may run before ``asuso migrate`` has made the tables."""
    try:
        with transaction.atomic():
            refresh_catalog()
    except ProgrammingError:
        forget_catalog()


def ask_again() -> None:
    """Ask at the next occasion: this process has just changed something."""
    _checked.until = 0.0


def forget_catalog() -> None:
    """Back to what is shipped, until asked again; between tests and without tables."""
    show_catalog(None)
    ask_again()
