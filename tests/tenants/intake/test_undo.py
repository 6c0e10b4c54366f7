"""Undo of an import: what it takes back, what forbids it."""

import datetime

import pytest

from tenants.groups.models import Group
from tenants.intake import services
from tenants.intake.errors import ImportNotApplied, LaterFactsForbid
from tenants.intake.models import ImportRun, SealedDraft, StagedRow
from tenants.orders.models import Enrollment, Order, OrderRow, Placement
from tenants.orders.services import add_departure_row, draft_order, sign_order
from tenants.people.models import Guardian, GuardianLink, Student
from tests.tenants.intake.bringing import bring, counts, learner, stage
from tests.tenants.intake.conftest import TODAY
from tests.tenants.intake.test_counting_rules import DEPARTED

pytestmark = pytest.mark.django_db
MOTHER = {"guardian_surname": "Ёлкина", "guardian_name": "Анна", "guardian_phone": "1"}


@pytest.fixture(autouse=True)
def work(school):
    with school.work("anna"):
        yield


def undo(run: ImportRun) -> ImportRun:
    return services.undo(run, made_by="Директор")


def test_orders_and_places_are_annulled_and_learners_hidden():
    run = undo(bring(learner(**MOTHER), learner(name="Иван", consent_on=None)))
    assert run.status == "undone"
    order = Order.objects.get()
    assert (order.status, order.annulled_by, order.annulled_reason) == (
        "annulled",
        "Директор",
        "Отменена загрузка «контингент.csv»",
    )
    assert Enrollment.objects.get().is_annulled
    assert OrderRow.objects.get().is_annulled
    assert Student.objects.get().is_annulled
    assert Group.objects.get().is_annulled
    assert not SealedDraft.objects.exists()
    assert not GuardianLink.objects.exists()
    assert not Guardian.objects.exists()
    assert not StagedRow.objects.exists()


def test_the_same_file_after_an_undo_finds_its_learners_again():
    undo(bring(learner(**MOTHER), learner(name="Иван", consent_on=None)))
    hidden = Student.objects.get().pk
    run = bring(learner(**MOTHER, phone="5"), learner(name="Иван", consent_on=None))
    assert counts(run) == {"accepted": 1, "drafts": 1}
    student = Student.objects.get()
    assert (student.pk, student.is_annulled, student.phone) == (hidden, False, "5")
    assert Enrollment.objects.filter(is_annulled=False).count() == 1
    assert Order.objects.in_force().get().rows.count() == 1
    assert not Group.objects.get().is_annulled
    assert GuardianLink.objects.count() == 1
    undo(run)
    assert Student.objects.get().is_annulled


def test_changed_values_return():
    bring(learner(phone="1", shift="1", order_number="12-у", **MOTHER))
    changed = {"phone": "2", "shift": "2", "form": "заочная", "order_number": "13-у"}
    run = bring(learner(**changed, **{**MOTHER, "guardian_phone": "2"}), update=True)
    undo(run)
    place = Enrollment.objects.get()
    assert (Student.objects.get().phone, Placement.objects.get().shift) == ("1", 1)
    assert (place.form_of_study, place.order.number, place.is_annulled) == ("full_time", "12-у", False)
    assert dict(Order.objects.values_list("number", "status")) == {"12-у": "signed", "13-у": "annulled"}
    assert list(OrderRow.objects.filter(is_annulled=False).values_list("order__number", flat=True)) == ["12-у"]
    assert GuardianLink.objects.get().guardian.phone == "1"
    assert not Student.objects.get().is_annulled


def test_a_departure_is_taken_back():
    bring(learner())
    undo(bring(learner(**DEPARTED)))
    place, placement = Enrollment.objects.get(), Placement.objects.get()
    assert (place.left_on, place.departure_order, place.departure_reason, placement.placed_to) == (None, None, "", None)
    assert Order.objects.get(kind="departure").status == "annulled"


