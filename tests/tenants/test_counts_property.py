"""After any sequence of orders, annulments, imports and undos the registry equals a naive recount."""

from __future__ import annotations

import datetime
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.contingent.counts import count
from shared.imports.tables import Table
from shared.kernel.rules import RuleViolation
from shared.tenancy import scopes
from tenants.handup.projector import project, reconcile
from tenants.intake import services as intake
from tenants.orders.models import Order, Placement
from tenants.orders.services import annul_order
from tenants.people.models import Student
from tests.support import School
from tests.tenants import factories

pytestmark = pytest.mark.proves("R-131")

D = datetime.date
DAYS = [D(2026, 8, 20), D(2026, 9, 1), D(2026, 9, 20), D(2026, 10, 5), D(2026, 11, 1)]
LABELS = ["1А", "5Б", "9В"]
HEADERS = [
    "Фамилия", "Имя", "Отчество", "Дата рождения", "Пол", "Класс", "Дата зачисления", "№ приказа", "Дата приказа",
    "Дата выбытия", "Причина выбытия", "№ приказа о выбытии", "Дата приказа о выбытии", "Согласие на обработку ПДн",
]  # fmt: skip
CHILDREN = ["Абрамов", "Ёлкина", "Журавлёв", "Соколова"]

child = st.integers(0, len(CHILDREN) - 1)
row = st.tuples(child, st.sampled_from(LABELS), st.sampled_from(DAYS), st.sampled_from([None, *DAYS]), st.booleans())
step = st.one_of(
    st.tuples(st.just("enroll"), child, st.sampled_from(LABELS), st.sampled_from(DAYS)),
    st.tuples(st.just("withdraw"), child, st.sampled_from(DAYS)),
    st.tuples(st.just("annul"), st.integers(0, 5)),
    st.tuples(st.just("import"), st.lists(row, min_size=1, max_size=4), st.booleans()),
    st.tuples(st.just("undo"), st.integers(0, 3)),
    st.tuples(st.just("project")),
)


@dataclass
class Clerk:
    """Does one step as a person would; a refusal is an answer too."""

    school: School
    runs: list[Any] = field(default_factory=list)

    def act(self, step: tuple[Any, ...]) -> None:
        if step[0] == "project":
            project(self.school.organization)
            return
        with self.school.work():
            try:
                with transaction.atomic():
                    getattr(self, step[0])(*step[1:])
            except RuleViolation:
                pass

    def enroll(self, who: int, label: str, day: D) -> None:
        factories.enroll(self._student(who), into=factories.group(label), day=day)

    def withdraw(self, who: int, day: D) -> None:
        student = self._student(who)
        if student.enrollments.filter(left_on=None, is_annulled=False).count() == 1:
            factories.withdraw(student, day=day)

    def annul(self, which: int) -> None:
        orders = list(Order.objects.in_force().order_by("id"))
        if orders:
            annul_order(order=orders[which % len(orders)], annulled_by="директор", reason="ошибка")

    def _student(self, who: int) -> Student:
        facts = {"last_name": CHILDREN[who], "first_name": "Саша", "patronymic": "", "doc_type": "", "doc_series": ""}
        known = Student.objects.known().filter(last_name=CHILDREN[who]).first()
        return known or factories.student(**facts, doc_number="", sex="MF"[who % 2])

    def undo(self, which: int) -> None:
        if self.runs:
            intake.undo(self.runs[which % len(self.runs)], made_by="секретарь")

    # «import» is a keyword, so the step finds its method by this name.
    def __getattr__(self, name: str) -> Any:
        if name == "import":
            return self._bring
        raise AttributeError(name)

    def _bring(self, rows: list[tuple[int, str, D, D | None, bool]], update: bool) -> None:
        cells = [self._cells(*one, number) for number, one in enumerate(rows)]
        table = Table(headers=HEADERS, rows=cells, numbers=list(range(2, len(cells) + 2)), notes=[])
        run = intake.stage(
            table, file_name="дети.csv", checksum="0" * 64, org_type="school", year=2026, today=D(2026, 11, 21),
            made_by="секретарь",
        )  # fmt: skip
        intake.apply(run, update=update, all_or_nothing=False, made_by="секретарь")
        self.runs.append(run)

    def _cells(self, who: int, label: str, day: D, left: D | None, consent: bool, number: int) -> list[str]:
        departure = [f"{left:%d.%m.%Y}", "Переезд", f"{number}-в", f"{left:%d.%m.%Y}"] if left else [""] * 4
        place = [label, f"{day:%d.%m.%Y}", f"{day:%d%m}", f"{day:%d.%m.%Y}"]
        person = [CHILDREN[who], "Саша", "", "05.05.2015", "МЖ"[who % 2]]
        return [*person, *place, *departure, "01.08.2026" if consent else ""]


def naive_recount(day: D) -> Counter[tuple[str, str]]:
    """Places by grade and sex on a day, one row at a time; the caller stands in the school."""
    found: Counter[tuple[str, str]] = Counter()
    for student in Student.objects.filter(is_annulled=False).prefetch_related("enrollments"):
        for place in student.enrollments.all():
            if place.is_annulled or place.enrolled_on > day or (place.left_on is not None and place.left_on <= day):
                continue
            grades = [
                str(placement.group.grade)
                for placement in Placement.objects.filter(enrollment=place).select_related("group")
                if placement.placed_from <= day and (placement.placed_to is None or placement.placed_to > day)
            ]
            assert len(grades) <= 1
            found[(grades[0] if grades else "", student.sex)] += 1
    return found


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=st.lists(step, min_size=1, max_size=10))
def test_the_registry_equals_a_naive_recount_after_any_sequence(school, steps):
    with transaction.atomic():
        clerk = Clerk(school)
        for one in steps:
            clerk.act(one)
        project(school.organization)
        assert not reconcile(school.organization)
        for day in DAYS:
            with school.work():
                expected = naive_recount(day)
            with scopes.enter(scopes.of_projector()):
                counted = count(as_of=day, by=("grade", "sex"))
            assert Counter({row.key: row.enrollments for row in counted.rows}) == expected
            assert counted.total.enrollments == sum(expected.values())
        transaction.set_rollback(True)
