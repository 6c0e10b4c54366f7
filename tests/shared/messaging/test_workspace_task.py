"""A task sent through the broker runs in the scope it was sent from, and in no other."""

import pytest
from celery import current_app
from celery.contrib.testing.worker import start_worker
from django.db import DatabaseError, connection, transaction

from shared.tenancy.tasks import HEADER, TaskWithoutScope, WorkspaceTask

SEEN: list[tuple[str, str, str]] = []


@current_app.task(name="tests.whoami")
def whoami() -> None:
    with connection.cursor() as cursor:
        cursor.execute("select current_user, current_schema(), current_setting('asuso.actor')")
        SEEN.append(cursor.fetchone())


@pytest.fixture(autouse=True)
def _nothing_seen():
    SEEN.clear()


def test_role_schema_and_actor_arrive_through_the_broker(committed):
    school, other = committed.school, committed.other
    with start_worker(current_app, pool="threads", perform_ping_check=False, shutdown_timeout=20):
        for place, actor in ((school, "anna"), (other, "vera")):
            with place.work(actor):
                whoami.delay_on_commit()
        _wait_for(2)
    schemas = (school.organization.schema_name, other.organization.schema_name)
    assert sorted(SEEN) == sorted(
        (f"asuso_{schema}", schema, actor) for schema, actor in zip(schemas, ("anna", "vera"), strict=True)
    )


def test_a_task_sent_in_a_transaction_that_rolled_back_is_not_sent(committed, monkeypatch):
    sent = []
    monkeypatch.setattr(WorkspaceTask, "apply_async", lambda self, *args, **options: sent.append(options))
    with committed.school.work():
        whoami.delay_on_commit()
        transaction.set_rollback(True)
    assert sent == []


@pytest.mark.parametrize("headers", [None, {}, {HEADER: {"role": None, "schema": "public"}}])
def test_a_task_without_scope_raises(committed, headers):
    with pytest.raises(TaskWithoutScope):
        whoami.apply(headers=headers, throw=True)
    assert SEEN == []


def test_a_forged_schema_does_not_open_another_organizations_tables(committed):
    school, other = committed.school.organization, committed.other.organization
    forged = {"role": f"asuso_{school.schema_name}", "schema": other.schema_name, "actor": "x", "request_id": ""}

    @current_app.task(name="tests.read_people")
    def read_people() -> None:
        with connection.cursor() as cursor:
            cursor.execute("select count(*) from people_student")

    with pytest.raises(DatabaseError, match=r"does not exist|permission denied"):
        read_people.apply(headers={HEADER: forged}, throw=True)


def _wait_for(count: int) -> None:
    import time

    deadline = time.monotonic() + 20
    while len(SEEN) < count:
        assert time.monotonic() < deadline, f"waited for too long: {SEEN}"
        time.sleep(0.05)
