"""The classes and groups that an appointment may name."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils import timezone

from shared.appointments.groups import GroupChoice
from shared.kernel.days import academic_year_of
from tenants.groups.models import Group


def group_choices(request: HttpRequest) -> list[GroupChoice]:
    """Those of this academic year, then those already made for the next one: people are appointed in August."""
    year = academic_year_of(timezone.localdate())
    groups = Group.objects.known().filter(academic_year__in=(year, year + 1))
    rows = groups.order_by("academic_year", "kind", "grade", "name", "id").values_list(
        "id", "name", "kind", "academic_year"
    )
    return [GroupChoice(key, name, kind, made_for == year) for key, name, kind, made_for in rows]
