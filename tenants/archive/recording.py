"""What an archive in the making writes: on a connection of its own, beside the transaction that reads one snapshot.

The reading transaction sees the organization as of one moment and writes nothing; how far it is, and what came of it,
must be seen at once by those who wait.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Self, TypeVar

from django.db import connections
from django.db.models import QuerySet
from django.utils import timezone

from shared.access.requests import NotedAction
from shared.archive.models import LIVE, Package
from shared.archive.writing import Sealed
from shared.audit.notes import note_in_organization
from shared.tenancy import scopes
from shared.tenancy.connection import tenant_connection
from tenants.archive.registry import PARTS

logger = logging.getLogger(__name__)
MADE = "archive.made"
T = TypeVar("T")


class Recorder:
    """One thread with one connection, in the scope of the caller."""

    def __init__(self) -> None:
        self._scope = tenant_connection().scope
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="archive")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._thread.submit(connections.close_all).result()
        self._thread.shutdown()

    def begin(self, package_id: uuid.UUID) -> Package | None:
        """The order, if it is still to be carried out: anew when the run before was cut off."""

        def write() -> Package | None:
            package = Package.objects.select_for_update().filter(pk=package_id, status__in=LIVE).first()
            if package is not None:
                package.status, package.done, package.moved_at = Package.Status.RUNNING, 0, timezone.now()
                package.save(update_fields=["status", "done", "moved_at"])
            return package

        return self._write(write)

    def progress(self, package: Package, done: int, current: str) -> None:
        changed = {"done": done, "current": current[:200], "moved_at": timezone.now()}
        self._write(lambda: self._running(package).update(**changed))

    def fail(self, package: Package, fault: BaseException) -> None:
        """Without the text of the fault, which may quote a row."""
        words = f"При сборке произошла ошибка ({type(fault).__name__}). Закажите архив снова."
        changed = {"status": Package.Status.FAILED, "failure": words, "finished_at": timezone.now()}
        self._write(lambda: self._running(package).update(**changed))

    def finish(self, package: Package, sealed: Sealed, file: str) -> None:
        """The file is whole and on the disk: the row names it, the log says what left."""
        manifest = sealed.manifest
        sizes = {member.path: member.bytes for member in manifest.members}
        contents = [
            {
                "code": part.code,
                "title": part.title,
                "rows": part.rows,
                "files": len(part.members),
                "bytes": sum(sizes[path] for path in part.members),
                "remarks": part.remarks,
            }
            for part in manifest.parts
        ]
        people = {part.code: part.rows for part in manifest.parts if PARTS[part.code].is_people}

        def write() -> None:
            self._running(package).update(
                status=Package.Status.DONE,
                done=len(package.parts) + 1,
                current="",
                rows=sealed.rows,
                people=sum(part.rows for part in manifest.parts if PARTS[part.code].counts_learners),
                files=sealed.files,
                contents=contents,
                file=file,
                bytes=sealed.bytes,
                sha256=sealed.sha256,
                digest=manifest.digest,
                fingerprint=manifest.fingerprint,
                finished_at=timezone.now(),
            )
            noted = NotedAction(
                MADE, "archive_package", str(package.pk), rows=sum(people.values()), reason=package.reason
            )
            note_in_organization(noted, {"number": package.number, "period": str(package.span), **people})

        self._write(write)
        logger.info("archive made", extra={"schema": self._scope.schema, "package": str(package.pk)})

    def _running(self, package: Package) -> QuerySet[Package]:
        """One that was given up meanwhile stays so."""
        return Package.objects.filter(pk=package.pk, status=Package.Status.RUNNING)

    def _write(self, write: Callable[[], T]) -> T:
        def in_scope() -> T:
            with scopes.enter(self._scope):
                return write()

        return self._thread.submit(in_scope).result()
