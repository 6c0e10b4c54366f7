"""Reference books (справочники) as they are shipped: codes for storage, Russian labels for people.

One file of data, read once a process; every lookup is a dictionary read.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

from shared.kernel.names import sort_key

_DATA = Path(__file__).parent / "data"
_FILES = ("classifiers.yaml", "countries.yaml")
_OTHER_NAMES = ("alias", "old_label", "formerly")
_DASHES = str.maketrans({"–": "-", "—": "-", "«": '"', "»": '"', "\u2011": "-"})


@dataclass(frozen=True, slots=True)
class Item:
    """One value of a classifier; ``facts`` are its further attributes, such as ``flow`` of a movement."""

    code: str
    label: str
    facts: Mapping[str, Any]  # attributes differ by classifier, the data file is their only schema

    @property
    def names(self) -> Iterator[str]:
        """Every text that means this item."""
        yield self.code
        yield self.label
        yield from (str(self.facts[key]) for key in _OTHER_NAMES if key in self.facts)
        yield from self.facts.get("names", ())


class Classifier:
    """The items of one reference book in their order."""

    def __init__(self, name: str, items: Iterable[Item]) -> None:
        self.name = name
        self._by_code = {item.code: item for item in items}
        self._by_name = {text_key(text): item.code for item in reversed(self._by_code.values()) for text in item.names}

    def __iter__(self) -> Iterator[Item]:
        return iter(self._by_code.values())

    def __getitem__(self, code: str) -> Item:
        return self._by_code[code]

    def __contains__(self, code: object) -> bool:
        return code in self._by_code

    def resolve(self, text: str) -> str | None:
        """The code that a code or a name means; case, ё, spaces and kinds of dashes and quotes do not count."""
        return self._by_name.get(text_key(text))


class Catalog:
    """All reference books. Raises KeyError for a classifier or a code that does not exist: that is a fault."""

    def __init__(self, classifiers: Mapping[str, Classifier]) -> None:
        self._classifiers = classifiers

    def __getitem__(self, name: str) -> Classifier:
        return self._classifiers[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._classifiers)

    def codes(self, name: str) -> list[str]:
        return [item.code for item in self[name]]

    def label(self, name: str, code: str) -> str:
        return self[name][code].label

    def choices(self, name: str) -> list[tuple[str, str]]:
        """Pairs for a form field, in the order of the classifier."""
        return [(item.code, item.label) for item in self[name]]

    def resolve(self, name: str, text: str) -> str | None:
        return self[name].resolve(text)


@cache
def load_catalog() -> Catalog:
    """The catalog of this version of the product; blocks whose items have no codes are not classifiers."""
    blocks: dict[str, Any] = {}
    for file in _FILES:
        blocks |= yaml.safe_load((_DATA / file).read_text(encoding="utf-8"))
    return Catalog(
        {
            name: Classifier(name, [_item(fields) for fields in block["items"]])
            for name, block in blocks.items()
            if all("code" in fields for fields in block["items"])
        }
    )


def text_key(text: str) -> str:
    """What makes two writings of a value the same."""
    return sort_key(" ".join(text.translate(_DASHES).split()))


def _item(fields: Mapping[str, Any]) -> Item:
    facts = {key: value for key, value in fields.items() if key not in ("code", "label")}
    return Item(str(fields["code"]), str(fields["label"]), MappingProxyType(facts))
