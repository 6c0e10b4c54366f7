"""The whole file checked: which rows are new, known, refused, and the address of each new organization."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property

from fleet.onboarding.directory import (
    Directory,
    Identity,
    KnownOrganization,
    full_name_key,
    name_identity,
    registration_identity,
)
from fleet.onboarding.rows import OrganizationRow, Outcome, missing_columns, parse_rows, unknown_columns
from fleet.onboarding.slugs import make_free
from shared.imports.tables import Table
from shared.kernel.rules import RuleViolation


class ColumnsMissing(RuleViolation):
    """The file is not a list of organizations: an obligatory column is absent."""

    code = "columns_missing"
    text = "В файле нет столбцов: {columns}. Добавьте их в строку заголовков и загрузите файл снова."


@dataclass(frozen=True)
class Preview:
    """What a run would do, before anything is written."""

    table: Table
    rows: list[OrganizationRow]
    notes: list[str]

    def with_outcome(self, outcome: Outcome) -> list[OrganizationRow]:
        return [row for row in self.rows if row.outcome == outcome]

    @cached_property
    def counts(self) -> dict[str, int]:
        """Numbers of rows: in all, new, known, refused, and those that pass with a warning."""
        numbers = {str(outcome): len(self.with_outcome(outcome)) for outcome in Outcome}
        return {"rows": len(self.rows), **numbers, "warned": sum(row.is_warned for row in self.rows)}


def check_table(table: Table, directory: Directory, reserved: frozenset[str]) -> Preview:
    """Check every row by itself, then against the connected organizations and against each other.

    Raises: ColumnsMissing.
    """
    if missing := missing_columns(table):
        raise ColumnsMissing(columns=", ".join(missing))
    rows = list(parse_rows(table, directory, reserved))
    first: dict[Identity, OrganizationRow] = {}
    for row in rows:
        if row.outcome != Outcome.REFUSED:
            _recognize(row, directory, first)
    _give_addresses(rows, directory)
    ignored = unknown_columns(table)
    notes = [*table.notes, *([f"Не читались столбцы: {', '.join(ignored)}."] if ignored else [])]
    return Preview(table, rows, notes)


def find_known(row: OrganizationRow, directory: Directory) -> KnownOrganization | None:
    """The connected organization that a row means: by ОГРН and КПП, else by the given slug, else by its full name."""
    kind, *_ = identity = identity_of(row)
    return directory.by_slug.get(identity[1]) if kind == "slug" else directory.by_identity.get(identity)


def identity_of(row: OrganizationRow) -> Identity:
    if row.values["ogrn"]:
        return registration_identity(row.values["ogrn"], row.values["kpp"])
    if row.values["slug"]:
        return ("slug", row.values["slug"])
    return _name_identity(row)


def _name_identity(row: OrganizationRow) -> Identity:
    if row.territory is None:
        raise ValueError("a refused row has no identity")
    return name_identity(row.territory, row.values["full_name"])


def _recognize(row: OrganizationRow, directory: Directory, first: dict[Identity, OrganizationRow]) -> None:
    """The file itself goes first, so that a second run of it says the same of its repeated rows."""
    before = first.setdefault(identity_of(row), row)
    if before is not row:
        _repeat(row, before)
        return
    known = find_known(row, directory)
    if known is not None:
        row.outcome, row.slug = Outcome.KNOWN, known.slug
        if full_name_key(known.full_name) != full_name_key(row.values["full_name"]):
            row.warn("full_name", f"Уже подключена под названием «{known.full_name}»; название не меняется.")
        return
    twin = directory.by_identity.get(_name_identity(row)) or first.setdefault(_name_identity(row), row)
    if twin is not row:
        row.warn("full_name", f"Такое же полное название здесь у организации «{twin.slug}». Проверьте, не она ли это.")


def _repeat(row: OrganizationRow, before: OrganizationRow) -> None:
    """The same organization twice is one; two organizations under one identity are a mistake to be corrected."""
    if full_name_key(row.values["full_name"]) == full_name_key(before.values["full_name"]):
        row.outcome, row.same_as = Outcome.KNOWN, before
        row.warn("full_name", f"Эта организация уже стоит в строке {before.number} файла.")
        return
    column = "ogrn" if row.values["ogrn"] else "slug"
    what = "ОГРН и КПП" if column == "ogrn" else "адрес"
    row.refuse(column, f"Тот же {what} — у другой организации в строке {before.number}. Исправьте одну из строк.")


def _give_addresses(rows: Sequence[OrganizationRow], directory: Directory) -> None:
    """Given slugs go first, so that no transliterated one takes what another row has asked for."""
    taken: set[str] = set()
    new = (row for row in rows if row.outcome == Outcome.NEW)
    for row in sorted(new, key=lambda row: not row.values["slug"]):
        take_address(row, directory, taken)
        taken.add(row.slug)
    for row in rows:
        if row.same_as is not None:
            row.slug = row.same_as.slug


def take_address(row: OrganizationRow, directory: Directory, taken: Collection[str] = ()) -> None:
    """Keep the row's slug or, where it is taken, give another and say so."""

    def is_taken(slug: str) -> bool:
        return slug in taken or slug in directory.by_slug or slug in directory.taken

    if not is_taken(row.slug):
        return
    municipality = directory.municipalities.get(row.territory.oktmo) if row.territory else None
    row.slug = make_free(row.wanted, municipality, is_taken)
    row.warn("slug", f"Адрес {row.wanted} занят, назначен {row.slug}. Другой можно указать в столбце slug.")
