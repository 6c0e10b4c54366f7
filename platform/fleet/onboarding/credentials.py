"""The sheet of first passwords: a line is on disk before its organization exists, and no line is lost. INTERFACES 4."""

from __future__ import annotations

import csv
import fcntl
import io
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from pathlib import Path

HEADER = ("slug", "host", "login", "password")


@dataclass(frozen=True, slots=True)
class Credentials:
    """First access to one organization."""

    slug: str
    host: str
    login: str
    password: str


def credentials_path(source_name: str, folder: Path) -> Path:
    """``FILE.credentials.csv`` in a folder."""
    return folder / f"{source_name}.credentials.csv"


def read_credentials(path: Path) -> list[Credentials]:
    """Complete lines of a sheet; a line torn by a power cut has no organization and is passed over."""
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        lines = [tuple(line) for line in csv.reader(file)]
    return [Credentials(*line) for line in lines if len(line) == len(HEADER) and line != HEADER]


class CredentialsSheet:
    """An open sheet, held by one run at a time."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor = -1

    @contextmanager
    def held(self) -> Iterator[CredentialsSheet]:
        """Wait for a run that writes the same sheet, then hold it. Mode 0600 from the first byte."""
        self._descriptor = _locked(self.path)
        try:
            yield self
        finally:
            if os.fstat(self._descriptor).st_size == 0:
                self.path.unlink()
            os.close(self._descriptor)

    def append(self, credentials: Credentials) -> None:
        """Add a line and wait until it is on disk: what follows may commit an organization."""
        head = _as_text(HEADER) if os.fstat(self._descriptor).st_size == 0 else ""
        _write(self._descriptor, head + _as_text(astuple(credentials)))

    def keep_only(self, exists: Callable[[str], bool]) -> None:
        """Drop lines of organizations that do not exist; the new text replaces the old in one step, still held."""
        lines = read_credentials(self.path)
        kept = [_as_text(astuple(line)) for line in lines if exists(line.slug)]
        text = "".join([_as_text(HEADER), *kept]) if kept else ""
        if text == self.path.read_text(encoding="utf-8"):
            return
        part = self.path.with_name(f"{self.path.name}.part")
        descriptor = os.open(part, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_TRUNC, 0o600)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        _write(descriptor, text)
        os.replace(part, self.path)
        _sync_folder(self.path.parent)
        os.close(self._descriptor)
        self._descriptor = descriptor


def _write(descriptor: int, text: str) -> None:
    data = text.encode()
    while data:
        data = data[os.write(descriptor, data) :]
    os.fsync(descriptor)


def _locked(path: Path) -> int:
    """Descriptor of the file that stands at ``path`` now: who waited may have waited for one since replaced."""
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
        os.fchmod(descriptor, 0o600)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        try:
            if os.stat(path).st_ino == os.fstat(descriptor).st_ino:
                _sync_folder(path.parent)
                return descriptor
        except FileNotFoundError:
            pass  # the run before this one removed an empty sheet: make a new one
        os.close(descriptor)


def _as_text(line: tuple[str, ...]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(line)
    return text.getvalue()


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
