"""Tasks that must not be lost: written in the transaction that wants them, polled by the worker."""

from __future__ import annotations

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from shared.kernel.ids import new_id
from shared.messaging.queries import TaskOutboxQuerySet


class TaskOutbox(models.Model):
    """A task wanted by a committed transaction; a rollback takes the wish with it. Source: ARCHITECTURE 3.

    ``not_before`` is also the lease of the worker that runs it: while it runs the worker moves it ahead, and when the
    worker dies the moment comes and another worker takes the row.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organization_id = models.UUIDField(null=True)
    name = models.CharField(max_length=120)
    arguments = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    actor = models.CharField(max_length=200, blank=True)
    request_id = models.CharField(max_length=40, blank=True)
    wanted_at = models.DateTimeField(auto_now_add=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField(null=True)

    objects = TaskOutboxQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(name="taskoutbox_wanted", fields=["wanted_at"])]

    def __str__(self) -> str:
        return self.name
