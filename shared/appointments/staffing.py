"""The approximate staffing pattern: what is missing is a warning and never a block. Source: R-251, ORGANIZATION 4."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from shared.access.roles import Role
from shared.appointments.groups import GroupChoice
from shared.kernel.text import plural

# One of each; a supplementary organization has no coordinator.
SINGLE: Final = (Role.COORDINATOR, Role.ORG_ADMIN)
ADDITIONAL: Final = (Role.SECRETARY, Role.FORUM_MODERATOR, Role.PARENTS_COMMITTEE_REP)
KEEPER_OF: Final = {
    "class": (Role.CLASS_TEACHER, "Классы без классного руководителя"),
    "preschool": (Role.EDUCATOR, "Группы без воспитателя"),
    "club": (Role.SUPPL_TEACHER, "Объединения без педагога"),
}
NAMED: Final = 12


@dataclass(frozen=True, slots=True)
class Held:
    """An appointment of the day, as far as the pattern cares."""

    account_id: uuid.UUID
    role: str
    groups: frozenset[uuid.UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that is not as in the pattern; ``role`` leads to the people of that role."""

    text: str
    role: str
    is_mandatory: bool = True


def staffing_gaps(org_type: str, held: Iterable[Held], groups: Iterable[GroupChoice]) -> list[Gap]:
    """What the pattern misses, the obligatory first."""
    holders: dict[str, set[uuid.UUID]] = defaultdict(set)
    kept: dict[str, set[uuid.UUID]] = defaultdict(set)
    for one in held:
        holders[one.role].add(one.account_id)
        kept[one.role] |= one.groups
    gaps = [gap for role in SINGLE if (gap := _single(role, len(holders[role]), org_type)) is not None]
    current = [group for group in groups if group.is_current]
    for kind, (role, text) in KEEPER_OF.items():
        lacking = [group.name for group in current if group.kind == kind and group.id not in kept[role]]
        if lacking:
            gaps.append(Gap(f"{text}: {_named(lacking)}.", role))
    gaps += [
        Gap(f"Не назначен «{role.label}»: по примерной структуре необязателен.", role, is_mandatory=False)
        for role in ADDITIONAL
        if not holders[role]
    ]
    return gaps


def _single(role: Role, count: int, org_type: str) -> Gap | None:
    if role == Role.COORDINATOR and org_type == "supplementary":
        return None
    if count == 0:
        return Gap(f"Не назначен «{role.label}»: в примерной структуре он один и обязателен.", role)
    if count > 1:
        people = plural(count, "человек,человека,человек")
        return Gap(f"«{role.label}» — {count} {people}: примерная структура предусматривает одного.", role)
    return None


def _named(names: list[str]) -> str:
    more = len(names) - NAMED
    return ", ".join(names[:NAMED]) + (f" и ещё {more}" if more > 0 else "")
