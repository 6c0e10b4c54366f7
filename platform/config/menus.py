"""Side menus of the workspaces, named as in the regulation. An entry without the right is not shown."""

from dataclasses import dataclass

from shared.access.workspaces import WorkspaceKind


@dataclass(frozen=True)
class Entry:
    title: str
    view: str
    icon: str
    capability: str


MENUS: dict[WorkspaceKind, list[tuple[str, list[Entry]]]] = {}
