"""A real worker process that knows the tasks of these tests; its leases are short."""

import datetime
import os
import time
from pathlib import Path

import django

django.setup()

from config.celery import app  # noqa: E402
from shared.messaging import services  # noqa: E402


@app.task(name="tests.interrupted", is_global=True)
def interrupted(*, journal: str) -> None:
    """Notes that it began; the first time it goes on for longer than its worker lives."""
    path = Path(journal)
    with path.open("a") as file:
        file.write(f"{os.getpid()}\n")
    if len(path.read_text().splitlines()) == 1:
        time.sleep(600)


if __name__ == "__main__":
    from config import worker

    services.LEASE = datetime.timedelta(seconds=2)
    worker.run()
