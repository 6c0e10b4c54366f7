"""Which workspace a host is: an organization's own, an authority's, the citizens', the operator's, or the entrance."""

from __future__ import annotations

import datetime
import time
import uuid
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from django.conf import settings
from django.db.models import QuerySet

from shared.kernel.compiled import CompiledQuery
from shared.organizations.models import Domain, Organization

CACHE_SECONDS = 5
_SLUG: Final = "placeholder of a slug"


class WorkspaceKind(StrEnum):
    ORGANIZATION = "organization"
    MUNICIPALITY = "municipality"
    REGION = "region"
    SERVICES = "services"
    TRAINING = "training"
    OPERATOR = "operator"
    ENTRANCE = "entrance"


NAMED_HOSTS = frozenset(
    kind for kind in WorkspaceKind if kind not in {WorkspaceKind.ORGANIZATION, WorkspaceKind.ENTRANCE}
)
RESERVED_SLUGS = frozenset({*map(str, NAMED_HOSTS), "www", "api", "static", "admin", "mail"})


@dataclass(frozen=True)
class OrganizationFacts:
    """What every request needs of the organization of its host."""

    id: uuid.UUID
    slug: str
    schema: str
    short_name: str
    full_name: str
    org_type: str
    status: str
    version: int
    fingerprint: str
    copied_at: datetime.datetime | None = None


@dataclass(frozen=True)
class Workspace:
    kind: WorkspaceKind
    host: str
    organization: OrganizationFacts | None = None


_found: dict[str, tuple[float, Workspace]] = {}


def workspace_of(host: str) -> Workspace | None:
    """The workspace that answers on ``host`` (without port), or None: such a host does not exist.

    Hits are kept for 5 s, misses never: a guess must not fill the memory.
    """
    host = host.lower().rstrip(".")
    known = _found.get(host)
    if known is not None and known[0] > time.monotonic():
        return known[1]
    workspace = _look_up(host)
    if workspace is not None:
        _found[host] = (time.monotonic() + CACHE_SECONDS, workspace)
    else:
        _found.pop(host, None)
    return workspace


def moved_to(host: str) -> str | None:
    """The present host of the organization that ``host`` was the address of, as long as the operator keeps it."""
    former = Domain.objects.filter(domain=host.lower().rstrip("."), is_primary=False)
    slug = former.exclude(tenant__status=Organization.Status.ARCHIVED).values_list("tenant__slug", flat=True).first()
    return f"{slug}.{settings.BASE_DOMAIN}" if slug else None


def forget_workspaces() -> None:
    """Drop what is cached: after a suspend or rename in this process, and between tests."""
    _found.clear()


def _look_up(host: str) -> Workspace | None:
    base = settings.BASE_DOMAIN
    if host == base:
        return Workspace(WorkspaceKind.ENTRANCE, host)
    name, dot, rest = host.partition(".")
    if not dot or rest != base:
        return None
    if name in NAMED_HOSTS:
        return Workspace(WorkspaceKind(name), host)
    rows = _ORGANIZATIONS.rows(name)
    return Workspace(WorkspaceKind.ORGANIZATION, host, OrganizationFacts(*rows[0])) if rows else None


def _organizations() -> QuerySet[Organization, tuple[Any, ...]]:
    working = Organization.with_copies.filter(slug=_SLUG).exclude(status=Organization.Status.ARCHIVED)
    return working.order_by().values_list(
        *("id", "slug", "schema_name", "short_name", "full_name", "org_type", "status", "version", "fingerprint"),
        "copied_at",
    )


_ORGANIZATIONS: Final = CompiledQuery(_organizations, _SLUG)
