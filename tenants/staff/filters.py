"""What a list of employees is narrowed by: one filterset for the screen and the API."""

from __future__ import annotations

from typing import Any, Final

import django_filters
from django.db import models
from django.utils import timezone

from shared.access.listings import AddressFilter
from shared.access.requests import actor_of
from shared.classifiers.catalog import load_catalog
from tenants.staff.queries import StaffQuerySet


class Standing(models.TextChoices):
    """Whether somebody works here."""

    WORKING = "working", "Работает"
    DISMISSED = "dismissed", "Уволен"
    SEALED = "sealed", "Без согласия"


def _book(name: str) -> Any:  # a callable of choices: the region adds to classifiers while the program runs
    return lambda: load_catalog().choices(name)


class StaffFilter(AddressFilter):
    """Empty ``status`` means everybody whose card stands, the archive too."""

    search = django_filters.CharFilter(label="Слова из имени или СНИЛС")
    status = django_filters.ChoiceFilter(label="Состояние", choices=Standing.choices)
    position = django_filters.ChoiceFilter(label="Должность", choices=_book("staff_position"))
    category = django_filters.ChoiceFilter(label="Категория", choices=_book("personnel_category"))
    qualification = django_filters.ChoiceFilter(
        label="Квалификационная категория", choices=_book("qualification_category")
    )

    def filter_queryset(self, queryset: StaffQuerySet) -> StaffQuerySet:
        facts = self.facts()
        found = self._standing(queryset, facts.get("status") or "")
        if facts.get("search"):
            right = actor_of(self.request).right("staff.identity") if self.request is not None else None
            found = found.found_by(facts["search"], by_snils=right is not None and right.is_everywhere)
        if facts.get("position"):
            position = facts["position"]
            held = models.Q(main_position=position) | models.Q(additional_positions__contains=[position])
            found = found.filter(held)
        if facts.get("category"):
            found = found.filter(personnel_category=facts["category"])
        if facts.get("qualification"):
            # Of a sealed card only the name and the position are known to anybody.
            found = found.unsealed().filter(qualification_categories__contains=[facts["qualification"]])
        return found

    def _standing(self, queryset: StaffQuerySet, status: str) -> StaffQuerySet:
        today = timezone.localdate()
        match status:
            case Standing.WORKING:
                return queryset.working_on(today)
            case Standing.DISMISSED:
                return queryset.dismissed_by(today)
            case Standing.SEALED:
                return queryset.sealed()
        return queryset.known()


DEFAULT: Final = Standing.WORKING
