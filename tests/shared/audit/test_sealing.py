"""Records are sealed after they were committed, one chain a schema, and whatever stops the sealing, it goes on."""

from __future__ import annotations

import threading
from itertools import count

import pytest
from django.db import connections, transaction

from shared.audit import sealing
from shared.audit.models import Chain, Mark
from shared.audit.verifying import verify
from tests.shared.audit.tampering import ask, log_of, tamper, write_five
from tests.support import School, connect
from tests.tenants import factories

_numbers = count(1)


@pytest.fixture
def place(committed) -> School:
    """An organization of one test, with its provisioning sealed."""
    connected = connect(f"seal-{next(_numbers)}")
    sealing.seal_marked()
    return connected


def marks(place: School) -> int:
    return Mark.objects.using("owner").filter(schema_name=place.organization.schema_name).count()


def numbers(place: School) -> list[tuple[int, int | None]]:
    """Keys and numbers of what was written after the first record, the organization's own card."""
    return ask(place, "select id, seal_no - 1 from {log} where id > (select min(id) from {log}) order by id")


def test_a_transaction_leaves_one_mark_however_much_it_writes(place):
    with place.work():
        for name in ("7А", "8А", "9А"):
            factories.group(name)
        factories.student()
    assert marks(place) == 1
    write_five(place)
    assert marks(place) == 6


def test_sealing_numbers_everything_without_gaps_and_takes_the_marks_away(place):
    write_five(place)
    assert {number for _, number in numbers(place)} == {None}
    assert sealing.seal_marked() >= 5
    assert [number for _, number in numbers(place)] == [1, 2, 3, 4, 5]
    assert marks(place) == 0
    head = Chain.objects.using("owner").get(pk=place.organization.schema_name)
    assert head.last_no == 1 + 5
    assert sealing.seal_marked() == 0


def test_a_longer_log_is_sealed_in_batches(place, monkeypatch):
    monkeypatch.setattr(sealing, "BATCH", 2)
    write_five(place)
    assert sealing.seal(log_of(place)) == 5
    assert verify(log_of(place)).breach is None


def test_killed_between_numbering_and_the_head_it_starts_again_from_the_same_place(place, monkeypatch):
    write_five(place)
    with monkeypatch.context() as patch:
        patch.setattr(sealing, "BATCH", 2)
        healthy, calls = sealing._chain, count(1)

        def dies(*args: object) -> None:
            healthy(*args)
            if next(calls) == 2:
                raise KeyboardInterrupt

        patch.setattr(sealing, "_chain", dies)
        with pytest.raises(KeyboardInterrupt):
            sealing.seal(log_of(place))
    assert [number for _, number in numbers(place)] == [1, 2, None, None, None]
    assert sealing.seal(log_of(place)) == 3
    assert verify(log_of(place)).breach is None


def test_a_mark_is_not_lost_when_the_sealing_dies(place, monkeypatch):
    write_five(place)

    def dies(*args: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(sealing, "_chain", dies)
        with pytest.raises(KeyboardInterrupt):
            sealing.seal_marked()
    assert marks(place) == 5
    assert sealing.seal_marked() == 5


def test_two_sealings_at_once_make_one_chain(place):
    write_five(place)
    done: list[int] = []

    def work() -> None:
        try:
            done.append(sealing.seal(log_of(place)))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(done) == 5
    assert verify(log_of(place)).breach is None


def test_a_transaction_that_ends_later_is_sealed_after_those_that_began_after_it(place):
    """Keys are given at the insert, seals after the commit: writers never wait for each other."""
    began, may_end = threading.Event(), threading.Event()

    def slow() -> None:
        try:
            with place.work("slow"):
                factories.group("9А")
                began.set()
                may_end.wait(10)
        finally:
            connections.close_all()

    thread = threading.Thread(target=slow)
    thread.start()
    began.wait(10)
    write_five(place)
    assert sealing.seal_marked() >= 5
    may_end.set()
    thread.join()
    assert sealing.seal_marked() >= 1
    assert [number for _, number in numbers(place)] == [6, 1, 2, 3, 4, 5]
    assert verify(log_of(place)).breach is None


def test_nothing_is_chained_to_a_head_that_does_not_fit_and_the_others_are_sealed(place, caplog):
    write_five(place)
    sealing.seal_marked()
    tamper(place, "update public.audit_chain set last_no = 4 where schema_name = '{schema}'")
    other = connect(f"seal-{next(_numbers)}")
    for one in (place, other):
        with one.work():
            factories.group("9Б")
    sealing.seal_marked()
    assert numbers(place)[-1][1] is None
    assert numbers(other)[-1][1] == 1
    assert [record.schema for record in caplog.records] == [place.organization.schema_name]
    tamper(place, "update public.audit_chain set last_no = 6 where schema_name = '{schema}'")
    assert sealing.seal_marked() == 1


def test_what_was_rolled_back_is_not_sealed(place):
    with place.work():
        factories.group("1А")
        transaction.set_rollback(True)
    assert sealing.seal(log_of(place)) == 0
