"""What roles may do: the matrix as data, its changes by an organization, the region's ceilings.

A cell is a level; a level gives the row's capabilities with a reach. Source: ORGANIZATION 4 (R-035, R-063, R-163).
"""

from __future__ import annotations

import enum
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

from shared.access.roles import COLUMNS, DATA, ORGANIZATION_ROLES, Role, role_facts
from shared.kernel.data import read_yaml


class Reach(enum.IntEnum):
    """How far a capability goes: one's own record, the groups of the appointment, the whole workspace."""

    OWN = 1
    GROUP = 2
    ALL = 3


@dataclass(frozen=True, slots=True)
class Right:
    """A capability of a person here; ``groups`` are the ids of his groups where the reach is GROUP."""

    reach: Reach
    groups: frozenset[uuid.UUID] = frozenset()

    def __or__(self, other: Right) -> Right:
        return Right(max(self.reach, other.reach), self.groups | other.groups)

    @property
    def is_everywhere(self) -> bool:
        return self.reach == Reach.ALL


@dataclass(frozen=True, slots=True)
class Level:
    """A letter of the matrix: which lists of the row it gives, and how far."""

    code: str
    label: str
    gives: tuple[str, ...] = ()
    reach: Reach = Reach.ALL


LEVELS: Final = {
    level.code: level
    for level in (
        Level("F", "полностью", ("read", "edit", "remark")),
        Level("K", "просмотр и замечания", ("read", "remark")),
        Level("R", "просмотр", ("read",)),
        Level("C", "в своих классах и группах", ("read", "edit"), Reach.GROUP),
        Level("CR", "просмотр своих классов и групп", ("read",), Reach.GROUP),
        Level("O", "свои записи", ("read", "edit"), Reach.OWN),
        Level("OR", "просмотр своих записей", ("read",), Reach.OWN),
        Level("P", "предложить", ("propose",)),
        Level("-", "нет"),
    )
}
NONE: Final = "-"


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the matrix: what it is about and which capabilities its levels give."""

    code: str
    section: str
    label: str
    cells: Mapping[str, str]
    read: tuple[str, ...] = ()
    edit: tuple[str, ...] = ()
    remark: tuple[str, ...] = ()
    propose: tuple[str, ...] = ()
    is_special: bool = False
    by_type: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    ceiling: Mapping[str, str] = field(default_factory=dict)

    def default(self, role: str, org_type: str) -> str:
        """The level of a role where the organization has changed nothing."""
        return self.by_type.get(org_type, {}).get(role) or self.cells.get(role, NONE)

    def gives(self, level: str) -> dict[str, Reach]:
        """Capabilities of a level with their reach."""
        found = LEVELS[level]
        return {name: found.reach for kind in found.gives for name in getattr(self, kind)}

    def fits_under(self, level: str, ceiling: str | None) -> bool:
        """Whether ``level`` gives nothing that ``ceiling`` does not; no ceiling forbids nothing."""
        if ceiling is None:
            return True
        most = self.gives(ceiling)
        return all(most.get(name, 0) >= reach for name, reach in self.gives(level).items())

    @property
    def levels(self) -> tuple[str, ...]:
        """Levels that mean something different in this row; of equal ones the plainest letter stands."""
        seen: dict[tuple[tuple[str, Reach], ...], str] = {}
        for code in (NONE, "R", "F", *LEVELS):
            seen.setdefault(tuple(sorted(self.gives(code).items())), code)
        return tuple(code for code in LEVELS if code in seen.values())


@cache
def matrix() -> dict[str, Row]:
    """Every row by its code, in the order of the table."""
    return {raw["code"]: _row(raw) for raw in _file()["rows"]}


@cache
def _file() -> dict[str, Any]:  # Any: what YAML holds
    found: dict[str, Any] = read_yaml(DATA / "rights.yaml")
    return found


def _row(raw: dict[str, Any]) -> Row:
    by_column = dict(zip(COLUMNS, raw["cells"].split(), strict=True))
    lists = {name: tuple(raw.get(name, ())) for name in ("read", "edit", "remark", "propose")}
    return Row(
        code=raw["code"],
        section=raw["section"],
        label=raw["label"].removesuffix(" (ours)"),
        cells=_by_role(by_column) | raw.get("also", {}),
        by_type={kind: _by_role(cells) for kind, cells in raw.get("by_type", {}).items()},
        ceiling=_by_role(raw.get("ceiling", {})),
        is_special=bool(raw.get("is_special")),
        **lists,
    )


def _by_role(by_column: Mapping[str, str]) -> dict[str, str]:
    return {code: by_column[facts.column] for code, facts in role_facts().items() if facts.column in by_column}


@cache
def authority_capabilities() -> dict[str, frozenset[str]]:
    """What roles above organizations may do; these are not edited."""
    return {role: frozenset(names) for role, names in _file()["authorities"].items()}


@cache
def _everybody(role: str) -> frozenset[str]:
    """What a role of an organization may do whatever its matrix says: staff have a home page, families their room."""
    return frozenset(_file()["family" if role_facts()[role].is_family else "always"])


def level_of(row: Row, role: str, org_type: str, changed: str | None, ceiling: str | None = None) -> str:
    """The level in force: the organization's change or the default, never above a ceiling.

    Under a ceiling that is lower it is the widest level that fits both: a ceiling takes away and never gives.
    """
    level = changed or row.default(role, org_type)
    most = [limit for limit in (row.ceiling.get(role), ceiling) if limit is not None]
    if all(row.fits_under(level, limit) for limit in most):
        return level
    fitting = [code for code in row.levels if all(row.fits_under(code, limit) for limit in (level, *most))]
    return max(fitting, key=lambda code: sum(row.gives(code).values()))


def rights_of_role(
    role: str,
    *,
    org_type: str = "",
    groups: Iterable[uuid.UUID] = (),
    changes: Mapping[str, str] | None = None,
    ceilings: Mapping[str, str] | None = None,
) -> dict[str, Right]:
    """Capabilities of one appointment. ``changes`` and ``ceilings``: row code → level, of this role today.

    A role whose reach is its groups and that names none reaches nobody: closed by default.
    """
    if role not in ORGANIZATION_ROLES:
        return {name: Right(Reach.ALL) for name in authority_capabilities().get(role, ())}
    own = frozenset(groups)
    found = {name: Right(Reach.ALL) for name in _everybody(role)}
    for row in matrix().values():
        level = level_of(row, role, org_type, (changes or {}).get(row.code), (ceilings or {}).get(row.code))
        for name, reach in row.gives(level).items():
            right = Right(reach, own if reach == Reach.GROUP else frozenset())
            found[name] = found[name] | right if name in found else right
    return found


def capabilities_of(role: str, org_type: str = "school") -> frozenset[str]:
    """Names of what a role may do by default; an unknown role may nothing."""
    return frozenset(rights_of_role(role, org_type=org_type)) if role in Role.values else frozenset()


def known_capabilities() -> frozenset[str]:
    """Every capability that some role can hold."""
    rows = frozenset(name for row in matrix().values() for name in (*row.read, *row.edit, *row.remark, *row.propose))
    return rows.union(*authority_capabilities().values(), *map(_everybody, ORGANIZATION_ROLES))
