"""How a view says who may call it. A view that says nothing does not answer. Source: STYLE 3."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from shared.access.steps import Step

ScopeName = Literal["workspace", "accounts", "oversight", "identity"]
Groundwork = Callable[..., Any]
V = TypeVar("V", bound=Callable[..., Any])


@dataclass(frozen=True)
class Access:
    """The right a view asks for (empty: none, the page is public) and the scope its transaction runs in.

    ``is_exempt``: what a person does with his own sign-in, which works during a maintenance break. Source: R-279.
    """

    capability: str
    scope: ScopeName
    is_public: bool = False
    steps: frozenset[Step] = frozenset()
    needs_purpose: bool = False
    groundwork: Groundwork | None = None
    is_exempt: bool = False


def requires(
    capability: str,
    *,
    scope: ScopeName = "workspace",
    needs_purpose: bool = False,
    groundwork: Groundwork | None = None,
) -> Callable[[V], V]:
    """Only a signed-in person with ``capability`` on this host may call the view.

    ``scope="accounts"``: the view manages accounts and touches no organization's table; what it must know of one is
    read first by ``groundwork(request, **kwargs)`` in the workspace's own read-only transaction, and is then
    ``request.groundwork``; a view of the workspace's own tables learns about accounts the same way round.
    ``scope="oversight"``: the view has an argument ``slug`` and reads that organization's
    oversight views. ``needs_purpose``: a level above looks at persons, so it states what for. Source: MUNICIPALITY 2.
    """

    def mark(view: V) -> V:
        view.access = Access(  # type: ignore[attr-defined]
            capability,
            scope,
            needs_purpose=needs_purpose,
            groundwork=groundwork,
        )
        return view

    return mark


def signed_in(view: V) -> V:
    """Anybody whose sign-in on this host is complete: a page of his own sign-in, in ``accounts``."""
    view.access = Access("", "accounts", is_exempt=True)  # type: ignore[attr-defined]
    return view


def at_step(*steps: Step) -> Callable[[V], V]:
    """A page of the sign-in itself: answers while one of these steps is to be taken, and afterwards."""

    def mark(view: V) -> V:
        view.access = Access("", "accounts", steps=frozenset(steps), is_exempt=True)  # type: ignore[attr-defined]
        return view

    return mark


def public(*, scope: ScopeName = "identity", is_exempt: bool = False) -> Callable[[V], V]:
    """Everybody, signed in or not. Sign-in itself runs in ``accounts`` and is exempt from maintenance breaks.

    ``scope="workspace"``: on an organization's own host the view reads that organization's tables, and only reads.
    """

    def mark(view: V) -> V:
        view.access = Access("", scope, is_public=True, is_exempt=is_exempt)  # type: ignore[attr-defined]
        return view

    return mark
