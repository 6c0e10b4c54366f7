"""The access category and the legal ground of every field of a card: a catalog of data, read once a process.

Source: R-167 (KK П 4.1: every field has an access category), R-175, ORGANIZATION 2, 3.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from shared.kernel.data import read_yaml


class Category(StrEnum):
    """How a field is guarded; the words stand on the card."""

    PUBLIC = "public"
    PERSONAL = "personal"
    SPECIAL = "special"

    @property
    def label(self) -> str:
        return _CATEGORIES[self]


_CATEGORIES = {
    Category.PUBLIC: "общедоступные сведения",
    Category.PERSONAL: "персональные данные",
    Category.SPECIAL: "особые сведения",
}


@dataclass(frozen=True, slots=True)
class CardField:
    """One field of a card: its columns, who it is kept from and by what right of the organization it is kept."""

    code: str
    label: str
    category: Category
    basis: str
    table: str
    columns: tuple[str, ...]
    hidden_in: tuple[str, ...] = ()

    @property
    def is_special(self) -> bool:
        return self.category == Category.SPECIAL


class FieldCatalog:
    """The approved fields of one kind of cards; what is not here is not stored."""

    def __init__(self, fields: Iterable[CardField], places: Mapping[str, str]) -> None:
        self._fields = {field.code: field for field in fields}
        self._places = dict(places)

    def __iter__(self) -> Iterator[CardField]:
        return iter(self._fields.values())

    def __getitem__(self, code: str) -> CardField:
        return self._fields[code]

    def __contains__(self, code: object) -> bool:
        return code in self._fields

    def hidden_words(self, code: str) -> str:
        """Where the field is not shown, in words: «списки, выгрузки»."""
        return ", ".join(self._places[place] for place in self._fields[code].hidden_in)

    def columns(self, *, special_only: bool = False) -> dict[str, frozenset[str]]:
        """Columns of the catalog by table."""
        found: dict[str, set[str]] = {}
        for field in self:
            if field.is_special or not special_only:
                found.setdefault(field.table, set()).update(field.columns)
        return {table: frozenset(columns) for table, columns in found.items()}


@cache
def load_fields(path: Path) -> FieldCatalog:
    """Read a catalog. A field without a known ground or place is a fault of the file: KeyError."""
    raw: dict[str, Any] = read_yaml(path)  # Any: what YAML holds
    bases, places = raw["bases"], raw["places"]
    fields = [
        CardField(
            code=one["code"],
            label=one["label"],
            category=Category(one["category"]),
            basis=bases[one["basis"]],
            table=table,
            columns=tuple(one.get("columns", [one["code"]])),
            hidden_in=tuple(place for place in one.get("hidden", ()) if places[place]),
        )
        for table, rows in raw["tables"].items()
        for one in rows
    ]
    return FieldCatalog(fields, places)