def test_a_move_to_another_class_is_taken_back_whole():
    bring(learner())
    undo(bring(learner(**DEPARTED), learner(**{"class": "6Б", "enrolled_on": "15.09.2026"})))
    place = Enrollment.objects.get(is_annulled=False)
    assert place.left_on is None
    assert place.placements.get().group.name == "5А"


def test_a_consent_brought_by_the_import_is_sealed_again():
    bring(learner(consent_on=None))
    run = bring(learner())
    assert counts(run) == {"accepted": 1}
    undo(run)
    assert SealedDraft.objects.sealed().count() == 1
    assert Student.objects.get().is_annulled
    assert counts(bring(learner())) == {"accepted": 1}


def test_an_order_joined_by_a_later_import_stays_in_force():
    first = bring(learner())
    bring(learner(name="Иван"))
    undo(first)
    order = Order.objects.get()
    assert order.status == "signed"
    assert order.rows.filter(is_annulled=False).get().student.first_name == "Иван"


def test_a_learner_with_a_place_of_another_import_stays():
    first = bring(learner())
    second = bring(learner(program="Шахматы"))
    undo(first)
    assert not Student.objects.get().is_annulled
    undo(second)
    assert Student.objects.get().is_annulled


def test_a_learner_whom_a_clerk_entered_is_not_hidden():
    Student.objects.create(
        last_name="Ёлкин", first_name="Пётр", birth_date=datetime.date(2015, 3, 5), sex="M", consent_on=TODAY
    )
    undo(bring(learner(consent_on=None)))
    assert not Student.objects.get().is_annulled


def test_a_later_departure_order_forbids():
    run = bring(learner())
    order = draft_order(kind="departure", number="1-в", issued_on=TODAY, drafted_by="Секретарь")
    add_departure_row(order=order, enrollment=Enrollment.objects.get(), movement_type="leave_move", effective_on=TODAY)
    with pytest.raises(LaterFactsForbid, match="Ёлкин Пётр есть в приказе № 1-в"):
        undo(run)
    sign_order(order=order, signed_by="Директор", signed_on=TODAY)
    with pytest.raises(LaterFactsForbid, match="Ёлкин Пётр есть в приказе № 1-в"):
        undo(run)


def test_a_recorded_consent_forbids():
    run = bring(learner(consent_on=None))
    services.record_consent(SealedDraft.objects.get(), consent_on=TODAY, made_by="Секретарь", today=TODAY)
    with pytest.raises(LaterFactsForbid, match=r"Ёлкин Пётр: записано согласие от 20\.09\.2026"):
        undo(run)


def test_a_later_import_that_changed_its_learners_forbids():
    run = bring(learner())
    later = bring(learner(phone="2"), update=True)
    with pytest.raises(LaterFactsForbid, match=r"её данные изменила загрузка «контингент\.csv»"):
        undo(run)
    undo(later)
    assert undo(run).status == "undone"


def test_a_value_changed_by_hand_afterwards_forbids():
    bring(learner(phone="1"))
    run = bring(learner(phone="2"), update=True)
    Student.objects.update(phone="3")
    with pytest.raises(LaterFactsForbid, match="изменены данные: обучающийся «Ёлкин Пётр»"):
        undo(run)
    assert Student.objects.get().phone == "3"


def test_a_new_place_after_the_departure_forbids():
    bring(learner())
    run = bring(learner(**DEPARTED))
    bring(learner(**{"class": "6Б", "enrolled_on": "15.09.2026"}))
    with pytest.raises(LaterFactsForbid, match="появились зачисления"):
        undo(run)
    assert Enrollment.objects.filter(left_on=None).count() == 1


def test_only_an_import_in_force_can_be_undone():
    run = bring(learner())
    undo(run)
    with pytest.raises(ImportNotApplied, match="её состояние: отменён"):
        undo(run)
    with pytest.raises(ImportNotApplied):
        undo(stage(learner()))


def test_a_file_that_was_only_looked_at_leaves_nothing_behind():
    run = stage(learner())
    assert counts(run) == {"accepted": 1}
    assert not Student.objects.exists()
    services.discard(run)
    assert not StagedRow.objects.exists()
    assert not ImportRun.objects.exists()
