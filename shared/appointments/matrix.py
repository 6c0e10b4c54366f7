"""The table of rights of one organization on a day: every role in every row, with whose decision the level is.

Source: ORGANIZATION 4 (R-035, R-063, R-163).
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import groupby
from typing import Final

from shared.access.models import RightCeiling, RightChange
from shared.access.rights import LEVELS, NONE, Reach, Row, level_of, matrix
from shared.access.roles import FAMILY_ROLES, ORGANIZATION_ROLES, Role, RoleFacts, role_facts
from shared.appointments.days import order_text, period_text

# Marks of the levels on the sheet; their words are the levels' own labels.
MARKS: Final = {"F": "П", "K": "З", "R": "Ч", "C": "К", "CR": "Кч", "O": "С", "OR": "Сч", "P": "Пр", NONE: "—"}
SHORT: Final = {
    Role.ORG_ADMIN: "Адм.",
    Role.COORDINATOR: "Коорд.",
    Role.DIRECTOR: "Дир.",
    Role.DEPUTY_UVR: "УВР",
    Role.DEPUTY_OTHER: "Зам.",
    Role.SECRETARY: "Секр.",
    Role.TEACHER: "Учит.",
    Role.CLASS_TEACHER: "Кл. рук.",
    Role.EDUCATOR: "Восп.",
    Role.SUPPL_TEACHER: "Пед. ДО",
    Role.METHODIST: "Мет.",
    Role.SOCIAL_TEACHER: "Соц.",
    Role.NURSE: "Мед.",
    Role.LIBRARIAN: "Библ.",
    Role.FORUM_MODERATOR: "Модер.",
    Role.PARENTS_COMMITTEE_REP: "Родком",
    Role.EMPLOYEE: "Сотр.",
    Role.STUDENT: "Уч-ся",
    Role.GUARDIAN: "Род.",
}
LEGEND: Final = tuple((mark, LEVELS[code].label) for code, mark in MARKS.items())


@cache
def offered(code: str) -> tuple[str, ...]:
    """Levels that mean something in a row: «own groups» only where the table itself knows such a reach.

    Elsewhere a room asks whether the right is there at all, and a narrower reach would be the whole of it.
    """
    row = matrix()[code]
    known = [
        *row.cells.values(),
        *row.ceiling.values(),
        *(one for cells in row.by_type.values() for one in cells.values()),
    ]
    reaches = {reach for level in known for reach in row.gives(level).values()} | {Reach.ALL}
    return tuple(level for level in row.levels if set(row.gives(level).values()) <= reaches)


@cache
def plain(code: str, level: str) -> str:
    """The level as it counts in a row: a look where the row has nothing to look at is no right at all."""
    row = matrix()[code]
    return next(one for one in (*offered(code), *row.levels) if row.gives(one) == row.gives(level))


def level_words(code: str, level: str) -> str:
    """What a level means in a row."""
    return LEVELS[plain(code, level)].label


@dataclass(frozen=True, slots=True)
class Cell:
    """One role in one row. ``change`` is the decision in force, ``ceiling`` the region's word, if there are any."""

    row: Row
    role: str
    org_type: str
    change: RightChange | None = None
    ceiling: RightCeiling | None = None

    @property
    def default(self) -> str:
        return self.row.default(self.role, self.org_type)

    @property
    def level(self) -> str:
        changed = self.change.level if self.change else None
        return level_of(self.row, self.role, self.org_type, changed, self.ceiling.level if self.ceiling else None)

    @property
    def mark(self) -> str:
        return MARKS[plain(self.row.code, self.level)]

    @property
    def words(self) -> str:
        return level_words(self.row.code, self.level)

    @property
    def default_words(self) -> str:
        return level_words(self.row.code, level_of(self.row, self.role, self.org_type, None))

    @property
    def is_changed(self) -> bool:
        return self.change is not None and self.change.level != ""

    @property
    def basis(self) -> str:
        """By what the level differs from the default; nothing where it does not."""
        return basis_text(self.change) if self.change is not None and self.is_changed else ""

    @property
    def limit(self) -> str:
        """Why the cell is closed from above, in words; nothing where it is not."""
        if self.ceiling is not None:
            return f"Регион: не выше «{level_words(self.row.code, self.ceiling.level)}». {self.ceiling.act}"
        most = self.row.ceiling.get(self.role)
        return f"Во всех организациях не выше «{level_words(self.row.code, most)}»." if most else ""

    @property
    def role_name(self) -> str:
        return role_facts()[self.role].label

    def allows(self, level: str) -> bool:
        """Whether the organization may choose ``level`` here.

        Families get beyond the default only what is their own: a lists' row opened to parents by mistake would show
        every child. Source: assumption, from ORGANIZATION 4.
        """
        limits = [self.row.ceiling.get(self.role), self.ceiling.level if self.ceiling else None]
        if not all(self.row.fits_under(level, most) for most in limits):
            return False
        if self.role not in FAMILY_ROLES or self.row.fits_under(level, self.default):
            return True
        return all(reach == Reach.OWN for reach in self.row.gives(level).values())

    @property
    def choices(self) -> list[str]:
        return [level for level in offered(self.row.code) if self.allows(level)]


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the table with its cells in the order of the roles."""

    row: Row
    cells: list[Cell]


@dataclass(frozen=True)
class Sheet:
    """The whole table of an organization on a day."""

    org_type: str
    day: datetime.date
    changes: dict[tuple[str, str], RightChange]
    ceilings: dict[tuple[str, str], RightCeiling]

    @cached_property
    def roles(self) -> list[RoleFacts]:
        return [facts for code, facts in role_facts().items() if code in ORGANIZATION_ROLES]

    @cached_property
    def sections(self) -> list[tuple[str, list[Line]]]:
        grouped = groupby(matrix().values(), key=lambda row: row.section)
        return [
            (section, [Line(row, [self.cell(row, facts.role) for facts in self.roles]) for row in rows])
            for section, rows in grouped
        ]

    def cell(self, row: Row, role: str) -> Cell:
        key = (row.code, role)
        return Cell(row, role, self.org_type, self.changes.get(key), self.ceilings.get(key))

    def of_role(self, role: str) -> list[tuple[str, list[Cell]]]:
        """The same for one role: how a phone shows it."""
        grouped = groupby(matrix().values(), key=lambda row: row.section)
        return [(section, [self.cell(row, role) for row in rows]) for section, rows in grouped]

    def of_row(self, row: Row) -> list[Cell]:
        return [self.cell(row, facts.role) for facts in self.roles]

    @property
    def changed(self) -> Iterator[Cell]:
        for _, lines in self.sections:
            for line in lines:
                yield from (cell for cell in line.cells if cell.is_changed)


def sheet_of(organization_id: uuid.UUID, org_type: str, day: datetime.date) -> Sheet:
    """The table in force on a day, in two queries."""
    changes = RightChange.objects.on(day).filter(organization_id=organization_id).order_by("valid_from", "id")
    ceilings = RightCeiling.objects.filter(region__organizations=organization_id)
    return Sheet(
        org_type=org_type,
        day=day,
        changes={(one.row, one.role): one for one in changes},
        ceilings={(one.row, one.role): one for one in ceilings},
    )


def history_of(organization_id: uuid.UUID, row: str, role: str) -> list[RightChange]:
    """Every decision about a cell, the newest first."""
    found = RightChange.objects.filter(organization_id=organization_id, row=row, role=role)
    return list(found.order_by("-decided_at", "-id"))


def basis_text(change: RightChange) -> str:
    """The order of a decision, or its reason where it carries no order."""
    return order_text(change.order_number, change.order_date) or change.reason


def change_words(change: RightChange) -> str:
    """The level a decision gave, in words."""
    return level_words(change.row, change.level) if change.level else "по умолчанию"


def change_period(change: RightChange) -> str:
    return period_text(change.valid_from, change.valid_to)
