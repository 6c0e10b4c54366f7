"""Which server is taken, and what is said when none will do."""

from __future__ import annotations

import importlib.util
import os
import shutil
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from devdb import EnvironmentNotReady, Place, Server, binaries
from devdb.accounts import Account, server_account
from devdb.binaries import WHEEL, find_binaries

Ask = Callable[[Place, str], object]


@pytest.fixture
def empty_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """No server anywhere."""
    monkeypatch.delenv("PG_BINDIR", raising=False)
    monkeypatch.setattr(binaries, "_folders", lambda: iter(()))


def fake_server(folder: Path, version: str) -> Path:
    """Programs that can say their version and nothing else."""
    folder.mkdir(parents=True)
    for name in binaries.PROGRAMS:
        (folder / name).write_text(f"#!/bin/sh\necho '{name} (PostgreSQL) {version}'\n")
        (folder / name).chmod(0o755)
    return folder


@pytest.mark.usefixtures("empty_machine")
def test_without_any_server_the_sentence_names_the_cure(data_dir: Path) -> None:
    server = Server(data_dir)
    with pytest.raises(EnvironmentNotReady, match=r"не найдены.*make setup.*PG_BINDIR.*DATABASE_URL"), server.lease():
        pass
    assert server.status()["running"] is False


def test_a_wrong_PG_BINDIR_is_not_silently_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PG_BINDIR", str(tmp_path))
    with pytest.raises(EnvironmentNotReady, match="нет всех программ сервера"):
        find_binaries(None, major=None)


@pytest.mark.parametrize(
    ("version", "major", "reason"), [("14.9", None, "старше 15"), ("17.2", 16, "база создана PostgreSQL 16")]
)
def test_a_server_of_an_unfit_version_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str, major: int | None, reason: str
) -> None:
    monkeypatch.setenv("PG_BINDIR", str(fake_server(tmp_path / "bin", version)))
    with pytest.raises(EnvironmentNotReady, match=reason):
        find_binaries(None, major=major)


def test_an_existing_cluster_is_given_the_server_of_its_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folders = [fake_server(tmp_path / version, version) for version in ("18.6", "16.4")]
    monkeypatch.setattr(binaries, "_folders", lambda: iter(folders))
    assert find_binaries(None, major=None).version == "18.6"
    assert find_binaries(None, major=16).version == "16.4"


def test_programs_that_do_not_run_are_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = fake_server(tmp_path / "broken", "18.6")
    (broken / "postgres").write_text("no program at all")
    monkeypatch.setattr(binaries, "_folders", lambda: iter([broken, fake_server(tmp_path / "good", "17.2")]))
    assert find_binaries(None, major=None).version == "17.2"


def test_initdb_that_fails_is_quoted_in_the_sentence(
    data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = fake_server(data_dir / "bin", "18.6")
    (folder / "initdb").write_text("#!/bin/sh\necho 'initdb: error: invalid locale name' >&2\nexit 1\n")
    monkeypatch.setenv("PG_BINDIR", str(folder))
    with pytest.raises(EnvironmentNotReady, match=r"не создана \(invalid locale name\)"):
        Server(data_dir).start()


def test_a_full_disk_is_named(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    nothing_left = type(shutil.disk_usage("/"))(1, 1, 0)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: nothing_left)
    with pytest.raises(EnvironmentNotReady, match="200 МБ свободного места"):
        Server(data_dir).start()


def test_a_server_that_does_not_start_is_quoted_from_its_log(server: Server) -> None:
    with server.lease() as place:
        settings = place.cluster / "postgresql.auto.conf"
    before = settings.read_text()
    settings.write_text("no_such_setting = 1\n")
    try:
        with pytest.raises(EnvironmentNotReady, match=r"не запустился \(configuration file .* contains errors\)"):
            server.start()
    finally:
        settings.write_text(before)


@pytest.fixture
def locked_wheel(closed_data_dir: Path) -> Path:
    """The wheel of an environment under a 0700 home: a folder that only root enters."""
    spec = importlib.util.find_spec(WHEEL)
    if spec is None or spec.origin is None:
        pytest.skip("the wheel is not installed")
    packages = Path(spec.origin).parents[1]
    for name in (WHEEL, f"{WHEEL}.libs"):
        shutil.copytree(packages / name, closed_data_dir.parent / name, ignore=binaries.NOT_NEEDED)
    return closed_data_dir.parent / WHEEL / "pginstall" / "bin"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has somebody else run the server")
def test_a_wheel_under_a_closed_home_is_copied_and_runs(
    locked_wheel: Path, closed_data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ask: Ask
) -> None:
    cache = closed_data_dir.parent.with_name(closed_data_dir.parent.name + "-cache")
    cache.mkdir()
    cache.chmod(0o755)
    monkeypatch.setattr(binaries, "system_folder", lambda _parent: cache)
    monkeypatch.setenv("PG_BINDIR", str(locked_wheel))
    try:
        with Server(closed_data_dir, fast=True).lease() as place:
            assert place.is_outside
            account = server_account(place.cluster)
            assert account
            assert str(ask(place, "select lower('ЁЖ')")) == "ёж"
            copied = find_binaries(account, major=None).folder
            assert copied.is_relative_to(cache)
            # Alone, without the original's libraries in reach, as the server's user.
            environment = {"PATH": os.environ["PATH"]}
            command = [str(copied / "initdb"), "--version"]
            subprocess.run(command, user=account.uid, group=account.gid, env=environment, cwd="/", check=True)
        assert stat.S_IMODE(closed_data_dir.parent.stat().st_mode) == 0o700
        assert len(list(cache.iterdir())) == 1
    finally:
        shutil.rmtree(cache)


def test_rights_are_read_from_the_owner_first(tmp_path: Path) -> None:
    tmp_path.chmod(0o075)
    facts = tmp_path.stat()
    try:
        assert not Account(facts.st_uid, facts.st_gid).has(tmp_path, stat.S_IXOTH)
        assert Account(facts.st_uid + 1, facts.st_gid).has(tmp_path, stat.S_IXOTH)
        assert Account(facts.st_uid + 1, facts.st_gid + 1).has(tmp_path, stat.S_IXOTH)
    finally:
        tmp_path.chmod(0o700)
