"""Two cards of one person: found, compared, made one with everything that named the other, and two again."""

from __future__ import annotations

import datetime

import pytest

from tenants.cards.errors import MergeNotUndone, MergeRefused
from tenants.cards.merging import merge, undo_merge
from tenants.cards.models import Batch
from tenants.cards.successors import merged_into
from tenants.consents.models import Consent
from tenants.history.models import HistoryEvent
from tenants.orders.models import Enrollment, OrderRow
from tenants.people.card import GUARDIAN_CARD, STUDENT_CARD
from tenants.people.models import Guardian, GuardianLink, Student, StudentSpecial
from tenants.staff.card import STAFF_CARD
from tenants.staff.models import StaffMember
from tenants.staff.rows import add_row
from tests.support import client_of
from tests.tenants import factories
from tests.tenants.staff import making

SNILS = "11223344595"


@pytest.fixture
def pair(school):
    """The same child twice: once with papers and without a place, once placed and without papers."""
    with school.work():
        stays = factories.student(last_name="Соколова", first_name="Алёна", sex="F", doc_number="", doc_type="")
        factories.enroll(stays, into=factories.group("5А"))
        goes = factories.student(last_name="Соколова", first_name="Алена", sex="F", snils=SNILS, phone="+7 900 1112233")
        mother = Guardian.objects.create(last_name="Соколова", first_name="Инна")
        GuardianLink.objects.create(student=goes, guardian=mother, relation="mother")
    return stays, goes


def merged(stays, goes, **more):
    return merge(kind=STUDENT_CARD, stays=stays.pk, goes=goes.pk, taken=more.pop("taken", ()), by="секретарь", **more)


def test_similar_cards_are_found_the_surest_first(school, pair):
    with school.work():
        factories.student(last_name="Соколова", first_name="Марина", sex="F")
        factories.student(last_name="Кротов", birth_date=datetime.date(2014, 2, 3))
    page = client_of(school.host, "secretary").get("/cards/student/same/")
    assert [(one.pk, other.pk, why) for one, other, why in page.context["lines"]] == [
        (pair[0].pk, pair[1].pk, "те же имя и дата рождения")
    ]


def test_the_list_of_similar_cards_asks_a_fixed_number_of_queries(school, pair, django_assert_max_num_queries):
    client = client_of(school.host, "secretary")
    with school.work():
        for number in range(5):
            factories.student(last_name="Двойников", birth_date=datetime.date(2014, 2, 3), first_name=f"Пётр{number}")
    with django_assert_max_num_queries(25):
        assert client.get("/cards/student/same/").status_code == 200


def test_two_cards_are_compared_and_made_one_by_the_pages(school, pair):
    stays, goes = pair
    client = client_of(school.host, "secretary")
    address = f"/cards/student/same/{stays.pk}/{goes.pk}/"
    page = client.get(address)
    choices = {one.field.code: one for one in page.context["choices"]}
    assert (choices["snils"].theirs, choices["snils"].takes_other) == ("112-233-445 95", True)
    assert not choices["last_name"].is_different
    answer = client.post(address, {"keep_first_name": "other", "reason": "свидетельство"})
    assert answer.status_code == 302, answer.content.decode()
    with school.work():
        now = Student.objects.get(pk=stays.pk)
        assert (now.first_name, now.snils, now.phone) == ("Алена", SNILS, "+7 900 1112233")
        assert Student.objects.get(pk=goes.pk).is_annulled
        assert now.guardian_links.count() == 1
        assert merged_into(STUDENT_CARD, goes.pk) == stays.pk
    assert client.get(f"/cards/student/{goes.pk}/").headers["Location"] == f"/cards/student/{stays.pk}/"
    assert client.get(f"/students/{goes.pk}/").headers["Location"] == f"/students/{stays.pk}/"
    listed = client.get("/cards/student/changes/").content.decode()
    assert "Объединение двух карточек" in listed


