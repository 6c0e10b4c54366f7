"""Reading a backup: looked through from end to end before anything is taken from it."""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import tarfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final

from fleet.backups.errors import BackupDamaged
from fleet.backups.manifest import CHECKSUM, FILES, MANIFEST, PUBLIC, TABLES, Manifest, read_manifest
from fleet.backups.models import Backup

CHUNK: Final = 256 * 1024
LARGEST_TEXT: Final = 64 * 1024 * 1024
_ENDED: Final = "файл оборван или изменён"


@dataclass(frozen=True, slots=True)
class _Seen:
    """What a member turned out to be; ``text`` is kept of the few that are read whole."""

    size: int
    sha256: str
    text: bytes = b""


@dataclass
class Package:
    """An opened backup whose every byte was checked. Made by ``open_package``."""

    name: str
    sha256: str
    manifest: Manifest
    public: bytes
    _file: IO[bytes] = field(repr=False)

    def members(self) -> Iterator[tuple[str, IO[bytes]]]:
        """Tables and files in the order of the archive."""
        for name, content in _members(self._file, self.name):
            if name.startswith((TABLES, FILES)):
                yield name, content

    def copy_table(self, table: str, content: IO[bytes], write: Callable[[bytes], object]) -> None:
        """Pass the rows of a table on; they must be what was checked. Raises: BackupDamaged."""
        digest = hashlib.sha256()
        while part := content.read(CHUNK):
            digest.update(part)
            write(part)
        if digest.hexdigest() != self.manifest.tables[table].sha256:
            raise BackupDamaged(name=self.name, reason=f"таблица {table} изменилась, пока файл читался")


@contextlib.contextmanager
def open_package(path: Path) -> Iterator[Package]:
    """Check a whole file and give it out, the same opened file that was checked. Raises: BackupDamaged."""
    with path.open("rb") as file:
        seen = _look_through(file, path.name)
        manifest = _manifest(seen, path.name)
        _compare(seen, manifest, path.name)
        file.seek(0)
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        _compare_with_record(manifest, sha256, path.name)
        yield Package(path.name, sha256, manifest, seen[PUBLIC].text, file)


def _look_through(file: IO[bytes], name: str) -> dict[str, _Seen]:
    """Raises: BackupDamaged."""
    seen: dict[str, _Seen] = {}
    try:
        for member, content in _members(file, name):
            if member in seen:
                raise BackupDamaged(name=name, reason=f"«{member}» в нём дважды")
            seen[member] = _look_at(content, keeps=member in (MANIFEST, CHECKSUM, PUBLIC))
    except (tarfile.TarError, EOFError, zlib.error, gzip.BadGzipFile, UnicodeDecodeError) as error:
        raise BackupDamaged(name=name, reason=_ENDED) from error
    return seen


def _look_at(content: IO[bytes], *, keeps: bool) -> _Seen:
    digest, size, text = hashlib.sha256(), 0, b""
    while part := content.read(CHUNK):
        digest.update(part)
        size += len(part)
        if keeps and size <= LARGEST_TEXT:
            text += part
    return _Seen(size, digest.hexdigest(), text)


def _members(file: IO[bytes], name: str) -> Iterator[tuple[str, IO[bytes]]]:
    """Members one after another; to the last byte, so that a cut tail is found."""
    file.seek(0)
    with gzip.GzipFile(fileobj=file, mode="rb") as packed:
        with tarfile.open(fileobj=packed, mode="r|") as archive:
            for member in archive:
                content = archive.extractfile(member)
                if content is None:
                    raise BackupDamaged(name=name, reason=f"«{member.name}» в нём не файл")
                yield member.name, content
        while packed.read(CHUNK):
            pass


def _manifest(seen: dict[str, _Seen], name: str) -> Manifest:
    """Raises: BackupDamaged."""
    if not {MANIFEST, CHECKSUM, PUBLIC} <= seen.keys():
        raise BackupDamaged(name=name, reason=f"{_ENDED}: в нём нет описи")
    if seen[CHECKSUM].text.decode(errors="replace").partition(" ")[0] != seen[MANIFEST].sha256:
        raise BackupDamaged(name=name, reason="опись изменена")
    return read_manifest(seen[MANIFEST].text, name)


def _compare(seen: dict[str, _Seen], manifest: Manifest, name: str) -> None:
    """Raises: BackupDamaged."""
    promised = {PUBLIC: (manifest.public.bytes, manifest.public.sha256)}
    promised |= {f"{TABLES}{table}": (facts.bytes, facts.sha256) for table, facts in manifest.tables.items()}
    promised |= {f"{FILES}{sha256}": (size, sha256) for sha256, size in manifest.files.items()}
    found = {member: (one.size, one.sha256) for member, one in seen.items() if member not in (MANIFEST, CHECKSUM)}
    wrong = sorted(member for member in promised | found if promised.get(member) != found.get(member))
    if wrong:
        others = f" и ещё {len(wrong) - 1}" if len(wrong) > 1 else ""
        raise BackupDamaged(name=name, reason=f"контрольная сумма не сходится: {wrong[0]}{others}")


def _compare_with_record(manifest: Manifest, sha256: str, name: str) -> None:
    """A file made here must be the one that was recorded; one made elsewhere has no record. Raises: BackupDamaged."""
    made_here = Backup.objects.using("owner").filter(
        organization_id=manifest.organization["id"], taken_at=manifest.moment, outcome=Backup.Outcome.DONE
    )
    recorded = set(made_here.values_list("sha256", flat=True))
    if recorded and sha256 not in recorded:
        raise BackupDamaged(name=name, reason="его контрольная сумма не та, что записана при копировании")
