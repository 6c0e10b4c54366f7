"""The end of an organization: its data into a dump, then, when a second person has agreed, out of the database.

A sealed archive that is read without the system is made first, with everything in it: it stays when the schema goes.
The organization is suspended before the dump, so that the dump holds everything; the drop looks at its log to be sure.
Rows of the registry stay, closed on the day: counts of past days do not change. Source: INTERFACES 3, R-179.
"""

from __future__ import annotations

import datetime
import hashlib
import logging
import os
import subprocess
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import connections
from django.db.models import F, Q
from django.db.models.functions import Least
from django.utils import timezone

from fleet import lifecycle
from fleet.errors import ArchiveAsked, ArchiveStale, OrganizationArchived, OrganizationUnknown
from fleet.postgres import pg_dump_command
from shared.access.approvals.errors import RequestUnknown
from shared.access.approvals.kinds import Kind
from shared.access.approvals.models import Approval
from shared.access.approvals.services import OPERATOR_PLACE, Signer, ask, decide
from shared.access.models import RoleGrant
from shared.access.workspaces import forget_workspaces
from shared.accounts.models import ApiToken, Session
from shared.audit.models import Mark
from shared.contingent.models import Outbox, RegistryEnrollment
from shared.documents import relay
from shared.messaging.models import TaskOutbox
from shared.messaging.services import want_task
from shared.organizations.models import Organization
from shared.tenancy import schemas, scopes
from tenants.archive.sealing import seal_organization
from tenants.handup.projector import settle
from tenants.history.models import HistoryEvent

logger = logging.getLogger(__name__)
TASK: Final = "fleet.archive.carry_out"
CHUNK: Final = 1024 * 1024


def _want_drop(approval: Approval) -> None:
    want_task(TASK, approval_id=str(approval.pk))


ARCHIVE: Final = Kind(
    "organization.archive",
    "Удаление организации в архив",
    ask="organizations.archive",
    decide="approvals.decide",
    on_approval=_want_drop,
)


@dataclass(frozen=True, slots=True)
class Dump:
    """What an organization's schema was, as a file of ``pg_dump``, and how many records its log had then."""

    path: Path
    sha256: str
    events: int


def ask_for_archive(slug: str, *, by: Signer, reason: str) -> Approval:
    """Suspend the organization, dump its schema, and ask for the second person.

    Raises: OrganizationUnknown, OrganizationArchived, ArchiveAsked, EnvironmentNotReady.
    """
    organization = _organization(slug)
    with scopes.enter(scopes.of_accounts().reading()):
        waiting = Approval.objects.of(OPERATOR_PLACE).waiting()
        asked = waiting.filter(kind=ARCHIVE.code, arguments__organization=str(organization.pk)).first()
    if asked is not None:
        raise ArchiveAsked(name=organization.short_name, number=asked.number, slug=slug)
    with scopes.enter(scopes.of_operator().by(by.actor, "", by.name)):
        lifecycle.suspend(slug)
    settle(organization)
    organization = _organization(slug)
    sealed = seal_organization(organization, with_special=True, reason=reason[:300], by=by.name)
    dump = _dump(organization)
    with scopes.enter(scopes.of_accounts().by(by.actor, "", by.name)):
        return ask(
            ARCHIVE,
            place=OPERATOR_PLACE,
            by=by,
            subject=f"{organization.short_name} ({slug}): данные останутся только в архиве {dump.path.name}",
            reason=reason,
            arguments={
                "organization": str(organization.pk),
                "slug": slug,
                "version": organization.version,
                "file": dump.path.name,
                "sha256": dump.sha256,
                "events": dump.events,
                "sealed": sealed.path.name,
                "sealed_sha256": sealed.package.sha256,
            },
            same=[str(organization.pk)],
        )


def approve_archive(slug: str, number: int, *, by: Signer, reason: str) -> Approval:
    """The second person's word from the command line; what follows is carried out at once.

    Raises: RequestUnknown, OwnRequest, AlreadyDecided, RequestLapsed, ArchiveStale.
    """
    with scopes.enter(scopes.of_accounts().by(by.actor, "", by.name)):
        found = Approval.objects.of(OPERATOR_PLACE).filter(kind=ARCHIVE.code, number=number, arguments__slug=slug)
        approval = found.first()
        if approval is None:
            raise RequestUnknown(number=number)
        decide(approval_id=approval.pk, place=OPERATOR_PLACE, by=by, is_approved=True, reason=reason)
    return carry_out(approval.pk)


