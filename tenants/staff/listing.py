"""The list of employees: one page of it for the screen, all of it for a file."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from django.core.paginator import Page, Paginator
from django.http import HttpRequest
from django.utils import timezone

from shared.access.listings import PAGE_SIZE, Listing
from shared.access.requests import actor_of
from shared.classifiers.local import classifier_here
from shared.documents.columns import Column, Value
from tenants.staff.filters import DEFAULT, StaffFilter
from tenants.staff.models import MONTHS_A_YEAR, StaffMember
from tenants.staff.queries import StaffQuerySet

SORTS: Final = {
    "name": ("sort_name", "id"),
    "-name": ("-sort_name", "-id"),
    "position": ("main_position", "sort_name", "id"),
    "-position": ("-main_position", "sort_name", "id"),
    "hired": ("hire_date", "sort_name", "id"),
    "-hired": ("-hire_date", "sort_name", "id"),
}
COLUMNS: Final = (
    Column("№ п/п", 6, "int"),
    Column("Ф.И.О.", 36),
    Column("Дата рождения", 13, "date"),
    Column("Должность", 28),
    Column("Дополнительные должности", 26),
    Column("Категория", 24),
    Column("Квалификационная категория", 26),
    Column("Предметы", 26),
    Column("Общий стаж, лет", 9, "int"),
    Column("Педагогический стаж, лет", 9, "int"),
    Column("Принят", 12, "date"),
    Column("Приказ о приёме", 18),
    Column("Уволен", 12, "date"),
    Column("Приказ об увольнении", 18),
)


@dataclass(frozen=True, slots=True)
class StaffLine:
    """An employee as a list, a panel and the head of the card show him."""

    member: StaffMember
    day: datetime.date

    @property
    def standing(self) -> tuple[str, str]:
        """Kind and words of the status mark."""
        member = self.member
        if member.is_dismissed(self.day):
            return "idle", f"Уволен {member.dismissed_on:%d.%m.%Y}"
        if member.dismissed_on is not None:
            return "warn", f"Увольняется {member.dismissed_on:%d.%m.%Y}"
        if member.hire_date > self.day:
            return "info", f"Принят с {member.hire_date:%d.%m.%Y}"
        return "ok", "Работает"

    @property
    def additional(self) -> str:
        return _labels("staff_position", self.member.additional_positions)

    @property
    def category(self) -> str:
        return _labels("personnel_category", [self.member.personnel_category])

    @property
    def qualification(self) -> str:
        return _labels("qualification_category", self.member.qualification_categories)

    @property
    def subjects(self) -> str:
        return _labels("subject", self.member.subjects_taught)

    @property
    def education(self) -> str:
        level = self.member.adult_education_level
        return _labels("adult_education_level", [level] if level else [])

    @property
    def row(self) -> list[Value]:
        """A row of the file, without its number; of a sealed card the name and the position."""
        one = self.member
        if one.is_sealed:
            return [one.full_name, None, one.position, *[""] * 4, None, None, None, "", None, "нет согласия"]
        ended = f"№ {one.dismissal_order_no} от {one.dismissal_order_date:%d.%m.%Y}" if one.dismissed_on else ""
        return [
            *(one.full_name, one.birth_date, one.position, self.additional, self.category, self.qualification),
            *(self.subjects, _years(one.experience_total), _years(one.experience_teaching), one.hire_date),
            *(f"№ {one.hire_order_no} от {one.hire_order_date:%d.%m.%Y}", one.dismissed_on, ended),
        ]


class StaffListing(Listing[StaffFilter]):
    """What the address asks for; of an address without ``status`` those who work."""

    filter_class = StaffFilter
    sorts = SORTS
    usual_status = DEFAULT

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request, StaffMember.objects.seen_by(actor_of(request), "staff.read"))
        self.day = timezone.localdate()

    @property
    def found(self) -> StaffQuerySet:
        found: StaffQuerySet = self.filter.qs
        return found.order_by(*self.order)

    def page(self) -> Page[StaffMember]:
        return Paginator(self.found, PAGE_SIZE).get_page(self.query.get("page"))

    def lines(self, members: Iterable[StaffMember]) -> Iterator[StaffLine]:
        return (StaffLine(member, self.day) for member in members)

    def everything(self) -> Iterator[list[Value]]:
        for number, line in enumerate(self.lines(self.found), start=1):
            yield [number, *line.row]

    @property
    def filters_text(self) -> str:
        """The conditions in words, for the imprint of a printout or a file."""
        words = self.conditions
        if "status" not in self.query:
            words.append(str(DEFAULT.label))
        return f"Отбор: {', '.join([*words, f'на {self.day:%d.%m.%Y}'])}"

    @property
    def nothing_text(self) -> str:
        asked = f"По запросу «{self.search}» никого нет. " if self.search else ""
        return f"{asked}Проверьте написание или снимите фильтры: уволенные показаны отдельно."


def _labels(name: str, codes: Iterable[str]) -> str:
    book = classifier_here(name)
    return ", ".join(book[code].label if code in book else code for code in codes)


def _years(months: int | None) -> int | None:
    return None if months is None else months // MONTHS_A_YEAR
