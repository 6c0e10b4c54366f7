"""A new learner: looked for before he is made, typed once, kept on every refusal, numbered in the alphabetical book."""

from __future__ import annotations

import datetime
import threading

import pytest
from django.db import ProgrammingError, connections, transaction

from shared.access.services import give_role
from shared.contingent.known import is_known_elsewhere
from shared.tenancy import scopes
from tenants.handup.projector import project, settle
from tenants.history.models import HistoryEvent
from tenants.people.errors import PersonalFileTaken
from tenants.people.likeness import Described, learners_alike
from tenants.people.models import Guardian, Student
from tenants.people.numbering import proposed_file_no
from tenants.people.services import StudentFacts, create_student
from tests.support import SINCE, client_of, connect, person
from tests.tenants import factories
from tests.tenants.appointing import employ

D = datetime.date
SNILS = "11223344595"
WRITTEN_SNILS = "112-233-445 95"


def typed(**changes):
    usual = {
        "last_name": "Кольцов",
        "first_name": "Артём",
        "birth_date": "01.02.2015",
        "sex": "M",
        "citizenship": "RUS",
        "consent_on": "10.11.2026",
        "registration_address": "г. Белореченск, ул. Садовая, д. 18",
        "guardians-TOTAL_FORMS": "2",
        "guardians-INITIAL_FORMS": "0",
        "guardians-0-last_name": "Кольцова",
        "guardians-0-first_name": "Ольга",
        "guardians-0-relation": "mother",
        "guardians-0-phone": "8 918 123-45-67",
        "guardians-0-consent_on": "10.11.2026",
        "guardians-0-workplace": "Завод",
        "guardians-0-has_childs_addresses": "on",
        "guardians-1-last_name": "Кольцов",
        "guardians-1-first_name": "Олег",
        "guardians-1-relation": "father",
    }
    return {**usual, **changes}


def facts(**changes):
    usual = {"last_name": "Кольцов", "first_name": "Артём", "birth_date": D(2015, 2, 1), "sex": "M"}
    return StudentFacts(**{**usual, "consent_on": D(2026, 8, 1), **changes})


@pytest.fixture
def secretary(school):
    return client_of(school.host, "secretary")


@pytest.mark.proves("R-364", "R-229", "R-382")
def test_one_page_makes_a_learner_two_guardians_and_a_personal_file(school, secretary):
    answer = secretary.post("/students/new/", typed())
    assert answer.status_code == 302, answer.content.decode()
    with school.work():
        child = Student.objects.get()
        assert child.personal_file_no == "К-1"
        father, mother = Guardian.objects.order_by("phone")
        assert (mother.phone, mother.workplace, mother.is_sealed) == ("+7 918 123-45-67", "Завод", False)
        assert mother.registration_address == child.registration_address
        assert father.is_sealed


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"consent_on": ""}, "Укажите дату согласия"),
        ({"snils": "112-233-445 94"}, "контрольное число не сходится"),
        ({"birth_date": "05.05.2195"}, "ещё не наступила"),
        ({"doc_type": "passport_rf"}, "нет его номера"),
        ({"last_name": ""}, "Поле «Фамилия» пустое"),
        ({"guardians-1-last_name": ""}, "Поле «Фамилия» пустое"),
        ({"guardians-1-workplace": "Порт"}, "записывают только его имя"),
        ({"phone": "12"}, "не хватает цифр"),
    ],
)
def test_a_refused_page_keeps_everything_typed_and_makes_nobody(school, secretary, changes, words):
    answer = secretary.post("/students/new/", typed(patronymic="Неповторимович", **changes))
    page = answer.content.decode().replace("\u00a0", " ")
    assert answer.status_code == 422
    assert words in page
    for kept in ("Неповторимович", "Ольга", "Завод", "Олег"):
        assert f'value="{kept}"' in page, kept
    with school.work():
        assert not Student.objects.exists()
        assert not Guardian.objects.exists()


def test_who_edits_his_class_alone_makes_no_new_learners(school):
    with school.work():
        group = factories.group("5А")
    employ("klara", "class_teacher", school, groups=[group])
    klara = client_of(school.host, "klara")
    assert klara.get("/students/new/").status_code == 403
    assert klara.post("/students/new/same/", {"last_name": "Кольцов"}).status_code == 403
    assert "/students/new/" not in klara.get("/students/").content.decode()


