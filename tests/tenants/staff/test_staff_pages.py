"""Pages of employees: who sees whom, masks and looks, the list, its files, hiring, dismissal, rows."""

from __future__ import annotations

import datetime
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from shared.accounts.models import Account
from shared.tenancy import scopes
from tenants.consents.models import Consent
from tenants.consents.services import withdraw
from tenants.history.models import HistoryEvent
from tenants.staff.models import MethodicalWork, StaffMember
from tenants.staff.rows import add_row
from tenants.staff.services import dismiss, link_accounts, write
from tests.support import client_of
from tests.tenants.staff.making import facts, member

D = datetime.date
SNILS = "11223344595"
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


@pytest.fixture
def people(school):
    with school.work():
        zoya = member(
            last_name="Ёлкина",
            first_name="Зоя",
            sex="F",
            snils=SNILS,
            doc_type="passport_rf",
            doc_series="0305",
            doc_number="111222",
            residence_address="г. Белореченск, ул. Садовая, д. 1",
            subjects_taught=["russian"],
            qualification_categories=["highest", "mentor"],
            email="elkina@example.ru",
        )
        head = member(last_name="Директоров", main_position="director")
        gone = member(last_name="Ушедший", main_position="secretary")
        dismiss(member=gone, dismissed_on=D(2026, 6, 30), order_no="7-к", order_date=D(2026, 6, 20), by="секретарь")
        sealed = member(last_name="Закрытов", doc_number="777")
        paper = Consent.objects.get(employee_id=sealed.pk)
        withdraw(consent=paper, withdrawn_on=D(2026, 5, 1), reason="заявление № 3", recorded_by="секретарь")
    return {"zoya": zoya, "head": head, "gone": gone, "sealed": sealed}


def own(school, login: str, card: StaffMember) -> None:
    """The card is this account's."""
    with scopes.enter(scopes.of_accounts()):
        key = Account.objects.get(login=login).pk
    with school.work():
        link_accounts({str(card.pk): str(key)})


def names(response):
    return [line.member.last_name for line in response.context["lines"]]


def text(response) -> str:
    return response.content.decode().replace("\u00a0", " ")


@pytest.mark.proves("R-249")
def test_the_list_shows_who_works_here_by_name(school, people):
    assert names(client_of(school.host, "secretary").get("/staff/")) == ["Директоров", "Ёлкина", "Закрытов"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("status=dismissed", ["Ушедший"]),
        ("status=sealed", ["Закрытов"]),
        ("status=", ["Директоров", "Ёлкина", "Закрытов", "Ушедший"]),
        ("position=director", ["Директоров"]),
        ("category=teaching", ["Ёлкина", "Закрытов"]),
        ("qualification=mentor", ["Ёлкина"]),
        ("position=нет&status=working", ["Директоров", "Ёлкина", "Закрытов"]),
        ("sort=-name", ["Закрытов", "Ёлкина", "Директоров"]),
    ],
)
def test_filters_narrow_the_list(school, people, query, expected):
    assert names(client_of(school.host, "anna").get(f"/staff/?{query}")) == expected


def test_a_search_leaves_no_name_in_the_address_and_a_number_finds_for_who_may_see_it(school, people):
    def found(login: str, words: str) -> list[str]:
        client = client_of(school.host, login)
        answer = client.post("/staff/", {"q": words, "status": "working"})
        assert "%" not in answer["Location"].split("s=")[-1]
        return names(client.get(answer["Location"]))

    assert found("secretary", "зоя ЕЛК") == ["Ёлкина"]
    assert found("secretary", "112-233-445 95") == ["Ёлкина"]
    assert found("coordinator", "112-233-445 95") == []


