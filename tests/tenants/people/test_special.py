"""Special facts: masked for everybody, opened for a reason that the log keeps, changed by a right of their own."""

from __future__ import annotations

import datetime

import pytest

from shared.imports.tables import Table
from tenants.history.models import HistoryEvent
from tenants.intake import services as intake
from tenants.intake.fields import HEADERS
from tenants.people.errors import DeviantPeriodBroken, PaperPeriodBroken, PapersStand, RestrictionUndocumented
from tenants.people.fields import SPECIAL_COLUMNS
from tenants.people.models import Guardian, GuardianLink, Student, StudentSpecial
from tenants.people.special import edit_special
from tenants.people.special_facts import DeviantFacts, Marks, RestrictionFacts, SpecialFacts
from tenants.people.writing import write_student
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


def form_of(client, address) -> dict[str, object]:
    """The opened form as a browser would send it back untouched."""
    context = client.post(address, REASON).context
    sent = REASON | {"save": "1", "base": context["base"]}
    for name in ("deviant", "restrictions"):
        formset = context[name]
        sent |= {bound.html_name: bound.value() for bound in formset.management_form}
        sent |= {bound.html_name: bound.value() for form in formset for bound in form}
    sent |= {bound.html_name: bound.value() for bound in context["form"]}
    return {
        name: f"{value:%d.%m.%Y}" if isinstance(value, datetime.date) else value
        for name, value in sent.items()
        if value is not None and value is not False
    }


@pytest.mark.proves("R-188", "R-189")
def test_two_who_write_the_special_facts_at_once_lose_nothing_of_each_other(school, child, nurse):
    employ("sofia", "social_teacher", school)
    social = client_of(school.host, "sofia")
    with school.work():
        guardian = Guardian.objects.create(last_name="Ёлкин", first_name="Олег")
        GuardianLink.objects.create(student=child, guardian=guardian, relation="father")
    address = f"/students/{child.pk}/special/edit/"
    health, family = form_of(nurse, address), form_of(social, address)
    family |= {"family_composition": "single_mother", "deviant-0-registered_to": "01.11.2026"}
    family |= {"links-0-rights_restriction": "deprived", "links-0-restriction_document": "решение суда № 2"}
    assert social.post(address, family).status_code == 302
    saved = nurse.post(address, health | {"diseases": "нет"})
    assert saved.status_code == 302, saved.content.decode()
    with school.work():
        special = StudentSpecial.objects.get(student=child)
        assert (special.diseases, special.family_composition) == ("нет", "single_mother")
        assert child.deviant_records.get().registered_to == D(2026, 11, 1)
        assert GuardianLink.objects.get().restriction_document == "решение суда № 2"
        changed = HistoryEvent.objects.filter(object_kind="people_studentspecial", action="changed").order_by("-id")
        assert set(changed[0].changes) == {"diseases", "updated_by"}


@pytest.mark.proves("R-189")
def test_a_fact_that_both_have_changed_is_shown_and_saved_only_by_the_next_decision(school, child, nurse):
    employ("sofia", "social_teacher", school)
    social = client_of(school.host, "sofia")
    address = f"/students/{child.pk}/special/edit/"
    mine, theirs = form_of(nurse, address), form_of(social, address)
    theirs |= {"children_count": "3", "insurer": "Компания", "deviant-0-basis": "протокол комиссии"}
    assert social.post(address, theirs).status_code == 302
    seen = len(looks(school))
    mine |= {"children_count": "4", "deviant-0-basis": "решение № 8"}
    refused = nurse.post(address, mine)
    assert refused.status_code == 422
    page = refused.content.decode().replace("\u00a0", " ")
    assert "Сейчас: «3»" in page
    assert "протокол комиссии" in page
    assert len(looks(school)) == seen + 1, "what stands in the card by now was looked at"
    with school.work():
        assert StudentSpecial.objects.get(student=child).children_count == 3
    again = nurse.post(address, mine | {"base": refused.context["base"]})
    assert again.status_code == 302, again.content.decode()
    with school.work():
        special = StudentSpecial.objects.get(student=child)
        assert (special.children_count, special.insurer) == (4, "Компания")
        assert child.deviant_records.get().basis == "решение № 8"


