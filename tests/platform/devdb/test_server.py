"""The server's life: start, leases, stop, and what a kill leaves behind."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from devdb import EnvironmentNotReady, Place, Server, processes
from devdb.processes import server_pid

Ask = Callable[[Place, str], object]
Fork = Callable[[Callable[[], object]], int]


def wait_for(fact: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not fact():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.01)


def linger() -> None:
    """What a process does until it is killed."""
    time.sleep(60)


def gone(pid: int) -> bool:
    """Whether a process has ended and closed its files; a zombie that nobody reaps has."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except (FileNotFoundError, ProcessLookupError):
        return True


def kill_server(place: Place) -> int:
    pid = server_pid(place.cluster)
    assert pid
    os.kill(pid, signal.SIGKILL)
    wait_for(lambda: gone(pid))
    return pid


def test_first_lease_makes_a_cluster_that_reads_russian_and_the_last_one_out_stops_it(both: Path, ask: Ask) -> None:
    server = Server(both, fast=True)
    with server.lease() as place:
        assert ask(place, "select lower('ЁЖ')") == "ёж"
        ask(place, "create extension pg_trgm")
        assert ask(place, "select similarity('Ёжиков', 'ёЖИКОВ')") == 1
        assert ask(place, "show max_connections") == "200"
        assert ask(place, "show listen_addresses") == ""
        status = server.status()
        assert status["running"] is True
        assert status["pid"] == server_pid(place.cluster)
        assert status["version"] == str(ask(place, "show server_version")).split(".")[0]
    assert server.status()["running"] is False
    assert server.status()["pid"] is None


def test_a_server_that_is_not_for_tests_is_durable(shared_dir: Path, ask: Ask) -> None:
    with Server(shared_dir).lease() as place:
        settings = {ask(place, f"show {name}") for name in ("fsync", "synchronous_commit", "full_page_writes")}
    assert settings == {"on"}


def test_leases_of_one_process_nest(server: Server, shared_dir: Path, ask: Ask) -> None:
    with server.lease() as place:
        with server.lease(), Server(shared_dir).lease():
            pass
        assert ask(place, "select 1") == 1
    assert server.status()["running"] is False


def test_a_forked_child_may_end_before_and_after_its_parent_without_harm(
    server: Server, forked: Fork, ask: Ask
) -> None:
    reading, writing = os.pipe()
    lease = server.lease()
    place = lease.__enter__()
    # A worker of gunicorn leaves by SystemExit, so it runs the parent's `with` to its end.
    early = forked(lambda: lease.__exit__(None, None, None))
    assert os.waitpid(early, 0)[1] == 0
    assert ask(place, "select 1") == 1
    late = forked(lambda: os.read(reading, 1) and ask(place, "select 1") == 1 and lease.__exit__(None, None, None))
    lease.__exit__(None, None, None)
    assert server.status()["running"] is True
    os.write(writing, b"x")
    assert os.waitpid(late, 0)[1] == 0
    assert server.status()["running"] is False
    os.close(reading)
    os.close(writing)


def test_a_program_started_meanwhile_does_not_inherit_the_lease(server: Server) -> None:
    with server.lease():
        program = subprocess.Popen(["sleep", "60"], close_fds=False)
    try:
        assert server.status()["running"] is False
    finally:
        program.kill()
        program.wait()


def test_started_to_be_kept_it_outlives_leases_until_stop(server: Server, ask: Ask) -> None:
    place = server.start()
    with server.lease():
        pass
    assert ask(place, "select 1") == 1
    assert server.status()["kept"] is True
    server.stop()
    assert server.status() | {"running": False, "kept": False, "pid": None} == server.status()
    server.stop()


def test_status_starts_nothing(data_dir: Path) -> None:
    server = Server(data_dir)
    assert server.status()["running"] is False
    assert server.status()["version"] is None
    assert not server.place.cluster.exists()


def test_psql_opens_the_same_server(server: Server) -> None:
    with server.lease():
        command = [*server.psql_command(user="postgres", dbname="postgres"), "-Atc", "select lower('ЁЖ')"]
        assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "ёж\n"


