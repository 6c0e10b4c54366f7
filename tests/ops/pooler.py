"""PgBouncer with the configuration of the chart before an embedded server; addresses and the pool's size differ."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from devdb import Place
from devdb.accounts import Account
from tests.ops.chart import rendered
from tests.ops.conftest import _listens, program
from tests.running import free_port, wait_until

LOGIN, PASSWORD, DATABASE = "asuso_app", "app pass+word/1", "asuso"  # of ci/external.yaml
POOL = 2


@contextmanager
def pooler(folder: Path, place: Place, *, pool: int = POOL, lifetime: int | None = None) -> Iterator[int]:
    """The port of a PgBouncer before the server of ``place``; ``lifetime`` in seconds, if not that of the chart."""
    for path in (folder, folder.parent, folder.parent.parent):
        path.chmod(0o755)
    facts = Path(place.socket_dir).stat()
    owner = Account(facts.st_uid, facts.st_gid)
    port = free_port()
    process = subprocess.Popen(
        [program("pgbouncer"), "-q", str(_configuration(folder, place, port, pool, lifetime))],
        user=owner.uid,  # PgBouncer refuses to run as root; the socket belongs to the server's user
        group=owner.gid,
        extra_groups=[],
        cwd="/",
    )
    try:
        wait_until(lambda: _listens(port), what="PgBouncer")
        yield port
    finally:
        process.terminate()
        process.wait(10)


def url(port: int) -> str:
    """``DATABASE_URL`` of an installation behind this pooler."""
    return f"postgresql://{LOGIN}:{quote(PASSWORD, safe='')}@127.0.0.1:{port}/{DATABASE}"


def _configuration(folder: Path, place: Place, port: int, pool: int, lifetime: int | None) -> Path:
    chart = rendered("external")
    text = chart.data("ConfigMap", "asuso-pgbouncer")["pgbouncer.ini"]
    users = folder / "userlist.txt"
    users.write_text(chart.data("Secret", "asuso-pgbouncer")["userlist.txt"])
    for written, here in {
        "host=db.example.org port=5432": f"host={place.socket_dir} port={place.port}",
        "listen_addr = 0.0.0.0": "listen_addr = 127.0.0.1",
        "listen_port = 6432": f"listen_port = {port}",
        "/etc/pgbouncer/secret/userlist.txt": str(users),
        "default_pool_size = 12\n": f"default_pool_size = {pool}\n",
        "server_lifetime = 120\n": f"server_lifetime = {lifetime or 120}\n",
    }.items():
        assert written in text
        text = text.replace(written, here)
    file = folder / "pgbouncer.ini"
    file.write_text(text)
    return file
