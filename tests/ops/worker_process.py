"""A real worker that knows the tasks of these tests; its leases are short, so a killed one is replaced soon."""

from __future__ import annotations

import datetime
import os
import time
from pathlib import Path

import django

django.setup()

from config.celery import app  # noqa: E402
from shared.messaging import services  # noqa: E402
from shared.tenancy import scopes  # noqa: E402
from tenants.files.models import StoredFile  # noqa: E402

LEASE_SECONDS = 2


@app.task(name="tests.effect")
def effect(*, journal: str, mark: str, number: int) -> None:
    """One row for each number, whatever was tried before; slow enough to be killed in the middle."""
    _note(journal, number)
    _write(mark, number)
    time.sleep(0.15)  # the row is written, not committed: a death here must take it back


@app.task(name="tests.message", is_global=True)
def message(*, journal: str, mark: str, number: int, schema: str) -> None:
    """The same, sent as a message; the first try outlives its worker."""
    if _note(journal, number) == 1:
        time.sleep(600)
    with scopes.enter(scopes.of_organization(schema).by("tests")):
        _write(mark, number)


def _note(journal: str, number: int) -> int:
    """Write down a try and return how many there were."""
    path = Path(journal)
    with path.open("a") as file:
        file.write(f"{number} {os.getpid()}\n")
    return sum(line.startswith(f"{number} ") for line in path.read_text().splitlines())


def _write(mark: str, number: int) -> None:
    """There is no unique constraint to help: two runs that both count would leave two rows."""
    name = f"{number}.pdf"
    if not StoredFile.objects.filter(purpose=mark, name=name).exists():
        StoredFile(
            sha256="0" * 64, size=1, content_type="application/pdf", name=name, purpose=mark, made_by="tests"
        ).save(force_insert=True)


if __name__ == "__main__":
    from config import worker

    services.LEASE = datetime.timedelta(seconds=LEASE_SECONDS)
    worker.run()
