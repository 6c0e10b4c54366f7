"""Units of one server: they run commands that exist, and each process has the least it needs."""

from __future__ import annotations

import configparser
import shlex
from pathlib import Path

import pytest

from config.cli import cli, commands
from tests.running import ROOT

DEPLOY = ROOT / "platform" / "deploy"
UNITS = sorted((DEPLOY / "systemd").iterdir())
SERVICES = [path for path in UNITS if path.suffix == ".service"]
PROGRAM, KIT = "/opt/asuso/bin/asuso", "/opt/asuso/share/pgbackrest"
names = [path.name for path in SERVICES]


class _Unit(configparser.RawConfigParser):
    """A unit file: the same key may stand several times, and case matters."""

    def __init__(self, path: Path) -> None:
        super().__init__(strict=False, delimiters=("=",), comment_prefixes=("#",), interpolation=None)
        self.optionxform = str  # type: ignore[assignment,method-assign]
        self.read(path)
        self.lines = path.read_text().splitlines()

    def all(self, key: str) -> list[str]:
        return [line.partition("=")[2] for line in self.lines if line.startswith(f"{key}=")]


@pytest.mark.parametrize("path", SERVICES, ids=names)
def test_what_they_start_exists(path):
    if not cli.commands:
        commands.register(cli)
    (line,) = _Unit(path).all("ExecStart")
    program, *words = shlex.split(line)
    if program != PROGRAM:
        assert (DEPLOY / "pgbackrest" / Path(program).relative_to(KIT)).stat().st_mode & 0o111
        return
    command = cli
    while hasattr(command, "commands"):
        command, words = command.commands[words[0]], words[1:]
    command.make_context(command.name, words)


@pytest.mark.parametrize("path", SERVICES, ids=names)
def test_each_is_an_ordinary_user_who_can_write_only_its_own(path):
    service = _Unit(path)["Service"]
    assert service["User"] in ("asuso", "postgres")
    assert service["NoNewPrivileges"] == "yes"
    assert service["CapabilityBoundingSet"] == ""
    assert service["ProtectSystem"] == "strict"
    assert service["SystemCallFilter"] == "~@privileged @resources"


def test_the_web_is_not_told_the_owner_of_the_database():
    told = {path.name: "/etc/asuso/owner.env" in _Unit(path).all("EnvironmentFile") for path in SERVICES}
    assert [name for name, knows in told.items() if not knows] == ["asuso-pgbackrest@.service", "asuso-web.service"]


def test_every_timer_starts_a_unit_that_is_here():
    for path in UNITS:
        if path.suffix != ".timer":
            continue
        named = _Unit(path).all("Unit") or [path.with_suffix(".service").name]
        service = DEPLOY / "systemd" / named[0].replace("@full", "@").replace("@incr", "@")
        assert service.exists(), named
        assert "oneshot" in service.read_text()
