"""Files made on one machine and opened on another: the worker writes the sheet of first passwords, the web gives it.

Such files stand under ``FILES_ROOT``. On one server, or on a shared disk, there is nothing to do; where contents are
kept in a bucket, machines share nothing else, so the file travels through it.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from django.conf import settings
from django.core.files import File
from django.core.files.storage import storages

from shared.kernel.ids import new_id

FOLDER = "relay"


def hand_over(path: Path) -> None:
    """Let other machines have the file as it is now, or know that it is gone."""
    if not settings.FILES_IN_BUCKET:
        return
    if path.exists():
        with path.open("rb") as file:
            storages["default"].save(_key(path), File(file))
    else:
        storages["default"].delete(_key(path))


def fetch(path: Path) -> Path:
    """The same path, with the file there if any machine has handed it over."""
    if not settings.FILES_IN_BUCKET:
        return path
    try:
        with storages["default"].open(_key(path)) as found:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            part = path.with_name(f"{new_id().hex}.part")
            descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                shutil.copyfileobj(found, file)
            os.replace(part, path)
    except FileNotFoundError:
        path.unlink(missing_ok=True)
    return path


def _key(path: Path) -> str:
    return f"{FOLDER}/{path.relative_to(settings.FILES_ROOT).as_posix()}"
