"""Refusals: what the system will not do, said in one sentence for the person who asked.

A service raises a ``RuleViolation``; a view shows its text, the API puts ``code`` and ``facts`` beside it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar

from django.db import DEFAULT_DB_ALIAS, IntegrityError, transaction


class RuleViolation(Exception):
    """An expected refusal.

    A subclass gives ``text`` (Russian, ``str.format`` over the facts), ``code`` (stable, for programs) and, when one
    input is to blame, ``field``. The text says what happened, with which object, and what to do next.
    ``is_wrong_usage`` marks a question that was put wrongly: a command ends with 2 instead of 1. Source: INTERFACES 3.
    """

    code: ClassVar[str] = "refused"
    text: ClassVar[str] = "Действие не выполнено. Обновите страницу и попробуйте ещё раз."
    field: ClassVar[str | None] = None
    is_wrong_usage: ClassVar[bool] = False

    def __init__(self, **facts: object) -> None:
        super().__init__(facts)
        self.facts = facts

    def __str__(self) -> str:
        return self.text.format(**self.facts)

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild, (type(self), self.facts)  # Exception would pass the facts by position


class AlreadyThere(RuleViolation):
    """An equal one is there already: people work with that one, a program that repeats itself makes nothing twice."""


def _rebuild(kind: type[RuleViolation], facts: dict[str, object]) -> RuleViolation:
    return kind(**facts)


@contextmanager
def constraint_means(name: str, violation: RuleViolation, *, using: str = DEFAULT_DB_ALIAS) -> Iterator[None]:
    """Let the database decide and say its answer in words: a breach of constraint ``name`` raises ``violation``.

    The block runs in a savepoint, so the transaction around it stays usable. Nest the uses for several constraints:
    a breach of any other constraint passes through unchanged.
    """
    try:
        with transaction.atomic(using=using):
            yield
    except IntegrityError as error:
        if _broken_constraint(error) != name:
            raise
        raise violation from error


def _broken_constraint(error: IntegrityError) -> str | None:
    diagnosis = getattr(error.__cause__, "diag", None)
    return getattr(diagnosis, "constraint_name", None)
