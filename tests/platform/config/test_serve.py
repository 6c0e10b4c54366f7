"""``asuso serve``: answers, keeps one worker, and leaves nothing behind."""

import os
import shutil
import signal
import socket
import tempfile
from pathlib import Path

import psycopg
import pytest

from devdb import Server
from tests.running import ASUSO, ROOT, Running, asuso, environment, processes_of, wait_until


@pytest.fixture(scope="module")
def data_dir():
    """A migrated installation without organizations; its server is fast because the test holds it."""
    folder = Path(tempfile.mkdtemp(prefix="asuso-serve-"))
    folder.chmod(0o755)  # the database may run as another user
    server = Server(folder, fast=True)
    with server.lease():
        asuso(folder, "migrate")
        yield folder
    server.destroy()
    shutil.rmtree(folder)


def workers_of(data_dir: Path) -> list[int]:
    return [pid for pid in processes_of(data_dir) if b"\0worker\0" in Path(f"/proc/{pid}/cmdline").read_bytes()]


def ours(data_dir: Path) -> list[int]:
    """Our Python processes; the database belongs to the test."""
    return [pid for pid in processes_of(data_dir) if b"config" in Path(f"/proc/{pid}/cmdline").read_bytes()]


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_everything_it_started(data_dir, how):
    running = Running.start(data_dir)
    wait_until(lambda: len(workers_of(data_dir)) == 1, what="the worker")
    assert running.status("region.localhost", "/login/") == 200
    assert running.status("nobody.localhost", "/") == 404
    assert running.stop(how) == 0
    assert ours(data_dir) == []


def test_a_worker_that_died_is_replaced_and_a_killed_server_takes_its_processes_with_it(data_dir):
    running = Running.start(data_dir)
    wait_until(lambda: len(workers_of(data_dir)) == 1, what="the worker")
    (first,) = workers_of(data_dir)
    os.kill(first, signal.SIGKILL)
    wait_until(lambda: workers_of(data_dir) not in ([], [first]), what="another worker")
    running.process.kill()
    running.process.wait()
    wait_until(lambda: ours(data_dir) == [], what="the end of the children")


def test_a_host_is_answered_by_one_connection_and_not_by_all_of_them(data_dir):
    running = Running.start(data_dir, "--workers", "1", "--no-worker")
    hosts = [f"{name}.localhost" for name in ("region", "municipality", "operator", "training", "nobody")]
    try:
        for host in hosts:
            running.status(host, "/login/")
        met = backends_of_app(data_dir)
        for _ in range(6):
            for host in hosts:
                running.status(host, "/login/")
        assert backends_of_app(data_dir) == met
        assert 1 < len(met) <= len(hosts) + 1  # one more for localhost, which was asked whether it lives
    finally:
        assert running.stop() == 0


def backends_of_app(data_dir: Path) -> set[int]:
    """Server processes behind the login of requests."""
    place = Server(data_dir).place
    with psycopg.connect(**place.dsn(user="postgres", dbname="postgres")) as connection:
        rows = connection.execute("select pid from pg_stat_activity where usename like '%\\_app'").fetchall()
    return {pid for (pid,) in rows}


def test_a_running_worker_is_enough(data_dir):
    import subprocess

    own = subprocess.Popen([*ASUSO, "worker"], cwd=ROOT, env=environment(data_dir), start_new_session=True)
    try:
        wait_until(lambda: (data_dir / "worker.lock").exists() and _is_locked(data_dir), what="the worker's lock")
        running = Running.start(data_dir)
        wait_until(lambda: running.status("localhost", "/readyz") == 200)
        assert workers_of(data_dir) == [own.pid]
        assert running.stop() == 0
        assert own.poll() is None
    finally:
        own.terminate()
        assert own.wait(20) == 0


def _is_locked(data_dir: Path) -> bool:
    from config.worker import is_running

    return is_running(data_dir)


def test_a_taken_port_is_said_in_a_sentence(data_dir):
    import subprocess

    running = Running.start(data_dir, "--no-worker")
    try:
        command = [*ASUSO, "serve", "--port", str(running.port)]
        refused = subprocess.run(command, cwd=ROOT, env=environment(data_dir), capture_output=True, text=True)
        assert refused.returncode == 3
        assert f"Порт {running.port}" in refused.stderr
    finally:
        running.stop()


@pytest.mark.proves("R-179")
def test_the_lines_of_the_server_quote_nothing_that_was_asked(data_dir):
    canary = "Kanareykina"
    log = data_dir / "serve.log"
    log.unlink(missing_ok=True)
    running = Running.start(data_dir, "--no-worker")
    try:
        for request in (
            f"GET /{canary}/?q={canary} HTTP/1.1\r\nHost: {canary}.localhost\r\nUser-Agent: {canary}\r\n",
            f"POST /login/ HTTP/1.1\r\nHost: localhost\r\nCookie: asuso_session={canary}\r\nContent-Length: 0\r\n",
            f"{canary} {canary}\r\nHost: localhost\r\n",
            f"GET / HTTP/1.1\r\nHost: localhost\r\n{canary} : 1\r\n",
        ):
            with socket.create_connection(("127.0.0.1", running.port), 5) as connection:
                connection.sendall(f"{request}Connection: close\r\n\r\n".encode())
                assert connection.recv(100).startswith(b"HTTP/1.1 4")
    finally:
        running.stop()
    written = log.read_text()
    assert "django.request answered with a failure request_id=" in written
    assert "gunicorn.error Invalid request" in written
    assert canary.lower() not in written.lower()
