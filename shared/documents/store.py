"""Contents of kept files, under the schema of their rows and the checksum. Source: ARCHITECTURE 3 (files).

A content is written before the transaction that names it commits; what no row names is swept a day later. It stands in
a folder or in a bucket, as ``FILES_URL`` says.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Collection
from pathlib import Path
from typing import Final, Protocol

from django.conf import settings

from shared.documents.bucket import BucketShelf
from shared.documents.disk import DiskShelf
from shared.tenancy.names import PUBLIC, is_organization_schema

GRACE_SECONDS: Final = 24 * 3600


class Shelf(Protocol):
    """Where contents stand."""

    def put(self, schema: str, name: str, content: bytes) -> None: ...

    def take(self, schema: str, name: str) -> bytes | None: ...

    def sweep(self, schema: str, kept: Collection[str], before: float) -> int: ...


def put(schema: str, sha256: str, content: bytes) -> None:
    """Keep a content; equal contents of one organization are one file, whose age begins anew."""
    _shelf(schema).put(schema, sha256, content)


def take(schema: str, sha256: str) -> bytes | None:
    """The content, or None when it is absent or is not what was put."""
    content = _shelf(schema).take(schema, sha256)
    return content if content is not None and hashlib.sha256(content).hexdigest() == sha256 else None


def sweep(schema: str, kept: Collection[str], *, now: float | None = None) -> int:
    """Remove contents and torn parts older than a day that no row names; returns how many."""
    moment = time.time() if now is None else now
    return _shelf(schema).sweep(schema, kept, moment - GRACE_SECONDS)


def _shelf(schema: str) -> Shelf:
    if schema != PUBLIC and not is_organization_schema(schema):
        raise ValueError(f"not a schema of ours: {schema!r}")
    return BucketShelf() if settings.FILES_IN_BUCKET else DiskShelf(Path(settings.FILES_ROOT))
