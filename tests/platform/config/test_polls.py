"""The worker's polls leave the processor to those who write. Source: issue 5, point 9."""

from __future__ import annotations

import pytest

from config import worker


@pytest.mark.parametrize(
    ("share", "taken", "rest"),
    [
        (1.0, 5.0, 1.0),  # what must follow at once begins again after its pause
        (0.2, 0.1, 1.0),  # a short round is never waited for longer than usual
        (0.2, 2.0, 8.0),
        (0.2, 60.0, worker.LONGEST_REST),
    ],
)
def test_a_poll_rests_in_proportion_to_its_last_round(monkeypatch, share, taken, rest):
    clock, rests = [0.0], []

    def step() -> None:
        clock[0] += taken

    poll = worker.Poll("counting", step, share=share)
    monkeypatch.setattr(worker.time, "monotonic", lambda: clock[0])
    monkeypatch.setattr(worker, "close_old_connections", lambda: None)
    monkeypatch.setattr(worker.connections, "close_all", lambda: None)
    monkeypatch.setattr(poll._stopping, "wait", lambda seconds: rests.append(seconds) or len(rests) == 3)
    poll.run()
    assert rests == [1.0, pytest.approx(rest), pytest.approx(rest)]
