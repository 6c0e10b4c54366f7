"""The public log on every host: entering, accounts, appointments, organizations, looks of authorities.

Row security gives an organization, an authority and the operator their own records only.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from shared.access.declarations import requires
from shared.access.searches import posted_address
from shared.access.workspaces import WorkspaceKind
from shared.audit.models import Event, PublicEvent
from shared.logbook.asking import FILTERS
from shared.logbook.lines import Reader
from shared.logbook.pages import LogView, log_file, log_page, organization_names

KINDS: Final = (
    *("account", "accounts_account", "access_rolegrant", "access_rightchange", "access_rightceiling"),
    *("organizations_organization", "organizations_domain", "organizations_authoritybody", "person", "student"),
    *("training_registration", "training_claim", "classifiers_classifiervalue"),
)

PERSONAL: Final = frozenset({"accounts_account", "training_registration", "training_claim"})


@requires("audit.read")
@require_http_methods(["GET", "HEAD", "POST"])
def log(request: HttpRequest) -> HttpResponse:
    """The records of this place; a POST carries the search and answers with its address."""
    if request.method == "POST":
        return redirect(f"{reverse('logbook:log')}?{posted_address(request, FILTERS)}")
    return log_page(request, _view(request), tabs=_tabs(request))


@requires("audit.read")
@require_safe
def export(request: HttpRequest, extension: str) -> HttpResponse:
    """The same records as a file."""
    if extension not in ("xlsx", "pdf"):
        raise Http404
    return log_file(request, _view(request), extension)


def _view(request: HttpRequest) -> LogView:
    is_organization = request.workspace.organization is not None  # type: ignore[attr-defined]
    is_operator = request.workspace.kind == WorkspaceKind.OPERATOR  # type: ignore[attr-defined]
    return LogView(
        title="Журнал входов и доступа" if is_organization else "Журнал действий",
        events=PublicEvent.objects.all(),
        kinds=KINDS,
        reader_of=_for_operator if is_operator else _reader,
        log_url=reverse("logbook:log"),
        export_url=reverse("logbook:export", args=["xlsx"]),
        hint="Входы и выходы, учётные записи, назначения, права"
        if is_organization
        else "Входы и выходы, учётные записи, назначения, просмотры людей и выгрузки",
    )


def _tabs(request: HttpRequest) -> list[tuple[str, str, bool]]:
    """On the host of an organization its own log stands beside; it is a room of the organization."""
    if request.workspace.organization is None:  # type: ignore[attr-defined]
        return []
    return [("Данные", reverse("history:log"), False), ("Входы и доступ", reverse("logbook:log"), True)]


def _reader(events: Collection[Event]) -> Reader:
    return Reader(organizations=organization_names(events))


def _for_operator(events: Collection[Event]) -> Reader:
    """No page of the operator's host shows personal data. Source: INTERFACES 2."""
    return Reader(hides=lambda table, column: table in PERSONAL, organizations=organization_names(events))