def test_the_number_of_queries_grows_neither_with_the_list_nor_with_the_rows_of_a_card(school, people):
    client = client_of(school.host, "anna")

    def queries(address: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    addresses = ["/staff/?sort=position", f"/staff/{people['zoya'].pk}/", f"/cards/staff/{people['zoya'].pk}/"]
    few = [queries(address) for address in addresses]
    with school.work():
        for number in range(12):
            member()
            awarded = {"name": f"Грамота {number}", "level": "municipal", "awarded_on": D(2022, 1, 1)}
            add_row(member=people["zoya"], section="awards", values=awarded, by="секретарь")
            work = {"title": f"Работа {number}", "kind": "project", "year": 2024}
            add_row(member=people["zoya"], section="methodical_works", values=work, by="секретарь")
        write(people["zoya"], {"residence_address": "г. Анапа, ул. Новая, д. 2"}, by="секретарь")
    assert [queries(address) for address in addresses] == few


@pytest.mark.proves("R-183", "R-249")
def test_the_files_have_the_imprint_and_no_masked_values_and_of_a_sealed_card_the_name_and_position(school, people):
    client = client_of(school.host, "secretary")
    response = client.get("/staff/export.xlsx?status=")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(response.content)).get_sheet_by_index(0).to_python()
    words = "\n".join(str(cell) for row in rows for cell in row)
    assert "АСУ СО" in str(rows[0][0])
    assert "Высшая квалификационная категория, Педагог-наставник" in words
    assert "Русский язык" in words
    assert "№ 7-к от 20.06.2026" in words
    for hidden in (SNILS, "111222", "Садовая", "777"):
        assert hidden not in words
    sealed = next(row for row in rows if "Закрытов Пётр Ильич" in row)
    assert [cell for cell in sealed if cell][1:] == ["Закрытов Пётр Ильич", "Учитель", "нет согласия"]
    paper = client.get("/staff/export.pdf")
    assert "Ёлкина" in PdfReader(io.BytesIO(paper.content)).pages[0].extract_text()
    with school.work():
        records = HistoryEvent.objects.filter(action="exported").order_by("id")
        assert [record.rows for record in records] == [4, 3]


def test_sensitive_values_stand_under_masks_and_a_look_is_logged_by_ids(school, people):
    secretary, card = client_of(school.host, "secretary"), people["zoya"].pk
    assert f'hx-get="/cards/staff/{card}/"' in text(secretary.get(f"/staff/{card}/"))
    page = text(secretary.get(f"/cards/staff/{card}/"))
    assert "•••-•••-••5 95" in page
    assert "Педагог-наставник" in page
    for hidden in (SNILS, "111222", "Садовая"):
        assert hidden not in page
    assert secretary.post(f"/cards/staff/{card}/reveal/snils/").content.decode() == "112-233-445 95"
    with school.work():
        record = HistoryEvent.objects.filter(action="revealed").earliest("id")
    assert (record.object_id, record.facts["field"]) == (str(card), "snils")
    assert "112-233" not in str(record.facts)
    coordinator = client_of(school.host, "coordinator")
    assert "/reveal/" not in text(coordinator.get(f"/cards/staff/{card}/"))
    assert coordinator.post(f"/cards/staff/{card}/reveal/snils/").status_code in (403, 404)


@pytest.mark.proves("R-205")
def test_a_sealed_card_says_the_name_and_the_position_until_a_consent_is_recorded(school, people):
    secretary, card = client_of(school.host, "secretary"), people["sealed"].pk
    page = text(secretary.get(f"/staff/{card}/"))
    assert "Сведения закрыты" in page
    assert "Учитель" in page
    assert "04.03.1985" not in page
    assert "777" not in text(secretary.get(f"/cards/staff/{card}/"))
    assert secretary.get(f"/staff/{card}/document/").status_code == 404
    assert secretary.get(f"/staff/{card}/works/add/").status_code == 404
    assert secretary.post(f"/staff/{card}/consent/", {"signed_on": "01.06.2026"}).status_code == 302
    assert "Сведения закрыты" not in text(secretary.get(f"/staff/{card}/"))


