"""The frame around every staff page: menu, counters, workplaces. Built from the request alone, without a query."""

from __future__ import annotations

from functools import cache
from typing import Any, Literal

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from config.menus import MENUS, Entry
from shared.access.actors import Actor
from shared.access.views.moving import address_on
from shared.access.workspaces import Workspace, WorkspaceKind
from shared.maintenance.current import notice
from shared.maintenance.models import MaintenanceBreak
from shared.ui.shell import MenuGroup, MenuItem, Place, Shell

NAMES = {
    WorkspaceKind.MUNICIPALITY: ("Муниципалитет", "Управление образованием"),
    WorkspaceKind.REGION: ("Регион", "Единый реестр и статистика"),
    WorkspaceKind.SERVICES: ("Услуги и организации", "Для граждан"),
    WorkspaceKind.TRAINING: ("Кадры", "Повышение квалификации"),
    WorkspaceKind.OPERATOR: ("Оператор", "Парк организаций"),
    WorkspaceKind.ENTRANCE: ("АСУ СО", "Система образования региона"),
}
RAIL_PREFIXES = ("/registry/", "/forms/")


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context processor: ``shell`` for the templates of shared.ui."""
    workspace: Workspace | None = getattr(request, "workspace", None)
    if workspace is None:
        return {}
    actor: Actor | None = getattr(request, "actor", None)
    name, subtitle = _title(workspace, actor)
    return {
        "shell": Shell(
            workspace=workspace.kind.value,
            workspace_name=name,
            subtitle=subtitle,
            menu=_menu(request, workspace, actor),
            user_name=actor.signature if actor else "",
            user_role=", ".join(dict.fromkeys(grant.role_name for grant in actor.here)) if actor else "",
            places=_places(actor),
            search_url=_search(workspace, actor),
            is_rail=request.path.startswith(RAIL_PREFIXES),
            account_url=None if actor and actor.support_case else "/account/",
            banner=_banner(request, workspace, actor),
            notices=_notices(request),
            notices_url=address_on(request, settings.BASE_DOMAIN, "/status/"),
        )
    }


def _banner(request: HttpRequest, workspace: Workspace, actor: Actor | None) -> str | None:
    """Who works under a support case is told so on every page, and so are the people whose data he may be seeing."""
    if actor is None or workspace.organization is None:
        return None
    if workspace.organization.copied_at is not None:
        taken = f"{timezone.localtime(workspace.organization.copied_at):%d.%m.%Y %H:%M}"
        return f"Копия от {taken}. Приказы здесь не оформляются, сведения не передаются и не учитываются."
    case, visitor = actor.support_case, actor.visitor
    if case is not None:
        left = case.rows_left - sum(one.rows for one in request.noted_actions)  # type: ignore[attr-defined]
        where = f"Вы в организации {workspace.organization.short_name} по обращению № {case.id}"
        until = f"до {timezone.localtime(case.ends_at):%d.%m.%Y %H:%M}"
        return f"{where}, {until}, осталось строк: {max(left, 0)}. Только просмотр."
    if visitor is not None and actor.may("home.view"):
        who = f"{visitor.name}, обращение № {visitor.number}"
        until = f"до {timezone.localtime(visitor.ends_at):%d.%m.%Y %H:%M}"
        return f"Данные организации просматривает служба поддержки: {who}, {until}."
    return None


def _notices(request: HttpRequest) -> tuple[tuple[Literal["info", "warn"], str], ...]:
    """Maintenance breaks of this place, to come or going on. Source: R-278."""
    known: list[MaintenanceBreak] = getattr(request, "breaks", [])
    return tuple(("warn" if one.is_holding else "info", notice(one)) for one in known)


def _title(workspace: Workspace, actor: Actor | None) -> tuple[str, str]:
    if workspace.organization is not None:
        return workspace.organization.short_name, workspace.host
    if actor is not None and actor.authority_id is not None:
        return actor.here[0].place, NAMES[workspace.kind][1]
    return NAMES[workspace.kind]


def _menu(request: HttpRequest, workspace: Workspace, actor: Actor | None) -> list[MenuGroup]:
    if actor is None:
        return []
    groups = []
    here = _current(request, workspace)
    for title, entries in MENUS.get(workspace.kind, []):
        items = [_item(workspace.kind, entry, here, actor) for entry in entries if actor.may(entry.capability)]
        if items:
            groups.append(MenuGroup(title, items))
    return groups


def _current(request: HttpRequest, workspace: Workspace) -> str:
    """The longest address of the menu that the page stands under: of nested sections only the inner one is marked."""
    urls = [_address(workspace.kind, entry.view) for _, entries in MENUS.get(workspace.kind, []) for entry in entries]
    under = [url for url in urls if request.path == url or (url != "/" and request.path.startswith(url))]
    return max(under, key=len, default="")


@cache
def _address(kind: WorkspaceKind, view: str) -> str:
    """The menu's addresses have no parameters: on one kind of host they are always the same."""
    return reverse(view, urlconf=f"config.urls.{kind}")


def _item(kind: WorkspaceKind, entry: Entry, here: str, actor: Actor) -> MenuItem:
    url = _address(kind, entry.view)
    right = actor.right(entry.capability)
    is_own = bool(entry.own_title) and right is not None and not right.is_everywhere
    return MenuItem(title=entry.own_title if is_own else entry.title, url=url, icon=entry.icon, active=url == here)


def _places(actor: Actor | None) -> list[Place]:
    if actor is None or len(actor.grants) < 2:
        return []
    current = {grant.id for grant in actor.here}
    return [
        Place(
            title=grant.place,
            subtitle=grant.role_name,
            url_action=reverse("switch"),
            token=str(grant.id),
            is_current=grant.id in current,
        )
        for grant in actor.grants
    ]


def _search(workspace: Workspace, actor: Actor | None) -> str | None:
    if actor is None or not (actor.may("students.list") or actor.may("registry.persons")):
        return None
    try:
        return reverse("home:palette" if workspace.organization else "registry:palette")
    except NoReverseMatch:
        return None
