"""systemd itself accepts the units of one server and finds them closed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.ops.conftest import program
from tests.platform.deploy.test_units import DEPLOY, KIT, PROGRAM, UNITS

EXPOSURE = 20  # tenths, of 100: what systemd calls OK ends at 30


@pytest.fixture(scope="module")
def installed(tmp_path_factory) -> Path:
    """The units as they stand on a server, with this machine's program."""
    folder = tmp_path_factory.mktemp("units")
    command = str(Path(sys.executable).with_name("asuso"))
    for path in UNITS:
        text = path.read_text().replace(PROGRAM, command).replace(KIT, str(DEPLOY / "pgbackrest"))
        for name in (path.name.replace("@", f"@{kind}") for kind in ("full", "incr")):
            (folder / name).write_text(text)
    return folder


def test_systemd_accepts_them_and_finds_them_closed(installed):
    analyze = program("systemd-analyze")
    files = sorted(str(path) for path in installed.iterdir())
    verified = subprocess.run([analyze, "verify", *files], capture_output=True, text=True, check=False)
    assert (verified.returncode, verified.stderr) == (0, "")
    for path in installed.glob("*.service"):
        command = [analyze, "security", "--offline=true", f"--threshold={EXPOSURE}", "--no-pager", str(path)]
        judged = subprocess.run(command, capture_output=True, text=True, check=False)
        assert judged.returncode == 0, f"{path.name}: {judged.stdout.splitlines()[-1:]}"
