"""The drill: a backup of a random organization is made, restored aside, compared, and the result is written down.

A backup that nobody has restored is a hope. Source: BKP, issue «automatic nightly drill on a random organization».
"""

from __future__ import annotations

import datetime
import logging
import time
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import connections
from django.db.models import QuerySet
from django.utils import timezone

from fleet.backups.copies import rehearse
from fleet.backups.models import Backup
from fleet.backups.reading import open_package
from fleet.backups.writing import note, said, write_backup
from fleet.errors import OrganizationUnknown
from shared.kernel.rules import RuleViolation
from shared.organizations.models import Organization

logger = logging.getLogger(__name__)
NIGHT: Final = range(1, 5)  # hours of local time
KEPT: Final = 14
POLL_SECONDS: Final = 600.0
DIFFERS: Final = "Восстановленное отличается от копии: {tables}"


def folder() -> Path:
    """Where backups of drills lie."""
    return Path(settings.DATA_DIR) / "backups"


def drill_of_the_night(now: datetime.datetime | None = None) -> Backup | None:
    """Once a night, by whichever worker comes first; None when it is day or the drill was begun. For the poll."""
    moment = timezone.localtime(now)
    if moment.hour not in NIGHT:
        return None
    claim = _begun(by="worker", night=moment.date())
    Backup.objects.using("owner").bulk_create([claim], ignore_conflicts=True)
    if not Backup.objects.using("owner").filter(pk=claim.pk).exists():
        return None
    return _carry_out(claim, None)


def drill(slug: str | None = None, *, by: str) -> Backup:
    """The same at once, of one organization or a random one. Raises: OrganizationUnknown."""
    chosen = None
    if slug is not None:
        chosen = _working().filter(slug=slug).first()
        if chosen is None:
            raise OrganizationUnknown(slug=slug)
    record = _begun(by=by, night=None)
    record.save(using="owner", force_insert=True)
    return _carry_out(record, chosen)


def _begun(*, by: str, night: datetime.date | None) -> Backup:
    return Backup(
        kind=Backup.Kind.DRILL, outcome=Backup.Outcome.RUNNING, taken_at=timezone.now(), made_by=by, night=night
    )


def _carry_out(record: Backup, organization: Organization | None) -> Backup:
    """What fails is the result of a drill like any other: it is written down, and the operator sees it."""
    organization = organization or _working().order_by("?").first()
    if organization is None:
        record.outcome, record.detail = Backup.Outcome.FAILED, "Нет ни одной организации"
    else:
        record.organization_id, record.slug = organization.pk, organization.slug
        try:
            _rehearse(record, organization)
        except RuleViolation as refusal:
            record.outcome, record.detail = Backup.Outcome.FAILED, str(refusal)[:500]
        except Exception as fault:
            logger.exception("drill failed", extra={"schema": organization.schema_name})
            connections["owner"].close()
            record.outcome, record.detail = Backup.Outcome.FAILED, said(fault)
    record.save(using="owner", force_update=True)
    _forget_old()
    return record


def _rehearse(record: Backup, organization: Organization) -> None:
    written = write_backup(organization, folder())
    note(record, written)
    began = time.perf_counter()
    with open_package(written.path) as package:
        differing = rehearse(package)
    record.restore_seconds = round(time.perf_counter() - began, 3)
    record.outcome = Backup.Outcome.FAILED if differing else Backup.Outcome.DONE
    if differing:
        record.detail = DIFFERS.format(tables=", ".join(differing))[:500]


def _working() -> QuerySet[Organization]:
    working = Organization.objects.using("owner").exclude(status=Organization.Status.ARCHIVED)
    return working.select_related("founder")


def _forget_old() -> None:
    """Files of drills are kept for two weeks of nights; their records stay."""
    drills = Backup.objects.using("owner").filter(kind=Backup.Kind.DRILL).exclude(file="")
    names = list(drills.values_list("file", flat=True))
    for name in {*names[KEPT:]} - {*names[:KEPT]}:  # two of one organization within a second have one name
        (folder() / name).unlink(missing_ok=True)
