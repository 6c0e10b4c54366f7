"""Special facts: masked for everybody, opened for a reason that the log keeps, changed by a right of their own."""

from __future__ import annotations

import datetime

import pytest

from tenants.history.models import HistoryEvent
from tenants.people.errors import DeviantPeriodBroken, RestrictionUndocumented
from tenants.people.fields import SPECIAL_COLUMNS
from tenants.people.models import Guardian, GuardianLink, Student, StudentSpecial
from tenants.people.special import DeviantFacts, RestrictionFacts, SpecialFacts, edit_special
from tests.support import client_of
from tests.tenants import factories
from tests.tenants.appointing import employ

D = datetime.date
ILLNESS = "сахарный диабет канареечный"
POLICY = "7700000000009034"
STREET = "ул. Тайная, д. 7"
REASON = {"reason": "medical", "note": "осмотр"}


@pytest.fixture
def child(school):
    with school.work():
        one = factories.student(last_name="Ёлкина", sex="F", registration_address=f"г. Белореченск, {STREET}")
        factories.enroll(one, into=factories.group("5А"))
        edit_special(
            student=one,
            facts=SpecialFacts(
                health_group="3", diseases=ILLNESS, policy_number=POLICY, social_statuses=("large_family",)
            ),
            deviant=[DeviantFacts(kind="school_register", registered_from=D(2026, 9, 5), basis="решение совета")],
            restrictions={},
            edited_by="Секретарь",
            reason="ведение личного дела",
        )
        return one


@pytest.fixture
def nurse(school):
    employ("nina", "nurse", school)
    return client_of(school.host, "nina")


def looks(school):
    with school.work():
        return list(HistoryEvent.objects.filter(action="revealed"))


@pytest.mark.proves("R-031")
def test_nothing_special_stands_on_the_card_in_lists_in_files_or_in_the_api(school, child):
    secretary = client_of(school.host, "secretary")
    pages = [f"/students/{child.pk}/", f"/students/{child.pk}/peek/", "/students/", "/students/export.xlsx"]
    pages += ["/api/v1/students/", f"/api/v1/students/{child.pk}/", f"/audit/student/{child.pk}/"]
    for page in pages:
        content = secretary.get(page).content.decode("utf-8", "ignore")
        for secret in (ILLNESS, POLICY, "решение совета"):
            assert secret not in content, (page, secret)


def test_the_api_has_no_special_field(school, child):
    card = client_of(school.host, "secretary").get(f"/api/v1/students/{child.pk}/").json()
    names = set(card) | set(card["identity"])
    assert not names & {column for columns in SPECIAL_COLUMNS.values() for column in columns}
    assert not names & {"address", "registration_address", "phone", "email", "special"}


@pytest.mark.proves("R-031")
def test_without_the_right_the_section_says_whose_it_is_and_the_address_refuses(school, child):
    coordinator = client_of(school.host, "coordinator")
    page = coordinator.get(f"/students/{child.pk}/").content.decode().replace("\u00a0", " ")
    assert "Скрыто: нет права «Особые сведения" in page
    assert "его даёт администратор" in page
    assert coordinator.post(f"/students/{child.pk}/special/", REASON).status_code == 403


@pytest.mark.proves("R-031")
def test_opening_asks_for_a_reason_and_is_recorded_with_it(school, child):
    secretary = client_of(school.host, "secretary")
    asked = secretary.get(f"/students/{child.pk}/special/")
    assert ILLNESS not in asked.content.decode()
    refused = secretary.post(f"/students/{child.pk}/special/", {})
    assert refused.status_code == 422
    assert ILLNESS not in refused.content.decode()
    assert looks(school) == []
    opened = secretary.post(f"/students/{child.pk}/special/", REASON)
    assert ILLNESS in opened.content.decode()
    assert "no-store" in opened.headers["Cache-Control"]
    (look,) = looks(school)
    assert look.object_id == str(child.pk)
    assert look.facts["field"] == "special"
    assert look.reason == "Медицинская помощь, профилактический осмотр: осмотр"
    assert ILLNESS not in str(look.facts)


def test_the_nurse_changes_health_and_the_reason_stands_beside_the_change(school, child, nurse):
    address = f"/students/{child.pk}/special/edit/"
    assert ILLNESS not in nurse.get(address).content.decode()
    assert ILLNESS in nurse.post(address, REASON).content.decode()
    posted = REASON | {
        "save": "1",
        "health_group": "2",
        "diseases": "нет",
        "policy_number": POLICY,
        "deviant-TOTAL_FORMS": "0",
        "deviant-INITIAL_FORMS": "0",
        "links-TOTAL_FORMS": "0",
        "links-INITIAL_FORMS": "0",
    }
    answer = nurse.post(address, posted)
    assert answer.status_code == 302, answer.content.decode()
    with school.work():
        special = StudentSpecial.objects.get(student=child)
        assert (special.health_group, special.diseases) == ("2", "нет")
        change = HistoryEvent.objects.filter(object_kind="people_studentspecial", action="changed").get()
        assert change.reason.startswith("Медицинская помощь")


