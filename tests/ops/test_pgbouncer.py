"""Behind PgBouncer in transaction mode nobody reads another organization: the role travels with the transaction."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections import Counter

from django.conf import settings
from django.db import connection, connections

from config.settings.databases import external
from devdb import locate
from shared.tenancy import scopes
from tests.ops.pooler import POOL, pooler, url
from tests.running import ROOT

ISOLATION = (
    "tests/architecture/test_escapes.py",
    "tests/architecture/test_every_address.py",
    "tests/architecture/test_mutants.py",
    "tests/shared/tenancy",
)
# Ends its server process by closing its own connection, which here is the pooler's client: ``server_lifetime`` does it.
OF_DIRECT_CONNECTIONS = ("tests/shared/tenancy/test_connections.py",)
ROUNDS = 200


def test_no_thread_reads_another_organization(committed, tmp_path, monkeypatch):
    schemas = [committed.school.organization.schema_name, committed.other.organization.schema_name]
    seen: Counter[bool] = Counter()
    processes: set[int] = set()
    prepared: list[int] = []  # a statement prepared in one process is unknown to the next one
    faults: list[BaseException] = []

    def read(schema: str) -> None:
        try:
            for _ in range(ROUNDS):
                with scopes.enter(scopes.of_organization(schema)), connection.cursor() as cursor:
                    cursor.execute("select current_user, current_schema(), pg_backend_pid()")
                    *who, process = cursor.fetchone()
                    seen[who == [f"asuso_{schema}", schema]] += 1
                    processes.add(process)
            with connection.cursor() as cursor:
                cursor.execute("select count(*) from pg_prepared_statements")
                prepared.append(cursor.fetchone()[0])
        except BaseException as fault:  # noqa: BLE001 - a thread's fault must reach the test
            faults.append(fault)
        finally:
            connection.close()

    with pooler(tmp_path, locate(settings.DATA_DIR)) as port:
        connections["default"].close()
        for name, value in external(url(port), None)["default"].items():
            monkeypatch.setitem(connections.settings["default"], name, value)
        threads = [threading.Thread(target=read, args=(schemas[number % 2],)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        connections["default"].close_pool()
    assert faults == []
    assert seen == {True: 8 * ROUNDS}
    assert len(processes) <= POOL
    assert prepared == [0] * 8


def test_the_isolation_suite_holds_behind_the_pooler():
    """The same tests on a cluster of their own, every request and scope of theirs through PgBouncer."""
    left_out = [f"--deselect={path}" for path in OF_DIRECT_CONNECTIONS]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *left_out, *ISOLATION],
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "ASUSO_TEST"))}
        | {"ASUSO_POOLER": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    assert " passed" in done.stdout
    assert "skipped" not in done.stdout
