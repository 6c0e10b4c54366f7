"""The card, the class list, the cover, the form of a consent; the log of printouts."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tenants.history.models import HistoryEvent
from tenants.papers.models import Printing
from tenants.people.models import Guardian, GuardianLink, Student
from tests.support import appoint_to, client_of
from tests.tenants import factories
from tests.tenants.appointing import employ
from tests.tenants.papers.conftest import account_of, text_of

SNILS = "11223344595"


@pytest.fixture
def child(school, vera):
    with school.work():
        facts = {"snils": SNILS, "phone": "+7 918 000-11-22", "registration_address": "Анапа, Крымская, 1"}
        Student.objects.filter(pk=vera.pk).update(**facts)
        mother = Guardian.objects.create(last_name="Антипова", first_name="Ольга", phone="+7 918 555-44-33")
        GuardianLink.objects.create(student=vera, guardian=mother, relation="mother")
        return vera


@pytest.fixture
def group(school, vera):
    with school.work():
        factories.enroll(factories.student(last_name="Борисов"), into=factories.group("5А"))
        factories.enroll(factories.student(last_name="Мухин"), into=factories.group("6Б"))
        return factories.group("5А")


@pytest.mark.proves("R-171")
def test_the_card_is_printed_with_what_the_persons_rights_open(school, child):
    text = text_of(client_of(school.host, "secretary").post(f"/papers/students/{child.pk}/card/", {"signer": ""}))
    assert "Личная карточка обучающегося" in text
    assert "Антипова Вера Романовна" in text
    assert "112-233-445 95" in text
    assert "Крымская, 1" in text
    assert "Антипова Ольга" in text
    assert "555-44-33" not in text  # the representative has given no consent
    assert "исполнитель: Secretary Тест" in text
    deputy = text_of(client_of(school.host, "deputy_uvr").post(f"/papers/students/{child.pk}/card/", {"signer": ""}))
    assert "Не напечатано: нет права на документы, адреса и телефоны." in deputy
    assert "112-233-445 95" not in deputy
    assert "918" not in deputy


def test_an_address_under_protection_and_special_facts_are_never_on_the_common_card(school, child):
    with school.work():
        Student.objects.filter(pk=child.pk).update(is_address_protected=True)
    text = text_of(client_of(school.host, "secretary").post(f"/papers/students/{child.pk}/card/", {"signer": ""}))
    assert "Крымская" not in text
    assert "Не напечатано: адрес под защитой." in text
    assert "доровь" not in text


@pytest.mark.proves("R-330", "R-335")
@pytest.mark.parametrize(
    ("login", "post"),
    [("anna", "Директор"), ("deputy_uvr", "Заместитель директора по УВР (в отсутствие директора)")],
)
def test_a_copy_is_certified_by_the_head_or_in_his_absence_by_a_deputy(school, child, group, login, post):
    clerk = client_of(school.host, "secretary")
    forms = [
        (f"/papers/students/{child.pk}/card/", {}),
        (f"/papers/students/{child.pk}/cover/", {"file_number": "А-7"}),
        (f"/papers/groups/{group.pk}/list/", {"day": "20.09.2026"}),
    ]
    for path, data in forms:
        assert post in clerk.get(path).content.decode()
        text = text_of(clerk.post(path, {**data, "signer": account_of(login)}))
        assert "Копия верна" in text
        assert post in text
        assert f"Т. {login.capitalize()}" in text
        assert f"Дата: {timezone.localdate():%d.%m.%Y}" in text
        assert "М. П." in text
        assert "Копия верна" not in text_of(clerk.post(path, {**data, "signer": ""}))
    with school.work():
        assert Printing.objects.filter(certified_by__startswith=post).count() == 3


def test_the_list_of_a_class_has_the_columns_that_were_chosen(school, group):
    clerk = client_of(school.host, "secretary")
    path = f"/papers/groups/{group.pk}/list/"
    data = {"day": "20.09.2026", "columns": ["birth_date", "sex"], "signer": ""}
    text = text_of(clerk.post(path, data))
    assert "Список: 5А" in text
    assert "На 20.09.2026, человек: 2" in text
    assert text.index("Антипова Вера Романовна") < text.index("Борисов Иван Петрович")
    assert "Мухин" not in text
    assert "Дата рождения" in text
    assert "Представители" not in text
    assert "приказ" not in text
    refused = clerk.post(path, {"day": "завтра"})
    assert refused.status_code == 422


def test_a_class_teacher_prints_the_list_of_his_class_only(school, group):
    employ("classy", "class_teacher", school)
    appoint_to("classy", group)
    teacher = client_of(school.host, "classy")
    with school.work():
        other = factories.group("6Б")
    data = {"day": "20.09.2026", "signer": ""}
    assert "Борисов" in text_of(teacher.post(f"/papers/groups/{group.pk}/list/", data))
    assert teacher.post(f"/papers/groups/{other.pk}/list/", data).status_code == 403
    text_of(client_of(school.host, "secretary").post(f"/papers/groups/{other.pk}/list/", data))
    log = teacher.get("/papers/log/").content.decode()
    assert "Список: 5А" in log
    assert "Список: 6Б" not in log


def test_the_cover_names_the_learner_and_the_orders(school, child):
    clerk = client_of(school.host, "secretary")
    text = text_of(clerk.post(f"/papers/students/{child.pk}/cover/", {"file_number": "А-7", "signer": ""}))
    assert "ЛИЧНОЕ ДЕЛО" in text
    assert "А-7" in text
    assert "Антипова Вера Романовна" in text
    assert "приказ № 12-у" in text
    assert "(сведения общего характера)" in text


def test_the_form_of_a_consent_is_the_one_of_consents_and_stands_in_the_log(school, child):
    clerk = client_of(school.host, "secretary")
    path = f"/papers/students/{child.pk}/consent/"
    with school.work():
        mother = str(child.guardian_links.get().guardian_id)
    unsigned = clerk.post(path, {"kind": "guardian", "guardian": ""})
    assert unsigned.status_code == 422
    text = text_of(clerk.post(path, {"kind": "student", "guardian": mother}))
    assert "Антипова Ольга" in text
    assert "Типовая форма, сверьте с юристом." in text
    with school.work():
        assert Printing.objects.get().get_kind_display() == "Форма согласия"


def test_the_form_of_a_consent_holds_documents_and_powers_only_for_whom_they_are_open(school, child):
    powers = "доверенность № 77"
    with school.work():
        facts = {"doc_type": "birth_certificate", "doc_series": "II-АГ", "doc_number": "512345"}
        Student.objects.filter(pk=child.pk).update(**facts)
        child.guardian_links.update(authority_document=powers)
        mother = str(child.guardian_links.get().guardian_id)
    form = {"kind": "student", "guardian": mother}
    pages = [(f"/papers/students/{child.pk}/consent/", form), (f"/consents/form/{child.pk}/consent.pdf", None)]

    def printed(login: str, path: str, data) -> str:
        client = client_of(school.host, login)
        return text_of(client.get(path) if data is None else client.post(path, data))

    for path, data in pages:
        whole = printed("secretary", path, data)
        assert "II-АГ № 512345" in whole
        assert powers in whole
        masked = printed("deputy_uvr", path, data)
        assert "Антипова" in masked
        assert "512345" not in masked
        assert powers not in masked
    with school.work():
        looks = HistoryEvent.objects.filter(action="printed", facts__field="special")
        assert [(one.actor_name, one.reason) for one in looks] == [("Secretary Тест", "Печать формы согласия")] * 2


def test_every_print_is_told_to_the_family(school, child):
    client_of(school.host, "secretary").post(f"/papers/students/{child.pk}/card/", {"signer": ""})
    with school.work():
        event = HistoryEvent.objects.get(action="printed")
        assert event.facts["field"] == "card"


def test_papers_of_another_organization_do_not_exist(school, other_school, child, group):
    stranger = client_of(other_school.host, "vera")
    for path in (f"students/{child.pk}/card", f"students/{child.pk}/cover", f"groups/{group.pk}/list"):
        assert stranger.get(f"/papers/{path}/").status_code == 404
        assert stranger.post(f"/papers/{path}/").status_code == 404


def test_a_printout_has_an_identifier_in_the_log_and_on_every_page(school, group):
    clerk = client_of(school.host, "secretary")
    with school.work():
        factories.enroll(*[factories.student() for _ in range(60)], into=group)
    answer = clerk.post(f"/papers/groups/{group.pk}/list/", {"day": "20.09.2026", "signer": ""})
    text = text_of(answer)
    with school.work():
        printing = Printing.objects.get()
        assert len(printing.subjects) == printing.rows == 62
    assert text.count(f"Экз. {printing.copy}") >= 2
    assert "Стр. 1 из" in text
    assert printing.copy in clerk.get("/papers/log/").content.decode()


@pytest.mark.proves("R-378")
def test_hard_copies_have_terms_and_places_and_leave_by_an_act(school, child, group):
    clerk = client_of(school.host, "secretary")
    clerk.post(f"/papers/groups/{group.pk}/list/", {"day": "20.09.2026", "signer": ""})
    clerk.post(f"/papers/students/{child.pk}/cover/", {"signer": ""})
    page = clerk.get("/papers/log/").content.decode()
    assert "1 год после окончания учебного года (сведения общего характера)" in page
    assert "Канцелярия, дело «Списки классов»" in page
    with school.work():
        keys = {one.kind: str(one.pk) for one in Printing.objects.all()}
    act = {"state": "destroyed", "act_number": "5", "act_on": "01.11.2026"}
    nothing = clerk.post("/papers/log/mark/", act)
    assert nothing.status_code == 422
    assert "Не отмечен ни один экземпляр" in nothing.content.decode()
    undated = clerk.post("/papers/log/mark/", {**act, "act_on": "", "copy": keys["cover"]})
    assert undated.status_code == 422
    assert clerk.post("/papers/log/mark/", {**act, "copy": keys["class_list"]}).status_code == 302
    again = clerk.post("/papers/log/mark/", {**act, "copy": keys["class_list"]})
    assert "здесь уже не хранятся" in again.content.decode()
    handed = {**act, "state": "handed", "copy": keys["cover"]}
    assert "кому передано" in clerk.post("/papers/log/mark/", handed).content.decode()
    assert clerk.post("/papers/log/mark/", {**handed, "handed_to": "Архив администрации"}).status_code == 302
    page = clerk.get("/papers/log/").content.decode()
    assert "акт № 5 от 01.11.2026" in page
    assert "Архив администрации" in page
    deputy = client_of(school.host, "deputy_uvr")
    assert deputy.get("/papers/log/").status_code == 200
    assert deputy.post("/papers/log/mark/", {**act, "copy": keys["cover"]}).status_code == 403


@pytest.mark.proves("R-378")
def test_the_log_goes_to_files_and_names_nobody_who_was_printed(school, child):
    clerk = client_of(school.host, "secretary")
    clerk.post(f"/papers/students/{child.pk}/card/", {"signer": ""})
    text = text_of(clerk.get("/papers/log/log.pdf"))
    assert "Личная карточка" in text
    assert "Антипова" not in text
    assert clerk.get("/papers/log/log.xlsx").status_code == 200


def test_the_page_of_the_log_asks_a_fixed_number_of_questions(school, child):
    clerk = client_of(school.host, "secretary")

    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            assert clerk.get("/papers/log/").status_code == 200
        return len(caught)

    path = f"/papers/students/{child.pk}/cover/"
    clerk.post(path, {"signer": ""})
    queries()
    one = queries()
    for _ in range(4):
        clerk.post(path, {"signer": ""})
    assert queries() == one
