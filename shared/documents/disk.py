"""Contents of files in a folder of this machine or of a shared disk."""

from __future__ import annotations

import os
from collections.abc import Collection
from pathlib import Path

from shared.kernel.ids import new_id

FOLDER = "kept"


class DiskShelf:
    """Files of mode 0600 that appear whole: written aside, synced, renamed."""

    def __init__(self, root: Path) -> None:
        self._root = root / FOLDER

    def put(self, schema: str, name: str, content: bytes) -> None:
        path = self._path(schema, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f"{new_id().hex}.part")
        with part.open("xb") as file:
            os.fchmod(file.fileno(), 0o600)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, path)

    def take(self, schema: str, name: str) -> bytes | None:
        try:
            return self._path(schema, name).read_bytes()
        except FileNotFoundError:
            return None

    def sweep(self, schema: str, kept: Collection[str], before: float) -> int:
        """Remove what is older than ``before`` and not ``kept``, torn parts too.

        A file is set aside before its age is looked at again: an upload of the same content in between writes a new
        one.
        """
        removed = 0
        for path in (self._root / schema).glob("*/*"):
            if path.name in kept or _is_young(path, before):
                continue
            aside = path.with_name(f"{new_id().hex}.part")
            try:
                path.rename(aside)
            except FileNotFoundError:
                continue
            if _is_young(aside, before):
                aside.rename(path)
                continue
            aside.unlink()
            removed += 1
        return removed

    def _path(self, schema: str, name: str) -> Path:
        return self._root / schema / name[:2] / name


def _is_young(path: Path, before: float) -> bool:
    try:
        return path.stat().st_mtime > before
    except FileNotFoundError:
        return True
