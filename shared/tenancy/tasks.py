"""Base class of Celery tasks: each runs in the scope it was sent from, in one transaction. Source: ARCHITECTURE 3."""

from __future__ import annotations

import logging
from typing import Any

from celery.contrib.django.task import DjangoTask

from shared.kernel.ids import new_id
from shared.tenancy import scopes
from shared.tenancy.connection import tenant_connection
from shared.tenancy.gate import HeldByBreak

logger = logging.getLogger(__name__)
HEADER = "asuso_scope"
HELD_PAUSE_SECONDS = 15.0


class TaskWithoutScope(RuntimeError):
    """A task arrived without the organization and the actor it must act for."""


class WorkspaceTask(DjangoTask):
    """Carries organization, actor and request id in the message and opens the same scope around the task.

    A task class with ``is_global = True`` opens its scopes itself (fleet work, projection); one with ``is_exempt`` is
    also run during a maintenance break. Send by ``delay_on_commit``; what must not be lost is wanted through
    ``shared.messaging.services.want_task`` instead.
    """

    abstract = True
    is_global = False
    is_exempt = False

    def apply_async(self, args: Any = None, kwargs: Any = None, **options: Any) -> Any:
        scope = tenant_connection().scope
        headers = {
            HEADER: {
                "role": scope.role,
                "schema": scope.schema,
                "actor": scope.actor,
                "request_id": scope.request_id or new_id().hex,
                "actor_name": scope.actor_name,
            }
        }
        options["headers"] = {**headers, **(options.get("headers") or {})}
        return super().apply_async(args, kwargs, **options)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        try:
            return self._run(*args, **kwargs)
        except HeldByBreak as held:
            # It waits for the end of the maintenance break, however long that is.
            raise self.retry(exc=held, countdown=HELD_PAUSE_SECONDS, max_retries=None) from held

    def _run(self, *args: Any, **kwargs: Any) -> Any:
        if self.is_global:
            return self.run(*args, **kwargs)
        found = (self.request.headers or {}).get(HEADER)
        if not found or not found["role"]:
            raise TaskWithoutScope(self.name)
        with scopes.enter(scopes.Scope(**found)):
            return self.run(*args, **kwargs)

    def on_failure(self, exc: BaseException, task_id: str, args: Any, kwargs: Any, einfo: Any) -> None:
        """Name the fault without its text, which may hold personal data; Celery's own line is switched off."""
        logger.error("task failed", extra={"task": self.name, "task_id": task_id, "fault": type(exc).__name__})
