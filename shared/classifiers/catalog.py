"""Reference books (справочники): codes for storage, Russian labels for people.

What the product ships is in files; the region ends values, renames them from a day and adds its own, which
``refreshing`` lays over the files. Every lookup is a dictionary read, whoever asks; nothing here asks the database.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType
from typing import Any, Final, Protocol

from django.utils import timezone

from shared.classifiers.books import shipped_blocks
from shared.kernel.names import sort_key

SHIPPED: Final = "shipped"
_OTHER_NAMES = ("alias", "old_label", "formerly")
_DASHES = str.maketrans({"–": "-", "—": "-", "«": '"', "»": '"', "\u2011": "-"})
_DAY = datetime.timedelta(days=1)
_STEP: Final = 10  # between places of shipped values, so that others fit between them


@dataclass(frozen=True, slots=True)
class Wording:
    """How a value is called on days ``[valid_from, valid_to)``; None is without limit."""

    label: str
    valid_from: datetime.date | None = None
    valid_to: datetime.date | None = None

    def covers(self, day: datetime.date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day < self.valid_to)


@dataclass(frozen=True, slots=True)
class Item:
    """One value of a classifier; ``facts`` are its further attributes, such as ``flow`` of a movement.

    ``label`` is the name of today, or the last one of a value that is ended: history must print.
    """

    code: str
    label: str
    facts: Mapping[str, Any]  # attributes differ by classifier, the data file is their only schema
    wordings: tuple[Wording, ...] = ()
    other_names: tuple[str, ...] = ()
    origin: str = SHIPPED
    position: int = 0

    @property
    def names(self) -> Iterator[str]:
        """Every text that means this item."""
        yield self.code
        yield self.label
        yield from (str(self.facts[key]) for key in _OTHER_NAMES if key in self.facts)
        yield from self.facts.get("names", ())
        yield from self.other_names
        yield from (wording.label for wording in self.wordings)

    def is_valid_on(self, day: datetime.date) -> bool:
        return not self.wordings or any(wording.covers(day) for wording in self.wordings)

    def refusal_on(self, day: datetime.date) -> str:
        """Why the value may not be chosen on a day, «не действует с 01.09.2026»; '' when it may."""
        if self.is_valid_on(day):
            return ""
        ends = [wording.valid_to for wording in self.wordings if wording.valid_to and wording.valid_to <= day]
        if ends:
            return f"не действует с {max(ends):%d.%m.%Y}"
        return f"начнёт действовать {self.valid_from:%d.%m.%Y}" if self.valid_from else "не действует"

    def label_on(self, day: datetime.date) -> str:
        """The name of a day; before the first and after the last one the nearest."""
        return _wording_of(self.wordings, day).label if self.wordings else self.label

    @property
    def valid_from(self) -> datetime.date | None:
        return self.wordings[0].valid_from if self.wordings else None

    @property
    def valid_to(self) -> datetime.date | None:
        """The first day on which the value no longer counts."""
        return self.wordings[-1].valid_to if self.wordings else None


class Classifier:
    """The items of one reference book in their order, ended ones included."""

    def __init__(self, name: str, items: Iterable[Item]) -> None:
        self.name = name
        self._by_code = {item.code: item for item in items}
        self._by_name: dict[str, str] = {}
        today = timezone.localdate()
        # Of two values with one name the valid one is meant, then the first.
        for item in sorted(self._by_code.values(), key=lambda item: not item.is_valid_on(today)):
            for text in item.names:
                self._by_name.setdefault(text_key(text), item.code)

    def __iter__(self) -> Iterator[Item]:
        return iter(self._by_code.values())

    def __len__(self) -> int:
        return len(self._by_code)

    def __getitem__(self, code: str) -> Item:
        return self._by_code[code]

    def __contains__(self, code: object) -> bool:
        return code in self._by_code

    def valid(self, day: datetime.date) -> list[Item]:
        """The values in use on a day."""
        return [item for item in self if item.is_valid_on(day)]

    def choices(self, *, keep: Iterable[str] = ()) -> list[tuple[str, str]]:
        """Pairs for a form field: what is in use today, in the order of the classifier.

        ``keep``: codes that stand in the record already and stay choosable though they are ended.
        """
        today, kept = timezone.localdate(), frozenset(keep)
        return [(item.code, item.label) for item in self if item.code in kept or item.is_valid_on(today)]

    def resolve(self, text: str) -> str | None:
        """The code that a code or a name means; case, ё, spaces and kinds of dashes and quotes do not count."""
        return self._by_name.get(text_key(text))


class Catalog:
    """All reference books. Raises KeyError for a classifier or a code that does not exist: that is a fault."""

    def __init__(self, classifiers: Mapping[str, Classifier], edition: int = 0) -> None:
        self._classifiers = classifiers
        self.edition = edition

    def __getitem__(self, name: str) -> Classifier:
        return self._classifiers[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._classifiers)

    def codes(self, name: str) -> list[str]:
        """Every code, ended ones included: what may stand in stored data."""
        return [item.code for item in self[name]]

    def valid(self, name: str, day: datetime.date) -> list[str]:
        """Codes in use on a day."""
        return [item.code for item in self[name].valid(day)]

    def label(self, name: str, code: str) -> str:
        """The name of a code, also of an ended one."""
        return self[name][code].label

    def choices(self, name: str, *, keep: Iterable[str] = ()) -> list[tuple[str, str]]:
        """Pairs for a form field: what is in use today and what of ``keep`` stands in the record already."""
        return self[name].choices(keep=keep)

    def resolve(self, name: str, text: str) -> str | None:
        return self[name].resolve(text)

    def overlaid(self, rows: Iterable[Row], edition: int | None = None) -> Catalog:
        """A copy with the values of these rows: their names, days, and codes that the files do not have."""
        changed: dict[str, dict[str, list[Row]]] = {}
        for row in rows:
            changed.setdefault(row.classifier, {}).setdefault(row.code, []).append(row)
        books = {name: _overlaid(self[name], by_code) for name, by_code in changed.items() if name in self}
        return Catalog({**self._classifiers, **books}, self.edition if edition is None else edition)


class Row(Protocol):
    """A stored name of a value on a span of days, as the table keeps it."""

    classifier: str
    code: str
    label: str
    facts: dict[str, Any]
    position: int
    valid_from: datetime.date | None
    valid_to: datetime.date | None
    origin: str
    other_names: list[str]


@dataclass(slots=True)
class _Shown:
    """The catalog of this process; replaced as a whole."""

    catalog: Catalog | None = field(default=None)


_shown = _Shown()


def load_catalog() -> Catalog:
    """The reference books: as shipped, with the region's changes once ``refreshing`` has read them."""
    return _shown.catalog or shipped_catalog()


