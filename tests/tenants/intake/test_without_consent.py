"""INTERFACES 5 «Without consent»: a draft, kept sealed until the consent is recorded."""

import datetime

import pytest

from tenants.intake import services
from tenants.intake.errors import ConsentDayImpossible, DraftAlreadyOpened, DraftCannotTakeEffect
from tenants.intake.models import SealedDraft
from tenants.orders.models import Enrollment, Order
from tenants.people.models import Student
from tests.tenants.intake.bringing import bring, counts, learner
from tests.tenants.intake.conftest import TODAY
from tests.tenants.intake.test_counting_rules import DEPARTED

pytestmark = [pytest.mark.django_db, pytest.mark.proves("R-175")]


@pytest.fixture(autouse=True)
def work(school):
    with school.work("anna"):
        yield


def consent(day: datetime.date = TODAY) -> Enrollment:
    draft = SealedDraft.objects.sealed().order_by("id").first()
    place = services.record_consent(draft, consent_on=day, made_by="Секретарь", today=TODAY)
    return Enrollment.objects.get(pk=place)


def test_a_row_without_consent_is_in_no_list_book_or_place():
    run = bring(learner(consent_on=None))
    assert counts(run) == {"drafts": 1}
    assert not Student.objects.exists()
    assert not Enrollment.objects.exists()
    assert not Order.objects.exists()
    draft = SealedDraft.objects.sealed().get()
    assert (str(draft), draft.birth_date, draft.group_name) == ("Ёлкин Пётр", datetime.date(2015, 3, 5), "5А")


def test_recorded_consent_puts_it_in_force_from_the_date_of_its_order():
    bring(learner(consent_on=None))
    place = consent()
    assert (place.enrolled_on, place.order.issued_on) == (datetime.date(2026, 9, 1), datetime.date(2026, 8, 28))
    assert Student.objects.get().consent_on == TODAY
    assert not SealedDraft.objects.sealed().exists()


def test_consent_added_in_a_file_puts_it_in_force():
    bring(learner(consent_on=None))
    run = bring(learner(consent_on="18.09.2026"))
    assert counts(run) == {"accepted": 1}
    assert Student.objects.get().consent_on == datetime.date(2026, 9, 18)
    assert Enrollment.objects.get().enrolled_on == datetime.date(2026, 9, 1)
    assert not SealedDraft.objects.sealed().exists()
    assert counts(bring(learner(consent_on="18.09.2026"))) == {"already": 1}


def test_departure_added_to_a_draft_is_kept_with_it():
    bring(learner(consent_on=None))
    assert counts(bring(learner(consent_on=None, **DEPARTED))) == {"drafts": 1}
    assert SealedDraft.objects.count() == 1
    assert consent().left_on == datetime.date(2026, 9, 15)


def test_other_differences_of_a_draft_wait_for_the_update():
    bring(learner(consent_on=None, phone="1"))
    assert counts(bring(learner(consent_on=None, phone="2"))) == {"different": 1}
    assert SealedDraft.objects.get().values["phone"] == "1"
    assert counts(bring(learner(consent_on=None, phone="2"), update=True)) == {"different": 1}
    assert SealedDraft.objects.get().values["phone"] == "2"


def test_consent_belongs_to_the_person_not_to_the_row():
    run = bring(learner(consent_on=None), learner(program="Шахматы"))
    assert counts(run) == {"accepted": 2}
    assert counts(bring(learner(program="Робот", consent_on=None))) == {"accepted": 1}


def test_withdrawn_consent_makes_new_places_wait():
    bring(learner())
    Student.objects.update(consent_withdrawn_on=TODAY)
    assert counts(bring(learner(program="Шахматы"))) == {"drafts": 1}


def test_two_drafts_of_one_learner_cannot_both_be_his_basic_place():
    run = bring(learner(consent_on=None), learner(consent_on=None, **{"class": "6Б"}))
    assert counts(run) == {"drafts": 2}
    consent()
    with pytest.raises(DraftCannotTakeEffect, match="уже числится в «5А»"):
        consent()


@pytest.mark.parametrize("day", [TODAY + datetime.timedelta(days=1), datetime.date(2015, 3, 4)])
def test_impossible_day_of_consent_is_refused(day):
    bring(learner(consent_on=None))
    with pytest.raises(ConsentDayImpossible):
        consent(day)


def test_consent_is_recorded_once():
    bring(learner(consent_on=None))
    draft = SealedDraft.objects.get()
    consent()
    with pytest.raises(DraftAlreadyOpened):
        services.record_consent(draft, consent_on=TODAY, made_by="Секретарь", today=TODAY)
