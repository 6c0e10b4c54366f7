"""Representatives: the list, the card, one record for all children, nothing beyond the name without a consent."""

from __future__ import annotations

import datetime
from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook

from tenants.consents.services import SignedPaper, record_guardian_consent
from tenants.people.guardians import GuardianFacts, add_guardian
from tenants.people.models import FormerAddress, Guardian, GuardianLink, Student
from tests.support import client_of
from tests.tenants import factories
from tests.tenants.appointing import employ, parent_of

D = datetime.date
PHONE = "+7 918 123-45-67"
STREET = "г Белореченск, ул Садовая, д 18"


@pytest.fixture
def family(school):
    """A mother of two with a consent, a father of one without."""
    with school.work():
        group = factories.group("5А")
        son, daughter = factories.student(last_name="Кольцов"), factories.student(last_name="Кольцова", sex="F")
        factories.enroll(son, into=group)
        factories.enroll(daughter, into=factories.group("7Б"))
        mother = GuardianFacts(
            last_name="Кольцова", first_name="Ольга", phone=PHONE, relation="mother", consent_on=D(2026, 9, 1)
        )
        for child in (son, daughter):
            add_guardian(student=child, facts=mother, recorded_by="С")
        father = GuardianFacts(last_name="Кольцов", first_name="Олег", phone="+7 918 000-00-00", relation="father")
        add_guardian(student=son, facts=father, recorded_by="С")
        return {"son": son, "daughter": daughter, "group": group}


@pytest.fixture
def secretary(school, family):
    return client_of(school.host, "secretary")


def of_name(school, first_name):
    with school.work():
        return Guardian.objects.get(first_name=first_name)


def text_of(answer):
    return answer.content.decode().replace("\u00a0", " ")


@pytest.mark.proves("R-010", "R-192")
def test_the_list_shows_each_once_with_all_children(school, secretary):
    page = secretary.get("/guardians/")
    (mother,) = [line for line in page.context["lines"] if line.guardian.first_name == "Ольга"]
    assert [link.student.last_name for link in mother.links] == ["Кольцов", "Кольцова"]
    assert PHONE not in text_of(page)
    assert "5А" in text_of(page)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("consent=given", ["Ольга"]),
        ("consent=none", ["Олег"]),
        ("account=yes", []),
        ("account=no", ["Олег", "Ольга"]),
        ("consent=бред", ["Олег", "Ольга"]),
        ("sort=-name", ["Ольга", "Олег"]),
    ],
)
def test_filters_narrow_the_list(school, secretary, query, expected):
    lines = secretary.get(f"/guardians/?{query}").context["lines"]
    assert [line.guardian.first_name for line in lines] == expected


def test_a_search_never_stands_in_the_address(school, secretary):
    answer = secretary.post("/guardians/", {"q": "ольга", "consent": "given"})
    assert "consent=given" in answer["Location"]
    assert "ольга" not in answer["Location"]
    assert [line.guardian.first_name for line in secretary.get(answer["Location"]).context["lines"]] == ["Ольга"]


def test_a_class_narrows_to_its_parents(school, secretary, family):
    lines = secretary.get(f"/guardians/?group={family['group'].pk}").context["lines"]
    assert [line.guardian.first_name for line in lines] == ["Олег", "Ольга"]


