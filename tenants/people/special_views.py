"""Special facts of a learner: opened for a reason that the log keeps, changed by a right of their own."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from shared.access.declarations import requires
from shared.access.requests import actor_of, note_look
from shared.kernel.rules import RuleViolation
from tenants.people.errors import SpecialMoved
from tenants.people.models import Student
from tenants.people.special import edit_special, special_lines
from tenants.people.special_changes import Held
from tenants.people.special_forms import ReasonForm, SpecialForms, deviant_in, restrictions_in


@requires("students.special.read")
@never_cache
@require_http_methods(["GET", "POST"])
def special(request: HttpRequest, student_id: uuid.UUID) -> HttpResponse:
    """Ask what for, then show; a look without a reason does not happen. Source: R-031, ORGANIZATION 3.7."""
    student = _student(request, student_id, "students.special.read")
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        _note(request, student, form)
        context = {
            "student": student,
            "lines": special_lines(student),
            "reason": form.text,
            "reason_form": form,
            "may_edit": actor_of(request).may("students.special.edit"),
        }
        return render(request, "people/special.html", context)
    status = 422 if request.method == "POST" else 200
    return render(request, "people/special_reason.html", {"student": student, "form": form}, status=status)


@requires("students.special.edit")
@never_cache
@require_http_methods(["GET", "POST"])
def special_edit(request: HttpRequest, student_id: uuid.UUID) -> HttpResponse:
    """Change the special facts: the reason first, then the filled form, then the saving with the same reason."""
    student = _student(request, student_id, "students.special.edit")
    get_object_or_404(Student.objects.seen_by(actor_of(request), "students.special.read"), pk=student.pk)
    reason = ReasonForm(request.POST or None)
    if request.method == "GET" or not reason.is_valid():
        status = 422 if request.method == "POST" else 200
        context = {"student": student, "form": reason, "is_edit": True}
        return render(request, "people/special_reason.html", context, status=status)
    if "save" not in request.POST:
        _note(request, student, reason)
        return _edit_page(request, student, reason, SpecialForms.of(student), base=Held.of(student).signed(student))
    token = request.POST.get("base", "")
    forms = SpecialForms.of(student, request.POST)
    if forms.are_valid():
        try:
            edit_special(
                student=student,
                facts=forms.form.facts,
                marks=forms.form.marks,
                deviant=deviant_in(forms.deviant),
                restrictions=restrictions_in(forms.restrictions),
                edited_by=actor_of(request).signature,
                reason=reason.text,
                base=Held.read(token, student),
            )
        except SpecialMoved as violation:
            token = _tell_moved(request, student, reason, forms, violation)
        except RuleViolation as violation:
            forms.form.refuse(violation)
        else:
            messages.success(request, "Особые сведения сохранены, изменение записано в журнал.")
            return redirect("people:card", student_id=student.pk)
    return _edit_page(request, student, reason, forms, base=token, status=422)


def _tell_moved(
    request: HttpRequest, student: Student, reason: ReasonForm, forms: SpecialForms, violation: SpecialMoved
) -> str:
    """Show what stands in the card by now, which is a look as well; answers the base of the next saving."""
    moved: frozenset[str] = violation.facts["moved"]  # type: ignore[assignment]  # its one fact
    student = Student.objects.get(pk=student.pk)
    _note(request, student, reason)
    forms.tell_moved(student, moved)
    return Held.read(request.POST["base"], student).with_moved(moved, Held.of(student)).signed(student)


def _student(request: HttpRequest, student_id: uuid.UUID, capability: str) -> Student:
    return get_object_or_404(Student.objects.known().seen_by(actor_of(request), capability), pk=student_id)


def _note(request: HttpRequest, student: Student, form: ReasonForm) -> None:
    note_look(request, student.pk, "special", reason=form.text)


def _edit_page(
    request: HttpRequest, student: Student, reason: ReasonForm, forms: SpecialForms, *, base: str, status: int = 200
) -> HttpResponse:
    context = {"student": student, "reason_form": reason, "reason": reason.text, "base": base}
    context |= {"form": forms.form, "deviant": forms.deviant, "restrictions": forms.restrictions}
    return render(request, "people/special_edit.html", context, status=status)