@pytest.mark.proves("R-233")
def test_a_teacher_sees_and_fills_in_his_own_card_alone(school, people):
    own(school, "teacher", people["zoya"])
    teacher, card, foreign = client_of(school.host, "teacher"), people["zoya"].pk, people["head"].pk
    assert teacher.get("/staff/")["Location"] == "/staff/me/"
    assert teacher.get("/staff/me/")["Location"] == f"/staff/{card}/"
    assert "Моя карточка" in text(teacher.get(f"/staff/{card}/"))
    for address in ("", "peek/", "appointments/", "works/add/", "dismiss/", "document/"):
        assert teacher.get(f"/staff/{foreign}/{address}").status_code in (403, 404), address
    assert teacher.get(f"/cards/staff/{foreign}/").status_code == 404
    assert teacher.get(f"/cards/staff/{card}/").status_code == 200
    assert teacher.get(f"/cards/staff/{card}/work/").status_code == 404, "the secretary keeps the card"
    assert teacher.get(f"/staff/{card}/dismiss/").status_code == 403
    assert teacher.get("/staff/hire/").status_code == 403
    assert teacher.get("/staff/export.xlsx").status_code in (403, 404)
    posted = {"title": "Урок о степи", "kind": "Открытый урок, мастер-класс", "year": "2025", "level": "municipal"}
    upload = SimpleUploadedFile("урок.pdf", PDF, content_type="application/pdf")
    answer = teacher.post(f"/staff/{card}/works/add/", posted | {"upload": upload})
    assert answer["Location"] == f"/staff/{card}/"
    with school.work():
        work = MethodicalWork.objects.select_related("file").get(member=card)
    assert (work.kind, work.file.name) == ("lesson", "урок.pdf")
    assert teacher.get(f"/files/{work.file_id}/").content == PDF
    assert client_of(school.host, "deputy_uvr").get(f"/files/{work.file_id}/").status_code == 200
    with school.work():
        StaffMember.objects.filter(pk=card).update(account_id=None)
    assert teacher.get(f"/files/{work.file_id}/").status_code == 404
    assert "ещё не связана" in text(teacher.get("/staff/me/"))


def test_an_employee_of_another_organization_does_not_exist(school, other_school, people):
    vera, card = client_of(other_school.host, "vera"), people["zoya"].pk
    for address in ("", "peek/", "appointments/"):
        assert vera.get(f"/staff/{card}/{address}").status_code == 404, address
    assert vera.get(f"/cards/staff/{card}/").status_code == 404


def form_of(**changes: object) -> dict[str, object]:
    """What the page of hiring posts."""
    known = facts(doc_type="passport_rf", doc_series="", **changes)
    return {code: f"{value:%d.%m.%Y}" if isinstance(value, datetime.date) else value for code, value in known.items()}


@pytest.mark.proves("R-180", "R-181", "R-182", "R-249")
def test_the_secretary_hires_and_the_card_is_there(school):
    secretary = client_of(school.host, "secretary")
    posted = form_of(last_name="Новикова", sex="F", patronymic="Ивановна", mobile_phone="8 918 123-45-67")
    answer = secretary.post("/staff/hire/", posted)
    assert answer.status_code == 302
    page = text(secretary.get(answer["Location"]))
    assert "Новикова Пётр Ивановна" in page
    assert "Логин и пароль выдаст администратор" in page
    with school.work():
        one = StaffMember.objects.get(last_name="Новикова")
        assert one.mobile_phone.endswith("123-45-67")
        assert one.doc_type == ""


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"consent_on": ""}, "Укажите дату согласия"),
        ({"snils": "112-233-445 94"}, "контрольное число не сходится"),
        ({"birth_date": "04.03.2020"}, "нет 14 лет"),
        ({"last_name": ""}, "Поле «Фамилия» пустое"),
        ({"main_position": "волшебник"}, "нет в справочнике"),
        ({"snils": "112-233-445 95"}, "Работник с таким СНИЛС уже есть: Ёлкина Зоя"),
        ({"last_name": "Ёлкина", "first_name": "Зоя"}, "уже есть среди работников"),
    ],
)
def test_a_refused_hiring_keeps_what_was_typed_and_shows_who_is_meant(school, people, changes, words):
    answer = client_of(school.host, "secretary").post("/staff/hire/", form_of(hire_order_no="77-кадры") | changes)
    assert answer.status_code == 422
    assert words in text(answer)
    assert 'value="77-кадры"' in text(answer)
    if "уже есть" in words:
        assert f"/staff/{people['zoya'].pk}/" in text(answer)


