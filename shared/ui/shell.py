"""What the staff frame (``ui/app.html``) shows around a page: the one context variable ``shell``.

A context processor of ``config`` builds it from the request; the templates know nothing about rights or hosts.
"""

import datetime
from dataclasses import dataclass, field
from typing import Final, Literal

PRODUCT: Final = "АСУ СО"

Workspace = Literal["organization", "municipality", "region", "services", "training", "operator", "entrance"]


@dataclass(frozen=True, slots=True)
class MenuItem:
    """One line of the side menu. ``counter`` is given only when something waits for this user."""

    title: str
    url: str
    icon: str
    active: bool = False
    counter: int | None = None
    tone: Literal["warn", "bad"] = "warn"


@dataclass(frozen=True, slots=True)
class MenuGroup:
    """A titled part of the side menu; an empty title is the first, nameless group."""

    title: str
    items: list[MenuItem]


@dataclass(frozen=True, slots=True)
class Place:
    """Another place this person may move to: the switcher posts ``token`` as field ``place`` to ``url_action``."""

    title: str
    subtitle: str
    url_action: str
    token: str
    workspace: Workspace = "organization"
    is_current: bool = False


@dataclass(frozen=True, slots=True)
class Shell:
    """Everything around a staff page. ``data_time`` is the moment the shown data is of, in the region's time zone.

    ``notices`` concern everybody here, signed in or not: maintenance breaks; ``notices_url`` tells more of them.
    """

    workspace: Workspace
    workspace_name: str
    subtitle: str
    menu: list[MenuGroup]
    user_name: str
    user_role: str
    places: list[Place] = field(default_factory=list)
    search_url: str | None = None
    is_rail: bool = False
    data_time: datetime.datetime | None = None
    banner: str | None = None
    notices: tuple[tuple[Literal["info", "warn"], str], ...] = ()
    notices_url: str = ""
    home_url: str = "/"
    logout_url: str = "/logout/"
    account_url: str | None = None
    footer: str = ""

    @property
    def user_letters(self) -> str:
        """Two letters for the round mark: given name, then surname («МС» of «Соколова М. А.»)."""
        last_name, *names = self.user_name.split() or [""]
        return "".join(name[0] for name in [*names[:1], last_name] if name).upper()
