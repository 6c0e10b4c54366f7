"""A query that Django composes once in a process: for what every request asks.

Composing takes Django up to ten times as long as the server needs to answer.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import cached_property
from typing import Any

from django.db import connection
from django.db.models import QuerySet


class CompiledQuery:
    """``build`` makes a ``values_list`` with placeholders, ``rows`` asks it with values in their places.

    A placeholder is a value that stands nowhere else in the query and reaches the server as it is, so a list cannot be
    one. Values come back as the driver reads them, JSON as text. Raises: ValueError (a placeholder is not found).
    """

    def __init__(self, build: Callable[[], QuerySet[Any, tuple[Any, ...]]], *placeholders: Hashable) -> None:
        self._build = build
        self._placeholders = placeholders

    def rows(self, *values: Any) -> list[tuple[Any, ...]]:  # Any: what parameters and columns hold
        """The rows for these values of the placeholders, in the transaction's scope."""
        text, parameters = self._statement
        known: dict[Hashable, Any] = dict(zip(self._placeholders, values, strict=True))
        with connection.cursor() as cursor:
            cursor.execute(text, [known.get(one, one) if isinstance(one, Hashable) else one for one in parameters])
            return list(cursor.fetchall())

    @cached_property
    def _statement(self) -> tuple[str, tuple[Any, ...]]:
        text, parameters = self._build().query.sql_with_params()
        lost = [one for one in self._placeholders if one not in parameters]
        if lost:
            raise ValueError(f"the query has no parameters {lost}")
        return text, tuple(parameters)
