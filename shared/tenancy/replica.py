"""Reading from a standby of the database, while it answers, is fresh and holds what the reader has written himself.

Only here another server stands in for ``default``: inside ``enter`` every query of the work, of the ORM or written out,
goes to the standby in the same role. Whoever opens it decides what may be some seconds old. Source: ADR 0020.
"""

from __future__ import annotations

import datetime
import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, connections

from shared.tenancy import scopes

logger = logging.getLogger(__name__)
ALIAS = "replica"
REST_SECONDS = 5.0
"""So long nobody asks a standby that has failed: each try costs its reader the time of a connection."""
_state = {"rests_until": 0.0}


class StandbyUnfit(OperationalError):
    """The standby is not configured, resting, behind, or no standby any more."""


UNFIT = (OperationalError, InterfaceError)
"""What ``enter`` may raise, before its block or in the middle of it; the work is then done on ``default``."""


def is_configured() -> bool:
    return ALIAS in connections.settings


def position() -> str:
    """How far the database has written: a standby that is past this place holds everything committed until now."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_current_wal_insert_lsn()")
        return str(cursor.fetchone()[0])


@contextmanager
def enter(scope: scopes.Scope, *, written: str = "") -> Iterator[None]:
    """One READ ONLY transaction in ``scope`` on the standby; ``written`` is the position it must have passed.

    Raises: StandbyUnfit, and what the standby says when it goes away.
    """
    if not is_configured() or time.monotonic() < _state["rests_until"]:
        raise StandbyUnfit
    try:
        with _instead_of_default(), scopes.enter(scope.reading()):
            _refuse_old_data(written)
            yield
    except StandbyUnfit:
        raise
    except UNFIT as fault:
        connections[ALIAS].close()
        _state["rests_until"] = time.monotonic() + REST_SECONDS
        logger.warning("standby failed", extra={"fault": type(fault).__name__})
        raise


@contextmanager
def _instead_of_default() -> Iterator[None]:
    """Connections belong to their thread, so nobody else is led astray."""
    primary = connections["default"]
    connections["default"] = connections[ALIAS]
    try:
        yield
    finally:
        connections["default"] = primary


def _refuse_old_data(written: str) -> None:
    """A database without writes looks old from its standby; then it answers itself, having nothing else to do."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select pg_is_in_recovery(), now() - pg_last_xact_replay_timestamp(),"
            " pg_last_wal_replay_lsn() >= %s::pg_lsn",
            [written or "0/0"],
        )
        is_standby, age, has_passed = cursor.fetchone()
    limit = datetime.timedelta(seconds=settings.ENVIRONMENT.replica_lag_seconds)
    if not (is_standby and has_passed and age is not None and age <= limit):
        raise StandbyUnfit
