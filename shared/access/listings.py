"""What the lists of people share: filters in the address, search in the session, order, conditions in words."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final, Generic, TypeVar

import django_filters
from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict

from shared.access.searches import PARAMETER, recalled_search, without

PAGE_SIZE: Final = 50


class AddressFilter(django_filters.FilterSet):
    """Conditions of an address; an empty one narrows nothing, nor does one that means nothing (a stale bookmark)."""

    def facts(self) -> dict[str, Any]:
        """Checked values."""
        self.form.is_valid()
        return getattr(self.form, "cleaned_data", {})


FilterT = TypeVar("FilterT", bound=AddressFilter)


@dataclass(frozen=True, slots=True)
class Chip:
    """One condition in words and the address without it."""

    text: str
    url: str


class Listing(Generic[FilterT]):
    """What an address asks for, as far as the person's right reaches.

    ``usual_status`` is meant by an address without ``status`` and is no condition; the first of ``sorts`` is the usual
    order.
    """

    filter_class: type[FilterT]
    sorts: ClassVar[Mapping[str, tuple[str, ...]]]
    usual_status: ClassVar[str] = ""

    def __init__(self, request: HttpRequest, reached: QuerySet[Any], *, search: str | None = None) -> None:
        self.query: QueryDict = request.GET
        self.search = recalled_search(request) if search is None else search
        data = self.query.copy()
        if self.usual_status and "status" not in data:
            data["status"] = self.usual_status
        data["search"] = self.search
        self.filter: FilterT = self.filter_class(data, queryset=reached, request=request)
        self.sort = self.query.get("sort", "")

    @property
    def order(self) -> tuple[str, ...]:
        """Fields of the asked order."""
        return self.sorts.get(self.sort) or next(iter(self.sorts.values()))

    @property
    def chips(self) -> list[Chip]:
        """The conditions in force, each removable."""
        facts = self.filter.facts()
        shown = []
        for name, bound in self.filter.filters.items():
            value = facts.get(name)
            if value in (None, "") or name == "search" or (name == "status" and value == self.usual_status):
                continue
            shown.append(Chip(_words(bound, value), without(self.query, name)))
        return shown

    @property
    def is_narrowed(self) -> bool:
        return bool(self.search or self.chips)

    @property
    def conditions(self) -> list[str]:
        """The conditions in words, for the imprint of a printout or a file."""
        searched = [f"поиск «{self.search}»"] if self.search else []
        return [*searched, *(chip.text for chip in self.chips)]

    @property
    def without_search(self) -> str:
        """This list's address without the search."""
        return without(self.query, PARAMETER)


def _words(bound: django_filters.Filter, value: object) -> str:
    if isinstance(value, datetime.date):
        return f"{bound.label} {value:%d.%m.%Y}"
    offered = bound.extra.get("choices", ())
    choices = dict(offered() if callable(offered) else offered)
    return str(choices.get(value, value))
