"""Hiring, dismissal, reinstatement, a new passport, a consent: what changes an employee's card as a whole."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from shared.access.declarations import requires
from shared.access.requests import actor_of, organization_of
from shared.appointments.queries import staff_grants
from shared.kernel.rules import RuleViolation
from shared.ui.forms import SpeakingForm
from tenants.cards.room_forms import Desk
from tenants.staff.charges import charges_of
from tenants.staff.forms import ConsentForm, DismissForm, DocumentForm, HireForm, ReinstateForm
from tenants.staff.layout import LAYOUT
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


def roles_here(request: HttpRequest, **kwargs: object) -> Mapping[uuid.UUID, list[str]]:
    """Groundwork: who has which role here today; an organization's own tables do not know accounts."""
    found: dict[uuid.UUID, list[str]] = {}
    for grant in staff_grants(organization_of(request).id, timezone.localdate()):
        groups = f": {', '.join(grant.group_names)}" if grant.group_names else ""
        found.setdefault(grant.account_id, []).append(f"{grant.role_name}{groups}")
    return found


@requires("staff.edit", groundwork=roles_here)
@require_http_methods(["GET", "POST"])
def dismiss_page(request: HttpRequest, member_id: uuid.UUID) -> HttpResponse:
    """End an employment by an order: what the person is in charge of is shown and ends with it. Source: R-196."""
    member, today = _managed(request, member_id), timezone.localdate()
    form = DismissForm(request.POST or None, initial={"dismissed_on": today})
    day = form.cleaned_data.get("dismissed_on") if form.is_bound and form.is_valid() else today
    charges = charges_of(member, day or today)

    def done() -> str:
        ended = dismiss(member=member, by=actor_of(request).signature, **form.cleaned_data)
        gone = ", ".join(one.text for one in charges if one.is_ended)
        told = f" Больше не отвечает: {gone}." if gone else ""
        access = " Доступ в систему закрывают в разделе «Доступ работников»." if member.account_id else ""
        return f"Увольнение записано: {ended.full_name}, {ended.dismissed_on:%d.%m.%Y}.{told}{access}"

    roles = request.groundwork.get(member.account_id, [])  # type: ignore[attr-defined]
    context = {"charges": charges, "roles": roles}
    return _act(request, member, form, done, title="Увольнение", submit="Уволить", is_danger=True, more=context)


@requires("staff.edit")
@require_http_methods(["GET", "POST"])
def reinstate_page(request: HttpRequest, member_id: uuid.UUID) -> HttpResponse:
    """Take a card out of the archive."""
    member = _managed(request, member_id)
    form = ReinstateForm(request.POST or None)

    def done() -> str:
        back, again = reinstate(member=member, by=actor_of(request).signature, **form.cleaned_data)
        told = f" Снова отвечает: {', '.join(again)}." if again else ""
        return f"Карточка возвращена из архива: {back.full_name}.{told}"

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
    desk = Desk.of(request, LAYOUT.code, member.pk, "new_document")
    if desk.is_asked:
        return desk.answer(DocumentForm(member=member))
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

    return _act(request, member, form, done, title="Замена документа", submit="Записать", desk=desk)


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
    desk: Desk | None = None,
    more: Mapping[str, Any] = MappingProxyType({}),
) -> HttpResponse:
    """A short form about one employee; ``desk`` keeps what is typed into it, ``more`` goes to the page."""
    if request.method == "POST" and form.is_valid():
        try:
            messages.success(request, done())
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            if desk is not None:
                desk.clear()
            return redirect("staff:card", member_id=member.pk)
    context = {"member": member, "form": form, "title": title, "submit": submit, "is_danger": is_danger, **more}
    if desk is not None:
        context |= {"is_kept": True, "draft": desk.restore(form)}
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
