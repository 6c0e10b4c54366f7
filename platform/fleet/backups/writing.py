"""Writing a backup: everything of one organization as of one moment, in one file that is whole or not there.

The rows are read in one REPEATABLE READ transaction, table by table, each put aside and into the archive when its
size is known. The archive grows under a name that begins with a dot, is synced, and then gets its own name.
"""

from __future__ import annotations

import contextlib
import datetime
import fcntl
import gzip
import hashlib
import io
import logging
import os
import tarfile
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final

from django.db import connections, transaction
from psycopg import sql

from fleet.backups import public_rows
from fleet.backups.manifest import (
    CHECKSUM,
    FILES,
    MANIFEST,
    PUBLIC,
    SUFFIX,
    TABLES,
    ChainHead,
    Content,
    Manifest,
    TableFacts,
)
from fleet.backups.models import Backup
from fleet.backups.tables import columns_of, copy_out, sequences_of
from shared.audit.models import Chain
from shared.documents import store
from shared.organizations.models import Organization
from shared.tenancy import schemas
from tenants.files.models import StoredFile

logger = logging.getLogger(__name__)
IN_MEMORY: Final = 8 * 1024 * 1024
PART: Final = ".part"
YOUNG: Final = 10  # seconds in which a file may not have its lock yet
RECONNECT_EVERY: Final = 200  # memory of a connection only grows with the schemas it has seen
_MIGRATIONS: Final = "django_migrations"

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Written:
    """A finished backup."""

    path: Path
    manifest: Manifest
    bytes: int
    sha256: str
    seconds: float


@dataclass
class _Hashing:
    """A file that counts and digests what is written to it."""

    file: IO[bytes]
    size: int = 0
    digest: hashlib._Hash = field(default_factory=hashlib.sha256)

    def write(self, data: bytes | memoryview) -> int:
        self.digest.update(data)
        self.size += len(data)
        return self.file.write(data)

    def flush(self) -> None:
        self.file.flush()


def back_up_all(folder: Path, *, by: str, progress: Say) -> Iterator[Backup]:
    """Every connected organization, one after another; one that fails is recorded and does not stop the rest."""
    working = Organization.objects.using("owner").exclude(status=Organization.Status.ARCHIVED)
    wanted = list(working.select_related("founder").order_by("slug"))
    for number, organization in enumerate(wanted, 1):
        record = back_up(organization, folder, by=by)
        shown = record.file if record.outcome == Backup.Outcome.DONE else record.detail
        progress(f"{number} из {len(wanted)}: {organization.slug} — {shown}")
        if number % RECONNECT_EVERY == 0:
            connections["owner"].close()
        yield record


def back_up(organization: Organization, folder: Path, *, by: str) -> Backup:
    """Write a backup and its record; what failed is a record too."""
    record = Backup(
        kind=Backup.Kind.MANUAL,
        organization_id=organization.pk,
        slug=organization.slug,
        taken_at=datetime.datetime.now(datetime.UTC),
        made_by=by,
        outcome=Backup.Outcome.DONE,
    )
    try:
        note(record, write_backup(organization, folder))
    except Exception as fault:
        logger.exception("backup failed", extra={"schema": organization.schema_name})
        record.outcome, record.detail = Backup.Outcome.FAILED, said(fault)
    record.save(using="owner", force_insert=True)
    return record


def note(record: Backup, written: Written) -> None:
    """What the record says of a finished file."""
    record.taken_at, record.file = written.manifest.moment, written.path.name
    record.bytes, record.sha256, record.seconds = written.bytes, written.sha256, round(written.seconds, 3)
    if written.manifest.missing:
        record.detail = f"В хранилище не найдено файлов: {len(written.manifest.missing)}"


def said(fault: Exception) -> str:
    """A fault in a line for the operator; the text of a database error may quote a row, so only its name is kept."""
    if isinstance(fault, OSError) and fault.strerror:
        return f"{fault.strerror}: {fault.filename or ''}"[:500]
    return type(fault).__name__


def write_backup(organization: Organization, folder: Path) -> Written:
    """One file of one organization. Raises: OSError, DatabaseError; then there is no file."""
    began = time.perf_counter()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _sweep(folder)
    path, taken_at = _name(folder, organization.slug)
    with _part(path) as file:
        hashing = _Hashing(file)
        with (
            gzip.GzipFile(filename="", fileobj=hashing, mode="wb", compresslevel=6, mtime=0) as packed,
            tarfile.open(fileobj=packed, mode="w|", format=tarfile.PAX_FORMAT) as archive,
        ):
            manifest = _Writer(archive, organization, taken_at).write()
    return Written(path, manifest, hashing.size, hashing.digest.hexdigest(), time.perf_counter() - began)