def test_the_file_names_children_and_no_telephone(school, secretary):
    answer = secretary.get("/guardians/export.xlsx")
    rows = CalamineWorkbook.from_filelike(BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    words = str(rows)
    assert words.count("Кольцова Ольга") == 2
    assert "мать" in words.lower()
    assert PHONE not in words


def test_the_number_of_queries_does_not_grow_with_the_list(school, secretary, family, django_assert_max_num_queries):
    with school.work():
        for number in range(15):
            guardian = Guardian.objects.create(last_name=f"Рощин-{number}", first_name="Пётр")
            GuardianLink.objects.create(student=family["son"], guardian=guardian, relation="other")
    with django_assert_max_num_queries(30):
        assert len(secretary.get("/guardians/").context["lines"]) == 17


@pytest.mark.proves("R-169")
def test_a_class_teacher_reaches_parents_of_his_class_with_these_children_alone(school, family):
    employ("klara", "class_teacher", school, groups=[family["group"]])
    klara = client_of(school.host, "klara")
    with school.work():
        other = factories.student(last_name="Туманов")
        foreign = add_guardian(
            student=other, facts=GuardianFacts(last_name="Туманов", first_name="Яков"), recorded_by="С"
        ).guardian
    lines = klara.get("/guardians/").context["lines"]
    assert [line.guardian.first_name for line in lines] == ["Олег", "Ольга"]
    assert [link.student.last_name for link in lines[1].links] == ["Кольцов"]
    for page in (f"/guardians/{foreign.pk}/", f"/cards/guardian/{foreign.pk}/"):
        assert klara.get(page).status_code == 404


def test_another_school_and_a_teacher_do_not_open_the_card(school, other_school, family):
    mother = of_name(school, "Ольга")
    assert client_of(other_school.host, "vera").get(f"/guardians/{mother.pk}/").status_code == 404
    assert client_of(school.host, "teacher").get(f"/guardians/{mother.pk}/").status_code == 403


@pytest.mark.proves("R-190", "R-191", "R-193", "R-382")
def test_the_card_has_every_field_of_the_regulation_under_masks(school, secretary):
    mother = of_name(school, "Ольга")
    page = text_of(secretary.get(f"/guardians/{mother.pk}/"))
    assert f'hx-get="/cards/guardian/{mother.pk}/"' in page
    assert "мать · 5А" in page
    assert "мать · 7Б" in page
    sections = text_of(secretary.get(f"/cards/guardian/{mother.pk}/", headers={"hx-request": "true"}))
    for label in (
        *("Фамилия", "Имя", "Отчество", "Дата рождения", "Пол", "Тип документа", "Серия", "Номер", "Кем выдан"),
        *("Место жительства", "Место регистрации", "Домашний телефон", "Мобильный телефон", "Рабочий телефон"),
        *("Адрес электронной почты", "Образование", "Место работы", "Должность"),
    ):
        assert label in sections, label
    assert PHONE not in page + sections
    assert secretary.post(f"/cards/guardian/{mother.pk}/reveal/phone/").content.decode() == PHONE


@pytest.mark.proves("R-194")
def test_without_a_consent_the_card_is_closed_and_not_written(school, secretary):
    father = of_name(school, "Олег")
    page = text_of(secretary.get(f"/guardians/{father.pk}/"))
    assert "Согласия представителя нет" in page
    assert secretary.post(f"/cards/guardian/{father.pk}/reveal/phone/").status_code == 404
    assert secretary.get(f"/guardians/{father.pk}/document/new/").status_code == 404
    assert secretary.get(f"/cards/guardian/{father.pk}/contacts/").status_code == 404


def test_addresses_are_taken_from_the_child_and_the_former_one_is_kept(school, secretary, family):
    mother = of_name(school, "Ольга")
    with school.work():
        Student.objects.filter(pk=family["son"].pk).update(registration_address=STREET, address="")
        Guardian.objects.filter(pk=mother.pk).update(registration_address="г Анапа, ул Морская, д 1")
        link = GuardianLink.objects.get(guardian=mother, student=family["son"])
    assert secretary.post(f"/guardians/{mother.pk}/children/{link.pk}/address/").status_code == 302
    with school.work():
        assert Guardian.objects.get(pk=mother.pk).registration_address == STREET
        assert FormerAddress.objects.get(guardian=mother).address == "г Анапа, ул Морская, д 1"
        Student.objects.filter(pk=family["son"].pk).update(is_address_protected=True)
    assert secretary.post(f"/guardians/{mother.pk}/children/{link.pk}/address/").status_code == 404


@pytest.mark.proves("R-192")
def test_relation_and_link_are_changed_from_the_card(school, secretary, family):
    mother = of_name(school, "Ольга")
    with school.work():
        link = GuardianLink.objects.get(guardian=mother, student=family["daughter"])
    address = f"/guardians/{mother.pk}/children/{link.pk}"
    assert secretary.post(f"{address}/relation/", {"relation": "adoptive"}).status_code == 302
    with school.work():
        assert GuardianLink.objects.get(pk=link.pk).relation == "adoptive"
    secretary.post(f"{address}/relation/", {"relation": "cousin"})
    assert secretary.post(f"{address}/unlink/").status_code == 302
    with school.work():
        assert not GuardianLink.objects.filter(pk=link.pk).exists()
        assert Guardian.objects.filter(pk=mother.pk).exists()


def test_a_known_guardian_is_found_and_tied_to_another_child(school, secretary, family):
    father = of_name(school, "Олег")
    address = f"/students/{family['daughter'].pk}/guardians/add/"
    found = text_of(secretary.post(address, {"do": "find", "q": "кольцов олег"}))
    assert f"link:{father.pk}" in found
    refused = secretary.post(address, {"do": f"link:{father.pk}"})
    assert refused.status_code == 422
    assert "кем этот человек приходится" in text_of(refused)
    tied = secretary.post(address, {"do": f"link:{father.pk}", f"relation-{father.pk}": "father"})
    assert tied.status_code == 302
    with school.work():
        assert father.links.count() == 2
        assert Guardian.objects.count() == 2


def test_a_new_guardian_is_added_from_the_childs_card(school, secretary, family):
    address = f"/students/{family['daughter'].pk}/guardians/add/"
    new = {"do": "create", "last_name": "Рощина", "first_name": "Тамара", "relation": "grandmother"}
    refused = secretary.post(address, new | {"workplace": "Порт"})
    assert refused.status_code == 422
    assert 'value="Тамара"' in text_of(refused)
    assert secretary.post(address, new).status_code == 302
    with school.work():
        assert Guardian.objects.get(first_name="Тамара").links.get().student == family["daughter"]


def test_a_parent_with_access_is_marked(school, family):
    parent_of(family["son"], "lena", school)
    lines = client_of(school.host, "secretary").get("/guardians/?account=yes").context["lines"]
    assert [line.guardian.last_name for line in lines] == ["Lena"]


def test_the_empty_list_says_what_to_do(school):
    page = text_of(client_of(school.host, "anna").get("/guardians/"))
    assert "Родителей пока нет" in page


def test_a_withdrawn_consent_closes_the_card_again(school, secretary):
    from tenants.consents.models import Consent
    from tenants.consents.services import withdraw

    mother = of_name(school, "Ольга")
    with school.work():
        paper = Consent.objects.processing_of_guardians().get(guardian=mother)
        withdraw(consent=paper, withdrawn_on=D(2026, 11, 1), reason="заявление", recorded_by="С")
    assert "Согласие отозвано 01.11.2026" in text_of(secretary.get(f"/guardians/{mother.pk}/"))
    with school.work():
        record_guardian_consent(guardian=mother, paper=SignedPaper(signed_on=D(2026, 11, 5), recorded_by="С"))
    assert "Согласие от 05.11.2026" in text_of(secretary.get(f"/guardians/{mother.pk}/"))
