"""PostgreSQL's own programs for the database this installation uses."""

from __future__ import annotations

import shutil

from django.conf import settings
from django.db import connections

from devdb import EnvironmentNotReady
from devdb.binaries import find_binaries


def pg_dump_command() -> tuple[list[str], dict[str, str]]:
    """``pg_dump`` connected as ``owner``, and the environment that carries its password.

    Raises: EnvironmentNotReady.
    """
    database = connections["owner"].settings_dict
    folder = str(find_binaries(None, major=None).folder) if settings.IS_DEVELOPMENT else None
    program = shutil.which("pg_dump", path=folder) or shutil.which("pg_dump")
    if program is None:
        raise EnvironmentNotReady("Не найдена программа pg_dump. Установите пакет postgresql-client.")
    options = ["-h", database["HOST"], "-p", database["PORT"], "-U", database["USER"], "-d", database["NAME"]]
    return [program, *options], {"PGPASSWORD": database.get("PASSWORD") or ""}
