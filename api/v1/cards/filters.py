"""What lists of cards are narrowed by: the conditions of the pages, and two that only programs ask for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import django_filters
from django.db.models import QuerySet
from rest_framework import exceptions

from shared.cards.filling import has, wanted
from shared.cards.kinds import CardKind
from tenants.people.filters import StudentFilter
from tenants.people.guardian_listing import GuardianFilter
from tenants.staff.filters import StaffFilter


class CardFilter(django_filters.FilterSet):
    """Cards changed lately, cards that lack something."""

    updated_since = django_filters.IsoDateTimeFilter(
        label="Изменены не раньше", field_name="updated_at", lookup_expr="gte"
    )
    missing = django_filters.CharFilter(label="Код поля, которого не хватает", method="lacking")

    def filter_queryset(self, queryset: Any) -> Any:  # Any: each room has a queryset of its own
        return self.among(queryset)

    def among(self, cards: Any) -> Any:
        """Those of ``cards`` that fit the conditions of this class."""
        for name in ("updated_since", "missing"):
            cards = self.filters[name].filter(cards, self.form.cleaned_data[name])
        return cards

    def lacking(self, cards: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        kind: CardKind = self.request.parser_context["view"].kind  # type: ignore[union-attr]
        one = next((one for one in wanted(kind) if one.code == value), None)
        if one is None:
            raise exceptions.ValidationError({"missing": ["Такого поля нет среди обязательных этой карточки."]})
        return cards.exclude(has(kind, one))


class StudentCardFilter(CardFilter, StudentFilter):
    def filter_queryset(self, queryset: Any) -> Any:
        return self.among(StudentFilter.filter_queryset(self, queryset))


class GuardianCardFilter(CardFilter, GuardianFilter):
    def filter_queryset(self, queryset: Any) -> Any:
        return self.among(GuardianFilter.filter_queryset(self, queryset))


class StaffCardFilter(CardFilter, StaffFilter):
    def filter_queryset(self, queryset: Any) -> Any:
        return self.among(StaffFilter.filter_queryset(self, queryset))


FILTERS: Final[Mapping[str, type[CardFilter]]] = {
    "student": StudentCardFilter,
    "guardian": GuardianCardFilter,
    "staff": StaffCardFilter,
    "organization": CardFilter,
}
