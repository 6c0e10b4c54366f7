"""Columns of an exported or printed table and how their values are written."""

import datetime
from dataclasses import dataclass
from typing import Literal

from shared.kernel.text import thousands

Kind = Literal["text", "int", "date", "share"]
Value = str | int | float | datetime.date | None


@dataclass(frozen=True, slots=True)
class Column:
    """``width`` is in characters on the sheet and a proportion on paper; a share is 0…1."""

    title: str
    width: int = 16
    kind: Kind = "text"


def value_text(value: Value, kind: Kind) -> str:
    """A value as a person reads it on paper: dates dd.mm.yyyy, groups of thousands, shares in percent."""
    match value:
        case None:
            return ""
        case datetime.date():
            return f"{value:%d.%m.%Y}"
        case bool():
            return "да" if value else "нет"
        case int() | float() if kind == "share":
            return f"{value:.1%}".replace(".", ",").replace("%", "\u00a0%")
        case int() | float() if kind == "int":
            return thousands(value)
        case _:
            return str(value)
