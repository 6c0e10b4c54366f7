"""``asuso maintenance``: a break also when the console itself is what failed. Source: R-277, R-278."""

from __future__ import annotations

import datetime
import sys
import time
from typing import Any

import click
from django.utils import timezone

from config.cli.context import actor, output_format, print_rows, progress, with_database
from shared.maintenance import services
from shared.maintenance.models import MaintenanceBreak, Stage
from shared.tenancy import scopes

PATIENCE_SECONDS = 60.0
MOMENT = click.DateTime(["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"])


@click.group()
def maintenance() -> None:
    """Технологические перерывы: объявить, начать, продлить, объявить окончание, завершить."""


@maintenance.command("list")
@output_format
@with_database
def list_breaks(form: str) -> None:
    """Журнал перерывов, последние сверху."""
    with _working(reading=True):
        rows = [_line(one) for one in MaintenanceBreak.objects.select_related("organization")]
    print_rows(rows, form)


@maintenance.command()
@click.option("--reason", required=True, help="Причина; её увидят все.")
@click.option("--start", "begins", type=MOMENT, required=True, help="Начало, местное время: 2026-11-23T22:00.")
@click.option("--end", "ends", type=MOMENT, required=True, help="Ожидаемое окончание.")
@with_database
def announce(reason: str, begins: datetime.datetime, ends: datetime.datetime) -> None:
    """Объявить плановый перерыв всей установки."""
    with _working():
        one = services.announce(reason=reason, planned_start=_local(begins), planned_end=_local(ends), by=actor())
    click.echo(f"Перерыв № {one.pk} объявлен. Начать: asuso maintenance start {one.pk}")


@maintenance.command()
@click.argument("number", type=int, required=False)
@click.option("--reason", help="Без номера: объявить и начать немедленно по этой причине.")
@click.option("--end", "ends", type=MOMENT, help="Ожидаемое окончание немедленного перерыва.")
@with_database
def start(number: int | None, reason: str | None, ends: datetime.datetime | None) -> None:
    """Начать объявленный перерыв или, при неисправности, немедленный; ждёт конца начатых записей."""
    if (number is None) == (reason is None):
        raise click.UsageError("Укажите номер объявленного перерыва или --reason немедленного.")
    with _working():
        if number is not None:
            one = services.start(number, by=actor())
        else:
            end = _local(ends) if ends else None
            one = services.start_at_once(reason=reason or "", expected_end=end, by=actor())
    progress(f"Перерыв № {one.pk}: новая запись закрыта, ждём окончания начатой.")
    deadline = time.monotonic() + PATIENCE_SECONDS
    while one.stage == Stage.CLOSING:
        with _working():
            one = services.settle(one.pk)
            left = services.writing_now(one)
        if one.stage == Stage.CLOSING and time.monotonic() > deadline:
            click.echo(
                f"Перерыв № {one.pk} объявлен, новая запись закрыта, но записей, начатых раньше, ещё {left}. "
                "Перерыв начнётся, когда они закончатся; зависшие снимает перезапуск веб-сервера и исполнителя задач.",
                err=True,
            )
            sys.exit(1)
        time.sleep(0.2)
    click.echo(f"Перерыв № {one.pk} идёт: сведения неизменны с {timezone.localtime(one.started_at):%H:%M:%S}.")


@maintenance.command()
@click.argument("number", type=int)
@click.option("--until", type=MOMENT, required=True, help="Новое ожидаемое окончание.")
@with_database
def extend(number: int, until: datetime.datetime) -> None:
    """Продлить; объявленное окончание перестаёт действовать."""
    with _working():
        services.extend(number, until=_local(until))
    click.echo(f"Перерыв № {number} продлён.")


@maintenance.command("announce-end")
@click.argument("number", type=int)
@click.option("--at", "ends", type=MOMENT, required=True, help="Окончание, не раньше чем через 15 минут.")
@with_database
def announce_end(number: int, ends: datetime.datetime) -> None:
    """Объявить окончание."""
    with _working():
        services.announce_end(number, ends_at=_local(ends), by=actor())
    click.echo(f"Окончание перерыва № {number} объявлено. Завершить: asuso maintenance end {number}")


@maintenance.command()
@click.argument("number", type=int)
@with_database
def end(number: int) -> None:
    """Завершить в объявленное время или позже."""
    with _working():
        services.end(number, by=actor())
    click.echo(f"Перерыв № {number} завершён.")


@maintenance.command()
@click.argument("number", type=int)
@with_database
def withdraw(number: int) -> None:
    """Отменить ещё не начатый."""
    with _working():
        services.withdraw(number, by=actor())
    click.echo(f"Перерыв № {number} отменён.")


def _working(*, reading: bool = False) -> Any:  # Any: a context manager
    scope = scopes.of_operator().by(actor(), "", actor())
    return scopes.enter(scope.reading() if reading else scope)


def _local(moment: datetime.datetime) -> datetime.datetime:
    return timezone.make_aware(moment)


def _line(one: MaintenanceBreak) -> dict[str, Any]:
    moments = ("planned_start", "planned_end", "closing_at", "started_at", "end_announced_at", "ends_at", "ended_at")
    shown = {name: getattr(one, name) for name in moments}
    return {
        "number": one.pk,
        "stage": str(one.stage),
        "organization": one.organization.slug if one.organization else None,
        "reason": one.reason,
        **{name: moment.isoformat(timespec="seconds") if moment else None for name, moment in shown.items()},
    }


COMMANDS = [maintenance]
