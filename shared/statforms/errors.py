"""Faults of form data (they fail when data are read, not when a form is printed) and the refusals of this app."""

from __future__ import annotations

from typing import ClassVar

from shared.kernel.rules import RuleViolation


class LayoutInvalid(ValueError):
    """The layout of a form breaks the rules of its file: unknown key, repeated code, reference into nowhere."""


class BindingInvalid(ValueError):
    """A binding names a cell, a dimension or a measure that does not exist, or asks for an impossible combination."""


class CheckNotReadable(ValueError):
    """A check is written for people, not in the language of :mod:`shared.statforms.checks`."""


class FormUnknown(RuleViolation):
    code: ClassVar[str] = "form-unknown"
    is_wrong_usage: ClassVar[bool] = True
    text: ClassVar[str] = (
        "Формы «{code}» нет в каталоге. Посмотрите список командой asuso forms list и укажите код из него."
    )
