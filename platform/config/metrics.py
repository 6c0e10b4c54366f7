"""Figures of the installation for Prometheus: counts and ages, nothing about people. Source: INTERFACES 2."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Min, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from config.version import expected_fingerprint
from fleet.backups.models import Backup
from shared.access.actors import Actor
from shared.access.addresses import client_address, is_in
from shared.access.declarations import public
from shared.contingent.models import Outbox
from shared.maintenance.current import open_breaks
from shared.maintenance.models import Stage
from shared.maintenance.watching import WORKER, last_beat
from shared.messaging.models import TaskOutbox
from shared.organizations.models import Organization

CAPABILITY = "fleet.view"
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
Sample = tuple[str, float]


@public()
@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """The exposition format of Prometheus, six queries whatever the number of organizations.

    For the networks of ``ALLOWED_NETWORKS_OPERATOR`` and for operators who are signed in: lengths of queues tell
    an attacker when nobody watches.
    """
    actor: Actor | None = request.actor  # type: ignore[attr-defined]
    networks = settings.ENVIRONMENT.allowed_networks_operator
    if not is_in(client_address(request), networks) and not (actor and actor.may(CAPABILITY)):
        raise PermissionDenied
    lines: list[str] = []
    for name, about, samples in _gauges():
        lines += [f"# HELP {name} {about}", f"# TYPE {name} gauge"]
        lines += [f"{name}{labels} {value:g}" for labels, value in samples]
    return HttpResponse("\n".join([*lines, ""]), content_type=CONTENT_TYPE)


def _gauges() -> Iterator[tuple[str, str, list[Sample]]]:
    alive = Q(status__in=[Organization.Status.ACTIVE, Organization.Status.SUSPENDED])
    organizations = Organization.objects.aggregate(
        behind=Count("pk", filter=alive & ~Q(fingerprint=expected_fingerprint())),
        **{str(status): Count("pk", filter=Q(status=status)) for status in Organization.Status},
    )
    by_status = [(f'{{status="{status}"}}', organizations[status]) for status in map(str, Organization.Status)]
    yield "asuso_organizations", "Connected organizations.", by_status
    yield "asuso_organizations_behind", "Organizations not at this code's version.", [("", organizations["behind"])]
    tasks, age = _queue(TaskOutbox.objects.all(), "wanted_at")
    yield "asuso_task_outbox", "Tasks wanted and not done.", [("", tasks)]
    yield "asuso_task_outbox_age_seconds", "Age of the oldest wanted task.", [("", age)]
    rows, lag = _queue(Outbox.objects.all(), "at")
    yield "asuso_registry_outbox", "Changes not yet in the registry.", [("", rows)]
    yield "asuso_registry_lag_seconds", "How far the registry is behind the organizations.", [("", lag)]
    yield from _life()


def _life() -> Iterator[tuple[str, str, list[Sample]]]:
    """Breaks, the worker and the nightly drill."""
    opened = open_breaks()
    stages = [Stage.ANNOUNCED, Stage.CLOSING, Stage.RUNNING, Stage.ENDING]
    samples = [(f'{{stage="{stage}"}}', float(sum(one.stage == stage for one in opened))) for stage in stages]
    yield "asuso_maintenance_breaks", "Maintenance breaks to come or going on.", samples
    held = [one.closing_at for one in opened if one.closing_at]
    yield "asuso_maintenance_break_seconds", "How long writes have been held.", [("", _age(min(held, default=None)))]
    seen = last_beat(WORKER)
    if seen is not None:
        yield "asuso_worker_beat_age_seconds", "Since the last sign of life of any worker.", [("", _age(seen))]
    drills = Backup.objects.filter(kind=Backup.Kind.DRILL).exclude(outcome=Backup.Outcome.RUNNING)
    last = drills.order_by("-taken_at").values_list("taken_at", "outcome").first()
    if last is not None:
        yield "asuso_drill_age_seconds", "Since the last finished drill of a restore.", [("", _age(last[0]))]
        yield "asuso_drill_succeeded", "Whether it succeeded.", [("", float(last[1] == Backup.Outcome.DONE))]


def _age(moment: datetime.datetime | None) -> float:
    return max((timezone.now() - moment).total_seconds(), 0.0) if moment else 0.0


def _queue(rows: QuerySet, moment: str) -> tuple[int, float]:
    found = rows.aggregate(length=Count("pk"), oldest=Min(moment))
    return found["length"], _age(found["oldest"])