def carry_out(approval_id: uuid.UUID) -> Approval:
    """Drop what was approved, if the dump still is what it was; running it twice changes nothing.

    Raises: ArchiveStale, which is also kept as the outcome of the request.
    """
    approval = Approval.objects.using("owner").get(pk=approval_id, kind=ARCHIVE.code)
    if approval.decision != Approval.Decision.APPROVED or approval.executed_at is not None or approval.outcome:
        return approval
    organization = Organization.objects.using("owner").get(pk=approval.arguments["organization"])
    try:
        _check_file(organization, approval)
        scope = scopes.of_organization(organization.schema_name)
        with scopes.enter(scope.by(approval.decided_by, "", approval.decided_by_name), using="owner"):
            _drop(organization, approval)
    except ArchiveStale as refusal:
        Approval.objects.using("owner").filter(pk=approval.pk).update(outcome=str(refusal)[:400])
        raise
    forget_workspaces()
    logger.info("organization archived", extra={"schema": organization.schema_name})
    approval.refresh_from_db(using="owner")
    return approval


def archives_folder() -> Path:
    return Path(settings.FILES_ROOT) / "archives"


def _organization(slug: str) -> Organization:
    found = Organization.objects.using("owner").filter(slug=slug).first()
    if found is None:
        raise OrganizationUnknown(slug=slug)
    if found.status == Organization.Status.ARCHIVED:
        raise OrganizationArchived(name=found.short_name)
    return found


def _dump(organization: Organization) -> Dump:
    """The schema as a file with its checksum beside it, both open to their owner only."""
    with scopes.enter(scopes.of_organization(organization.schema_name).reading(), using="owner"):
        events = HistoryEvent.objects.using("owner").count()
    folder = archives_folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"{organization.slug}-{datetime.datetime.now(datetime.UTC):%Y%m%dT%H%M%S.%fZ}.dump"
    command, environment = pg_dump_command()
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        subprocess.run(
            [*command, "--format=custom", "--schema", organization.schema_name],
            check=True,
            stdout=file,
            env={**os.environ, **environment},
        )
        file.flush()
        os.fsync(file.fileno())
    checksum = _checksum(path)
    side = os.open(_side(path), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(side, "w", encoding="ascii") as file:
        file.write(f"{checksum}  {path.name}\n")
    for made in (path, _side(path)):  # the drop may be carried out by the worker of another machine
        relay.hand_over(made)
    return Dump(path, checksum, events)


def _side(path: Path) -> Path:
    """The file that ``sha256sum --check`` reads."""
    return path.with_name(f"{path.name}.sha256")


def _checksum(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _check_file(organization: Organization, approval: Approval) -> None:
    path = relay.fetch(archives_folder() / str(approval.arguments["file"]))
    if not path.exists() or _checksum(path) != approval.arguments["sha256"]:
        raise ArchiveStale(name=organization.short_name, reason=f"файл {path.name} отсутствует или изменён")


def _drop(organization: Organization, approval: Approval) -> None:
    """In one transaction on ``owner``, in the organization's schema."""
    owner = Approval.objects.using("owner").select_for_update()
    if owner.get(pk=approval.pk).executed_at is not None:
        return
    present = Organization.objects.using("owner").select_for_update(of=("self",)).get(pk=organization.pk)
    with connections["owner"].cursor() as cursor:
        cursor.execute("lock table history_event in access exclusive mode")
    is_same = present.version == approval.arguments["version"] and present.status == Organization.Status.SUSPENDED
    if not is_same or HistoryEvent.objects.using("owner").count() != approval.arguments["events"]:
        raise ArchiveStale(name=organization.short_name, reason="после снимка её данные менялись")
    today = timezone.localdate()
    _close_registry(organization, today)
    _close_access(organization, today)
    schemas.drop_organization_schema(organization.schema_name)
    # What the schema's last transactions left to be done later has nothing to be done to any more.
    Mark.objects.using("owner").filter(schema_name=organization.schema_name).delete()
    Outbox.objects.using("owner").filter(organization_id=organization.pk).delete()
    TaskOutbox.objects.using("owner").filter(organization_id=organization.pk).delete()
    Organization.objects.using("owner").filter(pk=organization.pk).update(
        status=Organization.Status.ARCHIVED, version=F("version") + 1
    )
    Approval.objects.using("owner").filter(pk=approval.pk).update(executed_at=timezone.now())


def _close_registry(organization: Organization, today: datetime.date) -> None:
    """From today nobody is counted here; days before stay as they are."""
    places = RegistryEnrollment.objects.using("owner").filter(organization_id=organization.pk)
    places.filter(days_from__gte=today).delete()
    places.filter(Q(days_to=None) | Q(days_to__gt=today)).update(days_to=today, left_on=Least("left_on", today))


def _close_access(organization: Organization, today: datetime.date) -> None:
    """Appointments here end; nobody is signed in on a host that does not exist."""
    held = RoleGrant.objects.using("owner").filter(organization=organization)
    held.filter(valid_from__gt=today).update(valid_to=F("valid_from"))
    held.filter(Q(valid_to=None) | Q(valid_to__gt=today), valid_from__lte=today).update(valid_to=today)
    host = f"{organization.slug}.{settings.BASE_DOMAIN}"
    Session.objects.using("owner").filter(host=host).delete()
    ApiToken.objects.using("owner").filter(host=host).delete()
