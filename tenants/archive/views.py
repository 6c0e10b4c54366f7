"""The archive of the organization: what was made, ordering one, its file, its act, its copies on carriers."""

from __future__ import annotations

import uuid
import zipfile
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shared.access.actors import Actor
from shared.access.approvals.exports import second_signature
from shared.access.declarations import requires
from shared.access.requests import actor_of, note_action, organization_of
from shared.access.throttles import throttled
from shared.archive import signing
from shared.archive.act import grouped, render_copy_act
from shared.archive.errors import PackageAbsent
from shared.archive.manifest import ACT
from shared.archive.models import Copy, Package
from shared.documents import relay
from shared.documents.downloads import imprint_of, pdf_answer
from shared.kernel.rules import RuleViolation
from tenants.archive.forms import CopyForm, OrderForm
from tenants.archive.making import path_of
from tenants.archive.registry import PARTS
from tenants.archive.services import By, choose, note_copy, order_package, right_label
from tenants.groups.models import Group

PAGE = 25


@requires("archive.create")
@require_http_methods(["GET", "HEAD", "POST"])
def packages(request: HttpRequest) -> HttpResponse:
    """The list of archives, and the form to order one."""
    actor = actor_of(request)
    form = OrderForm(request.POST or None, years=_years(), may_special=_may_special(actor))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        choice = choose(actor.may_everywhere, with_special=data.get("special", False))
        try:
            ordered = order_package(
                span=form.span, choice=choice, term=data["term"], reason=data["reason"], by=_by(actor)
            )
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            note_action(request, "archive.ordered", subject_kind="archive_package", subject_id=ordered.pk)
            return redirect("archive:package", package_id=ordered.pk)
    made = _own(request).annotate(copy_count=Count("copies")).order_by("-ordered_at", "-id")
    context = {
        "page_obj": Paginator(made, PAGE).get_page(request.GET.get("page")),
        "form": form,
        "left_out": choose(actor.may_everywhere, with_special=True).left_out,
        "fingerprint": grouped(signing.fingerprint()),
    }
    return render(request, "archive/list.html", context, status=422 if request.method == "POST" else 200)


@requires("archive.create")
@require_safe
def package(request: HttpRequest, package_id: uuid.UUID) -> HttpResponse:
    """One archive: how far it is, what is in it, where its copies are, how to verify it."""
    return _page(request, _package(request, package_id))


@requires("archive.create")
@require_safe
def progress(request: HttpRequest, package_id: uuid.UUID) -> HttpResponse:
    """The middle of the page while the worker is at it; when it is over, the whole page is asked for."""
    found = _package(request, package_id)
    response = render(request, "archive/_progress.html", {"package": found})
    if found.is_over:
        response.headers["HX-Refresh"] = "true"
    return response


@requires("archive.create")
@throttled("export")
@require_safe
def download(request: HttpRequest, package_id: uuid.UUID) -> HttpResponseBase:
    """The file, for who holds every right that its parts ask for; of many people after a second signature."""
    found, path = _whole(request, package_id)
    if lacking := _lacking(actor_of(request), found):
        words = f"В архиве есть сведения, на которые у вас нет права: {', '.join(lacking)}. Скачать его может директор."
        return _page(request, found, refusal=words, status=403)
    if wanting := second_signature(request, title=str(found), rows=found.people or found.rows):
        return wanting
    note_action(
        request,
        "archive.taken",
        subject_kind="archive_package",
        subject_id=found.pk,
        rows=found.rows,
        number=found.number,
    )
    return FileResponse(path.open("rb"), as_attachment=True, filename=found.file, content_type="application/zip")


@requires("archive.create")
@require_safe
def act(request: HttpRequest, package_id: uuid.UUID) -> HttpResponse:
    """The act as it lies in the archive: it names no learner."""
    found, path = _whole(request, package_id)
    with zipfile.ZipFile(path) as archive:
        content = archive.read(ACT)
    note_action(request, "printed", subject_kind="archive_package", subject_id=found.pk)
    return pdf_answer(content, f"Акт архива № {found.number}.pdf")


