"""A new learner: looked for before he is made, then one page for him and two representatives. Source: R-364."""

from __future__ import annotations

from typing import Any, Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from shared.access.declarations import requires
from shared.access.requests import actor_of, note_action, organization_of
from shared.access.support.showing import shows_people
from shared.access.throttles import throttled
from shared.cards.values import read
from shared.contingent.known import is_known_elsewhere
from shared.kernel.rules import RuleViolation
from tenants.people.forms import StudentForm
from tenants.people.guardian_forms import addresses_in, guardian_forms, guardians_in
from tenants.people.layouts import STUDENT_LAYOUT
from tenants.people.likeness import Described, learners_alike, may_create
from tenants.people.models import Student
from tenants.people.numbering import keeps_personal_files, proposed_file_no
from tenants.people.places import with_places
from tenants.people.services import create_student

GUARDIANS: Final = 2
_ASKED: Final = ("last_name", "first_name", "birth_date", "snils", "doc_number")


@requires("students.edit")
@never_cache
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """One page from top to bottom; a refusal keeps everything that was typed."""
    _only_who_creates(request)
    may_special = actor_of(request).may("students.special.edit")
    form = StudentForm(request.POST or None, may_special=may_special)
    guardians = guardian_forms(extra=GUARDIANS)(request.POST or None, prefix="guardians")
    if request.method == "POST" and form.is_valid() & guardians.is_valid():
        try:
            student = create_student(
                facts=form.facts,
                guardians=guardians_in(guardians, addresses=addresses_in(form.cleaned_data)),
                is_namesake=form.cleaned_data["is_namesake"],
                gives_file_no=keeps_personal_files(organization_of(request)),
                recorded_by=actor_of(request).signature,
            )
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            number = f", личное дело № {student.personal_file_no}" if student.personal_file_no else ""
            messages.success(request, f"Карточка заведена: {student}{number}. Зачислите ученика приказом.")
            return redirect("people:card", student_id=student.pk)
    context = {"form": form, "guardians": guardians, "may_check": True}
    return render(request, "people/new.html", context, status=422 if request.method == "POST" else 200)


@requires("students.edit")
@throttled("registry")
@require_POST
def same(request: HttpRequest) -> HttpResponse:
    """Who may be meant by what is typed so far: ours with the reason, the region's registry with yes or no alone.

    Source: CONTINGENT 3 (duplicates), ORGANIZATION 2.3.
    """
    _only_who_creates(request)
    asked = _described(request)
    reached = with_places(Student.objects.known().seen_by(actor_of(request), "students.list"))
    by_numbers = actor_of(request).may_everywhere("students.identity")
    alike = learners_alike(asked, among=reached, by_numbers=by_numbers)  # type: ignore[arg-type]
    elsewhere = is_known_elsewhere(
        snils=asked.snils, last_name=asked.last_name, first_name=asked.first_name, birth_date=asked.birth_date
    )
    if alike:
        shows_people(request, len(alike))
    if elsewhere is not None:
        note_action(request, "registry.asked", answer="да" if elsewhere else "нет")
    context: dict[str, Any] = {"alike": alike, "elsewhere": elsewhere, "is_asked": bool(asked.first_name)}
    if keeps_personal_files(organization_of(request)):
        context["file_no"] = proposed_file_no(asked.last_name)
    return render(request, "people/_same.html", context)


def _only_who_creates(request: HttpRequest) -> None:
    if not may_create(actor_of(request)):
        raise PermissionDenied("Новых учеников вносит тот, кто ведёт карточки всей организации.")


def _described(request: HttpRequest) -> Described:
    """What of the form can be read already; the rest is empty."""
    values: dict[str, Any] = {}
    for name in _ASKED:
        try:
            values[name] = read(STUDENT_LAYOUT.fields[name], request.POST.get(name, ""))
        except ValueError:
            continue
    return Described(**values)