@pytest.mark.parametrize("number", ["its own", "of a zombie", "of a stranger"])
def test_a_killed_server_comes_back_with_its_data(both: Path, forked: Fork, ask: Ask, number: str) -> None:
    server = Server(both)
    with server.lease() as place:
        ask(place, "drop table if exists survivor")
        ask(place, "create table survivor as select 42 as answer")
        kill_server(place)
        if number != "its own":
            child = forked((lambda: None) if number == "of a zombie" else linger)
            wait_for(lambda: gone(child) == (number == "of a zombie"))
            lock = place.cluster / "postmaster.pid"
            lock.write_text("\n".join([str(child), *lock.read_text().splitlines()[1:]]) + "\n")
        assert server.status()["running"] is False
        assert server.status()["pid"] is None
        with server.lease():
            assert ask(place, "select answer from survivor") == 42


def test_an_orphan_that_still_works_for_a_killed_server_ends_before_the_next_start(
    server: Server, ask: Ask, connect: Callable[[Place], psycopg.Connection], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "PATIENCE", 1.0)
    with server.lease() as place, connect(place) as connection:
        orphan = connection.info.backend_pid
        os.kill(orphan, signal.SIGSTOP)
        kill_server(place)
        assert not gone(orphan)
        with server.lease():
            assert gone(orphan)
            assert ask(place, "select 1") == 1


def test_a_server_whose_socket_was_swept_away_is_started_anew(server: Server, ask: Ask) -> None:
    with server.lease() as place:
        before = server_pid(place.cluster)
        place.socket.unlink()
        with server.lease():
            assert ask(place, "select 1") == 1
            assert server_pid(place.cluster) != before


def test_after_a_killed_parent_the_next_lease_uses_and_stops_its_server(server: Server, forked: Fork, ask: Ask) -> None:
    def work() -> None:
        with server.lease():
            linger()

    parent = forked(work)
    wait_for(lambda: server.status()["running"] is True)
    left_behind = server_pid(server.place.cluster)
    os.kill(parent, signal.SIGKILL)
    os.waitpid(parent, 0)
    assert server.status()["running"] is True
    with server.lease() as place:
        assert server_pid(place.cluster) == left_behind
        assert ask(place, "select 1") == 1
    assert server.status()["running"] is False


def test_initdb_cut_short_is_begun_anew(data_dir: Path, forked: Fork, ask: Ask) -> None:
    server = Server(data_dir, fast=True)
    parent = forked(lambda: server.lease().__enter__())
    home = server.place.home
    wait_for(lambda: any(home.glob("cluster-*/PG_VERSION")))
    os.kill(parent, signal.SIGKILL)
    os.waitpid(parent, 0)
    with server.lease() as place:
        assert ask(place, "select 1") == 1
    assert not list(home.glob("cluster-*"))


def test_six_processes_at_once_start_one_server(data_dir: Path, forked: Fork, ask: Ask) -> None:
    server = Server(data_dir, fast=True)
    reading, writing = os.pipe()
    reports = data_dir / "reports"
    reports.mkdir()

    def work() -> None:
        with Server(data_dir, fast=True).lease() as place:
            assert ask(place, "select 1") == 1
            (reports / str(os.getpid())).write_text(str(server_pid(place.cluster)))
            os.read(reading, 1)

    workers = [forked(work) for _ in range(6)]
    wait_for(lambda: len([report for report in reports.iterdir() if report.read_text()]) == len(workers))
    assert {report.read_text() for report in reports.iterdir()} == {str(server_pid(server.place.cluster))}
    os.write(writing, b"x" * len(workers))
    assert [os.waitpid(worker, 0)[1] for worker in workers] == [0] * len(workers)
    assert server.status()["running"] is False
    os.close(reading)
    os.close(writing)


def test_destroy_refuses_while_somebody_is_inside(data_dir: Path) -> None:
    server = Server(data_dir, fast=True)
    with server.lease(), pytest.raises(EnvironmentNotReady, match="занята другой командой"):
        server.destroy()
    server.destroy()
    assert not server.place.home.exists()
