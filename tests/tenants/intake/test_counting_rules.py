"""INTERFACES 5, sentence by sentence: what a file makes of the organization."""

import datetime

import pytest

from tenants.groups.models import Group
from tenants.intake.models import SealedDraft, StagedRow
from tenants.orders.models import Enrollment, Order, OrderRow, Placement
from tenants.people.models import Guardian, GuardianLink, Student
from tests.tenants.intake.bringing import bring, counts, learner

pytestmark = pytest.mark.django_db
AUGUST_28 = datetime.date(2026, 8, 28)
SEPTEMBER_1 = datetime.date(2026, 9, 1)
DEPARTED = {
    "left_on": "15.09.2026",
    "departure_reason": "переезд",
    "departure_order_number": "40-в",
    "departure_order_date": "14.09.2026",
}


@pytest.fixture(autouse=True)
def work(school):
    with school.work("anna"):
        yield


def test_a_row_becomes_a_learner_with_a_place_a_class_and_an_order():
    run = bring(learner())
    assert counts(run) == {"accepted": 1}
    student, place, order = Student.objects.get(), Enrollment.objects.get(), Order.objects.get()
    assert (student.full_name, student.sex, student.citizenship) == ("Ёлкин Пётр", "M", "RUS")
    assert (place.student, place.level, place.is_basic, place.enrolled_on) == (student, "school", True, SEPTEMBER_1)
    group = Group.objects.get()
    assert (group.kind, group.academic_year, group.grade, group.letter) == ("class", 2026, 5, "А")
    placement = Placement.objects.get()
    assert (placement.group, placement.placed_from, placement.placed_to) == (group, SEPTEMBER_1, None)
    row = OrderRow.objects.get()
    assert (row.order, row.enrollment, row.group, row.effective_on) == (order, place, group, SEPTEMBER_1)


def test_an_order_of_a_file_is_entered_as_issued_on_paper_and_signed_on_its_date():
    bring(learner())
    order = Order.objects.get()
    assert (order.status, order.is_on_paper, order.signed_on, order.signed_by) == (
        "signed",
        True,
        AUGUST_28,
        "Секретарь",
    )


def test_rows_with_one_number_and_date_form_one_order():
    bring(learner(), learner(name="Иван"), learner(name="Олег", order_number="13-у"))
    assert sorted(Order.objects.values_list("number", flat=True)) == ["12-у", "13-у"]
    rows = OrderRow.objects.filter(order__number="12-у")
    assert list(rows.order_by("position").values_list("position", flat=True)) == [1, 2]


def test_a_later_file_joins_the_paper_order_of_the_same_number_and_date():
    bring(learner())
    bring(learner(name="Иван"))
    assert Order.objects.get().rows.count() == 2


def test_an_order_made_in_the_product_is_not_joined_by_a_file():
    Order.objects.create(kind="enrollment", number="12-у", issued_on=AUGUST_28, drafted_by="Секретарь")
    run = bring(learner())
    assert counts(run) == {"refused": 1}
    assert "уже заведён в системе" in StagedRow.objects.get(run=run).problems[0][1]


def test_the_same_file_twice_changes_nothing():
    rows = [learner(), learner(name="Иван", consent_on=None), learner(name="Олег", **DEPARTED)]
    bring(*rows)
    before = (Student.objects.count(), Enrollment.objects.count(), OrderRow.objects.count(), Group.objects.count())
    run = bring(*rows)
    assert counts(run) == {"already": 3}
    after = (Student.objects.count(), Enrollment.objects.count(), OrderRow.objects.count(), Group.objects.count())
    assert after == before


def test_departure_in_the_row_closes_the_place_and_its_class():
    bring(learner(**DEPARTED))
    place, placement = Enrollment.objects.get(), Placement.objects.get()
    day = datetime.date(2026, 9, 15)
    assert (place.left_on, place.departure_reason, placement.placed_to) == (day, "leave_move", day)
    assert place.departure_order.kind == "departure"
    row = OrderRow.objects.get(order=place.departure_order)
    assert (row.movement_type, row.effective_on) == ("leave_move", day)


def test_departure_added_later_is_applied():
    bring(learner())
    run = bring(learner(**DEPARTED))
    assert counts(run) == {"accepted": 1}
    place, placement = Enrollment.objects.get(), Placement.objects.get()
    assert place.left_on == placement.placed_to == datetime.date(2026, 9, 15)


def test_a_file_that_does_not_know_of_the_departure_says_nothing_new():
    bring(learner(**DEPARTED))
    assert counts(bring(learner())) == {"already": 1}
    assert Enrollment.objects.get().left_on is not None


