"""The task outbox: a task is wanted inside a transaction and run by the worker after it committed.

The broker is not asked: a message of the file-system transport dies with the worker that took it. A row is taken for a
short lease, which its worker renews while the task runs, and is deleted only when the task is done. So a task is never
lost, never runs when its transaction rolled back, and may run twice, which every task must bear.

Source: ARCHITECTURE 3.
"""

from __future__ import annotations

import datetime
import logging
import uuid
from collections.abc import Iterable
from typing import Any

from celery import current_app
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from shared.kernel.trace import Trace, tracing
from shared.maintenance.faults import note_fault
from shared.maintenance.models import Fault
from shared.messaging.errors import TaskNotAllowed
from shared.messaging.models import TaskOutbox
from shared.organizations.models import Organization
from shared.tenancy import scopes
from shared.tenancy.connection import tenant_connection
from shared.tenancy.gate import HeldByBreak
from shared.tenancy.names import PUBLIC

logger = logging.getLogger(__name__)
LEASE = datetime.timedelta(seconds=30)
FIRST_PAUSE = datetime.timedelta(seconds=5)
LONGEST_PAUSE = datetime.timedelta(hours=1)


def want_task(name: str, *, organization_id: uuid.UUID | None = None, **arguments: Any) -> TaskOutbox:
    """Have the worker run the Celery task ``name`` once the caller's transaction has committed.

    In an organization's scope the task is that organization's and runs in its scope; elsewhere ``name`` is a task with
    ``is_global`` that opens its own scopes. ``arguments`` are ids, days and other plain values.
    """
    scope = tenant_connection().scope
    if organization_id is None and scope.schema != PUBLIC:
        organization_id = Organization.with_copies.values_list("pk", flat=True).get(schema_name=scope.schema)
    wish = TaskOutbox(
        name=name,
        organization_id=organization_id,
        arguments=arguments,
        actor=scope.actor,
        request_id=scope.request_id,
    )
    wish.save(force_insert=True)
    return wish


def take_wanted(limit: int) -> list[TaskOutbox]:
    """Take up to ``limit`` due tasks for a lease; no other worker takes them meanwhile.

    Those that a maintenance break holds wait for its end.
    """
    exempt = [name for name, task in current_app.tasks.items() if getattr(task, "is_exempt", False)]
    with transaction.atomic():
        due = TaskOutbox.objects.due().outside_breaks(exempt)
        taken = due.select_for_update(skip_locked=True).order_by("wanted_at")[:limit]
        keys = [wish.pk for wish in taken]
        TaskOutbox.objects.filter(pk__in=keys).update(attempts=F("attempts") + 1, not_before=Now() + LEASE)
        return list(TaskOutbox.objects.filter(pk__in=keys).order_by("wanted_at"))


def renew_leases(keys: Iterable[uuid.UUID]) -> None:
    """The tasks are still running: nobody else may take them."""
    TaskOutbox.objects.filter(pk__in=list(keys)).update(not_before=Now() + LEASE)


def run_wanted(wish: TaskOutbox) -> bool:
    """Run a taken task; done is deleted, failed is put off for a growing pause. Says whether it is done."""
    with tracing(Trace(task_number=wish.request_id, task_schema=_schema_of(wish))) as trace:
        try:
            _run(wish, trace.task_schema)
        except HeldByBreak:
            # Begun in the moment the break was: no failure, and the next attempt is the first again.
            TaskOutbox.objects.filter(pk=wish.pk).update(not_before=None, attempts=F("attempts") - 1)
            return False
        except Exception:
            logger.exception("task failed", extra={"task": wish.name, "attempt": wish.attempts})
            TaskOutbox.objects.filter(pk=wish.pk).update(not_before=Now() + pause_after(wish.attempts))
            note_fault(Fault.Source.TASK, wish.organization_id)
            return False
    TaskOutbox.objects.filter(pk=wish.pk).delete()
    return True


def pause_after(attempts: int) -> datetime.timedelta:
    """How long a failed task waits: 5 s, doubled with every attempt, at most an hour."""
    return min(FIRST_PAUSE * 2 ** min(attempts - 1, 20), LONGEST_PAUSE)


def _schema_of(wish: TaskOutbox) -> str:
    """Schema of the task's organization; '' when it has none, or none that is left."""
    if wish.organization_id is None:
        return ""
    return Organization.with_copies.filter(pk=wish.organization_id).values_list("schema_name", flat=True).first() or ""


def _run(wish: TaskOutbox, schema: str) -> None:
    """Raises: TaskNotAllowed, NotRegistered, and whatever the task raises."""
    task = current_app.tasks[wish.name]
    # A workspace role can write any name into its row; only the organization's own tasks may come of it.
    if task.is_global is not (wish.organization_id is None):
        raise TaskNotAllowed(wish.name)
    if wish.organization_id is None:
        task.run(**wish.arguments)
        return
    with scopes.enter(scopes.of_organization(schema).by(wish.actor, wish.request_id)):
        task.run(**wish.arguments)
