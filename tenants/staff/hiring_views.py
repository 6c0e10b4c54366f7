"""Hiring, dismissal, reinstatement, a new passport, a consent: what changes an employee's card as a whole."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from shared.access.declarations import requires
from shared.access.requests import actor_of
from shared.kernel.rules import RuleViolation
from shared.ui.forms import SpeakingForm
from tenants.staff.forms import ConsentForm, DismissForm, DocumentForm, HireForm, ReinstateForm
from tenants.staff.models import StaffMember
from tenants.staff.reach import gives_access, has_for_everybody, reached_member, reaches
from tenants.staff.services import dismiss, find_same, hire, reinstate, replace_document, write


@requires("staff.edit")
@require_http_methods(["GET", "POST"])
def hire_page(request: HttpRequest) -> HttpResponse:
    """A new card; an equal person is looked for first and shown. Source: R-249, R-364."""
    _everybody_only(request)
    form = HireForm(request.POST or None)
    same: list[StaffMember] = []
    if request.method == "POST" and form.is_valid():
        values, is_namesake = form.values, form.cleaned_data["is_namesake"]
        try:
            member = hire(values=values, by=actor_of(request).signature, is_namesake=is_namesake)
        except RuleViolation as violation:
            form.refuse(violation)
            same = list(find_same(values))
        else:
            return _hired(request, member)
    context = {"form": form, "same": same, "may_give_access": gives_access(request)}
    return render(request, "staff/hire.html", context, status=_status(request))


def _hired(request: HttpRequest, member: StaffMember) -> HttpResponse:
    """Whoever may gives the account at once (R-090); otherwise it is told who will."""
    if "give_access" in request.POST and gives_access(request):
        messages.success(request, f"{member.full_name} принят. Осталось напечатать логин и пароль.")
        return redirect("staff:access_of", member_id=member.pk)
    later = "" if gives_access(request) else " Логин и пароль выдаст администратор: «Работники», «Доступ»."
    messages.success(request, f"{member.full_name} принят, карточка заведена.{later}")
    return redirect("staff:card", member_id=member.pk)


@requires("staff.edit")
@require_http_methods(["GET", "POST"])
def dismiss_page(request: HttpRequest, member_id: uuid.UUID) -> HttpResponse:
    """End an employment by an order; the card goes to the archive."""
    member = _managed(request, member_id)
    form = DismissForm(request.POST or None, initial={"dismissed_on": timezone.localdate()})

    def done() -> str:
        ended = dismiss(member=member, **form.cleaned_data)
        access = " Доступ в систему закрывают в разделе «Доступ работников»." if member.account_id else ""
        return f"Увольнение записано: {ended.full_name}, {ended.dismissed_on:%d.%m.%Y}.{access}"

    return _act(request, member, form, done, title="Увольнение", submit="Уволить", is_danger=True)


@requires("staff.edit")
@require_http_methods(["GET", "POST"])
def reinstate_page(request: HttpRequest, member_id: uuid.UUID) -> HttpResponse:
    """Take a card out of the archive."""
    member = _managed(request, member_id)
    form = ReinstateForm(request.POST or None)

    def done() -> str:
        back = reinstate(member=member, by=actor_of(request).signature, **form.cleaned_data)
        return f"Карточка возвращена из архива: {back.full_name}."

    return _act(request, member, form, done, title="Возвращение из архива", submit="Вернуть")


@requires("staff.edit")
@require_http_methods(["GET", "POST"])
def document_page(request: HttpRequest, member_id: uuid.UUID) -> HttpResponse:
    """A new passport; the former one stays on the card. Source: R-180."""
    member = reached_member(request, member_id, "staff.edit")
    if member.is_sealed:
        raise Http404
    if not reaches(request, member, "staff.identity"):
        raise PermissionDenied
    form = DocumentForm(request.POST or None, member=member)

    def done() -> str:
        data = form.cleaned_data
        replace_document(
            member=member,
            values=form.values,
            replaced_on=data["replaced_on"],
            by=actor_of(request).signature,
            basis=data["basis"],
        )
        return "Новый документ записан, прежний остался в карточке."

    return _act(request, member, form, done, title="Замена документа", submit="Записать")


@requires("consent.record")
@require_http_methods(["GET", "POST"])
def consent_page(request: HttpRequest, member_id: uuid.UUID) -> HttpResponse:
    """A consent opens a sealed card. Source: R-205 (KK Прил.1 1.4)."""
    _everybody_only(request, "consent.record")
    member = reached_member(request, member_id, "staff.read")
    if not member.is_sealed:
        raise Http404
    form = ConsentForm(request.POST or None, initial={"signed_on": timezone.localdate()})

    def done() -> str:
        write(member, {"consent_on": form.cleaned_data["signed_on"]}, by=actor_of(request).signature)
        return "Согласие записано, карточка открыта."

    return _act(request, member, form, done, title="Согласие на обработку данных", submit="Записать")


def _act(
    request: HttpRequest,
    member: StaffMember,
    form: SpeakingForm,
    done: Any,  # a callable that writes and answers with the sentence of success
    *,
    title: str,
    submit: str,
    is_danger: bool = False,
) -> HttpResponse:
    """A short form about one employee."""
    if request.method == "POST" and form.is_valid():
        try:
            messages.success(request, done())
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            return redirect("staff:card", member_id=member.pk)
    context = {"member": member, "form": form, "title": title, "submit": submit, "is_danger": is_danger}
    return render(request, "staff/act.html", context, status=_status(request))


def _managed(request: HttpRequest, member_id: uuid.UUID) -> StaffMember:
    """An employee for whom one decides: nobody dismisses himself by the right to his own card."""
    _everybody_only(request)
    return reached_member(request, member_id, "staff.edit")


def _everybody_only(request: HttpRequest, capability: str = "staff.edit") -> None:
    if not has_for_everybody(request, capability):
        raise PermissionDenied


def _status(request: HttpRequest) -> int:
    """A form shown in answer to a POST is a refusal: success redirects."""
    return 422 if request.method == "POST" else 200
