"""What each part of the installation is like at this moment, in words for everybody; no names, no numbers of people."""

from __future__ import annotations

import datetime
import os
import time
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as Late
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from django.conf import settings
from django.core.files.storage import storages
from django.db import connection
from django.db.models import Min
from django.utils import timezone

from config.health import broker_answers
from fleet.backups.models import Backup
from shared.contingent.models import Outbox
from shared.kernel.text import plural
from shared.maintenance.watching import WORKER, last_beat

MINUTE: Final = 60.0
SLOW_DATABASE_SECONDS: Final = 0.2
WORKER_LATE, WORKER_GONE = 1 * MINUTE, 5 * MINUTE
REGISTRY_LATE, REGISTRY_STUCK = 1 * MINUTE, 15 * MINUTE
FILES_PATIENCE_SECONDS: Final = 2.0
DRILL_EVERY: Final = datetime.timedelta(hours=48)  # every night, and a night may be missed
DRILL: Final = "Проверка резервных копий"
WAITS: Final = "Ждёт окончания перерыва"
_probing = ThreadPoolExecutor(1, thread_name_prefix="files-probe")
_probes: dict[str, Future[bool]] = {}


class State(StrEnum):
    FINE = "fine"
    SLOW = "slow"
    BROKEN = "broken"


LABELS: Final = {State.FINE: "Работает", State.SLOW: "Медленно", State.BROKEN: "Не работает"}
REHEARSAL_LABELS: Final = {State.FINE: "Проведена", State.SLOW: "Ожидается", State.BROKEN: "Не удалась"}


@dataclass(frozen=True, slots=True)
class Part:
    """One part: ``code`` for programs, the rest for people."""

    code: str
    title: str
    state: State
    words: str

    @property
    def label(self) -> str:
        return (REHEARSAL_LABELS if self.code == "backup" else LABELS)[self.state]


def web() -> Part:
    """Whoever reads this was answered."""
    return Part("web", "Веб-сервер", State.FINE, "Отвечает")


def database() -> Part:
    began = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    is_slow = time.perf_counter() - began > SLOW_DATABASE_SECONDS
    words = "Отвечает с задержкой" if is_slow else "Отвечает"
    return Part("database", "База данных", State.SLOW if is_slow else State.FINE, words)


def database_away() -> Part:
    return Part("database", "База данных", State.BROKEN, "Не отвечает, оператор уже знает об этом")


def worker() -> Part:
    """Whether the loop of any worker turns, and whether what it is woken by works."""
    title, seen = "Фоновые задачи", last_beat(WORKER)
    age = (timezone.now() - seen).total_seconds() if seen else None
    if age is None or age > WORKER_GONE:
        return Part("worker", title, State.BROKEN, "Не выполняются, поставленные ждут")
    if age > WORKER_LATE or not broker_answers():
        return Part("worker", title, State.SLOW, "Выполняются с задержкой")
    return Part("worker", title, State.FINE, "Выполняются")


def files() -> Part:
    """Whether the store of files answers in two seconds; a store that hangs is asked once, not by every reader."""
    asked = _probes.get("files")
    if asked is None or asked.done():
        asked = _probes["files"] = _probing.submit(_files_answer)
    try:
        is_there = asked.result(FILES_PATIENCE_SECONDS)
    except Late:
        return Part("files", "Хранилище файлов", State.SLOW, "Отвечает с задержкой")
    except Exception:  # noqa: BLE001 - whatever the store's library raises, the store does not answer
        is_there = False
    if is_there:
        return Part("files", "Хранилище файлов", State.FINE, "Отвечает")
    return Part("files", "Хранилище файлов", State.BROKEN, "Не отвечает")


def registry(*, is_held: bool) -> Part:
    """How far the registry of the region is behind the organizations."""
    oldest = Outbox.objects.aggregate(oldest=Min("at"))["oldest"]
    lag = (timezone.now() - oldest).total_seconds() if oldest else 0.0
    if lag <= REGISTRY_LATE:
        return Part("registry", "Передача в реестр", State.FINE, "Без задержки")
    if is_held:
        return Part("registry", "Передача в реестр", State.SLOW, WAITS)
    minutes = round(lag / MINUTE)
    words = f"Задержка {minutes} {plural(minutes, 'минута,минуты,минут')}"
    return Part("registry", "Передача в реестр", State.BROKEN if lag > REGISTRY_STUCK else State.SLOW, words)


def drill() -> Part:
    """The last nightly rehearsal of a restore, finished one way or the other."""
    done = Backup.objects.filter(kind=Backup.Kind.DRILL).exclude(outcome=Backup.Outcome.RUNNING)
    last = done.order_by("-taken_at").values_list("taken_at", "outcome").first()
    return drill_of(*last) if last else Part("backup", DRILL, State.SLOW, "Ещё не проводилась")


def drill_of(taken_at: datetime.datetime, outcome: str) -> Part:
    """The same of a known drill."""
    day = f"{timezone.localtime(taken_at):%d.%m.%Y}"
    if outcome != Backup.Outcome.DONE:
        return Part("backup", DRILL, State.BROKEN, f"Последняя, {day}, не удалась")
    if timezone.now() - taken_at > DRILL_EVERY:
        return Part("backup", DRILL, State.SLOW, f"Последняя успешная {day}")
    return Part("backup", DRILL, State.FINE, f"Успешна, {day}")


def _files_answer() -> bool:
    if settings.FILES_IN_BUCKET:
        storages["default"].exists("status")
        return True
    root = settings.FILES_ROOT
    return os.access(root if root.exists() else root.parent, os.W_OK)