@requires("archive.create")
@require_POST
def copies(request: HttpRequest, package_id: uuid.UUID) -> HttpResponse:
    """Note a copy on a removable carrier."""
    found = _package(request, package_id)
    if found.status != Package.Status.DONE:
        raise Http404
    form = CopyForm(request.POST)
    if form.is_valid():
        try:
            copy = note_copy(found, by=_by(actor_of(request)), **form.cleaned_data)
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            note_action(request, "archive.copied", subject_kind="archive_package", subject_id=found.pk)
            messages.success(request, f"Копия на съёмном носителе {copy} отмечена. Напечатайте акт о копировании.")
            return redirect("archive:package", package_id=found.pk)
    return _page(request, found, form=form, status=422)


@requires("archive.create")
@require_safe
def copy_act(request: HttpRequest, package_id: uuid.UUID, copy_id: uuid.UUID) -> HttpResponse:
    """The act of copying."""
    found = _package(request, package_id)
    copy = get_object_or_404(Copy, pk=copy_id, package=found)
    lines = [
        ("Архив", str(found)),
        ("Файл", found.file),
        ("Контрольная сумма файла, SHA-256", grouped(found.sha256)),
        ("Контрольная сумма содержимого", grouped(found.digest)),
        ("Копия на съёмном носителе №", copy.carrier),
        ("Дата копирования", f"{copy.copied_on:%d.%m.%Y}"),
        ("Носитель хранится", copy.place or "________________________________"),
        ("Скопировал", copy.made_by),
    ]
    content = render_copy_act(imprint_of(request, "Акт о копировании архива на съёмный носитель"), lines=lines)
    note_action(request, "printed", subject_kind="archive_package", subject_id=found.pk)
    return pdf_answer(content, f"Акт о копировании архива № {found.number}.pdf")


def _page(
    request: HttpRequest, found: Package, *, form: CopyForm | None = None, refusal: str = "", status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {
        "package": found,
        "copies": found.copies.all(),
        "form": form or CopyForm(),
        "refusal": refusal,
        "lacking": _lacking(actor_of(request), found),
        "sums": [
            ("Файл, SHA-256", grouped(found.sha256)),
            ("Содержимое, SHA-256", grouped(found.digest)),
            ("Отпечаток ключа подписи", grouped(found.fingerprint)),
        ],
        "is_signed_here": found.fingerprint == signing.fingerprint(),
    }
    return render(request, "archive/package.html", context, status=status)


def _whole(request: HttpRequest, package_id: uuid.UUID) -> tuple[Package, Path]:
    """A finished archive with its file; another one has no file yet. Raises: Http404."""
    found = _package(request, package_id)
    if found.status != Package.Status.DONE:
        raise Http404
    path = relay.fetch(path_of(found, organization_of(request).schema))
    if not path.exists():
        raise Http404(str(PackageAbsent(number=found.number)))
    return found, path


def _package(request: HttpRequest, package_id: uuid.UUID) -> Package:
    return get_object_or_404(_own(request), pk=package_id)


def _own(request: HttpRequest) -> QuerySet[Package]:
    return Package.objects.filter(organization_id=organization_of(request).id)


def _years() -> list[int]:
    return list(Group.objects.order_by().values_list("academic_year", flat=True).distinct())


def _may_special(actor: Actor) -> bool:
    return any(part.is_special and all(map(actor.may_everywhere, part.needs)) for part in PARTS.values())


def _lacking(actor: Actor, found: Package) -> list[str]:
    return [f"«{right_label(right)}»" for right in found.needs if not actor.may_everywhere(right)]


def _by(actor: Actor) -> By:
    return By(account_id=actor.account_id, signature=actor.signature)
