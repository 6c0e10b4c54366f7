"""One row of an organizations file: read, checked field by field, nothing asked of a database. Source: INTERFACES 4."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final

from fleet.onboarding.directory import Directory, Territory
from fleet.onboarding.slugs import MAX_LENGTH, is_valid, transliterate
from fleet.onboarding.territory import TerritoryRefused, find_territory
from shared.classifiers.catalog import load_catalog
from shared.imports.headers import header_key, match_headers
from shared.imports.rejected import ORGANIZATIONS
from shared.imports.tables import Table
from shared.kernel.identifiers import check_inn, check_kpp, check_ogrn

COLUMNS: Final = (
    "full_name",
    "short_name",
    "type",
    "municipality",
    "oktmo",
    "inn",
    "kpp",
    "ogrn",
    "address",
    "phone",
    "email",
    "website",
    "urban_rural",
    "slug",
    "founder",
)
REQUIRED: Final = {
    "full_name": "Не указано полное название. Заполните столбец full_name.",
    "short_name": "Не указано краткое название. Заполните столбец short_name.",
    "type": "Не указан тип организации. Заполните столбец type кодом справочника org_type.",
}
LONGEST: Final = {"full_name": 600, "short_name": 200, "address": 500, "phone": 60, "email": 200, "website": 200}
_NUMBERS: Final[dict[str, Callable[[str], str]]] = {"inn": check_inn, "kpp": check_kpp, "ogrn": check_ogrn}


class Outcome(StrEnum):
    """What a run will do with a row."""

    NEW = "new"
    KNOWN = "known"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence about one field; an error refuses the row, a warning does not."""

    field: str
    text: str


@dataclass
class OrganizationRow:
    """A row as checked. ``cells`` are the original ones, ``values`` the cleaned known columns.

    ``wanted`` is the address that the file asks for, ``slug`` the one that the organization has or will get.
    """

    number: int
    cells: list[str]
    values: dict[str, str]
    territory: Territory | None = None
    wanted: str = ""
    slug: str = ""
    errors: list[Finding] = field(default_factory=list)
    warnings: list[Finding] = field(default_factory=list)
    outcome: Outcome = Outcome.NEW
    same_as: OrganizationRow | None = None

    @property
    def fields(self) -> str:
        """The fields to blame, each once."""
        return ", ".join(dict.fromkeys(error.field for error in self.errors))

    @property
    def reason(self) -> str:
        return " ".join(error.text for error in self.errors)

    @property
    def is_warned(self) -> bool:
        return bool(self.warnings) and not self.errors

    def refuse(self, column: str, text: str) -> None:
        self.errors.append(Finding(column, text))
        self.outcome = Outcome.REFUSED

    def warn(self, column: str, text: str) -> None:
        self.warnings.append(Finding(column, text))


def unknown_columns(table: Table) -> list[str]:
    """Columns that are not read; the marks of an earlier refusal are not worth a word."""
    marks = {header_key(mark) for mark in ORGANIZATIONS.marks}
    return [name for name in match_headers(table.headers, COLUMNS).unknown if header_key(name) not in marks]


def missing_columns(table: Table) -> list[str]:
    """Obligatory columns that the file does not have at all."""
    positions = match_headers(table.headers, COLUMNS).positions
    return [name for name in REQUIRED if name not in positions]


def parse_rows(table: Table, directory: Directory, reserved: frozenset[str]) -> Iterator[OrganizationRow]:
    """Rows with the refusals and warnings that each deserves by itself."""
    positions = match_headers(table.headers, COLUMNS).positions
    directory = _within_one_region(table, positions.get("oktmo"), directory)
    for number, cells in table.numbered():
        values = {name: " ".join(cells[positions[name]].split()) if name in positions else "" for name in COLUMNS}
        row = OrganizationRow(number=number, cells=cells, values=values)
        if _slug_is_reserved(row, reserved):
            yield row
            continue
        _check_texts(row)
        _check_codes(row)
        _check_numbers(row)
        _check_territory(row, directory)
        _check_founder(row, directory)
        yield row


def _within_one_region(table: Table, column: int | None, directory: Directory) -> Directory:
    """Where the installation serves no one region, a file of one region says which: its regional rows are of it."""
    if directory.default_region or column is None:
        return directory
    codes = (cells[column].strip() for _number, cells in table.numbered())
    found = {code[:2] for code in codes if len(code) == 8} & directory.regions.keys()
    return replace(directory, default_region=found.pop()) if len(found) == 1 else directory


def _slug_is_reserved(row: OrganizationRow, reserved: frozenset[str]) -> bool:
    """Refuses an address of the system itself before anything else is looked at."""
    given = row.values["slug"]
    wanted = given.lower() or transliterate(row.values["short_name"])
    if wanted in reserved:
        source = "" if given else " (он получен из краткого названия)"
        row.refuse("slug", f"Адрес «{wanted}»{source} занят самой системой. Укажите в столбце slug другой.")
        return True
    row.wanted = row.slug = given or wanted
    return False


def _check_texts(row: OrganizationRow) -> None:
    for name, text in REQUIRED.items():
        if not row.values[name]:
            row.refuse(name, text)
    for name, limit in LONGEST.items():
        if len(row.values[name]) > limit:
            row.refuse(name, f"Значение длиннее {limit} знаков. Сократите его.")
    if row.slug and not is_valid(row.slug):
        row.refuse(
            "slug",
            f"Адрес «{row.slug}» не подходит: нужны латинские строчные буквы, цифры и дефис внутри, "
            f"не больше {MAX_LENGTH} знаков.",
        )
    if not row.slug and row.values["short_name"]:
        row.refuse("slug", "Из краткого названия не получается адрес. Укажите его в столбце slug.")


def _check_codes(row: OrganizationRow) -> None:
    catalog = load_catalog()
    if written := row.values["type"]:
        code = catalog.resolve("org_type", written)
        row.values["type"] = code or written
        if code is None:
            known = ", ".join(catalog.codes("org_type"))
            row.refuse("type", f"Типа «{written}» нет в справочнике. Укажите один из кодов: {known}.")
    if written := row.values["urban_rural"]:
        code = catalog.resolve("urban_rural", written)
        row.values["urban_rural"] = code or written
        if code is None:
            row.refuse("urban_rural", f"Местность «{written}» неизвестна. Укажите urban (город) или rural (село).")
    else:
        row.warn("urban_rural", "Не указано, город или село. Формы с разбивкой по местности будут неполными.")


def _check_numbers(row: OrganizationRow) -> None:
    for name, check in _NUMBERS.items():
        if row.values[name]:
            try:
                row.values[name] = check(row.values[name])
            except ValueError as error:
                row.refuse(name, str(error))


def _check_founder(row: OrganizationRow, directory: Directory) -> None:
    """A founder outside education; blank means the municipality's office or the education ministry."""
    code = row.values["founder"]
    if not code or row.territory is None or directory.founders.get(code) == row.territory.region_code:
        return
    known = sorted(name for name, region in directory.founders.items() if region == row.territory.region_code)
    row.refuse("founder", f"Учредителя с кодом «{code}» в регионе нет. Оставьте пусто или укажите: {', '.join(known)}.")


def _check_territory(row: OrganizationRow, directory: Directory) -> None:
    try:
        row.territory = find_territory(
            oktmo=row.values["oktmo"],
            municipality=row.values["municipality"],
            full_name=row.values["full_name"],
            directory=directory,
        )
    except TerritoryRefused as refusal:
        row.refuse(refusal.column, str(refusal))
