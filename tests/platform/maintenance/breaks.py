"""Breaks for tests: in the rolled-back transaction of a test, or committed and taken away after it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connections

from shared.maintenance import services
from shared.maintenance.current import forget_breaks
from shared.maintenance.models import MaintenanceBreak
from shared.tenancy import scopes
from tests.support import School


def begin(school: School | None = None) -> MaintenanceBreak:
    """A break in force, of everything or of one organization."""
    with scopes.enter(scopes.of_operator().by("oleg", "", "Олег")):
        one = services.start_at_once(
            reason="Отказ диска",
            expected_end=None,
            by="Олег Тест",
            organization=school.organization if school else None,
        )
    with scopes.enter(scopes.of_operator().by("oleg", "", "Олег")):
        return services.settle(one.pk)


def take_away() -> None:
    """As if the breaks of a test had never been."""
    MaintenanceBreak.objects.using("owner").all().delete()
    forget_breaks()
    connections["owner"].close()


@contextmanager
def committed_break(school: School | None = None) -> Iterator[MaintenanceBreak]:
    """A break that other connections see, for as long as the block lasts."""
    try:
        yield begin(school)
    finally:
        take_away()
