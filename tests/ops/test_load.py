"""A day of writes while processes are killed: what was accepted is there, once. Source: issue 5."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter

import pytest

from tests.load.killing import DATABASE, WEB, WORKER
from tests.running import ROOT


@pytest.fixture(scope="module")
def facts(tmp_path_factory):
    """Twelve organizations, visited for forty seconds; every eight seconds something is killed."""
    path = tmp_path_factory.mktemp("load") / "facts.json"
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("ASUSO_TEST", "DATA_DIR", "DJANGO_"))
    }
    options = {"organizations": 12, "seconds": 40, "rate": 12, "profile": "writes", "kill-every": 8, "facts": path}
    command = [sys.executable, "-m", "tests.load", *(f"--{name}={value}" for name, value in options.items())]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=kept | {"PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert path.exists(), done.stderr[-4000:]
    return json.loads(path.read_text()) | {"said": done.stdout}


def test_everything_was_killed_and_lived_again(facts):
    assert set(Counter(kill["what"] for kill in facts["kills"])) == {WEB, WORKER, DATABASE}
    assert all(kill["back_after"] is not None for kill in facts["kills"]), facts["kills"]


def test_no_accepted_write_is_lost_and_none_is_doubled(facts):
    assert facts["ledger"]["accepted"] >= 20, facts["said"]
    assert facts["faults"] == {}, facts["said"]


def test_the_registry_holds_every_place_once_though_its_worker_was_killed(facts):
    assert facts["registry"] == []


def test_only_a_kill_makes_a_request_fail(facts):
    """5xx and broken connections, in the seconds in which the database recovers; never a refusal, never later."""
    assert facts["unexplained"] == 0, facts["said"]
