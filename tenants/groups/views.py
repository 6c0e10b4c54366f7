"""Classes and groups of a year, the list of one of them on a day."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from shared.access.declarations import requires
from shared.access.requests import actor_of, organization_of
from shared.access.support.showing import shows_people
from shared.classifiers.catalog import load_catalog
from shared.documents.columns import Column, Value
from shared.documents.downloads import workbook_answer
from shared.kernel.days import academic_year_of
from shared.kernel.rules import RuleViolation
from tenants.groups.forms import KIND_OF_TYPE, GroupForm, years_around
from tenants.groups.models import Group
from tenants.groups.services import create_group, edit_group

COLUMNS = (
    Column("Класс, группа", 18),
    Column("Вид", 22),
    Column("Параллель", 11, "int"),
    Column("Программа", 34),
    Column("Всего", 9, "int"),
    Column("Мальчики", 10, "int"),
    Column("Девочки", 10, "int"),
    Column("Мест", 9, "int"),
)
MEMBER_COLUMNS = (
    Column("№ п/п", 6, "int"),
    Column("Ф.И.О.", 38),
    Column("Дата рождения", 14, "date"),
    Column("Пол", 10),
    Column("Зачислен", 12, "date"),
    Column("Приказ", 24),
    Column("Представители", 50),
)


class _Asked(forms.Form):
    """What the address asks for; a value that means nothing is left out."""

    day = forms.DateField(required=False)
    year = forms.IntegerField(required=False, min_value=1990, max_value=2100)

    @classmethod
    def of(cls, request: HttpRequest) -> dict[str, Any]:
        form = cls(request.GET)
        form.is_valid()
        return form.cleaned_data


@requires("groups.read")
@require_GET
def group_list(request: HttpRequest) -> HttpResponse:
    """Every class and group of a year with its headcount today (of a past year: on its last day)."""
    year, day = _year(request)
    groups = list(Group.objects.of_year(year).with_headcount(day))
    context = {
        "groups": groups,
        "year": year,
        "day": day,
        "years": years_around(academic_year_of(timezone.localdate())),
        "total": {name: sum(getattr(one, name) for one in groups) for name in ("headcount", "boys", "girls")},
        "may_edit": actor_of(request).may("groups.edit"),
    }
    return render(request, "groups/list.html", context)


@requires("groups.read")
@require_GET
def export(request: HttpRequest) -> HttpResponse:
    """The headcount of classes as a file."""
    year, day = _year(request)
    groups = Group.objects.of_year(year).with_headcount(day)
    rows: Iterator[list[Value]] = (
        [one.name, one.get_kind_display(), one.grade, one.program, one.headcount, one.boys, one.girls, one.places]  # type: ignore[attr-defined]
        for one in groups
    )
    return workbook_answer(
        request,
        title="Наполняемость классов и групп",
        columns=COLUMNS,
        rows=rows,
        filters=f"{year}/{year + 1} учебный год, на {day:%d.%m.%Y}",
        is_personal=False,
    )


@requires("groups.read")
@require_GET
def detail(request: HttpRequest, group_id: uuid.UUID) -> HttpResponse:
    """Who is in the class on a day."""
    group = get_object_or_404(Group.objects.known(), pk=group_id)
    day = _day(request, group)
    is_listed = _is_listed(request, group)
    members = list(_members(group, day)) if is_listed else []
    shows_people(request, len(members))
    issuing = actor_of(request).right("credentials.issue")
    context = {
        "group": group,
        "gives_access": issuing is not None and (issuing.is_everywhere or group.pk in issuing.groups),
        "day": day,
        "is_listed": is_listed,
        "may_export": is_listed and actor_of(request).may("lists.export"),
        "may_print": is_listed and actor_of(request).may("papers.read"),
        "members": members,
        "boys": sum(one.enrollment.student.sex == "M" for one in members),
        "facts": _facts(group),
        "may_read": actor_of(request).may("students.read"),
        "may_edit": actor_of(request).may("groups.edit"),
    }
    return render(request, "groups/detail.html", context)


@requires("lists.export")
@require_GET
def export_members(request: HttpRequest, group_id: uuid.UUID) -> HttpResponse:
    """The class list as a file; representatives only for those who may open cards."""
    group = get_object_or_404(Group.objects.known(), pk=group_id)
    if not _is_listed(request, group):
        raise PermissionDenied
    day = _day(request, group)
    may_read = actor_of(request).may("students.read")
    return workbook_answer(
        request,
        title=f"Список: {group.name}",
        columns=MEMBER_COLUMNS if may_read else MEMBER_COLUMNS[:-1],
        rows=_rows(group, day, may_read=may_read),
        filters=f"На {day:%d.%m.%Y}",
    )


@requires("groups.edit")
@require_http_methods(["GET", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    """A new class or group."""
    kind = KIND_OF_TYPE.get(organization_of(request).org_type, Group.Kind.CLASS)
    initial = {"kind": kind, "academic_year": academic_year_of(timezone.localdate())}
    form = GroupForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            group = create_group(facts=form.facts)
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            messages.success(request, f"Создано: {group.name}. Детей в класс зачисляет приказ.")
            return redirect("groups:detail", group_id=group.pk)
    status = 422 if request.method == "POST" else 200
    return render(request, "groups/edit.html", {"form": form, "group": None}, status=status)


@requires("groups.edit")
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, group_id: uuid.UUID) -> HttpResponse:
    """Correct a class or group."""
    group = get_object_or_404(Group.objects.known(), pk=group_id)
    form = GroupForm(request.POST or None, initial=GroupForm.initial_of(group))
    if request.method == "POST" and form.is_valid():
        try:
            group = edit_group(group=group, facts=form.facts)
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            messages.success(request, f"Сохранено: {group.name}.")
            return redirect("groups:detail", group_id=group.pk)
    status = 422 if request.method == "POST" else 200
    return render(request, "groups/edit.html", {"form": form, "group": group}, status=status)


def _year(request: HttpRequest) -> tuple[int, datetime.date]:
    today = timezone.localdate()
    year = _Asked.of(request).get("year") or academic_year_of(today)
    return year, _within(today, year)


def _day(request: HttpRequest, group: Group) -> datetime.date:
    return _Asked.of(request).get("day") or _within(timezone.localdate(), group.academic_year)


def _is_listed(request: HttpRequest, group: Group) -> bool:
    """Whether the person may see who is in the class: any class, or one of his own."""
    right = actor_of(request).right("students.list")
    return right is not None and (right.is_everywhere or group.pk in right.groups)


def _within(day: datetime.date, year: int) -> datetime.date:
    """The day itself, or the nearest one of the academic year."""
    return min(max(day, datetime.date(year, 9, 1)), datetime.date(year + 1, 8, 31))


def _members(group: Group, day: datetime.date) -> Any:  # a QuerySet of placements, whose model stands above groups
    known = group.placements.on(day).filter(enrollment__student__consent_withdrawn_on=None)
    known = known.select_related("enrollment__student", "enrollment__order")
    known = known.prefetch_related("enrollment__student__guardian_links__guardian")
    return known.order_by("enrollment__student__sort_name", "enrollment__student_id")


def _rows(group: Group, day: datetime.date, *, may_read: bool) -> Iterator[list[Value]]:
    for number, place in enumerate(_members(group, day), start=1):
        one, student = place.enrollment, place.enrollment.student
        row: list[Value] = [number, student.full_name, student.birth_date, student.get_sex_display()]
        row += [one.enrolled_on, str(one.order)]
        if may_read:
            row.append(", ".join(str(link.guardian) for link in student.guardian_links.all()))
        yield row


def _facts(group: Group) -> list[tuple[str, str]]:
    """What is known of the group, in words."""
    catalog = load_catalog()
    orientation = "class_type" if group.kind == Group.Kind.CLASS else "group_orientation"
    named = {
        "Вид класса": (orientation, group.class_type),
        "Возраст": ("age_band", group.age_band),
        "Режим": ("stay_regime", group.stay_regime),
        "Направленность": ("program_direction", group.direction),
        "Финансирование": ("financing_kind", group.financing),
    }
    facts = [(title, catalog.label(name, code)) for title, (name, code) in named.items() if code in catalog[name]]
    return [("Программа", group.program), *facts] if group.program else facts
