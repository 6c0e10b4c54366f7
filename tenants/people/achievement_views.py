"""Achievements of learners: the list, a new one, a correction. Source: R-011, R-127, ORGANIZATION 13."""

from __future__ import annotations

import uuid
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shared.access.declarations import requires
from shared.access.requests import actor_of
from shared.access.searches import posted_address
from shared.access.support.showing import shows_people
from shared.documents.downloads import workbook_answer
from shared.kernel.days import academic_year_of
from tenants.cards.room_forms import Desk
from tenants.groups.models import Group
from tenants.people.achievement_forms import AchievementForm
from tenants.people.achievement_listing import COLUMNS, AchievementListing, kinds, levels
from tenants.people.achievements import add_achievement, edit_achievement, remove_achievement
from tenants.people.card import STUDENT_CARD
from tenants.people.models import Achievement, Student
from tenants.people.places import with_places

FILTERS: Final = ("group", "kind", "level", "day_from", "day_to", "sort")
FOUND: Final = 20


@requires("achievements.read")
@require_http_methods(["GET", "POST"])
def achievement_list(request: HttpRequest) -> HttpResponse:
    """The list; a POST carries the search line and the filters and answers with their address."""
    if request.method == "POST":
        chosen = [name for name in FILTERS if request.POST.get(name)]
        return redirect(f"{reverse('achievements:list')}?{posted_address(request, chosen)}")
    listing = AchievementListing(request)
    page = listing.page()
    shows_people(request, len(page))
    context: dict[str, Any] = {"listing": listing, "page_obj": page}
    context["may_edit"] = actor_of(request).may("achievements.edit")
    context["may_open"] = actor_of(request).may("students.read")
    if request.htmx:  # type: ignore[attr-defined]
        template = "people/_achievement_results.html"
    else:
        template = "people/achievement_list.html"
        groups = Group.objects.of_year(academic_year_of(timezone.localdate()))
        context |= {"kinds": kinds(), "levels": levels(), "groups": groups}
    response = render(request, template, context)
    patch_vary_headers(response, ["HX-Request"])
    return response


@requires("lists.export")
@require_GET
def export(request: HttpRequest) -> HttpResponse:
    """The same list as a file."""
    listing = AchievementListing(request)
    return workbook_answer(
        request,
        title="Достижения обучающихся",
        columns=COLUMNS,
        rows=listing.everything(),
        filters=listing.filters_text,
    )


@requires("achievements.edit")
@require_http_methods(["GET", "POST"])
def find(request: HttpRequest) -> HttpResponse:
    """Whose achievement: a learner is found by name, as far as the right reaches."""
    text = request.POST.get("q", "").strip()
    reached = Student.objects.known().rewarded_by(actor_of(request), "achievements.edit")
    found = list(with_places(reached.named_like(text).order_by("sort_name", "id")[:FOUND])) if len(text) > 1 else []
    shows_people(request, len(found))
    return render(request, "people/achievement_find.html", {"found": found, "text": text})


@requires("achievements.edit")
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, student_id: uuid.UUID) -> HttpResponse:
    """One more achievement of a learner."""
    reached = Student.objects.known().rewarded_by(actor_of(request), "achievements.edit")
    student = get_object_or_404(reached, pk=student_id)
    desk = _desk(request, student)
    if desk.is_asked:
        return desk.answer(AchievementForm())
    form = AchievementForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        scan = form.stored_scan(request)
        add_achievement(student=student, facts=form.facts, recorded_by=actor_of(request).signature, scan=scan)
        desk.clear()
        messages.success(request, f"Достижение записано: {student}.")
        return redirect(_back(request, student))
    return _page(desk, student, form)


@requires("achievements.edit")
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, achievement_id: uuid.UUID) -> HttpResponse:
    """Put an achievement right."""
    one = _achievement(request, achievement_id)
    initial = {name: getattr(one, name) for name in AchievementForm.base_fields if name != "scan"}
    desk = _desk(request, one.student, one)
    if desk.is_asked:
        return desk.answer(AchievementForm(initial=initial))
    form = AchievementForm(request.POST or None, request.FILES or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        scan = form.stored_scan(request)
        edit_achievement(achievement=one, facts=form.facts, recorded_by=actor_of(request).signature, scan=scan)
        desk.clear()
        messages.success(request, "Достижение исправлено.")
        return redirect(_back(request, one.student))
    return _page(desk, one.student, form, achievement=one)


@requires("achievements.edit")
@require_POST
def remove(request: HttpRequest, achievement_id: uuid.UUID) -> HttpResponse:
    """It was recorded by mistake."""
    one = _achievement(request, achievement_id)
    student, desk = one.student, _desk(request, one.student, one)
    remove_achievement(achievement=one)
    desk.clear()
    messages.success(request, "Достижение убрано из карточки.")
    return redirect(_back(request, student))


def _achievement(request: HttpRequest, achievement_id: uuid.UUID) -> Achievement:
    reached = Achievement.objects.seen_by(actor_of(request), "achievements.edit").select_related("student")
    return get_object_or_404(reached, pk=achievement_id)


def _page(desk: Desk, student: Student, form: AchievementForm, achievement: Achievement | None = None) -> HttpResponse:
    request = desk.request
    context = {"student": student, "form": form, "achievement": achievement, "back": _back(request, student)}
    context["draft"] = desk.restore(form)
    return render(request, "people/achievement.html", context, status=422 if request.method == "POST" else 200)


def _desk(request: HttpRequest, student: Student, achievement: Achievement | None = None) -> Desk:
    row = achievement.pk if achievement is not None else None
    return Desk.of(request, STUDENT_CARD.code, student.pk, "achievement", row)


def _back(request: HttpRequest, student: Student) -> str:
    """The card for who may open it, else the list."""
    actor = actor_of(request)
    if Student.objects.known().seen_by(actor, "students.read").filter(pk=student.pk).exists():
        return reverse("people:card", args=[student.pk])
    return reverse("achievements:list")
