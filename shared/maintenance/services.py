"""The steps of a maintenance break, each in one transaction of the operator's scope. Source: R-277, R-278, R-279.

``start`` closes the door for new writes as soon as it commits; ``settle``, in a transaction after that, tells the break
running once the last write let in before has ended. Two people who press at once meet at the row: one is obeyed, the
other reads who was first.
"""

from __future__ import annotations

import datetime
import logging

from django.db import connection
from django.utils import timezone

from shared.kernel.rules import constraint_means
from shared.maintenance import errors
from shared.maintenance.current import forget_breaks
from shared.maintenance.models import NOTICE, MaintenanceBreak
from shared.organizations.models import Organization
from shared.tenancy.gate import LOCK_CLASS, WHOLE

logger = logging.getLogger(__name__)
_WRITING = """
    select count(*) from pg_locks
    where locktype = 'advisory' and granted and objsubid = 2 and classid = %s and pid <> pg_backend_pid()
      and database = (select oid from pg_database where datname = current_database()) and (%s = 0 or objid = %s)
"""


def announce(
    *,
    reason: str,
    planned_start: datetime.datetime,
    planned_end: datetime.datetime,
    by: str,
    organization: Organization | None = None,
) -> MaintenanceBreak:
    """Announce a break to come: every page and the public site tell of it from now on.

    Raises: StartPassed, EndBeforeStart, AlreadyPlanned.
    """
    if planned_start < timezone.now() - datetime.timedelta(minutes=1):
        raise errors.StartPassed
    if planned_end <= max(planned_start, timezone.now()):
        raise errors.EndBeforeStart
    announced = _new(MaintenanceBreak.Kind.PLANNED, reason, planned_start, planned_end, by, organization)
    with constraint_means("break_planned_once", errors.AlreadyPlanned()):
        announced.save(force_insert=True)
    return _done(announced, "announced")


def start_at_once(
    *, reason: str, expected_end: datetime.datetime | None, by: str, organization: Organization | None = None
) -> MaintenanceBreak:
    """On a failure: announce a break and begin it in one step, until the repair. Source: R-277.

    Raises: EndBeforeStart, AlreadyRunning.
    """
    now = timezone.now()
    if expected_end is not None and expected_end <= now:
        raise errors.EndBeforeStart
    started = _new(MaintenanceBreak.Kind.FAILURE, reason, now, expected_end, by, organization)
    started.closing_at, started.started_by = now, by
    with constraint_means("break_one_at_a_time", errors.AlreadyRunning()):
        started.save(force_insert=True)
    return _done(started, "closing")


def start(number: int, *, by: str) -> MaintenanceBreak:
    """Begin an announced break: from the commit on no write begins.

    Raises: BreakUnknown, AlreadyStarted, AlreadyOver, AlreadyRunning.
    """
    found = _locked(number)
    if found.closing_at is not None:
        raise errors.AlreadyStarted(number=number, by=found.started_by, at=_moment(found.closing_at))
    found.closing_at, found.started_by = timezone.now(), by
    with constraint_means("break_one_at_a_time", errors.AlreadyRunning()):
        found.save(update_fields=["closing_at", "started_by"])
    return _done(found, "closing")


def settle(number: int) -> MaintenanceBreak:
    """Tell a closing break running, if no write begun before it is left. Never in the transaction of ``start``.

    Raises: BreakUnknown, AlreadyOver.
    """
    found = _locked(number)
    if found.closing_at is not None and found.started_at is None and not writing_now(found):
        found.started_at = timezone.now()
        found.save(update_fields=["started_at"])
        return _done(found, "running")
    return found


def writing_now(found: MaintenanceBreak) -> int:
    """How many transactions that were let through before the break still go on."""
    with connection.cursor() as cursor:
        cursor.execute(_WRITING, [LOCK_CLASS, found.place, found.place])
        return int(cursor.fetchone()[0])


