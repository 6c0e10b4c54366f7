"""What a list of learners is narrowed by: one filterset for the screen and the API."""

from __future__ import annotations

import datetime
from typing import Any

import django_filters
from django.db import models
from django.utils import timezone

from shared.access.listings import AddressFilter
from shared.access.requests import actor_of
from shared.classifiers.catalog import load_catalog
from shared.kernel.classlabel import LAST_GRADE
from tenants.groups.models import Group
from tenants.people.models import Student
from tenants.people.queries import Place, StudentQuerySet

PROGRAM_KINDS = load_catalog().choices("program_kind")
GRADES = [(str(grade), f"{grade} класс") for grade in range(1, LAST_GRADE + 1)]


class Standing(models.TextChoices):
    """Whether a learner has a place on the day."""

    ENROLLED = "enrolled", "Числится"
    LEFT = "left", "Выбыл"


class StudentFilter(AddressFilter):
    """Empty ``status`` means everybody who is known; the other conditions then look at any place, held or left."""

    search = django_filters.CharFilter(label="Слова из имени или СНИЛС")
    status = django_filters.ChoiceFilter(label="Состояние", choices=Standing.choices)
    day = django_filters.DateFilter(label="На дату")
    program_kind = django_filters.ChoiceFilter(label="Вид программы", choices=PROGRAM_KINDS)
    grade = django_filters.ChoiceFilter(label="Параллель", choices=GRADES)
    group = django_filters.ModelChoiceFilter(label="Класс, группа", queryset=Group.objects.known())
    sex = django_filters.ChoiceFilter(label="Пол", choices=Student.Sex.choices)
    born_from = django_filters.DateFilter(label="Родился не раньше")
    born_to = django_filters.DateFilter(label="Родился не позже")

    @property
    def on_day(self) -> datetime.date:
        """The day of the list; today unless asked."""
        return self.facts().get("day") or timezone.localdate()

    def filter_queryset(self, queryset: StudentQuerySet) -> StudentQuerySet:
        facts = self.facts()
        found = queryset.known()
        if facts.get("search"):
            may_see = self.request is not None and actor_of(self.request).may_everywhere("students.identity")
            found = found.found_by(facts["search"], by_snils=may_see)
        exact = {"sex": facts.get("sex"), "birth_date__gte": facts.get("born_from")}
        exact["birth_date__lte"] = facts.get("born_to")
        found = found.filter(**{name: value for name, value in exact.items() if value})
        place = self._place(facts)
        return found.placed(place) if place != Place(day=place.day) or facts.get("day") else found

    def _place(self, facts: dict[str, Any]) -> Place:
        group: Group | None = facts.get("group")
        return Place(
            day=self.on_day,
            status=facts.get("status") or "",
            program_kind=facts.get("program_kind") or "",
            grade=int(facts["grade"]) if facts.get("grade") else None,
            group_id=group.pk if group else None,
        )
