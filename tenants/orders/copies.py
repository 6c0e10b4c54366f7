"""A copy of an organization takes no orders: its role may not write them, and the refusal is said in words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django.db import ProgrammingError
from psycopg.errors import InsufficientPrivilege

from tenants.orders.errors import CopyTakesNoOrders
from tenants.orders.models import Enrollment, Order, OrderRow, Placement

TABLES: Final = tuple(model._meta.db_table for model in (Order, OrderRow, Enrollment, Placement))
"""What the role of a copy only reads; every other organization's role writes it."""


@contextmanager
def refused_in_copy() -> Iterator[None]:
    """Around the transaction of a service that writes orders. Raises: CopyTakesNoOrders."""
    try:
        yield
    except ProgrammingError as error:
        if isinstance(error.__cause__, InsufficientPrivilege):
            raise CopyTakesNoOrders from error
        raise