def show_catalog(catalog: Catalog | None) -> None:
    """Make ``catalog`` the one of this process; None: as shipped."""
    _shown.catalog = catalog


@cache
def shipped_catalog() -> Catalog:
    """The catalog of this version of the product."""
    return Catalog(
        {
            name: Classifier(name, [_item(place, fields) for place, fields in enumerate(block["items"], 1)])
            for name, block in shipped_blocks().items()
        }
    )


def text_key(text: str) -> str:
    """What makes two writings of a value the same."""
    return sort_key(" ".join(text.translate(_DASHES).split()))


def _item(place: int, fields: Mapping[str, Any]) -> Item:
    facts = {key: value for key, value in fields.items() if key not in ("code", "label")}
    label, last = str(fields["label"]), fields.get("active_to")
    valid_to = datetime.date.fromisoformat(str(last)) + _DAY if last else None
    return Item(
        code=str(fields["code"]),
        label=label,
        facts=MappingProxyType(facts),
        wordings=(Wording(label, None, valid_to),),
        position=place * _STEP,
    )


def _overlaid(shipped: Classifier, rows: Mapping[str, Sequence[Row]]) -> Classifier:
    items = {item.code: item for item in shipped}
    items |= {code: _item_of(items.get(code), found) for code, found in rows.items()}
    return Classifier(shipped.name, sorted(items.values(), key=lambda item: item.position))


def _item_of(shipped: Item | None, rows: Sequence[Row]) -> Item:
    """The value of these rows; what it is comes from the files, its days and other names from the region."""
    ordered = sorted(rows, key=lambda row: row.valid_from or datetime.date.min)
    base = next((row for row in ordered if row.origin == SHIPPED), ordered[0])
    wordings = []
    for row in ordered:
        label = shipped.label_on(datetime.date.min) if shipped and row.origin == SHIPPED else row.label
        if row.valid_from is None or row.valid_from != row.valid_to:  # a name taken back before its first day
            wordings.append(Wording(label, row.valid_from, row.valid_to))
    if not wordings:
        wordings = [Wording(base.label, base.valid_from, base.valid_to)]
    return Item(
        code=base.code,
        label=_wording_of(wordings, timezone.localdate()).label,
        facts=shipped.facts if shipped else MappingProxyType(dict(base.facts)),
        wordings=tuple(wordings),
        other_names=tuple(dict.fromkeys(name for row in ordered for name in row.other_names)),
        origin=base.origin,
        position=shipped.position if shipped else base.position,
    )


def _wording_of(wordings: Sequence[Wording], day: datetime.date) -> Wording:
    """The name of a day, else the last one before it, else the first."""
    before = [wording for wording in wordings if wording.valid_from is None or wording.valid_from <= day]
    return before[-1] if before else wordings[0]