@pytest.mark.proves("R-185")
def test_the_next_number_of_the_letter_is_given_and_a_taken_one_is_refused_with_a_free_one(school):
    with school.work():
        create_student(facts=facts(personal_file_no="К-15"), recorded_by="С")
        assert proposed_file_no("Елкин") == proposed_file_no("Ёлкина") == "Е-1"
        assert (proposed_file_no("кольцов"), proposed_file_no("")) == ("К-16", "")
        with pytest.raises(PersonalFileTaken, match=r"К-15 уже ведётся: Кольцов Артём.*свободен № К-16"):
            create_student(facts=facts(first_name="Олег", personal_file_no="К-15"), recorded_by="С")
        given = create_student(facts=facts(first_name="Олег"), gives_file_no=True, recorded_by="С")
        assert given.personal_file_no == "К-16"


@pytest.mark.proves("R-185")
def test_one_overlong_number_stops_no_new_learners_of_its_letter(school):
    with school.work():
        factories.student(last_name="Кротов", personal_file_no="К-999999999999999999")
        assert create_student(facts=facts(), gives_file_no=True, recorded_by="С").personal_file_no == "К-1"
        factories.student(last_name="Крылов", personal_file_no="К-999999")
        given = create_student(facts=facts(first_name="Олег"), gives_file_no=True, recorded_by="С")
        assert given.personal_file_no == "К-2", "after the last number of the book come those that were left out"


def test_an_overlong_number_is_not_taken(school, secretary):
    answer = secretary.post("/students/new/", typed(personal_file_no="К-999999999999999999"))
    assert answer.status_code == 422
    assert "после буквы не больше 6 цифр" in answer.content.decode().replace("\u00a0", " ")
    with school.work():
        assert not Student.objects.exists()


@pytest.mark.proves("R-185")
def test_two_clerks_at_once_get_two_numbers(committed):
    school = connect("file-race")
    start, made = threading.Barrier(2), []

    def enter(name: str) -> None:
        try:
            with school.work():
                start.wait(timeout=10)
                made.append(create_student(facts=facts(first_name=name), gives_file_no=True, recorded_by=name))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=enter, args=(name,)) for name in ("Олег", "Пётр")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert sorted(one.personal_file_no for one in made) == ["К-1", "К-2"]


def asked(client, **values):
    answer = client.post("/students/new/same/", values)
    assert answer.status_code == 200
    return answer.content.decode().replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"last_name": "ЕЛКИНА", "first_name": "Анна", "birth_date": "01.03.2016"}, "те же имя и дата рождения"),
        ({"last_name": "Ёлкена", "first_name": "Анна", "birth_date": "01.03.2016"}, "похожее имя"),
        ({"last_name": "Анна", "first_name": "Ёлкина", "birth_date": "01.03.2016"}, "похожее имя"),
        ({"last_name": "Ёлкина", "first_name": "Анна", "birth_date": "03.01.2016"}, "день и месяц рождения"),
        ({"last_name": "Ёлкина", "first_name": "Анна", "birth_date": "01.03.2017"}, "другая дата рождения: 01.03.2016"),
        ({"last_name": "Петрова", "snils": WRITTEN_SNILS}, "тот же СНИЛС"),
        (
            {"last_name": "Петрова", "first_name": "Вера", "doc_number": "777777", "birth_date": "01.03.2016"},
            "тот же документ",
        ),
    ],
)
def test_whoever_may_be_meant_is_shown_with_the_reason(school, secretary, values, why):
    with school.work():
        known = factories.student(
            last_name="Ёлкина",
            first_name="Анна",
            birth_date=D(2016, 3, 1),
            sex="F",
            snils=SNILS,
            doc_number="777777",
        )
        factories.student(last_name="Рощин", birth_date=D(2016, 3, 1))
        factories.enroll(known, into=factories.group("5А"))
    page = asked(secretary, **values)
    assert "Ёлкина Анна" in page
    assert why in page
    assert "5А" in page
    assert "Рощин" not in page


