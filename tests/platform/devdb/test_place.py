"""Where a cluster lives: inside, outside for root, with a short socket path, and for an ordinary user."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from devdb import EnvironmentNotReady, Place, Server, locate
from devdb.place import SOCKET_PATH_LIMIT
from devdb.processes import server_pid

Ask = Callable[[Place, str], object]
Fork = Callable[[Callable[[], object]], int]

NOBODY = 65534
root_only = pytest.mark.skipif(os.geteuid() != 0, reason="only root has somebody else run the server")


def test_everything_stays_inside_when_it_can(data_dir: Path) -> None:
    place = locate(data_dir)
    assert place == locate(data_dir)
    assert place.cluster == data_dir / "pg" / "cluster"
    assert place.dsn(user="app", dbname="asuso") == {
        "host": str(data_dir / "pg" / "run"),
        "port": 5432,
        "user": "app",
        "dbname": "asuso",
    }
    assert list(data_dir.iterdir()) == []


def test_a_path_too_long_for_a_socket_gets_a_short_one_elsewhere(data_dir: Path, ask: Ask) -> None:
    server = Server(data_dir / ("д" * 50), fast=True)
    place = server.place
    assert place.cluster == data_dir / ("д" * 50) / "pg" / "cluster"
    assert not place.socket_dir.is_relative_to(data_dir)
    assert len(os.fsencode(place.socket)) < SOCKET_PATH_LIMIT
    assert locate(place.data_dir) == place
    with server.lease():
        assert ask(place, "select 1") == 1
        assert stat.S_IMODE(place.socket_dir.stat().st_mode) == 0o700
    server.destroy()
    assert not place.socket_dir.exists()


def test_a_comma_in_the_path_does_not_split_the_address(data_dir: Path) -> None:
    assert "," not in str(locate(data_dir / "one,two").socket_dir)


def test_a_socket_folder_of_somebody_else_is_refused(data_dir: Path) -> None:
    server = Server(data_dir / ("d" * 100), fast=True)
    server.place.socket_dir.mkdir()
    server.place.socket_dir.chmod(0o777)
    with pytest.raises(EnvironmentNotReady, match="открыт для других"), server.lease():
        pass
    server.destroy()


def test_a_path_with_spaces_and_russian_letters_works(data_dir: Path, ask: Ask) -> None:
    server = Server(data_dir / "Мои данные's", fast=True)
    with server.lease() as place:
        assert place.socket_dir.is_relative_to(data_dir)
        assert ask(place, "select 1") == 1
    server.destroy()


def test_a_path_that_a_shell_would_read_is_refused(data_dir: Path) -> None:
    with pytest.raises(EnvironmentNotReady, match="знака доллара"):
        locate(data_dir / "$HOME")


@root_only
def test_behind_a_closed_door_root_keeps_the_cluster_outside(closed_data_dir: Path) -> None:
    door = closed_data_dir.parent
    place = locate(closed_data_dir)
    assert not place.home.is_relative_to(door)
    assert locate(closed_data_dir) == place
    assert stat.S_IMODE(door.stat().st_mode) == 0o700
    assert (closed_data_dir / "server.place").exists()


@root_only
def test_a_moved_data_directory_keeps_its_cluster_and_a_copied_one_is_refused(closed_data_dir: Path) -> None:
    place = locate(closed_data_dir)
    moved = closed_data_dir.with_name("moved")
    closed_data_dir.rename(moved)
    assert locate(moved).cluster == place.cluster
    shutil.copytree(moved, closed_data_dir)
    with pytest.raises(EnvironmentNotReady, match="копия каталога"):
        locate(moved)


@root_only
def test_what_a_deleted_data_directory_left_outside_goes_with_the_next_one(closed_data_dir: Path) -> None:
    left = Server(closed_data_dir.parent / "deleted", fast=True)
    place = left.start()
    pid = server_pid(place.cluster)
    shutil.rmtree(place.data_dir)
    with Server(closed_data_dir, fast=True).lease():
        assert not place.home.exists()
        assert server_pid(place.cluster) is None
        assert pid


@root_only
def test_an_ordinary_user_keeps_everything_in_a_directory_nobody_else_enters(
    data_dir: Path, forked: Fork, ask: Ask
) -> None:
    private = data_dir / "private"
    private.mkdir(mode=0o700)
    os.chown(private, NOBODY, NOBODY)

    def work() -> None:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
        with Server(private, fast=True).lease() as place:
            assert place.cluster.is_relative_to(private)
            assert ask(place, "select 1") == 1
            assert place.cluster.stat().st_uid == NOBODY

    assert os.waitpid(forked(work), 0)[1] == 0
    # Root in the same directory stays with its owner and leaves no file that the owner could not open.
    server = Server(private, fast=True)
    with server.lease() as place:
        assert place.cluster.stat().st_uid == NOBODY
        assert ask(place, "select 1") == 1
    assert {path.stat().st_uid for path in private.iterdir()} == {NOBODY}
    assert os.waitpid(forked(work), 0)[1] == 0
    server.destroy()


@root_only
def test_an_ordinary_user_is_told_whose_directory_it_is(data_dir: Path, forked: Fork) -> None:
    def work() -> None:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
        with pytest.raises(EnvironmentNotReady, match="Нет прав на"), Server(data_dir).lease():
            pass

    assert os.waitpid(forked(work), 0)[1] == 0