class _Writer:
    """Puts one organization into an open archive."""

    def __init__(self, archive: tarfile.TarFile, organization: Organization, taken_at: datetime.datetime) -> None:
        self._archive = archive
        self._organization = organization
        self._schema = organization.schema_name
        self._taken_at = taken_at

    def write(self) -> Manifest:
        with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
            cursor.execute("set transaction isolation level repeatable read, read only")
            manifest = self._write_rows()
        self._add(MANIFEST, manifest.as_json())
        self._add(CHECKSUM, f"{hashlib.sha256(manifest.as_json()).hexdigest()}  {MANIFEST}\n".encode())
        return manifest

    def _write_rows(self) -> Manifest:
        tables = {table: self._write_table(table, columns) for table, columns in columns_of(self._schema).items()}
        public = public_rows.dump(self._organization)
        self._add(PUBLIC, public)
        files, missing = self._write_files()
        head = Chain.objects.using("owner").filter(pk=self._schema).first()
        return Manifest(
            slug=self._organization.slug,
            schema=self._schema,
            taken_at=self._taken_at.isoformat(),
            fingerprint=schemas.fingerprints([self._schema])[self._schema],
            organization=public_rows.facts_of(self._organization),
            migrations=self._migrations(),
            tables=tables,
            sequences=sequences_of(self._schema),
            public=Content(len(public), hashlib.sha256(public).hexdigest()),
            files=files,
            missing=missing,
            chain=ChainHead(head.last_no, bytes(head.last_seal).hex(), head.sealed_at.isoformat()) if head else None,
        )

    def _write_table(self, table: str, columns: list[str]) -> TableFacts:
        with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as aside:
            hashing, rows = _Hashing(aside), 0  # type: ignore[arg-type]

            def take(part: bytes | memoryview) -> None:
                nonlocal rows
                data = bytes(part)
                rows += data.count(b"\n")  # a line break inside a value is written as a backslash and a letter
                hashing.write(data)

            copy_out(self._schema, table, columns, take)
            aside.seek(0)
            self._archive.addfile(self._header(f"{TABLES}{table}", hashing.size), aside)
        return TableFacts(columns, rows, hashing.size, hashing.digest.hexdigest())

    def _write_files(self) -> tuple[dict[str, int], list[str]]:
        """Contents of uploaded files; one that the store has lost is named in the manifest, the rest is kept."""
        files, missing = {}, []
        for sha256 in self._named_files():
            content = store.take(self._schema, sha256)
            if content is None:
                missing.append(sha256)
                continue
            files[sha256] = len(content)
            self._add(f"{FILES}{sha256}", content)
        return files, missing

    def _named_files(self) -> list[str]:
        statement = sql.SQL("select distinct sha256 from {} order by 1").format(
            sql.Identifier(self._schema, StoredFile._meta.db_table)
        )
        with connections["owner"].cursor() as cursor:
            cursor.execute(statement)
            return [sha256 for (sha256,) in cursor.fetchall()]

    def _migrations(self) -> list[list[str]]:
        statement = sql.SQL("select app, name from {} order by app, name").format(
            sql.Identifier(self._schema, _MIGRATIONS)
        )
        with connections["owner"].cursor() as cursor:
            cursor.execute(statement)
            return [[app, name] for app, name in cursor.fetchall()]

    def _add(self, name: str, content: bytes) -> None:
        self._archive.addfile(self._header(name, len(content)), io.BytesIO(content))

    def _header(self, name: str, size: int) -> tarfile.TarInfo:
        header = tarfile.TarInfo(name)
        header.size, header.mode, header.mtime = size, 0o600, int(self._taken_at.timestamp())
        return header


def _name(folder: Path, slug: str) -> tuple[Path, datetime.datetime]:
    """A name that nobody has: of two backups in one second the later one waits for the next."""
    while True:
        now = datetime.datetime.now(datetime.UTC).replace(microsecond=0)
        path = folder / f"{slug}-{now:%Y%m%dT%H%M%SZ}{SUFFIX}"
        if not path.exists():
            return path, now
        time.sleep(0.1)


@contextlib.contextmanager
def _part(path: Path) -> Iterator[IO[bytes]]:
    """A file under a name of its own until it is whole and on the disk; of one that fails nothing is left."""
    part = path.with_name(f".{path.name}.{os.getpid()}{PART}")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            fcntl.flock(file, fcntl.LOCK_EX)  # so that nobody takes it for the rest of a killed run
            yield file
            file.flush()
            os.fsync(file.fileno())
            os.link(part, path)
    finally:
        part.unlink(missing_ok=True)
    directory = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


def _sweep(folder: Path) -> None:
    """Remove what runs that were killed have left: the kernel has forgotten their locks."""
    for part in folder.glob(f".*{SUFFIX}.*{PART}"):
        with contextlib.suppress(OSError), part.open("rb") as file:
            if time.time() - part.stat().st_mtime > YOUNG:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                part.unlink()
