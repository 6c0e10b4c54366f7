"""What a classifier is called, where its values come from, and who may add to it. Source: REGION 5, R-207."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from shared.kernel.data import read_yaml

DATA: Final = Path(__file__).parent / "data"
FILES: Final = ("classifiers.yaml", "countries.yaml", "additions.yaml")
GENERAL_KNOWLEDGE: Final = "(сведения общего характера)"
_SOURCES: Final = {"seed": "регламент", "web": "открытые источники", "gk": GENERAL_KNOWLEDGE}
_MARK: Final = re.compile(r"\b(seed|web|gk)\b")


@dataclass(frozen=True, slots=True)
class Book:
    """A classifier (справочник) as people know it.

    ``is_open``: the region adds values; otherwise the program counts by its codes. ``allows_local``: an organization
    adds values for itself. ``alike``: facts a new value takes from an existing one. ``origin``: marks of the data
    file, seed, web or gk.
    """

    name: str
    title: str
    group: str
    is_open: bool
    allows_local: bool
    alike: tuple[str, ...]
    origin: str

    @property
    def origin_text(self) -> str:
        return origin_text(self.origin)

    @property
    def is_general_knowledge(self) -> bool:
        """Whether something of it was reconstructed and is to be verified before federal export."""
        return "gk" in _MARK.findall(self.origin)


def origin_text(marks: str) -> str:
    """«регламент, (сведения общего характера)» for «seed (field) + gk (values)»; '' without a mark."""
    return ", ".join(_SOURCES[mark] for mark in dict.fromkeys(_MARK.findall(marks)))


@cache
def shipped_blocks() -> dict[str, Any]:  # Any: the data files are their only schema
    """Every classifier of the data files; blocks whose items have no codes are not classifiers."""
    blocks: dict[str, Any] = {}
    for file in FILES:
        blocks |= read_yaml(DATA / file)
    return {name: block for name, block in blocks.items() if all("code" in fields for fields in block["items"])}


@cache
def books() -> dict[str, Book]:
    """Every classifier in the order of its group."""
    told = read_yaml(DATA / "books.yaml")
    blocks = shipped_blocks()
    return {name: _book(name, facts, blocks[name].get("origin", "gk")) for name, facts in told.items()}


def _book(name: str, facts: dict[str, Any], origin: str) -> Book:
    return Book(
        name=name,
        title=facts["title"],
        group=facts["group"],
        is_open=facts.get("open", False),
        allows_local=facts.get("local", False),
        alike=tuple(facts.get("alike", ())),
        origin=origin,
    )
