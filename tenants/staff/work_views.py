"""Methodical works and projects: a teacher adds his own, with files. Source: R-233 (KK Прил.2 2.1.8)."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from shared.access.declarations import requires
from shared.access.requests import actor_of
from tenants.cards.room_forms import Desk
from tenants.files.models import StoredFile
from tenants.files.services import store_upload
from tenants.staff.forms import AnnulForm, WorkForm
from tenants.staff.layout import LAYOUT, WORKS
from tenants.staff.models import MethodicalWork, StaffMember
from tenants.staff.reach import reached_member
from tenants.staff.rows import add_row, annul_row, change_row
from tenants.staff.works import WORK_FILE


@requires("staff.edit")
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, member_id: uuid.UUID) -> HttpResponse:
    """A new work on a card that one's right reaches; of a teacher, his own."""
    member = _member(request, member_id)
    desk = _desk(request, member)
    if desk.is_asked:
        return desk.answer(WorkForm())
    form = WorkForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        by = actor_of(request).signature
        add_row(member=member, section=WORKS.code, values=form.values, by=by, file=_stored(request, form))
        desk.clear()
        return _done(request, member, "Разработка добавлена.")
    return _page(desk, member, form)


@requires("staff.edit")
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, member_id: uuid.UUID, work_id: uuid.UUID) -> HttpResponse:
    """Correct a work, or put another file in place of the present one."""
    member = _member(request, member_id)
    work = get_object_or_404(MethodicalWork.objects.filter(member=member), pk=work_id)
    desk = _desk(request, member, work)
    if desk.is_asked:
        return desk.answer(WorkForm(work=work))
    form = WorkForm(request.POST or None, request.FILES or None, work=work)
    if request.method == "POST" and form.is_valid():
        change_row(row=work, values=form.values, file=_stored(request, form))
        desk.clear()
        return _done(request, member, "Разработка исправлена.")
    return _page(desk, member, form, work)


@requires("staff.edit")
@require_http_methods(["GET", "POST"])
def annul(request: HttpRequest, member_id: uuid.UUID, work_id: uuid.UUID) -> HttpResponse:
    """Take a mistaken work out of sight; it is kept."""
    member = _member(request, member_id)
    work = get_object_or_404(MethodicalWork.objects.filter(member=member), pk=work_id)
    form = AnnulForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        annul_row(row=work, reason=form.cleaned_data["reason"])
        _desk(request, member, work).clear()
        return _done(request, member, "Запись снята как ошибочная. Она осталась в истории.")
    context = {"member": member, "form": form, "title": f"Снять запись: {work}", "submit": "Снять", "is_danger": True}
    return render(request, "staff/act.html", context, status=_status(request))


def _member(request: HttpRequest, member_id: uuid.UUID) -> StaffMember:
    member = reached_member(request, member_id, "staff.edit")
    if member.is_sealed:
        raise Http404
    return member


def _stored(request: HttpRequest, form: WorkForm) -> StoredFile | None:
    if form.upload is None:
        return None
    actor = actor_of(request)
    return store_upload(form.upload, purpose=WORK_FILE, uploaded_by=actor.account_id, made_by=actor.signature)


def _done(request: HttpRequest, member: StaffMember, text: str) -> HttpResponse:
    messages.success(request, text)
    return redirect("staff:card", member_id=member.pk)


def _page(desk: Desk, member: StaffMember, form: WorkForm, work: MethodicalWork | None = None) -> HttpResponse:
    context = {"member": member, "form": form, "work": work, "draft": desk.restore(form)}
    return render(desk.request, "staff/work.html", context, status=_status(desk.request))


def _desk(request: HttpRequest, member: StaffMember, work: MethodicalWork | None = None) -> Desk:
    return Desk.of(request, LAYOUT.code, member.pk, "work", work.pk if work is not None else None)


def _status(request: HttpRequest) -> int:
    """A form shown in answer to a POST is a refusal: success redirects."""
    return 422 if request.method == "POST" else 200
