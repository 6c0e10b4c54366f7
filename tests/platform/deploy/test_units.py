"""Units of one server: systemd accepts them, they run commands that exist, and each process has the least it needs."""

from __future__ import annotations

import configparser
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from config.cli import cli, commands
from tests.running import ROOT

DEPLOY = ROOT / "platform" / "deploy"
UNITS = sorted((DEPLOY / "systemd").iterdir())
SERVICES = [path for path in UNITS if path.suffix == ".service"]
PROGRAM, KIT = "/opt/asuso/bin/asuso", "/opt/asuso/share/pgbackrest"
EXPOSURE = 20  # tenths, of 100: what systemd calls OK ends at 30
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


@pytest.fixture(scope="module")
def installed(tmp_path_factory) -> Path:
    """The units as they stand on a server, with this machine's program."""
    folder = tmp_path_factory.mktemp("units")
    program = str(Path(sys.executable).with_name("asuso"))
    for path in UNITS:
        text = path.read_text().replace(PROGRAM, program).replace(KIT, str(DEPLOY / "pgbackrest"))
        for name in (path.name.replace("@", f"@{kind}") for kind in ("full", "incr")):
            (folder / name).write_text(text)
    return folder


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not part of this machine")
def test_systemd_accepts_them_and_finds_them_closed(installed):
    files = sorted(str(path) for path in installed.iterdir())
    verified = subprocess.run(["systemd-analyze", "verify", *files], capture_output=True, text=True, check=False)
    assert (verified.returncode, verified.stderr) == (0, "")
    for path in installed.glob("*.service"):
        command = ["systemd-analyze", "security", "--offline=true", f"--threshold={EXPOSURE}", "--no-pager", str(path)]
        judged = subprocess.run(command, capture_output=True, text=True, check=False)
        assert judged.returncode == 0, f"{path.name}: {judged.stdout.splitlines()[-1:]}"


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