def test_departure_in_the_year_before_names_the_class_that_was_left():
    """A place that began before the class's year, and left before it, counts in the class of its own year."""
    bring(learner(enrolled_on="01.03.2026"))
    later = {**DEPARTED, "left_on": "15.06.2026", "departure_order_date": "15.06.2026"}
    bring(learner(enrolled_on="01.03.2026", **later))
    spans = Placement.objects.order_by("placed_from").values_list("group__academic_year", "placed_from", "placed_to")
    assert spans[0] == (2025, datetime.date(2026, 3, 1), datetime.date(2026, 6, 15))


def test_a_place_older_than_the_academic_year_gets_its_class_on_1_september():
    run = bring(learner(enrolled_on="01.09.2022", order_date="30.08.2022"))
    assert Placement.objects.get().placed_from == SEPTEMBER_1
    assert Enrollment.objects.get().enrolled_on == datetime.date(2022, 9, 1)
    assert any("раньше учебного года класса: 1" in warning for warning in run.summary["warnings"])


def test_second_open_basic_place_is_refused_with_both_classes_named():
    bring(learner())
    run = bring(learner(**{"class": "6Б"}))
    assert counts(run) == {"refused": 1}
    [[field, reason]] = StagedRow.objects.get(run=run).problems
    assert field == "Класс"
    assert "«5А»" in reason
    assert "«6Б»" in reason


def test_second_open_basic_place_inside_one_file_is_refused():
    run = bring(learner(), learner(**{"class": "6Б"}))
    assert counts(run) == {"accepted": 1, "refused": 1}
    assert "(строка 2)" in StagedRow.objects.get(verdict="refused").problems[0][1]


def test_departure_makes_room_for_another_class_whatever_the_order_of_rows():
    bring(learner())
    run = bring(learner(**{"class": "6Б", "enrolled_on": "15.09.2026"}), learner(**DEPARTED))
    assert counts(run) == {"accepted": 2}
    assert Enrollment.objects.filter(left_on=None).count() == 1


def test_preschool_and_school_places_of_one_learner_do_not_collide():
    run = bring(learner(), learner(**{"class": "Солнышко"}))
    assert counts(run) == {"accepted": 2}
    assert set(Enrollment.objects.values_list("level", flat=True)) == {"school", "preschool"}


def test_any_number_of_supplementary_places_is_accepted():
    rows = [
        learner(program=program, **{"class": "Группа 1"}, direction="Техническая") for program in ("Робот", "Шахматы")
    ]
    run = bring(*rows, org_type="supplementary")
    assert counts(run) == {"accepted": 2}
    assert Student.objects.count() == 1
    assert set(Enrollment.objects.values_list("program_kind", "is_basic")) == {("supplementary", False)}
    assert set(Group.objects.values_list("kind", "grade", "direction")) == {("club", None, "technical")}


def test_a_kindergarten_brings_groups_without_grade():
    bring(learner(**{"class": "5-6 лет"}), org_type="preschool")
    assert Group.objects.values_list("kind", "name", "grade").get() == ("preschool", "5-6 лет", None)
    assert OrderRow.objects.get().movement_type == "enroll_preschool"


def test_an_organization_of_another_type_may_have_classes_without_grade():
    bring(learner(**{"class": "ТО-21"}), org_type="professional")
    assert Group.objects.values_list("kind", "name", "grade").get() == ("class", "ТО-21", None)


@pytest.mark.parametrize(
    ("class_name", "enrolled_on", "movement"),
    [
        ("1А", "01.09.2026", "enroll_first"),
        ("1А", "28.08.2026", "enroll_first"),
        ("10А", "01.09.2026", "enroll_tenth"),
        ("1А", "16.09.2026", "enroll_other"),
        ("5А", "01.09.2026", "enroll_other"),
        ("1А", "01.09.2025", "enroll_other"),
    ],
)
def test_kind_of_arrival_is_what_the_row_shows(class_name, enrolled_on, movement):
    bring(learner(**{"class": class_name}, enrolled_on=enrolled_on, order_date=enrolled_on))
    assert OrderRow.objects.get().movement_type == movement


def test_learner_is_known_by_snils_whatever_the_name():
    snils = "112-233-445 95"
    bring(learner(snils=snils))
    run = bring(learner(snils=snils, surname="Соснина", sex="Ж"))
    assert counts(run) == {"different": 1}
    assert Student.objects.count() == 1


def test_learner_without_snils_is_known_by_document():
    document = {"doc_type": "Паспорт РФ", "doc_series": "0312", "doc_number": "123456"}
    bring(learner(**document))
    assert counts(bring(learner(**document, name="Петр"))) == {"different": 1}


def test_learner_without_numbers_is_known_by_name_birth_date_and_sex():
    bring(learner(snils="112-233-445 95"))
    assert counts(bring(learner(surname="елкин"))) == {"different": 1}
    assert Student.objects.count() == 1


