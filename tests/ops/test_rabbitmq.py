"""Tasks through the death of brokers and workers: nothing wanted is lost, nothing is done twice. Source: issue 5."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from celery import current_app
from django.db import transaction
from kombu import Connection

from shared.messaging.models import TaskOutbox
from shared.messaging.services import want_task
from tenants.files.models import StoredFile
from tests.ops.brokers import MESSAGE_OPTIONS, Broker, rabbitmq, redis
from tests.running import ROOT, wait_until

WANTED = 8
SCRIPT = Path(__file__).with_name("worker_process.py")


@pytest.fixture
def mark(committed) -> Iterator[str]:
    """The purpose of this test's rows, in an outbox that is empty before and after."""
    TaskOutbox.objects.all().delete()
    yield f"tests_{uuid.uuid4().hex[:8]}"
    TaskOutbox.objects.all().delete()


@contextmanager
def worker(broker: Broker) -> Iterator[subprocess.Popen[bytes]]:
    environment = os.environ | {"BROKER_URL": broker.url, "PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}"}
    with (broker.folder / "worker.log").open("ab") as log:
        process = subprocess.Popen([sys.executable, str(SCRIPT)], cwd=ROOT, env=environment, stdout=log, stderr=log)
    try:
        yield process
    finally:
        process.kill()
        process.wait(20)


def want(school, journal: Path, mark: str, numbers: range) -> None:
    with school.work("anna"):
        for number in numbers:
            want_task("tests.effect", journal=str(journal), mark=mark, number=number)


def done(school, mark: str) -> Counter[str]:
    with school.work():
        return Counter(StoredFile.objects.filter(purpose=mark).values_list("name", flat=True))


def tries(journal: Path) -> Counter[str]:
    return Counter(line.split()[0] for line in journal.read_text().splitlines()) if journal.exists() else Counter()


@pytest.mark.parametrize("kind", [rabbitmq, redis], ids=["rabbitmq", "redis"])
def test_wanted_tasks_are_done_once_though_broker_and_worker_are_killed(kind, committed, mark, tmp_path):
    school, journal = committed.school, tmp_path / "journal"
    with kind(tmp_path) as broker:
        want(school, journal, mark, range(WANTED))
        with worker(broker) as first:
            wait_until(lambda: len(tries(journal)) >= 3, what="the first tasks")
            broker.kill()
            before = len(tries(journal))
            wait_until(lambda: len(tries(journal)) > before, what="tasks go on without a broker")
            first.send_signal(signal.SIGKILL)
            first.wait()
        assert TaskOutbox.objects.exists(), "the worker was to die in the middle"
        want(school, journal, mark, range(WANTED, WANTED + 4))  # wanting asks no broker
        with school.work():  # a transaction that is undone wants nothing
            want_task("tests.effect", journal=str(journal), mark=mark, number=999)
            transaction.set_rollback(True)
        with worker(broker):
            broker.start()
            wait_until(lambda: not TaskOutbox.objects.exists(), seconds=60, what="everything that was wanted")
    assert done(school, mark) == Counter({f"{number}.pdf": 1 for number in range(WANTED + 4)})
    assert tries(journal).total() > WANTED + 4, "what the killed worker held was tried again"


def test_a_message_outlives_the_worker_that_had_it_and_the_broker(committed, mark, tmp_path):
    """Late acknowledgement: RabbitMQ gives the message to the next worker when the first one's connection ends."""
    school, journal = committed.school, tmp_path / "journal"
    with rabbitmq(tmp_path) as broker:
        with worker(broker) as first:
            _send(broker, journal, mark, 1, school)
            wait_until(lambda: tries(journal)["1"] == 1, what="the first try")
            first.kill()
            first.wait()
        _send(broker, journal, mark, 2, school)
        journal.open("a").write("2 0\n")  # only the first message is to outlive a worker
        broker.kill()
        broker.start()
        with worker(broker):
            wait_until(lambda: len(done(school, mark)) == 2, seconds=60, what="both messages")
    assert done(school, mark) == Counter({"1.pdf": 1, "2.pdf": 1})
    assert tries(journal)["1"] == 2


def _send(broker: Broker, journal: Path, mark: str, number: int, school) -> None:
    facts = {"journal": str(journal), "mark": mark, "number": number, "schema": school.organization.schema_name}
    with Connection(broker.url, transport_options=MESSAGE_OPTIONS) as connection:
        current_app.send_task("tests.message", kwargs=facts, connection=connection, ignore_result=True)
