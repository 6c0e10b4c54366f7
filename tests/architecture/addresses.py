"""Every address of every host, found by walking the URL configurations."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from django.urls import URLPattern, URLResolver

from shared.access.declarations import Access
from shared.access.workspaces import WorkspaceKind

KINDS = tuple(str(kind) for kind in WorkspaceKind)
_PARAMETER = re.compile(r"<(?:(?P<converter>\w+):)?(?P<name>\w+)>")
_VALUES = {
    "uuid": str(uuid.UUID(int=7)),
    "int": "999999",
    "slug": "nothing",
    "str": "nothing",
    "path": "a/b",
    "student": "student",
    "guardian": "guardian",
    "staff": "staff",
    "organization": "organization",  # kinds of cards
}


@dataclass(frozen=True)
class Address:
    """One URL pattern of one kind of host."""

    route: str
    view: Callable[..., Any]

    @property
    def access(self) -> Access | None:
        return getattr(self.view, "access", None)

    @property
    def has_object(self) -> bool:
        return "<uuid:" in self.route

    def path(self, values: Mapping[str, str] | None = None) -> str:
        """An address that may be asked; ``values`` by converter or by name replace what does not exist anywhere."""
        known = {**_VALUES, **(values or {})}
        return "/" + _PARAMETER.sub(
            lambda found: known.get(found["name"]) or known.get(found["converter"] or "str", "nothing"), self.route
        )

    def __str__(self) -> str:
        return f"/{self.route}"


def addresses_of(kind: str) -> list[Address]:
    """The addresses of one kind of host."""
    return list(walk(import_module(f"config.urls.{kind}").urlpatterns))


def walk(patterns: list[URLPattern | URLResolver], prefix: str = "") -> Iterator[Address]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from walk(pattern.url_patterns, route)
        else:
            yield Address(route, pattern.callback)


def unmarked(addresses: list[Address]) -> list[str]:
    """Addresses whose view does not say who may call it."""
    return [str(address) for address in addresses if not isinstance(address.access, Access)]
