"""A task whose loss matters is neither lost nor run when its transaction rolls back."""

import datetime
import os
import signal
import subprocess
import sys
import threading
import time
import uuid
from pathlib import Path

import pytest
from celery import current_app
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from config.logs import LineFormatter
from shared.messaging import services
from shared.messaging.models import TaskOutbox
from shared.messaging.services import pause_after, renew_leases, run_wanted, take_wanted, want_task

SEEN: list[tuple[str, str, str]] = []


@current_app.task(name="tests.note")
def note(*, word: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select current_user, current_schema()")
        SEEN.append((word, *cursor.fetchone()))


@current_app.task(name="tests.fail")
def fail() -> None:
    raise ValueError("Иванов Иван")


@current_app.task(name="tests.anywhere", is_global=True)
def anywhere(*, word: str) -> None:
    SEEN.append((word, "", ""))


@pytest.fixture
def committed(committed):
    """The committed schools with an empty outbox."""
    SEEN.clear()
    TaskOutbox.objects.all().delete()
    yield committed
    TaskOutbox.objects.all().delete()


def test_a_wish_of_a_rolled_back_transaction_is_gone(committed):
    with committed.school.work():
        want_task("tests.note", word="never")
        transaction.set_rollback(True)
    assert take_wanted(10) == []


def test_a_wish_of_an_organization_runs_in_its_scope_and_is_done_once(committed):
    school = committed.school.organization
    with committed.school.work("anna"):
        want_task("tests.note", word="hello")
    (wish,) = take_wanted(10)
    assert (wish.organization_id, wish.actor, wish.attempts) == (school.pk, "anna", 1)
    assert run_wanted(wish)
    assert [("hello", f"asuso_{school.schema_name}", school.schema_name)] == SEEN
    assert not TaskOutbox.objects.exists()


def test_ids_and_days_travel_as_text(committed):
    key = uuid.uuid4()
    want_task("tests.anywhere", word=key)
    assert TaskOutbox.objects.get().arguments == {"word": str(key)}


def test_an_organization_cannot_wish_for_another(committed):
    with pytest.raises(DatabaseError, match="row-level security"), committed.school.work():
        want_task("tests.note", organization_id=committed.other.organization.pk, word="theirs")


def test_an_organization_cannot_wish_for_a_task_that_opens_its_own_scopes(committed):
    with committed.school.work():
        want_task("tests.anywhere", word="escape")
    assert not run_wanted(take_wanted(1)[0])
    assert SEEN == []


def test_a_task_of_organizations_is_not_run_for_nobody(committed):
    want_task("tests.note", word="whose")
    assert not run_wanted(take_wanted(1)[0])
    assert SEEN == []


def test_a_failed_task_waits_and_stays_and_its_text_is_not_logged(committed, caplog):
    with committed.school.work():
        want_task("tests.fail")
    assert not run_wanted(take_wanted(1)[0])
    left = TaskOutbox.objects.get()
    assert left.attempts == 1
    assert left.not_before > timezone.now() + datetime.timedelta(seconds=3)
    assert take_wanted(1) == []
    assert "Иванов" not in "".join(map(LineFormatter().format, caplog.records))
    assert LineFormatter().format(caplog.records[-1]).endswith("ValueError")


def test_an_unknown_task_stays_until_the_code_that_knows_it_comes(committed):
    want_task("tests.of_the_next_release")
    assert not run_wanted(take_wanted(1)[0])
    assert TaskOutbox.objects.count() == 1


def test_the_pause_grows_to_an_hour():
    assert [pause_after(attempt).total_seconds() for attempt in (1, 2, 3, 10, 30000)] == [5, 10, 20, 2560, 3600]


def test_two_workers_at_once_never_take_the_same_task(committed):
    for _ in range(20):
        want_task("tests.anywhere", word="x")
    taken: list[uuid.UUID] = []
    start = threading.Barrier(2)

    def work() -> None:
        start.wait()
        while wishes := take_wanted(3):
            taken.extend(wish.pk for wish in wishes)
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(taken) == len(set(taken)) == 20


def test_a_task_is_free_again_when_its_lease_is_over_and_not_while_it_is_renewed(committed, monkeypatch):
    monkeypatch.setattr(services, "LEASE", datetime.timedelta(seconds=0.3))
    want_task("tests.anywhere", word="long")
    (wish,) = take_wanted(1)
    monkeypatch.setattr(services, "LEASE", datetime.timedelta(seconds=60))
    renew_leases([wish.pk])
    time.sleep(0.4)
    assert take_wanted(1) == []
    TaskOutbox.objects.update(not_before=timezone.now())
    assert [again.attempts for again in take_wanted(1)] == [2]


def test_a_task_of_a_killed_worker_is_run_again_by_the_next(committed, tmp_path):
    journal = tmp_path / "journal"
    with transaction.atomic():
        want_task("tests.interrupted", journal=str(journal))
    first = _worker()
    _wait(lambda: journal.exists() and journal.read_text().endswith("\n"))
    os.kill(first.pid, signal.SIGKILL)
    first.wait()
    assert TaskOutbox.objects.count() == 1
    second = _worker()
    try:
        _wait(lambda: not TaskOutbox.objects.exists())
    finally:
        second.terminate()
        assert second.wait(20) == 0
    assert len(journal.read_text().splitlines()) == 2


def _worker() -> subprocess.Popen[bytes]:
    root = Path(__file__).parents[3]
    return subprocess.Popen([sys.executable, "-m", "tests.shared.messaging.worker_process"], cwd=root)


def _wait(condition) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline, "waited for too long"
        time.sleep(0.05)
