"""What a kill explains and what it does not, and percentiles that are not rounded. Source: issue 5."""

from __future__ import annotations

import pytest

from tests.load.report import GRACE, Request, outages, percentile, summary, unexplained
from tests.load.scenes import HOURS, SCENES

KILL = {"at": 100.0, "what": "database process", "pid": 1, "back_after": 0.4}


def asked(at, *, status=200, fault="", ms=50.0):
    return Request("home", at, ms, status, fault)


@pytest.mark.parametrize(
    ("request_", "is_explained"),
    [
        (asked(101, status=503, fault="503"), True),
        (asked(101, status=0, fault="ConnectionRefusedError"), True),
        (asked(99, status=0, fault="RemoteDisconnected", ms=1500.0), True),  # begun before the kill, cut by it
        (asked(99, status=500, fault="500"), False),
        (asked(100 + GRACE + 1, status=500, fault="500"), False),
        (asked(101, status=403, fault="403"), False),
        (asked(101, status=302, fault="302 to sign in"), False),
    ],
)
def test_a_kill_explains_what_was_cut_by_it_and_nothing_else(request_, is_explained):
    assert (unexplained([request_], [KILL]) == []) is is_explained


def test_a_failure_belongs_to_the_last_kill_before_it():
    kills = [KILL, {**KILL, "at": 108.0, "what": "web process"}]
    found = outages([asked(101, status=500, fault="500"), asked(108.5, status=0, fault="x")], kills)
    assert {what: facts["failed"] for what, facts in found.items()} == {"database process": 1, "web process": 1}
    assert found["database process"]["longest"] == pytest.approx(1.05)


def test_percentiles_are_values_that_were_measured():
    times = [float(one) for one in range(1, 101)]
    assert [percentile(times, part) for part in (0.5, 0.95, 0.99, 1.0)] == [50, 95, 99, 100]
    assert percentile([], 0.95) == 0
    assert summary([asked(0), asked(1, status=500, fault="500")], 2.0)["errors"] == 1


def test_every_scene_has_a_name_of_its_own_and_a_share_at_every_hour():
    assert len({scene.name for scene in SCENES}) == len(SCENES)
    for hour in (None, *HOURS):
        assert all(scene.at(hour) > 0 for scene in SCENES)
