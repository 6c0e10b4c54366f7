"""Reading one row on the path of every request."""

from __future__ import annotations

from typing import TypeVar

from django.db.models import Model, QuerySet

M = TypeVar("M", bound=Model)
Row = TypeVar("Row")


def row_or_none(rows: QuerySet[M, Row]) -> Row | None:
    """The row that a unique key names, None without one.

    ``first()`` puts the rows in order, for which Django looks at every selected column: of a wide table that takes
    longer than the rest of the query.
    """
    return next(iter(rows.order_by()[:1]), None)