def test_everything_moves_and_undo_brings_it_back(school, pair):
    stays, goes = pair
    with school.work():
        StudentSpecial.objects.create(student=goes, health_group="2", updated_by="медсестра")
        consents = Consent.objects.filter(student=goes).count()
        before = {one.attname: getattr(goes, one.attname) for one in Student._meta.concrete_fields}
        batch = merged(stays, goes, reason="свидетельство")
        assert Consent.objects.filter(student=stays).count() == consents + 1
        assert Consent.objects.filter(student=stays, is_current=True, kind="student").count() == 1
        assert Student.objects.get(pk=stays.pk).special.health_group == "2"
        event = HistoryEvent.objects.filter(object_kind="people_student", object_id=str(stays.pk)).latest("id")
        assert event.reason == "Объединение двух карточек. свидетельство"
        undo_merge(kind=STUDENT_CARD, batch=batch, by="секретарь", reason="ошиблись")
        again = Student.objects.get(pk=goes.pk)
        after = {one.attname: getattr(again, one.attname) for one in Student._meta.concrete_fields}
        before.pop("updated_at")
        after.pop("updated_at")
        assert after == before
        assert again.special.health_group == "2"
        assert again.guardian_links.count() == 1
        assert Consent.objects.filter(student=goes, is_current=True).count() == consents
        assert Student.objects.get(pk=stays.pk).snils == ""
        assert Batch.objects.get().is_undone
        assert merged_into(STUDENT_CARD, goes.pk) is None


def test_the_place_of_the_other_card_moves_and_a_later_order_forbids_undo(school, pair):
    goes, stays = pair  # the placed one gives way
    with school.work():
        batch = merged(stays, goes)
        place = Enrollment.objects.get(student=stays)
        assert OrderRow.objects.get(enrollment=place).student_id == stays.pk
        factories.withdraw(stays, day=datetime.date(2026, 10, 10))
        with pytest.raises(MergeNotUndone):
            undo_merge(kind=STUDENT_CARD, batch=batch, by="секретарь")
        assert Enrollment.objects.get(pk=place.pk).student_id == stays.pk


def test_a_value_changed_after_the_merge_stays_when_it_is_undone(school, pair):
    stays, goes = pair
    with school.work():
        batch = merged(stays, goes)
        Student.objects.filter(pk=stays.pk).update(phone="+7 900 9998877")
        undo_merge(kind=STUDENT_CARD, batch=batch, by="секретарь")
        assert Student.objects.get(pk=stays.pk).phone == "+7 900 9998877"


def test_two_basic_places_refuse_with_a_sentence(school, pair):
    stays, goes = pair
    with school.work():
        factories.enroll(goes, into=factories.group("6Б"))
        with pytest.raises(MergeRefused, match="числятся на основном месте"):
            merged(stays, goes)
        assert not Student.objects.get(pk=goes.pk).is_annulled


@pytest.mark.parametrize("facts", [{"health_limits": True}, {"disability": True}])
def test_special_facts_that_differ_refuse_and_are_not_told(school, pair, facts):
    stays, goes = pair
    with school.work():
        Student.objects.filter(pk=goes.pk).update(**facts)
        with pytest.raises(MergeRefused, match="Особые сведения двух карточек различаются"):
            merged(stays, goes)


def test_differing_special_records_refuse_and_equal_ones_stay(school, pair):
    stays, goes = pair
    with school.work():
        StudentSpecial.objects.create(student=stays, health_group="1", updated_by="медсестра")
        theirs = StudentSpecial.objects.create(student=goes, health_group="2", updated_by="медсестра")
        with pytest.raises(MergeRefused, match="Особые сведения"):
            merged(stays, goes)
        theirs.health_group = "1"
        theirs.save()
        merged(stays, goes)
        assert StudentSpecial.objects.get(student=stays).health_group == "1"


def test_two_logins_refuse_and_one_goes_with_the_person(school, pair):
    stays, goes = pair
    with school.work():
        account = Student.objects.order_by("pk").first().pk
        Student.objects.filter(pk=goes.pk).update(account_id=account)
        batch = merged(stays, goes)
        assert Student.objects.get(pk=stays.pk).account_id == account
        undo_merge(kind=STUDENT_CARD, batch=batch, by="секретарь")
        assert Student.objects.get(pk=stays.pk).account_id is None
        Student.objects.filter(pk=stays.pk).update(account_id=goes.pk)
        with pytest.raises(MergeRefused, match="учётные записи"):
            merged(stays, goes)


def guardians(child):
    """One mother written twice, with and without a telephone."""
    agreed = datetime.date(2026, 9, 1)
    stays = Guardian.objects.create(last_name="Соколова", first_name="Инна", patronymic="Ю", consent_on=agreed)
    goes = Guardian.objects.create(
        last_name="Соколова", first_name="Инна", patronymic="Ю", phone="+7 900 1112233", consent_on=agreed
    )
    GuardianLink.objects.create(student=child, guardian=stays, relation="")
    GuardianLink.objects.create(
        student=child, guardian=goes, relation="mother", rights_restriction="restricted", restriction_document="суд № 5"
    )
    return stays, goes


