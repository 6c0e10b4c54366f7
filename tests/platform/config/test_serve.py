"""``asuso serve``: answers, keeps one worker, and leaves nothing behind."""

import os
import shutil
import signal
import tempfile
from pathlib import Path

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
