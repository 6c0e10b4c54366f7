"""How a view says who may call it. A view that says nothing does not answer. Source: STYLE 3."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

ScopeName = Literal["workspace", "accounts", "oversight", "identity"]
V = TypeVar("V", bound=Callable[..., Any])


@dataclass(frozen=True)
class Access:
    """The right a view asks for (empty: none, the page is public) and the scope its transaction runs in."""

    capability: str
    scope: ScopeName
    is_public: bool = False
    before_password_change: bool = False


def requires(
    capability: str, *, scope: ScopeName = "workspace", before_password_change: bool = False
) -> Callable[[V], V]:
    """Only a signed-in person with ``capability`` on this host may call the view.

    ``scope="accounts"``: the view manages accounts and touches no organization's table. ``scope="oversight"``: the view
    has an argument ``slug`` and reads that organization's oversight views.
    """

    def mark(view: V) -> V:
        view.access = Access(capability, scope, before_password_change=before_password_change)  # type: ignore[attr-defined]
        return view

    return mark


def signed_in(view: V) -> V:
    """Anybody who is signed in on this host, also before the first password change."""
    view.access = Access("", "accounts", before_password_change=True)  # type: ignore[attr-defined]
    return view


def public(*, scope: ScopeName = "identity") -> Callable[[V], V]:
    """Everybody, signed in or not. Sign-in itself runs in ``accounts``."""

    def mark(view: V) -> V:
        view.access = Access("", scope, is_public=True)  # type: ignore[attr-defined]
        return view

    return mark
