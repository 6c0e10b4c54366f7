"""The list of learners: one page of it for the screen, all of it for a file."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.utils import timezone

from shared.access.listings import PAGE_SIZE, Listing
from shared.access.requests import actor_of
from shared.classifiers.catalog import load_catalog
from shared.documents.columns import Column, Value
from tenants.groups.models import Group
from tenants.people.filters import Standing, StudentFilter
from tenants.people.models import Student
from tenants.people.places import PlaceOn, held_or_last, places_of, with_places

SORTS = {
    "name": ("sort_name", "id"),
    "-name": ("-sort_name", "-id"),
    "born": ("birth_date", "sort_name", "id"),
    "-born": ("-birth_date", "sort_name", "id"),
    "group": ("grade_now", "group_now", "sort_name", "id"),
    "-group": ("-grade_now", "-group_now", "sort_name", "id"),
}
COLUMNS = (
    Column("№ п/п", 6, "int"),
    Column("Ф.И.О.", 38),
    Column("Дата рождения", 14, "date"),
    Column("Пол", 10),
    Column("Класс, группа", 18),
    Column("Вид программы", 26),
    Column("Зачислен", 12, "date"),
    Column("Приказ о зачислении", 26),
    Column("Не числится с", 13, "date"),
    Column("Приказ о выбытии", 26),
)


@dataclass(frozen=True, slots=True)
class StudentLine:
    """A learner as a list shows him."""

    student: Student
    places: list[PlaceOn]
    day: datetime.date

    @property
    def age(self) -> int:
        born = self.student.birth_date
        return self.day.year - born.year - ((self.day.month, self.day.day) < (born.month, born.day))

    @property
    def standing(self) -> tuple[str, str]:
        """Kind and words of the status mark."""
        if not self.places:
            return "idle", "Не зачислен"
        if self.places[0].is_held:
            return "ok", "Числится"
        return "idle", f"Выбыл {self.places[0].enrollment.left_on:%d.%m.%Y}"


class StudentListing(Listing[StudentFilter]):
    """What the address asks for; of an address without ``status`` those who are enrolled."""

    filter_class = StudentFilter
    sorts = SORTS
    usual_status = Standing.ENROLLED

    def __init__(self, request: HttpRequest, *, search: str | None = None) -> None:
        super().__init__(request, Student.objects.seen_by(actor_of(request), "students.list"), search=search)
        self.day = self.filter.on_day

    @property
    def found(self) -> QuerySet[Student]:
        found: QuerySet[Student] = self.filter.qs
        if "grade_now" in self.order or "-grade_now" in self.order:
            found = found.annotate(grade_now=_group_of(self.day, "grade"), group_now=_group_of(self.day, "name"))
        return found.order_by(*self.order)

    def page(self) -> Page[Student]:
        return Paginator(with_places(self.found), PAGE_SIZE).get_page(self.query.get("page"))

    def lines(self, students: QuerySet[Student] | Page[Student]) -> Iterator[StudentLine]:
        for student in students:
            yield StudentLine(student, held_or_last(places_of(student, self.day)), self.day)

    def everything(self) -> Iterator[list[Value]]:
        """Rows of the file, one a place."""
        labels = dict(load_catalog().choices("program_kind"))
        for number, line in enumerate(self.lines(with_places(self.found)), start=1):
            for place in line.places:
                yield _row(number, line.student, place, labels)
            if not line.places:
                yield _row(number, line.student, None, labels)

    @property
    def filters_text(self) -> str:
        """The conditions in words, for the imprint of a printout or a file."""
        words = self.conditions
        if "status" not in self.query:
            words.append("Числится")
        if self.day == timezone.localdate():
            words.append(f"на {self.day:%d.%m.%Y}")
        return f"Отбор: {', '.join(words)}"

    @property
    def nothing_text(self) -> str:
        asked = f"По запросу «{self.search}» никого нет. " if self.search else ""
        return f"{asked}Проверьте написание или снимите фильтры: ищем любые слова имени, ё и е равны."


def _group_of(day: datetime.date, field: str) -> Subquery:
    """A fact of the group in which a learner is on ``day``, for sorting: the basic place first."""
    here = Group.objects.filter(
        placements__enrollment__student=OuterRef("pk"),
        placements__enrollment__is_annulled=False,
        placements__placed_from__lte=day,
    )
    return Subquery(here.order_by("-placements__enrollment__is_basic", "-placements__placed_from").values(field)[:1])


def _row(number: int, student: Student, place: PlaceOn | None, labels: dict[str, str]) -> list[Value]:
    who: list[Value] = [number, student.full_name, student.birth_date, student.get_sex_display()]
    if place is None:
        return [*who, "", "", None, "", None, ""]
    one = place.enrollment
    left = str(one.departure_order) if one.departure_order and not place.is_held else ""
    left_on = None if place.is_held else one.left_on
    kind = labels.get(one.program_kind, "")
    return [*who, place.group_name, kind, one.enrolled_on, str(one.order), left_on, left]
