"""The table of rights of an organization: read, printed, taken away as a file, changed with a preview."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from shared.access.declarations import requires
from shared.access.requests import actor_of, note_action, organization_of
from shared.access.rights import matrix
from shared.access.roles import ORGANIZATION_ROLES, role_facts
from shared.appointments.deciding import Planned, decide_rights, plan
from shared.appointments.forms import BasisForm
from shared.appointments.groups import GroupChoices, groundwork
from shared.appointments.matrix import (
    LEGEND,
    SHORT,
    Cell,
    Sheet,
    basis_text,
    change_period,
    change_words,
    history_of,
    sheet_of,
)
from shared.appointments.views.people import gaps_here
from shared.appointments.workplaces import Decider, workplace_here
from shared.documents.columns import Column, Value
from shared.documents.downloads import paper_answer, workbook_answer
from shared.kernel.rules import RuleViolation

TITLE = "Распределение прав доступа"


@requires("rights.read", scope="accounts", groundwork=groundwork)
@require_GET
def table(request: HttpRequest, groups: GroupChoices | None = None) -> HttpResponse:
    """Every role in every row; with ``?role=`` one role in words, which is how a phone reads it."""
    sheet = _sheet(request)
    role = request.GET.get("role", "")
    context = {
        "sheet": sheet,
        "legend": LEGEND,
        "role": role_facts()[role] if role in ORGANIZATION_ROLES else None,
        "role_sections": sheet.of_role(role) if role in ORGANIZATION_ROLES else [],
        "changed": list(sheet.changed),
        "gaps": gaps_here(request, workplace_here(request)),
        "may_change": actor_of(request).may("rights.change"),
    }
    return render(request, "appointments/table.html", context)


@requires("rights.read", scope="accounts")
@require_GET
def export(request: HttpRequest, extension: str) -> HttpResponse:
    """The table as a file: in words for a spreadsheet, in marks with the legend for paper."""
    sheet = _sheet(request)
    if extension == "xlsx":
        columns = [Column("Раздел", 18), Column("Право", 44), *(Column(facts.label, 18) for facts in sheet.roles)]
        return workbook_answer(
            request, title=TITLE, columns=columns, rows=_rows(sheet, in_words=True), filters=f"На {sheet.day:%d.%m.%Y}"
        )
    columns = [Column("Право", 60), *(Column(SHORT[facts.role], 11) for facts in sheet.roles)]  # type: ignore[index]
    return paper_answer(
        request,
        title=TITLE,
        columns=columns,
        rows=_rows(sheet, in_words=False),
        filters=_legend_text(sheet),
        landscape=True,
    )


@requires("rights.read", scope="accounts")
@require_GET
def cell(request: HttpRequest, row: str, role: str) -> HttpResponse:
    """One cell: what it means, why it is so, and every decision about it."""
    found = _cell(_sheet(request), row, role)
    history = [
        {"words": change_words(one), "period": change_period(one), "basis": basis_text(one), "change": one}
        for one in history_of(organization_of(request).id, row, role)
    ]
    context = {"cell": found, "history": history, "may_change": actor_of(request).may("rights.change")}
    return render(request, "appointments/cell.html", context)


@requires("rights.change", scope="accounts")
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest) -> HttpResponse:
    """Change several cells of one role or of one row; first the preview, then the decision."""
    cells = _cells_asked(request)
    form = BasisForm(request.POST or None, cells=cells)
    planned: list[Planned] = []
    if request.method == "POST" and form.is_valid():
        asked: dict[str, Any] = {
            "organization_id": organization_of(request).id,
            "org_type": organization_of(request).org_type,
            "wanted": form.wanted,
            "basis": form.basis,
            "by": Decider.of(actor_of(request)),
        }
        try:
            planned = plan(**asked)
            if "decide" in request.POST:
                done = decide_rights(**asked)
                note_action(request, "rights_changed", subject_kind="rights", rows=len(done))
                messages.success(request, f"Изменено прав: {len(done)}. Действует с {form.basis.valid_from:%d.%m.%Y}.")
                return redirect("rights:table")
        except RuleViolation as violation:
            form.refuse(violation)
            planned = []
    is_preview = bool(planned) and "edit" not in request.POST
    context = {
        "form": form,
        "planned": planned,
        "by_row": bool(request.GET.get("row")),
        "subject": _asked_title(request),
    }
    template = "appointments/change_preview.html" if is_preview else "appointments/change.html"
    status = 422 if request.method == "POST" and not planned else 200
    return render(request, template, context, status=status)


def _sheet(request: HttpRequest) -> Sheet:
    here = organization_of(request)
    return sheet_of(here.id, here.org_type, timezone.localdate())


def _cell(sheet: Sheet, row: str, role: str) -> Cell:
    if row not in matrix() or role not in ORGANIZATION_ROLES:
        raise Http404
    return sheet.cell(matrix()[row], role)


def _cells_asked(request: HttpRequest) -> list[Cell]:
    """The cells of the row or of the role in the address; of an address without them, of the class teacher."""
    sheet = _sheet(request)
    row = request.GET.get("row", "")
    if row:
        return sheet.of_row(_cell(sheet, row, "director").row)
    role = request.GET.get("role", "class_teacher")
    _cell(sheet, next(iter(matrix())), role)
    return [cell for _, cells in sheet.of_role(role) for cell in cells]


def _asked_title(request: HttpRequest) -> str:
    row = request.GET.get("row", "")
    return matrix()[row].label if row else role_facts()[request.GET.get("role", "class_teacher")].label


def _rows(sheet: Sheet, *, in_words: bool) -> Iterator[list[Value]]:
    for section, lines in sheet.sections:
        for line in lines:
            if in_words:
                yield [section, line.row.label, *map(_in_words, line.cells)]
            else:
                yield [line.row.label, *(f"{cell.mark}*" if cell.is_changed else cell.mark for cell in line.cells)]


def _in_words(cell: Cell) -> str:
    return f"{cell.words} ({cell.basis})" if cell.basis else cell.words


def _legend_text(sheet: Sheet) -> str:
    marks = "; ".join(f"{mark} {words}" for mark, words in LEGEND)
    bases = ", ".join(dict.fromkeys(cell.basis for cell in sheet.changed))
    changed = f". * изменено: {bases}" if bases else ""
    return f"На {sheet.day:%d.%m.%Y}. {marks}{changed}"