def extend(number: int, *, until: datetime.datetime) -> MaintenanceBreak:
    """Expect the end later; an end already announced no longer stands and is announced anew.

    Raises: BreakUnknown, AlreadyOver, EndBeforeStart, AlreadyPlanned.
    """
    found = _locked(number)
    if until <= max(found.planned_start, timezone.now()):
        raise errors.EndBeforeStart
    found.planned_end, found.ends_at, found.end_announced_at, found.end_announced_by = until, None, None, ""
    with constraint_means("break_planned_once", errors.AlreadyPlanned()):
        found.save(update_fields=["planned_end", "ends_at", "end_announced_at", "end_announced_by"])
    return _done(found, "extended")


def announce_end(number: int, *, ends_at: datetime.datetime, by: str) -> MaintenanceBreak:
    """Announce the end, at least 15 minutes before it; the database refuses a later announcement too. R-278.

    Raises: BreakUnknown, NotStarted, AlreadyOver, EndTooSoon.
    """
    found = _locked(number)
    if found.closing_at is None:
        raise errors.NotStarted(number=number)
    now = timezone.now()
    earliest = now + NOTICE
    refused = errors.EndTooSoon(earliest=_moment(_whole_minute(earliest)))
    if ends_at < earliest:
        raise refused
    found.ends_at, found.end_announced_at, found.end_announced_by = ends_at, now, by
    with constraint_means("break_end_announced_in_time", refused):
        found.save(update_fields=["ends_at", "end_announced_at", "end_announced_by"])
    return _done(found, "end announced")


def end(number: int, *, by: str) -> MaintenanceBreak:
    """End the break when its announced end has come; writes begin again with the commit.

    Raises: BreakUnknown, NotStarted, AlreadyOver, EndNotAnnounced, EndNotReached.
    """
    found = _locked(number)
    if found.closing_at is None:
        raise errors.NotStarted(number=number)
    if found.ends_at is None:
        raise errors.EndNotAnnounced(number=number)
    now = timezone.now()
    if now < found.ends_at:
        raise errors.EndNotReached(number=number, ends=_moment(found.ends_at))
    found.ended_at, found.ended_by = now, by
    found.save(update_fields=["ended_at", "ended_by"])
    return _done(found, "ended")


def withdraw(number: int, *, by: str) -> MaintenanceBreak:
    """Call off a break that has not begun. Raises: BreakUnknown, AlreadyStarted, AlreadyOver."""
    found = _locked(number)
    if found.closing_at is not None:
        raise errors.AlreadyStarted(number=number, by=found.started_by, at=_moment(found.closing_at))
    found.withdrawn_at, found.withdrawn_by = timezone.now(), by
    found.save(update_fields=["withdrawn_at", "withdrawn_by"])
    return _done(found, "withdrawn")


def _new(
    kind: MaintenanceBreak.Kind,
    reason: str,
    planned_start: datetime.datetime,
    planned_end: datetime.datetime | None,
    by: str,
    organization: Organization | None,
) -> MaintenanceBreak:
    return MaintenanceBreak(
        kind=kind,
        organization_id=organization.pk if organization else None,
        place=organization.number if organization else WHOLE,
        reason=reason,
        planned_start=planned_start,
        planned_end=planned_end,
        announced_at=timezone.now(),
        announced_by=by,
    )


def _locked(number: int) -> MaintenanceBreak:
    """The row, for this transaction alone. Raises: BreakUnknown, AlreadyOver."""
    rows = MaintenanceBreak.objects.select_related("organization").select_for_update(of=("self",))
    found = rows.filter(pk=number).first()
    if found is None:
        raise errors.BreakUnknown(number=number)
    if found.ended_at or found.withdrawn_at:
        by, at = found.ended_by or found.withdrawn_by, found.ended_at or found.withdrawn_at
        raise errors.AlreadyOver(number=number, by=by, at=_moment(at))
    return found


def _done(found: MaintenanceBreak, step: str) -> MaintenanceBreak:
    forget_breaks()
    logger.info("maintenance break", extra={"step": step, "number": found.pk, "place": found.place})
    return found


def _moment(moment: datetime.datetime | None) -> str:
    return f"{timezone.localtime(moment):%d.%m.%Y %H:%M}" if moment else ""


def _whole_minute(moment: datetime.datetime) -> datetime.datetime:
    """The first whole minute not before it: what the person can type."""
    down = moment.replace(second=0, microsecond=0)
    return down if down == moment else down + datetime.timedelta(minutes=1)
