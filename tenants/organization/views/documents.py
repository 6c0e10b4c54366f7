"""Documents of the organization."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from shared.access.declarations import requires
from shared.access.requests import actor_of
from shared.documents.columns import Column, Value
from shared.documents.downloads import table_answer
from shared.kernel.rules import RuleViolation
from tenants.files.services import store_upload
from tenants.organization.documents import put_document
from tenants.organization.fields import LAYOUT
from tenants.organization.forms import DocumentForm
from tenants.organization.models import OrganizationDocument
from tenants.organization.papers import PAPER
from tenants.organization.services import own_card

COLUMNS: Final = (
    Column("Документ", 44),
    Column("Номер", 18),
    Column("Дата", 12, "date"),
    Column("Действует до", 12, "date"),
    Column("Состояние", 14),
    Column("Файл", 24),
)
FOUNDING: Final = ("charter", "license", "accreditation")


@requires("organization.read")
@require_safe
def documents(request: HttpRequest) -> HttpResponse:
    """Documents in force with their terms, and the former editions."""
    everything, card = list(OrganizationDocument.objects.select_related("file")), own_card()
    current = [one for one in everything if one.is_current]
    kinds = {one.kind for one in current}
    context = {
        "current": current,
        "former": [one for one in everything if not one.is_current],
        "vacant": [(LAYOUT.fields[code], code in card.absences) for code in FOUNDING if code not in kinds],
        "today": timezone.localdate(),
        "may_edit": actor_of(request).may("organization.edit"),
    }
    return render(request, "organization/documents.html", context)


@requires("organization.edit")
@require_http_methods(["GET", "POST"])
def new_document(request: HttpRequest) -> HttpResponse:
    """A document in force; the former edition stays."""
    form = DocumentForm(request.POST or None, request.FILES or None, initial={"kind": request.GET.get("kind", "")})
    if request.method == "POST" and form.is_valid():
        actor, upload = actor_of(request), form.cleaned_data["file"]
        file = None
        if upload is not None:
            file = store_upload(upload, purpose=PAPER, uploaded_by=actor.account_id, made_by=actor.signature)
        try:
            put_document(paper=form.paper, file=file, added_by=actor.signature)
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            messages.success(request, "Документ сохранён. Прежняя редакция осталась в списке.")
            return redirect("organization:documents")
    status = 422 if request.method == "POST" else 200
    return render(request, "organization/document.html", {"form": form}, status=status)


@requires("organization.read")
@require_safe
def export_documents(request: HttpRequest, extension: str) -> HttpResponse:
    """The list of documents."""
    return table_answer(
        request, extension, title="Документы организации", columns=COLUMNS, rows=_rows(), is_personal=False
    )


def _rows() -> Iterator[list[Value]]:
    for one in OrganizationDocument.objects.select_related("file"):
        state = "действует" if one.is_current else "заменён"
        yield [one.name, one.number, one.issued_on, one.valid_to, state, one.file.name if one.file else ""]
