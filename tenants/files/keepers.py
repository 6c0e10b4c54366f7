"""Who may open a kept file. Closed by default: a purpose without a keeper opens for nobody."""

from __future__ import annotations

from collections.abc import Callable

from shared.access.actors import Actor
from tenants.files.models import StoredFile

Keeper = Callable[[Actor, StoredFile], bool]
_keepers: dict[str, Keeper] = {}


def keep(purpose: str, may_open: Keeper) -> None:
    """Let the app that owns a purpose decide; called from its ``AppConfig.ready``.

    The keeper runs in the work transaction and knows the object the file belongs to, so it sees rights and reach.
    """
    _keepers[purpose] = may_open


def may_open(actor: Actor, stored: StoredFile) -> bool:
    """Whether this person may open this file."""
    keeper = _keepers.get(stored.purpose)
    return keeper is not None and keeper(actor, stored)
