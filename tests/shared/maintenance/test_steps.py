"""Announce, begin, prolong, announce the end, end: what the service and the database refuse. Source: R-277, R-278."""

from __future__ import annotations

import datetime

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from shared.audit.models import PublicEvent
from shared.maintenance import errors, services
from shared.maintenance.current import notice, open_breaks
from shared.maintenance.models import NOTICE, MaintenanceBreak, Stage
from shared.tenancy import scopes

MINUTE = datetime.timedelta(minutes=1)
HOUR = datetime.timedelta(hours=1)


@pytest.fixture
def desk(school):
    """The operator's transaction, rolled back in the end."""
    with scopes.enter(scopes.of_operator().by("oleg", "", "Олег")):
        yield


def planned(*, after: datetime.timedelta = HOUR, lasting: datetime.timedelta = HOUR) -> MaintenanceBreak:
    begins = timezone.now() + after
    return services.announce(reason="Замена диска", planned_start=begins, planned_end=begins + lasting, by="Олег")


def running() -> MaintenanceBreak:
    one = services.start_at_once(reason="Отказ диска", expected_end=None, by="Олег")
    return services.settle(one.pk)


def earlier(one: MaintenanceBreak, by: datetime.timedelta) -> None:
    """As if everything so far had happened that much earlier."""
    moments = ["announced_at", "planned_start", "closing_at", "started_at", "end_announced_at", "ends_at"]
    one.refresh_from_db()
    MaintenanceBreak.objects.filter(pk=one.pk).update(
        **{name: getattr(one, name) - by for name in moments if getattr(one, name)}
    )


@pytest.mark.proves("R-277")
def test_on_a_failure_a_break_is_announced_and_begun_at_once_until_the_repair(desk):
    one = running()
    assert one.stage == Stage.RUNNING
    assert one.planned_end is None
    assert "Идёт технологический перерыв: сведения можно смотреть, но не менять. Причина: Отказ диска." in notice(one)


def test_a_planned_break_is_known_beforehand(desk):
    one = planned()
    assert [one] == list(open_breaks())
    assert "сведения можно будет смотреть, но не менять. Причина: Замена диска. Сохраните начатое" in notice(one)
    services.start(one.pk, by="Олег")
    assert services.settle(one.pk).stage == Stage.RUNNING


@pytest.mark.proves("R-278")
def test_the_end_is_announced_a_quarter_of_an_hour_before_it_or_not_at_all(desk):
    one = running()
    with pytest.raises(errors.EndTooSoon, match="не позднее чем за 15 минут"):
        services.announce_end(one.pk, ends_at=timezone.now() + 14 * MINUTE, by="Олег")
    with pytest.raises(errors.EndNotAnnounced):
        services.end(one.pk, by="Олег")
    services.announce_end(one.pk, ends_at=timezone.now() + 16 * MINUTE, by="Олег")
    assert services.settle(one.pk).stage == Stage.ENDING
    with pytest.raises(errors.EndNotReached):
        services.end(one.pk, by="Олег")
    earlier(one, 17 * MINUTE)
    assert services.end(one.pk, by="Олег").stage == Stage.ENDED
    assert open_breaks() == ()


@pytest.mark.proves("R-278")
@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"ends_at": 14 * MINUTE, "end_announced_at": 0 * MINUTE}, "break_end_announced_in_time"),
        ({"ends_at": 20 * MINUTE}, "break_end_announced_in_time"),
        ({"ended_at": 20 * MINUTE}, "break_ended_as_announced"),
        ({"ends_at": 20 * MINUTE, "end_announced_at": 0 * MINUTE, "ended_at": 19 * MINUTE}, "break_ended_as_announced"),
        ({"withdrawn_at": MINUTE}, "break_has_order"),
    ],
)
def test_the_database_refuses_it_too(desk, change: dict[str, datetime.timedelta], name: str):
    one, now = running(), timezone.now()
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        MaintenanceBreak.objects.filter(pk=one.pk).update(**{field: now + after for field, after in change.items()})


def test_exactly_a_quarter_of_an_hour_is_enough_for_the_database(desk):
    one, now = running(), timezone.now()
    MaintenanceBreak.objects.filter(pk=one.pk).update(end_announced_at=now, ends_at=now + NOTICE)


def test_prolonging_takes_back_the_announced_end(desk):
    one = running()
    services.announce_end(one.pk, ends_at=timezone.now() + 16 * MINUTE, by="Олег")
    longer = services.extend(one.pk, until=timezone.now() + 3 * HOUR)
    assert (longer.stage, longer.ends_at) == (Stage.RUNNING, None)
    assert "ожидаемое окончание" in notice(longer)
    with pytest.raises(errors.EndBeforeStart):
        services.extend(one.pk, until=timezone.now() - MINUTE)


def test_two_breaks_are_not_planned_for_one_time(desk):
    planned()
    with pytest.raises(errors.AlreadyPlanned):
        planned(after=HOUR + 30 * MINUTE)
    planned(after=3 * HOUR)


def test_a_failure_may_come_before_what_is_planned_but_not_beside_another(desk):
    first = planned()
    running()
    with pytest.raises(errors.AlreadyRunning):
        services.start_at_once(reason="Ещё отказ", expected_end=None, by="Ольга")
    with pytest.raises(errors.AlreadyRunning):
        services.start(first.pk, by="Ольга")


def test_what_was_pressed_before_is_said_with_who_and_when(desk):
    one = planned()
    services.start(one.pk, by="Олег Сидоров")
    for act in (services.start, services.withdraw):
        with pytest.raises(errors.AlreadyStarted, match=f"№ {one.pk} уже начат: Олег Сидоров"):
            act(one.pk, by="Ольга")
    other = planned(after=5 * HOUR)
    services.withdraw(other.pk, by="Олег Сидоров")
    with pytest.raises(errors.AlreadyOver, match="уже закончен: Олег Сидоров"):
        services.start(other.pk, by="Ольга")


def test_what_makes_no_sense_is_refused(desk):
    with pytest.raises(errors.StartPassed):
        planned(after=-HOUR)
    with pytest.raises(errors.EndBeforeStart):
        planned(lasting=-MINUTE)
    with pytest.raises(errors.BreakUnknown):
        services.start(0, by="Олег")
    one = planned()
    with pytest.raises(errors.NotStarted):
        services.announce_end(one.pk, ends_at=timezone.now() + HOUR, by="Олег")
    with pytest.raises(errors.NotStarted):
        services.end(one.pk, by="Олег")


def test_every_step_stands_in_the_log_with_its_author(desk):
    one = planned()
    services.start(one.pk, by="Олег")
    steps = PublicEvent.objects.filter(object_kind="maintenance_maintenancebreak", object_id=str(one.pk)).order_by("pk")
    assert [(step.action, step.actor_name) for step in steps] == [("created", "Олег"), ("changed", "Олег")]
    assert "closing_at" in steps[1].changes
