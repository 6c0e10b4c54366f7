"""PostgreSQL's own programs for the database this installation uses."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from django.db import connections

from devdb import EnvironmentNotReady
from devdb.binaries import find_binaries
from shared.tenancy.connection import tenant_connection

DISTRIBUTION = Path("/usr/lib/postgresql")


def pg_dump_command() -> tuple[list[str], dict[str, str]]:
    """``pg_dump`` connected as ``owner``, and the environment that carries its password.

    It refuses a server newer than itself, so the first one that is new enough is taken. Raises: EnvironmentNotReady.
    """
    database = connections["owner"].settings_dict
    needed = int(tenant_connection("owner").pg_version) // 10_000
    program = next((path for path in _programs() if _major(path) >= needed), None)
    if program is None:
        raise EnvironmentNotReady(
            f"Нужна программа pg_dump версии {needed} или новее. Установите пакет postgresql-client-{needed}."
        )
    options = ["-h", database["HOST"], "-p", database["PORT"], "-U", database["USER"], "-d", database["NAME"]]
    return [program, *options], {"PGPASSWORD": database.get("PASSWORD") or ""}


def _programs() -> Iterator[str]:
    folders = sorted(DISTRIBUTION.glob("*/bin"), key=lambda folder: folder.parent.name, reverse=True)
    with suppress(EnvironmentNotReady):  # no server of ours here: the distribution's client is enough
        folders.append(find_binaries(None, major=None).folder)
    for place in (None, *map(str, folders)):
        found = shutil.which("pg_dump", path=place)
        if found:
            yield found


def _major(program: str) -> int:
    answer = subprocess.run([program, "--version"], check=False, capture_output=True, text=True).stdout
    version = re.search(r"\b(\d+)(?:\.\d+)?", answer)
    return int(version.group(1)) if version else 0
