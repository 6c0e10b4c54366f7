"""Classes and groups as an appointment names them; an organization says which it has."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import NamedTuple, cast

from django.http import HttpRequest


class GroupChoice(NamedTuple):
    """A class or group of this academic year, or of the next one when it is already there."""

    id: uuid.UUID
    name: str
    kind: str
    is_current: bool = True


GroupChoices = Callable[[HttpRequest], list[GroupChoice]]


def groundwork(request: HttpRequest, *, groups: GroupChoices | None = None, **kwargs: object) -> list[GroupChoice]:
    """What a view of accounts must know of the organization beforehand: its classes; elsewhere there are none."""
    return groups(request) if groups is not None else []


def groups_of(request: HttpRequest) -> list[GroupChoice]:
    """What ``groundwork`` has read."""
    return cast("list[GroupChoice]", request.groundwork)  # type: ignore[attr-defined]
