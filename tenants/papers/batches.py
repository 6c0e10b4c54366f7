"""Certificates for many at once: a short order now, a long one by the worker; the file for who ordered it alone."""

from __future__ import annotations

import datetime
import hashlib
import time
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
from tenants.papers.sheets import joined, render_certificates
from tenants.people.models import Student
from tenants.people.places import with_places

PRINTED: Final = "printed_certificates"
PRINT_TASK: Final = "tenants.papers.tasks.print_batch"
AT_ONCE: Final = 20
MOST: Final = 2000
PORTION: Final = 50  # pages made at once
STEP_SECONDS: Final = 2.0  # so often the worker shows how far it is
CHECK_ADDRESS: Final = "check_address"  # in the order: where a paper is verified
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
        wish={**asdict(wish), CHECK_ADDRESS: check_address},
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
    """Issue and print all that is ordered now; what is done already is not done again. Raises: NobodyToIssue."""
    while not (job := print_step(job)).is_over:
        pass
    return job


@transaction.atomic
def go_on(job: PrintJob) -> None:
    """The next step of a long order; the worker takes the one after it as another task. Raises: NobodyToIssue."""
    if not print_step(job).is_over:
        want_task(PRINT_TASK, job_id=str(job.pk))


@transaction.atomic
def print_step(job: PrintJob) -> PrintJob:
    """First all certificates are issued, or none; then a few seconds of printing at a time.

    Each step commits by itself, so the page sees how far it is, and nobody waits long for the next number of the
    register. A second run goes on where the first has stopped. Raises: NobodyToIssue.
    """
    job = PrintJob.objects.select_for_update(of=("self",)).get(pk=job.pk)
    if job.status == PrintJob.Status.QUEUED:
        _issue(job)
    elif job.status == PrintJob.Status.PRINTING:
        deadline = time.monotonic() + STEP_SECONDS
        while job.printed < len(job.certificates):
            _print_portion(job)
            if time.monotonic() >= deadline:
                break
        if job.printed == len(job.certificates):
            _finish(job)
    job.save()
    return job


def may_open_printed(actor: Actor, stored: StoredFile) -> bool:
    """The keeper of these files (``tenants.files.keepers``): only who ordered them, and while he may issue."""
    return actor.may("papers.issue") and PrintJob.objects.filter(file=stored, ordered_by=actor.account_id).exists()


def _issue(job: PrintJob) -> None:
    """The certificates with their numbers and the row of the printout."""
    wish = Wish(**{name: text for name, text in job.wish.items() if name != CHECK_ADDRESS})
    issued = issue_certificates(_ordered(job), wish=wish, day=timezone.localdate(), issued_by=job.made_by)
    if not issued.certificates:
        raise NobodyToIssue
    job.printing = record_printing(
        kind=PaperKind(wish.kind),
        title=f"{job.kind}: {_numbers(issued.certificates)}",
        subjects=[one.student_id for one in issued.certificates],
        by=Printer(account_id=job.ordered_by, signature=job.made_by),
    )
    job.certificates = [one.pk for one in issued.certificates]
    job.done_count, job.skipped_count = len(issued.certificates), job.total - len(issued.certificates)
    job.status = PrintJob.Status.PRINTING


def _print_portion(job: PrintJob) -> None:
    """The next pages, kept in the store until the file is whole; what is left of them is swept like any old content."""
    keys = job.certificates[job.printed : job.printed + PORTION]
    found = Certificate.objects.select_related("student").in_bulk(keys)
    organization = Organization.with_copies.get(schema_name=tenant_connection().scope.schema)
    content = render_certificates(
        _imprint(job, organization),
        [found[key] for key in keys],
        organization=organization,
        check_address=job.wish[CHECK_ADDRESS],
        first=job.printed + 1,
        total=len(job.certificates),
    )
    job.parts = [*job.parts, _put(content)]
    job.printed += len(keys)


def _finish(job: PrintJob) -> None:
    """One file of all the parts; if one has been swept meanwhile, the pages are printed again."""
    schema = tenant_connection().scope.schema
    parts = [content for digest in job.parts if (content := store.take(schema, digest)) is not None]
    if len(parts) < len(job.parts):
        job.parts, job.printed = [], 0
        return
    count_prints(Certificate.objects.filter(pk__in=job.certificates))
    job.file = _kept(parts[0] if len(parts) == 1 else joined(parts), job)
    job.status, job.done_at, job.parts = PrintJob.Status.DONE, timezone.now(), []


def _imprint(job: PrintJob, organization: Organization) -> Imprint:
    assert job.printing is not None
    return Imprint(
        organization=organization.full_name,
        title=job.kind,
        made_at=timezone.localtime(job.printing.printed_at),
        executor=job.made_by,
        copy=job.printing.copy,
    )


def _ordered(job: PrintJob) -> QuerySet[Student]:
    """The learners by name; whose consent was withdrawn since the order is not among them."""
    return with_places(Student.objects.known().filter(pk__in=job.students)).order_by("sort_name", "id")


def _numbers(certificates: Sequence[Certificate]) -> str:
    first, last = certificates[0].number, certificates[-1].number
    return f"№ {first}" if first == last else f"№ {first}–{last}"


def _put(content: bytes) -> str:
    digest = hashlib.sha256(content).hexdigest()
    store.put(tenant_connection().scope.schema, digest, content)
    return digest


def _kept(content: bytes, job: PrintJob) -> StoredFile:
    assert job.printing is not None
    return StoredFile.objects.create(
        sha256=_put(content),
        size=len(content),
        content_type="application/pdf",
        name=f"{job.kind} {timezone.localtime(job.printing.printed_at):%Y-%m-%d}.pdf",
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
