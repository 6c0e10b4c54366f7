"""Writing a sealed archive: one ZIP that grows member by member and gets its name when it is whole.

Members are stored as they are, with one and the same moment, in the order of the parts: equal contents made at one
moment give equal bytes. A table is written aside piece by piece, so the size of an organization costs no memory.
"""

from __future__ import annotations

import contextlib
import csv
import datetime
import fcntl
import hashlib
import io
import os
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Final

from shared.archive import signing
from shared.archive.act import render_act
from shared.archive.manifest import ACT, MANIFEST, SIGNATURE, SUMS, VERIFY, Manifest, Member, PartFacts, sums_of
from shared.archive.parts import Part, Row, Span
from shared.documents.imprint import Imprint
from shared.kernel.cells import neutralized

IN_MEMORY: Final = 8 * 1024 * 1024
VOLUME: Final = 200  # rows printed in one file: the memory of Typst grows with the rows of its last ten papers
PIECE: Final = 1024 * 1024
PART: Final = ".part"
PDF, CSV, TEXT, JSON = "application/pdf", "text/csv", "text/plain", "application/json"
_MOMENT: Final = (1980, 1, 1, 0, 0, 0)  # the earliest that the format knows
_UNIX: Final = 3

Take = Callable[[str], bytes | None]
"""The content of a kept file by its control sum."""
Say = Callable[[int, str], None]
"""How many parts are done, and which one is being written."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """A finished archive."""

    manifest: Manifest
    bytes: int
    sha256: str

    @property
    def rows(self) -> int:
        return sum(part.rows for part in self.manifest.parts)

    @property
    def files(self) -> int:
        return sum(member.path.startswith("files/") for member in self.manifest.members)


@dataclass
class _Packing:
    """An archive in the making."""

    archive: zipfile.ZipFile
    manifest: Manifest
    made_at: datetime.datetime
    span: Span
    take: Take
    kept: set[str] = field(default_factory=set)

    def add(self, path: str, content: bytes, media_type: str, part: str = "") -> None:
        """A member that is held in memory."""
        self.archive.writestr(_header(path, len(content)), content)
        digest = hashlib.sha256(content).hexdigest()
        self.manifest.members.append(Member(path, digest, len(content), media_type, part))

    def add_part(self, part: Part) -> None:
        """Its prints as the rows go by, then its table, then its files."""
        before = len(self.manifest.members)
        with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as aside:
            rows = self._write_rows(part, aside)
            size, digest = _measured(aside)
            path = f"csv/{part.code}.csv"
            with self.archive.open(_header(path, size), "w") as member:
                _pour(aside, member)
        titles = tuple(column.title for column in part.columns)
        self.manifest.members.append(Member(path, digest, size, CSV, part.code, rows, titles))
        self._add_files(part)
        paths = [member.path for member in self.manifest.members[before:]]
        self.manifest.parts.append(
            PartFacts(
                code=part.code,
                title=part.title,
                app=part.app,
                rows=rows,
                members=paths,
                remarks=part.remarks(self.span),
            )
        )

    def _write_rows(self, part: Part, aside: Any) -> int:  # Any: a spooled file is not called IO by the library's types
        text = io.TextIOWrapper(aside, encoding="utf-8-sig", newline="", write_through=True)
        table = csv.writer(text, delimiter=";", lineterminator="\r\n")
        table.writerow([column.title for column in part.columns])
        count = volume = 0
        for volume, rows in enumerate(_volumes(part.rows(self.span)), start=1):
            table.writerows([[_cell(value) for value in row] for row in rows])
            count += len(rows)
            self._print(part, rows, volume)
        if not volume:
            self._print(part, [], 1)
        text.detach()
        return count

    def _print(self, part: Part, rows: Sequence[Row], volume: int) -> None:
        if part.paper is None:
            return
        imprint = Imprint(
            organization=self.manifest.organization["full_name"],
            title=part.title if volume == 1 else f"{part.title}, часть {volume}",
            made_at=self.made_at,
            executor=self.manifest.made_by,
            filters=str(self.span),
        )
        number = "" if volume == 1 else f"-{volume}"
        self.add(f"pdf/{part.code}{number}.pdf", part.paper(imprint, part.columns, rows), PDF, part.code)

    def _add_files(self, part: Part) -> None:
        for kept in part.files(self.span):
            if kept.sha256 in self.kept:
                continue
            self.kept.add(kept.sha256)
            content = self.take(kept.sha256)
            if content is None:
                self.manifest.missing.append(kept.sha256)
            else:
                self.add(kept.path, content, kept.content_type, part.code)


def write_archive(
    path: Path,
    parts: Sequence[Part],
    manifest: Manifest,
    span: Span,
    *,
    made_at: datetime.datetime,
    take: Take,
    say: Say,
) -> Sealed:
    """Write the whole archive and seal it. Raises: OSError, and what a part raises; then there is no file."""
    with _part(path) as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
            packing = _Packing(archive, manifest, made_at, span, take)
            for done, part in enumerate(parts):
                say(done, part.title)
                packing.add_part(part)
            say(len(parts), "Опись, акт, подпись")
            _seal(packing)
        size, digest = _measured(file)
    return Sealed(manifest, size, digest)


def _seal(packing: _Packing) -> None:
    """The act, the program that verifies, the list of contents with its signature, the sums."""
    manifest = packing.manifest
    packing.add(VERIFY, Path(__file__).with_name(VERIFY).read_bytes(), TEXT)
    packing.add(ACT, render_act(manifest, made_at=packing.made_at), PDF)
    contents = manifest.as_json()
    signature = signing.sign(contents)
    last = [(MANIFEST, contents), (SIGNATURE, signature)]
    for path, content in [*last, (SUMS, sums_of(manifest.members, last))]:
        packing.archive.writestr(_header(path, len(content)), content)


def _volumes(rows: Iterator[Row]) -> Iterator[list[Row]]:
    volume: list[Row] = []
    for row in rows:
        volume.append(row)
        if len(volume) == VOLUME:
            yield volume
            volume = []
    if volume:
        yield volume


def _cell(value: object) -> str:
    """A value as programs read it: days by ISO; a text that a spreadsheet would compute gets an apostrophe."""
    match value:
        case None:
            return ""
        case bool():
            return "да" if value else "нет"
        case datetime.datetime():
            return value.astimezone(datetime.UTC).isoformat(timespec="microseconds")
        case datetime.date():
            return value.isoformat()
        case str():
            return neutralized(value)
        case _:
            return str(value)


def _header(path: str, size: int) -> zipfile.ZipInfo:
    header = zipfile.ZipInfo(path, _MOMENT)
    header.file_size, header.create_system, header.external_attr = size, _UNIX, 0o600 << 16
    return header


def _measured(file: Any) -> tuple[int, str]:  # Any: as above
    """Size and control sum of a file, read from its beginning."""
    file.flush()
    file.seek(0)
    digest, size = hashlib.sha256(), 0
    while piece := file.read(PIECE):
        digest.update(piece)
        size += len(piece)
    return size, digest.hexdigest()


def _pour(source: Any, target: IO[bytes]) -> None:
    source.seek(0)
    while piece := source.read(PIECE):
        target.write(piece)


def _sweep(folder: Path) -> None:
    """Parts whose run is gone: the kernel has forgotten their locks."""
    for part in folder.glob(f".*{PART}"):
        with contextlib.suppress(OSError), part.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            part.unlink()


@contextlib.contextmanager
def _part(path: Path) -> Iterator[IO[bytes]]:
    """A file under another name until it is whole and on the disk; what killed runs have left is removed."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}{PART}")
    _sweep(path.parent)
    descriptor = os.open(part, os.O_RDWR | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)  # two runs of one order do not write into one file
        file.truncate()
        try:
            yield file
        except BaseException:
            part.unlink(missing_ok=True)
            raise
        file.flush()
        os.fsync(file.fileno())
        os.replace(part, path)
    directory = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)
