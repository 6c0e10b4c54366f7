"""Keeping an uploaded file, giving it out, letting it go. Everything runs in the organization's scope."""

from __future__ import annotations

import uuid

from shared.documents import store
from shared.documents.uploads import CheckedUpload
from shared.tenancy.connection import tenant_connection
from tenants.files.errors import FileGone
from tenants.files.models import StoredFile

SWEEP_TASK = "files.sweep"


def store_upload(upload: CheckedUpload, *, purpose: str, uploaded_by: uuid.UUID | None, made_by: str) -> StoredFile:
    """Keep a file that passed the door; the row commits with the caller's transaction."""
    store.put(tenant_connection().scope.schema, upload.sha256, upload.content)
    stored = StoredFile(
        sha256=upload.sha256,
        size=upload.size,
        content_type=upload.content_type,
        name=upload.name,
        purpose=purpose,
        uploaded_by=uploaded_by,
        made_by=made_by,
    )
    stored.save(force_insert=True)
    return stored


def open_file(stored: StoredFile) -> bytes:
    """The content, exactly as it was uploaded. Raises: FileGone."""
    content = store.take(tenant_connection().scope.schema, stored.sha256)
    if content is None:
        raise FileGone(str(stored.pk))
    return content


def remove_file(stored: StoredFile) -> None:
    """Let a file go; its content is swept when no other row names it."""
    stored.delete()


def sweep() -> int:
    """Remove contents that no row of this organization names; returns how many."""
    kept = set(StoredFile.objects.order_by().values_list("sha256", flat=True).distinct())
    return store.sweep(tenant_connection().scope.schema, kept)
