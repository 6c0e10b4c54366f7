"""The registration point: what needs a second person.

An app registers its kinds in its ``AppConfig.ready()``. A kind says which right asks, which right decides and what
happens after the decision. Re-opening an accepted form (``form.reopen``) is to be registered here by the room of
submissions, when it is built: ask ``forms.compute``, decide ``approvals.decide``, ``on_approval`` re-opens the form.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from shared.access.approvals.models import Approval


@dataclass(frozen=True, slots=True)
class Kind:
    """``on_approval`` runs in the decider's transaction, in role ``accounts``; long work wants a task there.

    ``page``: the address where the decider sees what exactly he is asked for, when the request cannot say it.
    """

    code: str
    label: str
    ask: str
    decide: str
    on_approval: Callable[[Approval], object] | None = None
    page: Callable[[Approval], str] | None = None


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Make a kind known; registering it again is the same."""
    _kinds[kind.code] = kind


def kind_of(approval: Approval) -> Kind:
    """The kind of a request; a request of a kind that no app registers is a fault."""
    return _kinds[approval.kind]


def known_kinds() -> tuple[Kind, ...]:
    return tuple(_kinds.values())