@pytest.mark.parametrize(("field", "value"), [("policy_number", "123"), ("health_group", "9")])
def test_a_refused_fact_keeps_the_others(school, child, nurse, field, value):
    posted = REASON | {"save": "1", "diseases": "нет", field: value}
    posted |= {f"{prefix}-{name}": "0" for prefix in ("deviant", "links") for name in ("TOTAL_FORMS", "INITIAL_FORMS")}
    answer = nurse.post(f"/students/{child.pk}/special/edit/", posted)
    assert answer.status_code == 422
    with school.work():
        assert StudentSpecial.objects.get(student=child).diseases == ILLNESS


def test_a_class_teacher_has_no_right_to_special_facts_unless_the_organization_decides_so(school, child):
    with school.work():
        group = factories.group("5А")
    employ("klara", "class_teacher", school, groups=[group])
    klara = client_of(school.host, "klara")
    assert klara.get(f"/students/{child.pk}/").status_code == 200
    assert klara.post(f"/students/{child.pk}/special/", REASON).status_code == 403


@pytest.mark.proves("R-031", "R-167")
def test_an_address_under_protection_opens_with_the_special_facts_only(school, child):
    with school.work():
        Student.objects.filter(pk=child.pk).update(is_address_protected=True)
    secretary = client_of(school.host, "secretary")
    assert secretary.post(f"/students/{child.pk}/reveal/registration_address/").status_code == 404
    page = secretary.get(f"/students/{child.pk}/").content.decode()
    assert "Белореченск" not in page.partition("Адрес регистрации")[2][:2000]
    assert STREET in secretary.post(f"/students/{child.pk}/special/", REASON).content.decode()


def test_who_may_not_see_special_facts_cannot_wipe_them_by_the_card_form(school, child):
    with school.work():
        Student.objects.filter(pk=child.pk).update(health_limits=True, snils="11223344595", is_address_protected=True)
        group = factories.group("5А")
    employ("klara", "class_teacher", school, groups=[group])
    teacher = client_of(school.host, "klara")
    form = teacher.get(f"/students/{child.pk}/edit/").content.decode()
    assert "id_snils" not in form
    assert "id_health_limits" not in form
    assert STREET not in form
    posted = {
        "last_name": "Ёлкина",
        "first_name": "Инна",
        "birth_date": "05.05.2015",
        "sex": "F",
        "citizenship": "RUS",
        "consent_on": "20.08.2026",
        "guardians-TOTAL_FORMS": "0",
        "guardians-INITIAL_FORMS": "0",
    }
    answer = teacher.post(f"/students/{child.pk}/edit/", posted)
    assert answer.status_code == 302, answer.content.decode()
    with school.work():
        saved = Student.objects.get(pk=child.pk)
        assert (saved.first_name, saved.snils, saved.health_limits) == ("Инна", "11223344595", True)
        assert saved.is_address_protected
        assert STREET in saved.registration_address


def test_a_restriction_of_rights_needs_its_document_and_a_registration_ends_after_it_began(school, child):
    with school.work():
        guardian = Guardian.objects.create(last_name="Ёлкин", first_name="Олег")
        link = GuardianLink.objects.create(student=child, guardian=guardian, relation="father")
        common = {"student": child, "facts": SpecialFacts(), "edited_by": "Секретарь", "reason": "решение суда"}
        with pytest.raises(RestrictionUndocumented):
            edit_special(**common, deviant=[], restrictions={link.pk: RestrictionFacts(rights_restriction="deprived")})
        wrong = DeviantFacts(kind="kdn", registered_from=D(2026, 9, 5), registered_to=D(2026, 9, 1), basis="п")
        with pytest.raises(DeviantPeriodBroken):
            edit_special(**common, deviant=[wrong], restrictions={})


def test_equal_registrations_are_not_written_again(school, child):
    with school.work():
        known = list(child.deviant_records.values_list("pk", flat=True))
        again = DeviantFacts(kind="school_register", registered_from=D(2026, 9, 5), basis="решение совета")
        edit_special(
            student=child, facts=SpecialFacts(), deviant=[again], restrictions={}, edited_by="С", reason="сверка"
        )
        assert list(child.deviant_records.values_list("pk", flat=True)) == known
