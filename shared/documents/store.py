"""Contents of kept files on disk, under the schema of their rows and the checksum. Source: ARCHITECTURE 3 (files).

A content is written before the transaction that names it commits; what no row names is swept a day later.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Collection
from pathlib import Path
from typing import Final

from django.conf import settings

from shared.kernel.ids import new_id
from shared.tenancy.names import PUBLIC, is_organization_schema

FOLDER: Final = "kept"
GRACE_SECONDS: Final = 24 * 3600


def put(schema: str, sha256: str, content: bytes) -> None:
    """Keep a content; equal contents of one organization are one file, whose age begins anew."""
    path = _path(schema, sha256)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{new_id().hex}.part")
    with part.open("xb") as file:
        os.fchmod(file.fileno(), 0o600)
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(part, path)


def take(schema: str, sha256: str) -> bytes | None:
    """The content, or None when it is absent or is not what was put."""
    try:
        content = _path(schema, sha256).read_bytes()
    except FileNotFoundError:
        return None
    return content if hashlib.sha256(content).hexdigest() == sha256 else None


def sweep(schema: str, kept: Collection[str], *, now: float | None = None) -> int:
    """Remove contents and torn parts older than a day that no row names; returns how many.

    A file is set aside before its age is looked at again: an upload of the same content in between writes a new one.
    """
    moment = time.time() if now is None else now
    removed = 0
    for path in _root(schema).glob("*/*"):
        if path.name in kept or _is_young(path, moment):
            continue
        aside = path.with_name(f"{new_id().hex}.part")
        try:
            path.rename(aside)
        except FileNotFoundError:
            continue
        if _is_young(aside, moment):
            aside.rename(path)
            continue
        aside.unlink()
        removed += 1
    return removed


def _is_young(path: Path, now: float) -> bool:
    try:
        return now - path.stat().st_mtime < GRACE_SECONDS
    except FileNotFoundError:
        return True


def _path(schema: str, sha256: str) -> Path:
    return _root(schema) / sha256[:2] / sha256


def _root(schema: str) -> Path:
    if schema != PUBLIC and not is_organization_schema(schema):
        raise ValueError(f"not a schema of ours: {schema!r}")
    return Path(settings.FILES_ROOT) / FOLDER / schema
