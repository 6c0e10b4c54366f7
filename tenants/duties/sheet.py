"""The sheet of acquaintance (лист ознакомления, R44): everybody of the staff, with the moment or without."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.utils import timezone

from shared.appointments.queries import StaffMember
from shared.documents.columns import Column
from tenants.duties.models import DutyOrder

SHEET_COLUMNS: Final = (
    Column("№ п/п", 6, "int"),
    Column("Ф.И.О.", 36),
    Column("Роли", 36),
    Column("Ознакомлен(а)", 20),
    Column("Подпись", 18),
)


@dataclass(frozen=True, slots=True)
class Reader:
    """A line of the sheet."""

    name: str
    roles: str
    at: datetime.datetime | None

    @property
    def moment(self) -> str:
        return f"{timezone.localtime(self.at):%d.%m.%Y %H:%M}" if self.at else ""


def readers_of(order: DutyOrder, staff: Sequence[StaffMember]) -> list[Reader]:
    """The staff of today, those who have not read first; then who read and works here no more."""
    read = {one.account_id: one for one in order.acknowledgements.order_by("at", "id")}
    here = [
        Reader(one.full_name, one.role_names, read[one.account_id].at if one.account_id in read else None)
        for one in staff
    ]
    known = {one.account_id for one in staff}
    gone = [Reader(one.name, "уже не работает", one.at) for key, one in read.items() if key not in known]
    return [*sorted(here, key=lambda one: one.at is not None), *gone]
