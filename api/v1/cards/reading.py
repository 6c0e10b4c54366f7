"""What a caller sends, read by the forms of the pages, so that both are checked by one rule."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final

from django.forms import Form
from rest_framework import exceptions

from shared.cards.forms import ABSENCE_PREFIX

CLOSED: Final = "Такого поля в карточке нет, или оно закрыто для вас."


def typed(value: Any) -> Any:
    """A value of JSON as a person would type it."""
    match value:
        case None:
            return ""
        case bool():
            return "да" if value else "нет"
        case list():
            return [str(typed(one)) for one in value]
        case _:
            return str(value)


def refuse_unknown(codes: Collection[str], known: Collection[str]) -> None:
    """Raises: ValidationError naming every code that the caller may not write here."""
    unknown = sorted(set(codes) - set(known))
    if unknown:
        raise exceptions.ValidationError({code: [CLOSED] for code in unknown})


def refuse_invalid(form: Form) -> None:
    """Raises: ValidationError with the form's own sentences."""
    if not form.is_valid():
        errors = {name.removeprefix(ABSENCE_PREFIX): list(map(str, said)) for name, said in form.errors.items()}
        raise exceptions.ValidationError(errors)


def typed_values(values: Mapping[str, Any]) -> dict[str, Any]:
    return {code: typed(value) for code, value in values.items()}