@pytest.mark.parametrize("base", ["", "forged"])
def test_a_form_without_its_base_saves_and_tells_nothing(school, child, nurse, base):
    address = f"/students/{child.pk}/special/edit/"
    answer = nurse.post(address, form_of(nurse, address) | {"diseases": "нет", "base": base})
    assert answer.status_code == 422
    page = answer.content.decode().replace("\u00a0", " ")
    assert "Форма устарела" in page
    assert ILLNESS not in page
    with school.work():
        assert StudentSpecial.objects.get(student=child).diseases == ILLNESS


def test_the_nurse_changes_health_and_the_reason_stands_beside_the_change(school, child, nurse):
    address = f"/students/{child.pk}/special/edit/"
    assert ILLNESS not in nurse.get(address).content.decode()
    assert ILLNESS in nurse.post(address, REASON).content.decode()
    posted = REASON | {
        "save": "1",
        "base": nurse.post(address, REASON).context["base"],
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
    assert secretary.post(f"/cards/student/{child.pk}/reveal/registration_address/").status_code == 404
    sections = secretary.get(f"/cards/student/{child.pk}/").content.decode()
    assert "Белореченск" not in sections.partition("Место регистрации")[2][:2000]
    assert STREET not in secretary.get(f"/cards/student/{child.pk}/contacts/").content.decode()
    assert STREET in secretary.post(f"/students/{child.pk}/special/", REASON).content.decode()


def test_the_common_sections_neither_show_nor_write_special_facts(school, child):
    with school.work():
        Student.objects.filter(pk=child.pk).update(health_limits=True)
    secretary = client_of(school.host, "secretary")
    for section in ("health", "social"):
        assert secretary.get(f"/cards/student/{child.pk}/{section}/").status_code == 404
    with school.work(), pytest.raises(ValueError, match="health_limits"):
        write_student(child, {"health_limits": False}, by="С")


def special_facts(child, **more):
    with_papers = {"health_limits_kind": "speech", "pmpk_number": "17", "pmpk_on": D(2026, 5, 4)}
    return {
        "student": child,
        "facts": SpecialFacts(**with_papers | more),
        "deviant": [],
        "restrictions": {},
        "edited_by": "Секретарь",
        "reason": "заключение ПМПК",
    }


@pytest.mark.proves("R-188")
def test_papers_make_yes_on_the_card_and_no_beside_them_is_refused(school, child):
    with school.work():
        edit_special(**special_facts(child))
        assert Student.objects.get(pk=child.pk).health_limits
        with pytest.raises(PapersStand, match="ПМПК"):
            edit_special(**special_facts(child), marks=Marks(health_limits=False))
        none = special_facts(child, health_limits_kind="", pmpk_number="", pmpk_on=None)
        edit_special(**none, marks=Marks(health_limits=False))
        assert not Student.objects.get(pk=child.pk).health_limits


def test_a_paper_does_not_end_before_it_is_given(school, child):
    with school.work(), pytest.raises(PaperPeriodBroken, match="обе даты"):
        edit_special(**special_facts(child, pmpk_valid_to=D(2026, 5, 3)))


def test_no_alone_is_yes_or_no_without_papers(school, child):
    with school.work():
        bare = special_facts(child, health_limits_kind="", pmpk_number="", pmpk_on=None)
        edit_special(**bare, marks=Marks(disability=True, is_address_protected=True))
        saved = Student.objects.get(pk=child.pk)
        assert (saved.disability, saved.health_limits, saved.is_address_protected) == (True, False, True)
        edit_special(**bare)
        assert Student.objects.get(pk=child.pk).disability, "a flag that is not said stays"


def test_a_file_takes_no_flag_off_that_papers_stand_behind(school, child):
    with school.work():
        edit_special(**special_facts(child))
        plain = dict.fromkeys(HEADERS, "")
        row = plain | {
            "Фамилия": "Ёлкина",
            "Имя": child.first_name,
            "Отчество": child.patronymic,
            "Пол": "Ж",
            "Дата рождения": "05.05.2015",
            "Класс": "5А",
            "Дата зачисления": "01.09.2026",
            "ОВЗ": "нет",
            "№ приказа": "1-у",
            "Дата приказа": "01.09.2026",
            "Согласие на обработку ПДн": "20.08.2026",
        }
        table = Table(headers=list(HEADERS), rows=[[row[name] for name in HEADERS]], numbers=[2])
        source = intake.Source(
            table=table, file_name="f.csv", checksum="0", org_type="school", year=2026, today=D(2026, 11, 22)
        )
        intake.bring_in(source, update=True, all_or_nothing=False, made_by="С")
        assert Student.objects.count() == 1
        assert Student.objects.get().health_limits


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
