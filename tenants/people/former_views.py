"""«Новый документ», «Новый адрес»: the former one stays on the card and opens like any masked value."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from shared.access.declarations import requires
from shared.access.requests import actor_of, note_look
from shared.access.throttles import throttled
from shared.cards.kinds import CardKind
from shared.kernel.rules import RuleViolation
from tenants.cards.room_forms import Desk
from tenants.people.card import GUARDIAN_CARD, STUDENT_CARD
from tenants.people.former import Person, replace_address, replace_document
from tenants.people.former_forms import AddressForm, DocumentForm
from tenants.people.models import FormerAddress, FormerDocument, Guardian, Student


@requires("students.edit")
@require_http_methods(["GET", "POST"])
def student_document(request: HttpRequest, student_id: uuid.UUID) -> HttpResponse:
    """A learner has got a new document."""
    return _document(request, _student(request, student_id))


@requires("students.edit")
@require_http_methods(["GET", "POST"])
def student_address(request: HttpRequest, student_id: uuid.UUID) -> HttpResponse:
    """A learner has moved; an address under protection is changed by who may open it."""
    student = _student(request, student_id)
    if student.is_address_protected and not actor_of(request).may("students.special.edit"):
        raise Http404
    return _address(request, student)


@requires("guardians.edit")
@require_http_methods(["GET", "POST"])
def guardian_document(request: HttpRequest, guardian_id: uuid.UUID) -> HttpResponse:
    """A representative has got a new passport."""
    return _document(request, _guardian(request, guardian_id))


@requires("guardians.edit")
@require_http_methods(["GET", "POST"])
def guardian_address(request: HttpRequest, guardian_id: uuid.UUID) -> HttpResponse:
    """A representative has moved."""
    return _address(request, _guardian(request, guardian_id))


@requires("students.identity")
@throttled("reveal")
@require_POST
def reveal(request: HttpRequest, former_id: uuid.UUID) -> HttpResponse:
    """A former document or address from behind its mask; the look is logged like any other."""
    reached = Student.objects.known().seen_by(actor_of(request), "students.identity")
    guardians = Guardian.objects.seen_by(actor_of(request), "students.identity").agreed()
    former: FormerDocument | FormerAddress | None = None
    for model in (FormerDocument, FormerAddress):
        mine = model.objects.select_related("student")
        former = former or mine.filter(pk=former_id, student__in=reached).first()
        former = former or mine.filter(pk=former_id, guardian__in=guardians).first()
    if former is None:
        raise Http404
    is_address = isinstance(former, FormerAddress)
    if is_address and former.student is not None and former.student.is_address_protected:
        raise Http404  # opens with a reason, among the special facts
    code = "former_address" if is_address else "former_document"
    if former.student_id is not None:
        note_look(request, former.student_id, code)
    elif former.guardian_id is not None:
        note_look(request, former.guardian_id, code, kind="people_guardian")
    return HttpResponse(str(former), content_type="text/plain; charset=utf-8")


def _document(request: HttpRequest, person: Person) -> HttpResponse:
    desk = _desk(request, person, "new_document")
    if desk.is_asked:
        return desk.answer(DocumentForm(person=person))
    form = DocumentForm(request.POST or None, person=person)
    if request.method == "POST" and form.is_valid():
        try:
            replace_document(
                person=person,
                document=form.document,
                replaced_on=form.cleaned_data["replaced_on"],
                recorded_by=actor_of(request).signature,
            )
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            desk.clear()
            messages.success(request, "Новый документ записан, прежний остался в карточке.")
            return redirect(_url(person))
    return _page(desk, person, form, "Новый документ")


def _address(request: HttpRequest, person: Person) -> HttpResponse:
    desk = _desk(request, person, "new_address")
    if desk.is_asked:
        return desk.answer(AddressForm(person=person))
    form = AddressForm(request.POST or None, person=person)
    if request.method == "POST" and form.is_valid():
        try:
            replace_address(person=person, recorded_by=actor_of(request).signature, **form.cleaned_data)
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            desk.clear()
            messages.success(request, "Новый адрес записан, прежний остался в карточке.")
            return redirect(_url(person))
    return _page(desk, person, form, "Новый адрес")


def _page(desk: Desk, person: Person, form: DocumentForm | AddressForm, title: str) -> HttpResponse:
    context = {"person": person, "form": form, "title": title, "back": _url(person), "draft": desk.restore(form)}
    status = 422 if desk.request.method == "POST" else 200
    return render(desk.request, "people/former_new.html", context, status=status)


def _desk(request: HttpRequest, person: Person, form: str) -> Desk:
    return Desk.of(request, _kind(person).code, person.pk, form)


def _kind(person: Person) -> CardKind:
    return STUDENT_CARD if isinstance(person, Student) else GUARDIAN_CARD


def _url(person: Person) -> str:
    return _kind(person).url(person)


def _student(request: HttpRequest, student_id: uuid.UUID) -> Student:
    """Documents and addresses are changed by who edits the card and may see them."""
    both = Student.objects.known().seen_by(actor_of(request), "students.edit")
    return get_object_or_404(both.seen_by(actor_of(request), "students.identity"), pk=student_id)


def _guardian(request: HttpRequest, guardian_id: uuid.UUID) -> Guardian:
    both = Guardian.objects.seen_by(actor_of(request), "guardians.edit").agreed()
    return get_object_or_404(both.seen_by(actor_of(request), "students.identity"), pk=guardian_id)