def test_nobody_alike_is_said_too_and_half_a_name_asks_nothing(school, secretary):
    page = asked(secretary, last_name="Кольцов", first_name="Артём", birth_date="01.02.2015")
    assert "Похожих карточек в организации нет" in page
    assert "В реестре региона такого человека у других организаций нет" in page
    assert "№ К-1" in page
    assert "реестр" not in asked(secretary, last_name="Кольцов").lower()


def test_a_number_confirms_nobody_to_whom_numbers_are_closed(school):
    with school.work():
        factories.student(last_name="Ёлкина", snils=SNILS)
        found = learners_alike(Described(snils=SNILS), among=Student.objects.known(), by_numbers=False)
        assert found == []


@pytest.mark.proves("R-364")
def test_the_registry_answers_yes_or_no_and_never_where(committed):
    snils = "57483920133"  # of nobody else in any organization
    ours, theirs = connect("hint-ours"), connect("hint-theirs", short_name="Секретная школа")
    with theirs.work():
        child = create_student(facts=facts(snils=snils, last_name="Подсказкин"), recorded_by="С")
        factories.enroll(child, into=factories.group("5А"))
    settle(theirs.organization)
    name = {"last_name": "ПОДСКАЗКИН", "first_name": "Артем"}
    with ours.work():
        assert is_known_elsewhere(snils=snils, last_name="", first_name="", birth_date=None) is True
        assert is_known_elsewhere(snils="", **name, birth_date=D(2015, 2, 1)) is True
        assert is_known_elsewhere(snils="", **name, birth_date=D(2015, 2, 2)) is False
        assert is_known_elsewhere(snils="", last_name="Подсказ", first_name="Артём", birth_date=D(2015, 2, 1)) is False
        assert is_known_elsewhere(snils="", last_name="Подсказкин", first_name="", birth_date=None) is None
    with theirs.work():
        assert is_known_elsewhere(snils=snils, last_name="", first_name="", birth_date=None) is False, "his own"


@pytest.mark.proves("R-031")
def test_a_question_to_the_registry_is_logged_without_the_person_and_limited(school, secretary):
    values = {"last_name": "Кольцов", "first_name": "Артём", "birth_date": "01.02.2015", "snils": WRITTEN_SNILS}
    asked(secretary, **values)
    with school.work():
        (event,) = HistoryEvent.objects.filter(action="registry.asked")
    assert event.facts["answer"] == "нет"
    assert not {"Кольцов", SNILS, WRITTEN_SNILS} & set(map(str, event.facts.values()))


def test_the_question_is_the_organizations_alone(school):
    refusal = pytest.raises(ProgrammingError, match="permission denied")
    with scopes.enter(scopes.of_accounts()), refusal, transaction.atomic():
        is_known_elsewhere(snils=SNILS, last_name="", first_name="", birth_date=None)


def test_a_withdrawn_person_is_not_told_of(school, other_school):
    with other_school.work():
        child = factories.student(snils=SNILS, consent_withdrawn_on=D(2026, 9, 1))
        factories.enroll(child, into=factories.group("5А"))
    project(other_school.organization)
    with school.work():
        assert is_known_elsewhere(snils=SNILS, last_name="", first_name="", birth_date=None) is False


def test_an_address_under_protection_is_not_copied_to_a_representative(school, secretary):
    answer = secretary.post("/students/new/", typed(is_address_protected="on"))
    assert answer.status_code == 302, answer.content.decode()
    with school.work():
        assert Student.objects.get().is_address_protected
        assert set(Guardian.objects.values_list("registration_address", "address")) == {("", "")}


def test_numbers_of_cards_are_compared_only_for_who_may_see_everybodys(committed):
    """In a kindergarten the administrator enters children and sees documents of his own child alone."""
    garden = connect(slug="sad-chislo", org_type="preschool")
    account = person("ada", "org_admin", school=garden)
    place = garden.organization.pk
    give_role(account=account, role="guardian", organization_id=place, valid_from=SINCE, using="owner")
    with garden.work():
        factories.student(last_name="Хворостьянова", snils=SNILS)
    asked = {"last_name": "Кольцов", "first_name": "Артём", "snils": WRITTEN_SNILS}
    answer = client_of(garden.host, "ada").post("/students/new/same/", asked)
    assert answer.status_code == 200
    assert "Хворостьянова" not in answer.content.decode()
