"""How a sensitive value looks under its mask: enough to recognize it, not enough to use it. Source: UI 5 «masked»."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from shared.cards.layout import Field
from shared.cards.values import written

DOT: Final = "•"
_DOTS: Final = DOT * 6


def mask(field: Field, value: Any) -> str:
    """The masked text of a value; '' of an empty one."""
    text = written(field, value)
    return _MASKS.get(field.kind, _whole)(text) if text else ""


def tail(text: str, shown: int) -> str:
    """The last signs, never more than a third of the text."""
    shown = min(shown, len(text) // 3)
    if not shown:
        return DOT * 4
    return "".join(DOT if sign.isalnum() else sign for sign in text[:-shown]) + text[-shown:]


def _whole(text: str) -> str:
    return _DOTS


def _number(text: str) -> str:
    return tail(text, 3)


def _long_number(text: str) -> str:
    return tail(text, 4)


def _phone(text: str) -> str:
    return tail(text, 2)


def _email(text: str) -> str:
    return f"{DOT * 5}@{text.rpartition('@')[2]}"


def _address(text: str) -> str:
    """The place is told, the street is not."""
    head, comma, _ = text.partition(",")
    return f"{head}, {_DOTS}" if comma else _DOTS


def _text(text: str) -> str:
    """A number of a document keeps its end; words are hidden whole."""
    return _number(text) if any(map(str.isdigit, text)) and len(text) <= 12 else _whole(text)


_MASKS: Final[Mapping[str, Callable[[str], str]]] = {
    "snils": _long_number,
    "inn_person": _number,
    "text": _text,
    "phone": _phone,
    "phones": _phone,
    "email": _email,
    "address": _address,
}