def test_dismissal_and_return_through_the_pages(school, people):
    secretary, card = client_of(school.host, "secretary"), people["zoya"].pk
    early = {"dismissed_on": "01.01.2019", "order_no": "9-к", "order_date": "01.01.2019"}
    assert "Увольнение раньше приёма" in text(secretary.post(f"/staff/{card}/dismiss/", early))
    done = secretary.post(f"/staff/{card}/dismiss/", early | {"dismissed_on": "01.11.2026"})
    assert done.status_code == 302
    assert "Уволен 01.11.2026" in text(secretary.get(f"/staff/{card}/"))
    back = {"order_no": "10-к", "order_date": "02.11.2026", "hire_date": "10.11.2026"}
    assert secretary.post(f"/staff/{card}/reinstate/", back).status_code == 302
    page = text(secretary.get(f"/staff/{card}/"))
    assert "приказ № 10-к от 02.11.2026" in page
    assert "Уволен" in page
    assert client_of(school.host, "anna").get(f"/staff/{card}/dismiss/").status_code == 403


def test_a_new_passport_is_written_and_the_former_one_opens_into_the_log(school, people):
    secretary, card = client_of(school.host, "secretary"), people["zoya"].pk
    posted = {"doc_type": "passport_rf", "doc_series": "0315", "doc_number": "999888", "replaced_on": "01.10.2026"}
    assert secretary.post(f"/staff/{card}/document/", posted).status_code == 302
    page = text(secretary.get(f"/staff/{card}/"))
    assert "111222" not in page
    with school.work():
        former = people["zoya"].former_values.get()
    shown = secretary.post(f"/staff/{card}/former/{former.pk}/reveal/").content.decode()
    assert "0305 № 111222" in shown
    with school.work():
        assert HistoryEvent.objects.filter(action="revealed", facts__field="former_document").count() == 1


@pytest.mark.proves("R-183", "R-184")
def test_rows_of_the_card_are_written_by_the_rules_of_the_room(school, people):
    secretary, card = client_of(school.host, "secretary"), people["zoya"].pk
    section = f"/cards/staff/{card}/trainings/rows/"
    wrong = {"program": "ИКТ", "started_on": "02.02.2026", "ended_on": "01.02.2026"}
    refused = secretary.post(section, wrong)
    assert (refused.status_code, "окончание раньше начала" in text(refused)) == (422, True)
    assert secretary.post(section, wrong | {"ended_on": "10.02.2026"}).status_code in (200, 302)
    with school.work():
        assert people["zoya"].trainings.get().recorded_by
    assert "ИКТ" in text(secretary.get(f"/cards/staff/{card}/"))


@pytest.mark.proves("R-233")
def test_a_methodical_work_is_corrected_and_taken_out_of_sight(school, people):
    secretary, card = client_of(school.host, "secretary"), people["zoya"].pk
    posted = {"title": "Степь весной", "kind": "project", "year": "2024"}
    early = secretary.post(f"/staff/{card}/works/add/", posted | {"year": "1900"})
    assert (early.status_code, "Год разработки" in text(early)) == (422, True)
    secretary.post(f"/staff/{card}/works/add/", posted)
    with school.work():
        work = people["zoya"].methodical_works.get()
    address = f"/staff/{card}/works/{work.pk}/"
    assert secretary.post(address, posted | {"title": "Степь осенью"}).status_code == 302
    assert "Степь осенью" in text(secretary.get(f"/staff/{card}/"))
    assert secretary.post(f"{address}annul/", {"reason": ""}).status_code == 422
    assert secretary.post(f"{address}annul/", {"reason": "чужая"}).status_code == 302
    assert "Степь осенью" not in text(secretary.get(f"/staff/{card}/"))
    assert secretary.get(f"/staff/{people['head'].pk}/works/{work.pk}/").status_code == 404


def test_the_log_of_changes_masks_what_the_card_masks(school, people):
    with school.work():
        write(people["zoya"], {"doc_number": "999888", "email": "zoya@example.ru"}, by="секретарь")
    seen = text(client_of(school.host, "org_admin").get("/audit/"))
    assert "zoya@example.ru" in seen
    assert "Ёлкина" in seen
    assert "999888" not in seen
    assert "111222" not in seen
    assert "999888" in text(client_of(school.host, "anna").get("/audit/"))


def test_the_empty_states_say_what_to_do(school):
    client = client_of(school.host, "anna")
    assert "Работников пока нет" in text(client.get("/staff/"))
    assert "Никого не нашли" in text(client.get("/staff/?position=nurse"))
    response = client.get("/staff/", headers={"HX-Request": "true"})
    assert "<html" not in text(response)
    assert "HX-Request" in response["Vary"]
