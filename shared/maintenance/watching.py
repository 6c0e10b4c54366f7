"""What the worker does for breaks and for the page that tells of the installation's state."""

from __future__ import annotations

import datetime
from contextlib import suppress
from typing import Final

from django.db import transaction
from django.db.models.functions import Now

from shared.maintenance.current import open_breaks
from shared.maintenance.errors import AlreadyOver
from shared.maintenance.models import Heartbeat, Stage
from shared.maintenance.services import settle
from shared.tenancy import scopes

WORKER: Final = "worker"


def settle_closing() -> None:
    """Tell breaks running whose last writes have ended, also when nobody has the console open."""
    for one in open_breaks():
        if one.stage == Stage.CLOSING:
            with suppress(AlreadyOver), scopes.enter(scopes.of_operator().by("worker")):
                settle(one.pk)


def beat(part: str) -> None:
    """Note that a part is alive, by the clock of the database."""
    with transaction.atomic():
        Heartbeat.objects.bulk_create(
            [Heartbeat(part=part, at=Now())], update_conflicts=True, unique_fields=["part"], update_fields=["at"]
        )


def last_beat(part: str) -> datetime.datetime | None:
    """When a part was last alive; None if never."""
    return Heartbeat.objects.filter(pk=part).values_list("at", flat=True).first()
