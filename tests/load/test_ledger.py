"""The comparison of the client's ledger finds what is lost, doubled, misplaced. Source: issue 5."""

from __future__ import annotations

import pytest

from tests.load.ledger import ACCEPTED, REFUSED, SENT, UNANSWERED, Ledger, Write, compare, read

ONE, OTHER = Write("card", "school-1", "а"), Write("card", "school-1", "б")


def noted(path, *events, write=ONE):
    ledger = Ledger(path / "ledger.jsonl")
    for event in events:
        made = ""
        if ":" in event:
            event, made = event.split(":")
        ledger.note(write, event, made=made)
    return read(path / "ledger.jsonl")


@pytest.mark.parametrize(
    ("events", "rows", "faults"),
    [
        ((SENT, f"{ACCEPTED}:1"), ["1"], []),
        ((SENT, ACCEPTED), [], ["lost"]),
        ((SENT, ACCEPTED), ["1", "2"], ["doubled"]),
        ((SENT, f"{ACCEPTED}:1"), ["2"], ["misnamed"]),
        ((SENT, f"{ACCEPTED}:1", SENT, f"{ACCEPTED}:2"), ["1", "2"], ["doubled"]),
        ((SENT, f"{ACCEPTED}:1", SENT, f"{ACCEPTED}:2"), ["1"], ["doubled", "misnamed"]),
        ((SENT, UNANSWERED, SENT, f"{ACCEPTED}:1"), ["1"], []),
        ((SENT, UNANSWERED, SENT, f"{ACCEPTED}:1"), ["1", "2"], ["doubled"]),
        ((SENT, UNANSWERED, SENT, ACCEPTED), [], ["lost"]),
        ((SENT,), [], []),
        ((SENT,), ["1"], []),
        ((SENT,), ["1", "2"], ["doubled"]),
        ((SENT, UNANSWERED), ["1"], []),
        ((SENT, UNANSWERED), [], []),
        ((SENT, REFUSED), [], []),
        ((SENT, REFUSED), ["1"], ["refused_but_written"]),
        ((SENT, UNANSWERED, SENT, REFUSED), ["1"], []),  # the first try may have written it
        ((SENT, SENT, REFUSED), ["1"], []),
    ],
)
def test_each_write_is_judged_by_what_was_answered(tmp_path, events, rows, faults):
    result = compare(noted(tmp_path, *events), {ONE: rows})
    assert list(result.faults) == faults


def test_writes_are_counted_by_what_became_of_them(tmp_path):
    noted(tmp_path, SENT, UNANSWERED, SENT, f"{ACCEPTED}:1")
    noted(tmp_path, SENT, UNANSWERED, write=OTHER)
    noted(tmp_path, SENT, write=Write("card", "school-1", "в"))
    accounts = noted(tmp_path, SENT, REFUSED, write=Write("card", "school-1", "г"))
    result = compare(accounts, {ONE: ["1"], OTHER: ["2"]})
    assert (result.accepted, result.repeated, result.refused) == (1, 1, 1)
    assert (result.unanswered_written, result.unanswered_absent) == (1, 1)
    assert not result.faults


def test_a_row_in_another_organization_is_lost_where_it_was_sent_and_unsent_where_it_is(tmp_path):
    strayed = Write("card", "school-2", ONE.mark)
    result = compare(noted(tmp_path, SENT, ACCEPTED), {strayed: ["1"]})
    assert result.faults == {"lost": [ONE], "unsent": [strayed]}


def test_a_ledger_cut_short_by_a_kill_is_read_up_to_its_last_whole_line(tmp_path):
    noted(tmp_path, SENT)
    path = tmp_path / "ledger.jsonl"
    path.write_text(path.read_text() + '{"event": "acce')
    assert read(path)[ONE].outcome == UNANSWERED
