"""Certificates for many at once: a short order now, a long one by the worker; the file for who ordered it alone."""

from __future__ import annotations

import datetime
import hashlib
import uuid
from collections.abc import Collection, Sequence
from dataclasses import asdict
from typing import Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from shared.access.actors import Actor
from shared.documents import store
from shared.documents.imprint import Imprint
from shared.messaging.services import want_task
from shared.organizations.models import Organization
from shared.tenancy.connection import tenant_connection
from tenants.files.models import StoredFile
from tenants.papers.errors import NobodyChosen, NobodyToIssue, TooMany
from tenants.papers.models import Certificate, PaperKind, PrintJob
from tenants.papers.printing import Printer, record_printing
from tenants.papers.services import Wish, count_prints, issue_certificates
from tenants.papers.sheets import render_certificates
from tenants.people.models import Student
from tenants.people.places import with_places

PRINTED: Final = "printed_certificates"
PRINT_TASK: Final = "tenants.papers.tasks.print_batch"
AT_ONCE: Final = 20
MOST: Final = 2000
KEPT: Final = datetime.timedelta(days=7)
"""How long a printed file waits for who ordered it; the certificates themselves stay in the register."""


@transaction.atomic
def order_batch(*, students: Collection[uuid.UUID], wish: Wish, check_address: str, by: Printer) -> PrintJob:
    """Order certificates; up to twenty are printed at once, more by the worker.

    Raises: NobodyChosen, TooMany, NobodyToIssue.
    """
    _forget_old()
    if not students:
        raise NobodyChosen
    if len(students) > MOST:
        raise TooMany(chosen=len(students), limit=MOST)
    job = PrintJob.objects.create(
        wish={**asdict(wish), "check_address": check_address},
        students=list(students),
        ordered_by=by.account_id,
        made_by=by.signature,
    )
    if len(students) <= AT_ONCE:
        return print_batch(job)
    want_task(PRINT_TASK, job_id=str(job.pk))
    return job


@transaction.atomic
def print_batch(job: PrintJob) -> PrintJob:
    """Issue and print what is ordered; a second run finds it done and does nothing. Raises: NobodyToIssue."""
    job = PrintJob.objects.select_for_update(of=("self",)).get(pk=job.pk)
    if job.status != PrintJob.Status.QUEUED:
        return job
    facts = dict(job.wish)
    check_address, wish = facts.pop("check_address"), Wish(**facts)
    now = timezone.localtime()
    issued = issue_certificates(_ordered(job), wish=wish, day=now.date(), issued_by=job.made_by)
    if not issued.certificates:
        raise NobodyToIssue
    printing = record_printing(
        kind=PaperKind(wish.kind),
        title=f"{PaperKind(wish.kind).label}: {_numbers(issued.certificates)}",
        subjects=[one.student_id for one in issued.certificates],
        by=Printer(account_id=job.ordered_by, signature=job.made_by),
    )
    organization = Organization.objects.get(schema_name=tenant_connection().scope.schema)
    imprint = Imprint(
        organization=organization.full_name,
        title=str(PaperKind(wish.kind).label),
        made_at=now,
        executor=job.made_by,
        copy=printing.copy,
    )
    content = render_certificates(imprint, issued.certificates, organization=organization, check_address=check_address)
    count_prints(issued.certificates)
    job.printing, job.file = printing, _kept(content, job, f"{imprint.title} {now:%Y-%m-%d}.pdf")
    job.status, job.done_at = PrintJob.Status.DONE, timezone.now()
    job.done_count, job.skipped_count = len(issued.certificates), job.total - len(issued.certificates)
    job.save()
    return job


def may_open_printed(actor: Actor, stored: StoredFile) -> bool:
    """The keeper of these files (``tenants.files.keepers``): only who ordered them, and while he may issue."""
    return actor.may("papers.issue") and PrintJob.objects.filter(file=stored, ordered_by=actor.account_id).exists()


def _ordered(job: PrintJob) -> QuerySet[Student]:
    """The learners by name; whose consent was withdrawn since the order is not among them."""
    return with_places(Student.objects.known().filter(pk__in=job.students)).order_by("sort_name", "id")


def _numbers(certificates: Sequence[Certificate]) -> str:
    first, last = certificates[0].number, certificates[-1].number
    return f"№ {first}" if first == last else f"№ {first}–{last}"


def _kept(content: bytes, job: PrintJob, name: str) -> StoredFile:
    digest = hashlib.sha256(content).hexdigest()
    store.put(tenant_connection().scope.schema, digest, content)
    return StoredFile.objects.create(
        sha256=digest,
        size=len(content),
        content_type="application/pdf",
        name=name,
        purpose=PRINTED,
        uploaded_by=job.ordered_by,
        made_by=job.made_by,
    )


def _forget_old() -> None:
    """Files of printouts are not an archive: a week later the row goes, and the nightly sweep takes the content."""
    old = PrintJob.objects.filter(file__isnull=False, ordered_at__lt=timezone.now() - KEPT)
    keys = list(old.values_list("file", flat=True))
    if keys:
        old.update(file=None)
        StoredFile.objects.filter(pk__in=keys).delete()