def test_two_guardians_of_one_child_become_one_with_the_restriction_kept(school, pair):
    child, other = pair
    with school.work():
        stays, goes = guardians(child)
        GuardianLink.objects.create(student=other, guardian=goes, relation="mother")
        batch = merge(kind=GUARDIAN_CARD, stays=stays.pk, goes=goes.pk, taken=(), by="секретарь")
        link = GuardianLink.objects.get(student=child, guardian=stays)
        assert (link.relation, link.rights_restriction, link.restriction_document) == (
            "mother",
            "restricted",
            "суд № 5",
        )
        assert stays.links.count() == 2
        assert Guardian.objects.get(pk=stays.pk).phone == "+7 900 1112233"
        assert not Guardian.objects.filter(pk=goes.pk).exists()
        undo_merge(kind=GUARDIAN_CARD, batch=batch, by="секретарь")
        assert Guardian.objects.get(pk=goes.pk).phone == "+7 900 1112233"
        assert Guardian.objects.get(pk=stays.pk).phone == ""
        assert GuardianLink.objects.get(student=child, guardian=stays).rights_restriction == ""
        assert {link.student_id for link in GuardianLink.objects.filter(guardian=goes)} == {child.pk, other.pk}


def test_guardians_are_found_by_their_common_child(school, pair):
    with school.work():
        stays, goes = guardians(pair[0])
        Guardian.objects.filter(pk=goes.pk).update(last_name="Соклова")
    page = client_of(school.host, "secretary").get("/cards/guardian/same/")
    assert [{one.pk, other.pk} for one, other, _ in page.context["lines"]] == [{stays.pk, goes.pk}]


def test_a_card_with_a_withdrawn_consent_is_not_merged(school, pair):
    with school.work():
        stays, goes = guardians(pair[0])
        Guardian.objects.filter(pk=goes.pk).update(consent_withdrawn_on=datetime.date(2026, 10, 1))
        with pytest.raises(MergeRefused, match="согласие отозвано"):
            merge(kind=GUARDIAN_CARD, stays=stays.pk, goes=goes.pk, taken=(), by="секретарь")


def test_without_the_right_nothing_is_compared_and_another_school_has_no_such_cards(school, other_school, pair):
    stays, goes = pair
    assert client_of(school.host, "coordinator").get(f"/cards/student/same/{stays.pk}/{goes.pk}/").status_code == 403
    client = client_of(school.host, "secretary")
    assert client.get(f"/cards/student/same/{stays.pk}/{stays.pk}/").status_code == 404
    with other_school.work():
        foreign = factories.student()
    assert client.get(f"/cards/student/same/{stays.pk}/{foreign.pk}/").status_code == 404
    assert client.get("/cards/organization/same/").status_code == 404


def test_two_cards_of_one_employee_become_one_and_two_again(school):
    with school.work():
        stays = making.member(last_name="Дубов", first_name="Пётр")
        goes = making.member(
            last_name="Дуббов", first_name="Пётр", snils=SNILS, consent_on=datetime.date(2021, 9, 1), inn="500100732259"
        )
        add_row(
            member=goes,
            section="awards",
            values={"name": "Грамота", "level": "regional", "awarded_on": datetime.date(2021, 10, 5)},
            by="секретарь",
        )
        batch = merge(kind=STAFF_CARD, stays=stays.pk, goes=goes.pk, taken=(), by="секретарь")
        now = StaffMember.objects.get(pk=stays.pk)
        assert (now.last_name, now.snils, now.consent_on) == ("Дубов", SNILS, datetime.date(2021, 9, 1))
        assert now.awards.count() == 1
        assert not StaffMember.objects.known().filter(pk=goes.pk).exists()
        assert Consent.objects.filter(employee_id=stays.pk, is_current=True).count() == 1
        undo_merge(kind=STAFF_CARD, batch=batch, by="секретарь")
        assert StaffMember.objects.known().get(pk=goes.pk).snils == SNILS
        assert StaffMember.objects.get(pk=stays.pk).consent_on == datetime.date(2020, 9, 1)
        assert Consent.objects.filter(employee_id__in=[stays.pk, goes.pk], is_current=True).count() == 2
    assert client_of(school.host, "secretary").get("/cards/staff/same/").context["lines"]