def test_namesakes_with_different_snils_are_two_learners():
    bring(learner(snils="112-233-445 95"))
    run = bring(learner(snils="087-654-303 00"))
    assert counts(run) == {"accepted": 1}
    assert Student.objects.count() == 2
    assert any("не один ли это человек" in warning for warning in run.summary["warnings"])


def test_differences_are_listed_and_left_alone():
    bring(learner(phone="1"))
    run = bring(learner(phone="2"))
    assert counts(run) == {"different": 1}
    assert Student.objects.get().phone == "1"
    assert any("«1», в файле «2»" in warning for warning in run.summary["warnings"])


def test_differences_are_applied_on_demand():
    bring(learner(phone="1", shift="1"))
    run = bring(learner(phone="2", shift="2", form="заочная", order_number="13-у"), update=True)
    assert counts(run) == {"different": 1}
    place = Enrollment.objects.get()
    assert (Student.objects.get().phone, Placement.objects.get().shift, place.form_of_study) == (
        "2",
        2,
        "correspondence",
    )
    assert place.order.number == "13-у"
    assert Order.objects.get(number="12-у").status == "annulled"
    assert counts(bring(learner(phone="2", shift="2", form="заочная", order_number="13-у"))) == {"already": 1}


def test_a_blank_cell_is_not_a_difference():
    bring(learner(phone="1", snils="112-233-445 95", home_address="ул. Мира, 1"))
    assert counts(bring(learner())) == {"already": 1}


def test_rows_of_one_learner_make_one_record():
    run = bring(
        learner(phone="1"),
        learner(program="Шахматы", direction="Социально-гуманитарная", phone="2", email="a@b.example"),
    )
    assert counts(run) == {"accepted": 2}
    student = Student.objects.get()
    assert (student.phone, student.email) == ("1", "a@b.example")
    again = bring(
        learner(phone="1"),
        learner(program="Шахматы", direction="Социально-гуманитарная", phone="2", email="a@b.example"),
    )
    assert counts(again) == {"already": 2}


def test_a_row_repeated_in_the_file_is_known_the_second_time():
    run = bring(learner(), learner())
    assert counts(run) == {"accepted": 1, "already": 1}
    assert any("повторяет место из строки 2" in warning for warning in run.summary["warnings"])


def test_first_non_empty_row_decides_an_attribute_of_the_class():
    run = bring(
        learner(),
        learner(name="Иван", class_set="КК-1"),
        learner(name="Олег", class_set="КК-2"),
    )
    assert Group.objects.get().class_set == "КК-1"
    assert any("указано «КК-1», а здесь «КК-2»" in warning for warning in run.summary["warnings"])


def test_attributes_are_filled_in_where_the_class_lacks_them():
    bring(learner())
    assert counts(bring(learner(class_set="КК-1"))) == {"already": 1}
    assert Group.objects.get().class_set == "КК-1"
    bring(learner(class_set="КК-2"))
    assert Group.objects.get().class_set == "КК-1"
    bring(learner(class_set="КК-2"), update=True)
    assert Group.objects.get().class_set == "КК-2"


def test_brothers_share_their_guardian():
    mother = {"guardian_surname": "Ёлкина", "guardian_name": "Анна", "guardian_phone": "1", "guardian_relation": "мать"}
    bring(learner(**mother), learner(name="Иван", **mother))
    assert Guardian.objects.count() == 1
    assert set(GuardianLink.objects.values_list("relation", flat=True)) == {"mother"}
    assert counts(bring(learner(**mother))) == {"already": 1}
    run = bring(learner(**{**mother, "guardian_phone": "2"}), update=True)
    assert counts(run) == {"different": 1}
    assert {link.guardian.phone for link in GuardianLink.objects.all()} == {"1", "2"}


def test_all_or_nothing_writes_nothing_when_a_row_is_refused():
    run = bring(learner(), learner(name="Иван", sex="?"), all_or_nothing=True)
    assert counts(run) == {"refused": 1}
    assert run.summary["held"] == 1
    assert (run.status, Student.objects.count(), SealedDraft.objects.count()) == ("staged", 0, 0)


def test_all_or_nothing_writes_everything_when_no_row_is_refused():
    assert counts(bring(learner(), learner(name="Иван"), all_or_nothing=True)) == {"accepted": 2}


def test_cells_are_forgotten_once_applied_but_for_refused_rows():
    bring(learner(), learner(name="Иван", consent_on=None), learner(name="Олег", sex="?"))
    kept = dict(StagedRow.objects.values_list("verdict", "cells"))
    assert kept["accepted"] is None
    assert kept["draft"] is None
    assert kept["refused"][1] == "Олег"
    assert not StagedRow.objects.exclude(values=None).exists()
