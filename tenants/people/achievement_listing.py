"""The list of achievements: one page of it for the screen, all of it for a file. Source: R-011, R-127."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

import django_filters
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest

from shared.access.listings import PAGE_SIZE, AddressFilter, Listing
from shared.access.requests import actor_of
from shared.classifiers.catalog import load_catalog
from shared.documents.columns import Column, Value
from tenants.groups.models import Group
from tenants.people.models import Achievement, Student
from tenants.people.places import PREFETCH

SORTS: Final = {
    "-day": ("-gained_on", "-id"),
    "day": ("gained_on", "id"),
    "name": ("student__sort_name", "-gained_on", "id"),
    "-name": ("-student__sort_name", "-gained_on", "id"),
}
COLUMNS: Final = (
    Column("№ п/п", 6, "int"),
    Column("Ф.И.О.", 36),
    Column("Класс, группа", 16),
    Column("Вид", 20),
    Column("За что, мероприятие", 44),
    Column("Уровень", 20),
    Column("Результат, место", 20),
    Column("Дата", 12, "date"),
    Column("Документ", 26),
)


def kinds(*, keep: Iterable[str] = ()) -> list[tuple[str, str]]:
    return load_catalog().choices("achievement_kind", keep=keep)


def levels(*, keep: Iterable[str] = ()) -> list[tuple[str, str]]:
    return load_catalog().choices("event_level", keep=keep)


class AchievementFilter(AddressFilter):
    """What the list of achievements is narrowed by."""

    search = django_filters.CharFilter(label="Слова из имени ученика")
    group = django_filters.ModelChoiceFilter(label="Класс, группа", queryset=Group.objects.known())
    kind = django_filters.ChoiceFilter(label="Вид", choices=kinds)
    level = django_filters.ChoiceFilter(label="Уровень", choices=levels)
    day_from = django_filters.DateFilter(label="Не раньше")
    day_to = django_filters.DateFilter(label="Не позже")

    def filter_queryset(self, queryset: QuerySet[Achievement]) -> QuerySet[Achievement]:
        facts = self.facts()
        exact = {"kind": facts.get("kind"), "level": facts.get("level")}
        exact |= {"gained_on__gte": facts.get("day_from"), "gained_on__lte": facts.get("day_to")}
        found = queryset.filter(**{name: value for name, value in exact.items() if value})
        if facts.get("search"):
            found = found.filter(student__in=Student.objects.named_like(str(facts["search"])))
        if facts.get("group"):
            found = found.filter(student__in=Student.objects.in_groups([facts["group"].pk]))
        return found


class AchievementListing(Listing[AchievementFilter]):
    """What the address asks for, as far as the person's right reaches."""

    filter_class = AchievementFilter
    sorts = SORTS

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request, Achievement.objects.seen_by(actor_of(request), "achievements.read"))

    @property
    def found(self) -> QuerySet[Achievement]:
        found: QuerySet[Achievement] = self.filter.qs
        known = found.select_related("student").prefetch_related(*(f"student__{name}" for name in PREFETCH))
        return known.order_by(*self.order)

    def page(self) -> Page[Achievement]:
        return Paginator(self.found, PAGE_SIZE).get_page(self.query.get("page"))

    def everything(self) -> Iterator[list[Value]]:
        kind_of, level_of = dict(kinds()), dict(levels())
        for number, one in enumerate(self.found, start=1):
            words = [one.student.full_name, one.student.group_name, kind_of.get(one.kind, one.kind), one.title]
            words += [level_of.get(one.level, one.level), one.result]
            yield [number, *words, one.gained_on, one.document]

    @property
    def filters_text(self) -> str:
        words = self.conditions
        return f"Отбор: {', '.join(words)}" if words else "Все достижения"
