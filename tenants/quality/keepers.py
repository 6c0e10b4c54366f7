"""Who answers for a field: the role of the card's layout, and by name whoever holds it today. Source: R-022, R-040."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, cast

from django.http import HttpRequest
from django.utils import timezone

from shared.access.requests import organization_of
from shared.access.roles import role_facts
from shared.appointments.queries import StaffMember, staff_of
from shared.kernel.text import short_name

SHOWN: Final = 2


def staff_here(request: HttpRequest, **kwargs: object) -> list[StaffMember]:
    """The staff of today, read before the view: an organization's own tables do not know accounts."""
    return staff_of(organization_of(request).id, timezone.localdate())


@dataclass(frozen=True)
class Keepers:
    """Names by role."""

    names: Mapping[str, list[str]]

    @classmethod
    def of(cls, staff: Iterable[StaffMember]) -> Keepers:
        found: dict[str, list[str]] = {}
        for person in staff:
            for role in person.roles:
                found.setdefault(role, []).append(short_name(person.full_name))
        return cls(found)

    @classmethod
    def known_to(cls, request: HttpRequest) -> Keepers:
        """From what ``staff_here`` has read."""
        return cls.of(cast("list[StaffMember]", request.groundwork))  # type: ignore[attr-defined]

    def short(self, role: str) -> str:
        """The names alone, where a column is narrow."""
        held = self.names.get(role, [])
        return ", ".join(held[:SHOWN]) if held else self.words(role)

    def words(self, role: str) -> str:
        """«Секретарь: Котова Е. П.», of an empty role that nobody holds it."""
        held = self.names.get(role, [])
        label = role_facts()[role].label
        if not held:
            return f"{label} (не назначен)"
        more = f" и ещё {len(held) - SHOWN}" if len(held) > SHOWN else ""
        return f"{label}: {', '.join(held[:SHOWN])}{more}"
