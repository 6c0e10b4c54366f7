"""Making an archive: one snapshot of the organization, read part by part into one file. Source: R-338."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db import connection
from django.utils import timezone

from shared.archive import signing
from shared.archive.manifest import Manifest
from shared.archive.models import Package
from shared.archive.parts import Span
from shared.archive.writing import Sealed, write_archive
from shared.documents import relay, store
from shared.documents.imprint import SYSTEM
from shared.organizations.models import Organization
from shared.tenancy.connection import tenant_connection
from tenants.archive.recording import Recorder
from tenants.archive.registry import PARTS

FOLDER: Final = "sealed"
FACTS: Final = ("full_name", "short_name", "slug", "org_type", "inn", "kpp", "ogrn", "address")


def make(package_id: uuid.UUID, *, say: Callable[[str], None] = lambda line: None) -> None:
    """Carry out an order inside the organization's scope, whose transaction nothing has asked yet.

    That transaction becomes a snapshot that is only read, so a maintenance break does not wait for it. Until the file
    is whole and the row says so there is nothing to be seen; a run that was killed is done anew.
    """
    with Recorder() as recorder:
        package = recorder.begin(package_id)
        if package is None:
            return

        def told(done: int, current: str) -> None:
            recorder.progress(package, done, current)
            say(f"{done} из {len(package.parts)}: {current}")

        try:
            path, sealed = _write(package, told)
        except BaseException as fault:
            recorder.fail(package, fault)
            raise
        recorder.finish(package, sealed, path.name)


def path_of(package: Package, schema: str) -> Path:
    """Where the file of a finished archive stands."""
    return Path(settings.FILES_ROOT) / FOLDER / schema / package.file


def _write(package: Package, told: Callable[[int, str], None]) -> tuple[Path, Sealed]:
    tenant_connection().set_scope(tenant_connection().scope.reading())
    with connection.cursor() as cursor:
        cursor.execute("set transaction isolation level repeatable read")
    organization = Organization.with_copies.select_related("municipality", "region").get(pk=package.organization_id)
    made_at, schema = timezone.localtime(), organization.schema_name
    package.file = _name(organization, package)
    path = path_of(package, schema)
    sealed = write_archive(
        path,
        [PARTS[code] for code in package.parts],
        manifest_of(package, organization, made_at.isoformat(timespec="seconds")),
        package.span,
        made_at=made_at,
        take=lambda sha256: store.take(schema, sha256),
        say=told,
    )
    relay.hand_over(path)
    return path, sealed


def manifest_of(package: Package, organization: Organization, made_at: str) -> Manifest:
    """Whose archive it is, of what and by whom; the contents are not known yet."""
    facts: dict[str, Any] = {name: getattr(organization, name) for name in FACTS}  # Any: what JSON holds
    place = organization.municipality.name if organization.municipality else ""
    span = package.span
    return Manifest(
        system={"name": SYSTEM, "version": version("asuso"), "schema": organization.fingerprint},
        organization=facts | {"region": organization.region.name, "municipality": place},
        number=package.number,
        period={"kind": span.kind, "first": str(span.first), "last": str(span.last), "words": str(span)},
        made_at=made_at,
        made_by=package.made_by,
        kept_until=f"{package.kept_until:%d.%m.%Y}",
        key=signing.public_key(),
        left_out=package.left_out,
    )


def _name(organization: Organization, package: Package) -> str:
    span = package.span
    words = {
        Span.YEAR: f"{span.first.year}-{span.first.year + 1}",
        Span.DAY: f"{span.last:%Y-%m-%d}",
        Span.WHOLE: f"all-{span.last:%Y-%m-%d}",
    }
    return f"{organization.slug}-archive-{package.number}-{words[span.kind]}.zip"
