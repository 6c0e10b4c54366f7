"""The register of breaks as a file."""

from __future__ import annotations

import datetime
from typing import Final

from django.utils import timezone

from shared.documents.columns import Column, Value
from shared.maintenance.models import MaintenanceBreak

WHOLE: Final = "Вся установка"
COLUMNS: Final = (
    Column("№", 6, "int"),
    Column("Вид", 22),
    Column("Где", 34),
    Column("Причина", 50),
    Column("Объявлен", 17),
    Column("Начало по плану", 17),
    Column("Ожидаемое окончание", 17),
    Column("Запись остановлена", 17),
    Column("Окончание объявлено", 17),
    Column("Объявленное окончание", 17),
    Column("Завершён", 17),
    Column("Минут", 9, "int"),
    Column("Состояние", 26),
    Column("Кто объявил", 30),
    Column("Кто начал", 30),
    Column("Кто объявил окончание", 30),
    Column("Кто завершил или отменил", 30),
)


def line(one: MaintenanceBreak) -> list[Value]:
    """One break as a row of the file."""
    return [
        one.pk,
        one.get_kind_display(),
        place_name(one),
        one.reason,
        _moment(one.announced_at),
        _moment(one.planned_start),
        _moment(one.planned_end),
        _moment(one.started_at),
        _moment(one.end_announced_at),
        _moment(one.ends_at),
        _moment(one.ended_at),
        minutes(one),
        str(one.stage.label),
        one.announced_by,
        one.started_by,
        one.end_announced_by,
        one.ended_by or one.withdrawn_by,
    ]


def place_name(one: MaintenanceBreak) -> str:
    return one.organization.short_name if one.organization else WHOLE


def minutes(one: MaintenanceBreak) -> int | None:
    """How long writes were refused; None while that goes on."""
    if one.closing_at is None or one.ended_at is None:
        return None
    return round((one.ended_at - one.closing_at).total_seconds() / 60)


def _moment(moment: datetime.datetime | None) -> str:
    return f"{timezone.localtime(moment):%d.%m.%Y %H:%M}" if moment else ""
