"""Behind PgBouncer in transaction mode nobody reads another organization: the role travels with the transaction."""

from __future__ import annotations

import getpass
import os
import pwd
import subprocess
import threading
from collections import Counter
from pathlib import Path

from django.db import connection, connections

from shared.tenancy import scopes
from tests.ops.conftest import _listens, program
from tests.running import free_port, wait_until

CONFIGURATION = """
[databases]
{name} = host={host} port={port} dbname={name}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {listen}
unix_socket_dir =
auth_type = trust
auth_file = {users}
pool_mode = transaction
default_pool_size = 2
ignore_startup_parameters = extra_float_digits,options
"""
ROUNDS = 200


def test_no_thread_reads_another_organization(committed, tmp_path, monkeypatch):
    settings = connections.settings["default"]
    port = free_port()
    process = _start(tmp_path, settings, port)
    connections["default"].close()
    monkeypatch.setitem(settings, "HOST", "127.0.0.1")
    monkeypatch.setitem(settings, "PORT", str(port))
    seen: Counter[bool] = Counter()
    faults: list[BaseException] = []

    def read(schema: str) -> None:
        try:
            for _ in range(ROUNDS):
                with scopes.enter(scopes.of_organization(schema)), connection.cursor() as cursor:
                    cursor.execute("select current_user, current_schema()")
                    seen[cursor.fetchone() == (f"asuso_{schema}", schema)] += 1
        except BaseException as fault:  # noqa: BLE001 - a thread's fault must reach the test
            faults.append(fault)
        finally:
            connection.close()

    schemas = [committed.school.organization.schema_name, committed.other.organization.schema_name]
    threads = [threading.Thread(target=read, args=(schemas[number % 2],)) for number in range(8)]
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        process.terminate()
        process.wait(10)
    assert faults == []
    assert seen == {True: 8 * ROUNDS}


def _start(folder: Path, settings: dict, port: int) -> subprocess.Popen[bytes]:
    users = folder / "users.txt"
    users.write_text(f'"{settings["USER"]}" ""\n')
    file = folder / "pgbouncer.ini"
    file.write_text(
        CONFIGURATION.format(
            name=settings["NAME"], host=settings["HOST"], port=settings["PORT"], listen=port, users=users
        )
    )
    command = [program("pgbouncer"), "-q", str(file)]
    if os.geteuid() == 0:  # PgBouncer refuses to run as root; the socket belongs to the server's user
        owner = pwd.getpwuid(os.stat(settings["HOST"]).st_uid).pw_name
        for path in (folder, *folder.parents):
            if path.owner() == getpass.getuser() and path != path.parent and str(path).startswith("/tmp/"):
                path.chmod(0o755)
        command[1:1] = ["-u", owner]
    process = subprocess.Popen(command)
    wait_until(lambda: _listens(port), what="PgBouncer")
    return process
