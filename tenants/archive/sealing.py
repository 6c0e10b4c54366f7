"""An archive from the command line: by the operator, for the organization that asked for it or is about to end."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.utils import timezone

from shared.archive.errors import PackageAbsent
from shared.archive.models import Package
from shared.archive.parts import Span
from shared.documents import relay
from shared.organizations.models import Organization
from shared.tenancy import scopes
from tenants.archive.making import make, path_of
from tenants.archive.services import USUAL_TERM, By, choose, new_package

PART: Final = ".part"


@dataclass(frozen=True, slots=True)
class Made:
    """A finished archive and where its file stands."""

    package: Package
    path: Path


def seal_organization(
    organization: Organization,
    *,
    span: Span | None = None,
    with_special: bool = False,
    reason: str = "",
    by: str,
    say: Callable[[str], None] = lambda line: None,
) -> Made:
    """Make an archive of an organization at once; without a span, of everything. Raises: ArchiveUnderWay."""
    scope = scopes.of_organization(organization.schema_name).by(by, "", by)
    choice = choose(lambda capability: True, with_special=with_special)
    wanted = span or Span.of_everything(timezone.localdate())
    with scopes.enter(scope):
        signer = By(account_id=None, signature=by)
        package = new_package(span=wanted, choice=choice, term=USUAL_TERM, reason=reason, by=signer)
    with scopes.enter(scope):
        make(package.pk, say=say)
    with scopes.enter(scope.reading()):
        package = Package.objects.get(pk=package.pk)
    return Made(package, path_of(package, organization.schema_name))


def copy_to(made: Made, folder: Path) -> Path:
    """A copy outside the storage, compared with the control sum. Raises: PackageAbsent, OSError."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    target = folder / made.path.name
    part = target.with_name(f".{target.name}{PART}")
    try:
        shutil.copyfile(relay.fetch(made.path), part)
        part.chmod(0o600)
        with part.open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != made.package.sha256:
                raise PackageAbsent(number=made.package.number)
            os.fsync(file.fileno())
        os.replace(part, target)
    finally:
        part.unlink(missing_ok=True)
    return target
