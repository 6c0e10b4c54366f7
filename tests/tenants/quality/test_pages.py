"""Pages of the quality of data: who sees which cards, what is listed, what a confirmation does."""

from __future__ import annotations

import datetime
import io

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pypdf import PdfReader

from shared.kernel.text import NBSP
from shared.tenancy.scopes import give_reason
from tenants.cards.kinds import KINDS
from tenants.duties.models import DutyOrder
from tenants.organization.models import OrganizationCard
from tenants.people.models import Guardian, Student
from tests.support import client_of
from tests.tenants import factories
from tests.tenants.appointing import employ
from tests.tenants.quality.filling import age, learner, parent, whole
from tests.tenants.staff import making

TODAY = timezone.localdate()
SEAMLESS = {"headers": {"HX-Request": "true"}}


def names(client, address: str) -> list[str]:
    return [str(line.card) for line in client.get(address).context["lines"]]


def text_of(answer) -> str:
    return answer.content.decode().replace(NBSP, " ")


@pytest.fixture
def classes(school):
    """Two classes: one learner with a full card and one without, each with a mother."""
    with school.work():
        full = learner("5А", last_name="Полный", absences=whole(KINDS["student"]))
        bare = learner("7Б", last_name="Пустой")
        parent(full, "Полная")
        parent(bare, "Пустая")
        return {"5А": factories.group("5А"), "7Б": factories.group("7Б"), "full": full, "bare": bare}


@pytest.mark.proves("R-044", "R-061", "R-064", "R-066", "R-165", "R-235")
@pytest.mark.parametrize("login", ["anna", "coordinator", "org_admin"])
def test_who_controls_sees_meters_classes_and_what_lacks(school, classes, login):
    with school.work():
        making.member()
    page = client_of(school.host, login).get("/quality/")
    found = page.context["found"]
    assert set(found.fillings) == {"student", "guardian", "staff", "organization"}
    by_group = {line.group.name: line.learners.percent for line in found.by_group}
    assert by_group["5А"] == 100
    assert by_group["7Б"] < 80
    assert "phone" in {one.wanted.code for one in found.lacking}
    words = text_of(page)
    assert "Чего не хватает чаще всего" in words
    assert found.most_lacking[0].wanted.label in words


@pytest.mark.proves("R-039", "R-064")
def test_a_class_teacher_sees_the_cards_of_own_classes_only(school, classes):
    employ("klass", "class_teacher", school, groups=[classes["7Б"]])
    client = client_of(school.host, "klass")
    found = client.get("/quality/").context["found"]
    assert set(found.fillings) == {"student", "guardian"}
    assert [line.group.name for line in found.by_group] == ["7Б"]
    assert found.fillings["student"].cards == 1
    assert not found.is_whole
    assert names(client, "/quality/lists/student/?state=all") == [str(classes["bare"])]
    assert names(client, "/quality/lists/guardian/?state=all") == ["Пустая Анна"]
    assert client.get("/quality/lists/staff/").status_code == 404
    assert client.get(f"/quality/student/{classes['full'].pk}/").status_code == 404
    assert list(client.get("/quality/remarks/").context["remarks"]) == []


@pytest.mark.parametrize("login", ["teacher"])
def test_who_has_no_right_is_refused(school, classes, login):
    client = client_of(school.host, login)
    for address in ("/quality/", "/quality/findings/", "/quality/lists/student/", "/quality/report.xlsx"):
        assert client.get(address).status_code == 403, address


@pytest.mark.proves("R-022", "R-203")
def test_the_list_says_what_lacks_and_who_answers_by_name(school, classes):
    """An empty special fact says something too: without the right to them only their number is seen."""
    client = client_of(school.host, "coordinator")
    page = client.get("/quality/lists/student/")
    (line,) = page.context["lines"]
    assert str(line.card) == str(classes["bare"])
    assert "Домашний телефон" in line.lacks
    assert line.groups == "7Б"
    assert any("Secretary Т." in words for words in (one.replace(NBSP, " ") for one in line.keepers))
    assert "health_group" not in {one.code for one in line.lacking}
    assert line.hidden > 0
    assert "Группа здоровья" not in text_of(page)


@pytest.mark.proves("R-176", "R-049")
def test_the_list_is_narrowed_by_field_class_keeper_and_age(school, classes):
    client = client_of(school.host, "secretary")
    bare = str(classes["bare"])
    assert names(client, "/quality/lists/student/?state=all&sort=-name") == [bare, str(classes["full"])]
    assert names(client, "/quality/lists/student/?field=phone") == [bare]
    assert names(client, "/quality/lists/student/?field=last_name") == []
    assert names(client, f"/quality/lists/student/?state=all&group={classes['5А'].pk}") == [str(classes["full"])]
    assert names(client, "/quality/lists/student/?keeper=secretary") == [bare]
    assert names(client, "/quality/lists/student/?state=explained") == [str(classes["full"])]
    assert names(client, "/quality/lists/student/?state=stale") == []
    with school.work():
        age(classes["bare"])
    assert names(client, "/quality/lists/student/?state=stale") == [bare]
    assert "<html" not in client.get("/quality/lists/student/", **SEAMLESS).content.decode()


def test_a_search_keeps_the_name_out_of_the_address(school, classes):
    client = client_of(school.host, "secretary")
    answer = client.post("/quality/lists/student/", {"q": "пустой", "state": "all"})
    assert "пустой" not in answer.headers["Location"]
    assert names(client, answer.headers["Location"]) == [str(classes["bare"])]


@pytest.mark.proves("R-005", "R-039")
def test_contradictions_of_stored_cards_are_found_and_listed(school, classes):
    with school.work():
        Student.objects.filter(pk=classes["bare"].pk).update(sex="F", patronymic="Петрович")
    client = client_of(school.host, "secretary")
    lines = client.get("/quality/findings/").context["lines"]
    rule = next(line for line in lines if line.code == "sex_patronymic")
    assert (rule.cards, rule.is_blocking, rule.fields) == (1, False, "Отчество, Пол")
    page = client.get("/quality/lists/student/?state=findings&rule=sex_patronymic")
    assert [line.card.pk for line in page.context["lines"]] == [classes["bare"].pk]
    assert "мужское, а пол женский" in text_of(page)


@pytest.mark.proves("R-165")
def test_the_list_and_the_report_are_taken_away_with_an_imprint(school, classes):
    client = client_of(school.host, "secretary")
    sheet = openpyxl.load_workbook(io.BytesIO(client.get("/quality/lists/student/cards.xlsx").content)).active
    cells = " ".join(str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None)
    assert "Пустой" in cells
    assert "Полный" not in cells
    assert "исполнитель" in cells.lower()
    paper = PdfReader(io.BytesIO(client.get("/quality/lists/student/cards.pdf").content))
    assert "Пустой" in paper.pages[0].extract_text()


@pytest.mark.proves("R-257")
def test_the_figures_by_class_are_printed_for_a_meeting(school, classes):
    client = client_of(school.host, "coordinator")
    text = PdfReader(io.BytesIO(client.get("/quality/report.pdf").content)).pages[0].extract_text()
    for words in ("Полнота и актуальность данных", "7Б", "исполнитель"):
        assert words in text
    assert client.get("/quality/report.xlsx").status_code == 200


@pytest.mark.proves("R-323")
def test_a_sample_for_checking_names_the_author_and_the_ground_of_the_last_change(school, classes):
    with school.work("id-of-secretary"):
        give_reason("Заявление № 12")
        Student.objects.filter(pk=classes["bare"].pk).update(phone="+79000000003")
    paper = PdfReader(io.BytesIO(client_of(school.host, "secretary").get("/quality/lists/student/sample.pdf").content))
    text = paper.pages[0].extract_text()
    for words in ("Выборка для сверки", "Пустой", "Заявление № 12", "Сверено"):
        assert words in text.replace(NBSP, " ")


@pytest.mark.proves("R-005", "R-203")
def test_the_meter_of_a_card_says_what_lacks_who_answers_and_how_old_it_is(school, classes):
    closed = client_of(school.host, "coordinator").get(f"/quality/student/{classes['bare'].pk}/").context["meter"]
    assert closed.hidden_gaps > 0
    client = client_of(school.host, "secretary")
    meter = client.get(f"/quality/student/{classes['bare'].pk}/").context["meter"]
    assert meter.percent < 80
    assert meter.due == meter.filled + len(meter.lacking)
    assert {gap.section.code for gap in meter.gaps} >= {"contacts"}
    assert meter.hidden_gaps == 0
    assert (meter.is_stale, meter.untouched, meter.may_edit) == (False, "сегодня", True)
    full = client.get(f"/quality/student/{classes['full'].pk}/").context["meter"]
    assert (full.percent, full.lacking) == (100, [])


@pytest.mark.proves("R-037", "R-049")
def test_confirming_makes_a_stale_card_current_and_keeps_its_last_change(school, classes):
    with school.work():
        age(classes["bare"])
    client = client_of(school.host, "secretary")
    address = f"/quality/student/{classes['bare'].pk}/"
    assert client.get(address).context["meter"].is_stale
    assert client.get("/quality/").context["found"].fillings["student"].stale == 1
    meter = client.post(f"{address}confirm/", **SEAMLESS).context["meter"]
    assert not meter.is_stale
    assert meter.is_confirmed_today
    assert client.get("/quality/").context["found"].fillings["student"].stale == 0
    with school.work():
        card = Student.objects.get(pk=classes["bare"].pk)
    assert (card.confirmed_on, timezone.localdate(card.updated_at) < TODAY) == (TODAY, True)
    assert card.confirmed_by.startswith("Secretary")
    assert client.post(f"{address}confirm/").status_code == 302


def test_a_card_that_contradicts_itself_is_not_confirmed(school, classes):
    with school.work():
        Student.objects.filter(pk=classes["bare"].pk).update(birth_date=TODAY + datetime.timedelta(days=3))
    client = client_of(school.host, "secretary")
    answer = client.post(f"/quality/student/{classes['bare'].pk}/confirm/", **SEAMLESS)
    assert answer.status_code == 422
    assert "есть противоречия" in text_of(answer)


def test_who_may_only_read_a_card_does_not_confirm_it(school, classes):
    client = client_of(school.host, "coordinator")
    address = f"/quality/student/{classes['full'].pk}/"
    assert not client.get(address).context["meter"].may_edit
    assert client.post(f"{address}confirm/").status_code == 403


def test_a_sealed_card_says_nothing_but_that_it_is_sealed(school, classes):
    with school.work():
        closed = parent(classes["bare"], "Закрытая", consent_on=None, phone="+79000000007")
    client = client_of(school.host, "secretary")
    page = client.get(f"/quality/guardian/{closed.pk}/")
    assert "нет согласия" in text_of(page)
    assert "Закрытая" not in text_of(page)
    assert client.post(f"/quality/guardian/{closed.pk}/confirm/").status_code == 200
    with school.work():
        assert Guardian.objects.get(pk=closed.pk).confirmed_on is None


@pytest.mark.proves("R-082", "R-037")
def test_the_organization_card_is_confirmed_by_the_rules_of_its_room(school):
    with school.work():
        card = OrganizationCard.objects.get()
    answer = client_of(school.host, "anna").post(f"/quality/organization/{card.pk}/confirm/", **SEAMLESS)
    assert answer.status_code == 422
    assert answer.context["refusal"]


@pytest.mark.proves("R-022")
def test_duties_whose_day_has_passed_are_shown_as_overdue(school, classes):
    with school.work():
        order = DutyOrder.objects.create(
            academic_year=TODAY.year if TODAY.month >= 9 else TODAY.year - 1,
            number="5",
            issued_on=TODAY,
            signed_on=TODAY,
            signed_by="Анна",
            drafted_by="координатор",
            status="in_force",
        )
        past = TODAY - datetime.timedelta(days=5)
        order.rows.create(position=1, data_set="contingent", role="secretary", deadline="сентябрь", due_on=past)
        order.rows.create(position=2, data_set="journal", role="teacher", deadline="ежедневно", periodicity="daily")
        order.rows.create(position=3, data_set="staff", role="secretary", deadline="при приёме")
        order.rows.create(position=4, data_set="health", role="nurse", deadline="до октября", due_on=past)
    found = client_of(school.host, "coordinator").get("/quality/").context["found"]
    assert [line.state for line in found.duties] == [("bad", "Просрочено")] * 2 + [("ok", "Сделано")]
    contingent, health = found.duties[:2]
    both = found.fillings["student"].lacking + found.fillings["guardian"].lacking
    assert contingent.lacking + health.lacking + found.fillings["student"].by_code["family_composition"] < both
    own = client_of(school.host, "secretary").get("/quality/").context["found"]
    assert own.mine_count > 0
    assert {one.wanted.keeper for one in own.mine} == {"secretary"}


def test_the_number_of_queries_does_not_grow_with_cards(school, classes):
    client = client_of(school.host, "secretary")
    with school.work():
        making.member()
    addresses = ("/quality/", "/quality/findings/", "/quality/lists/student/?state=all", "/quality/lists/guardian/")

    def queries() -> list[int]:
        found = []
        for address in addresses:
            with CaptureQueriesContext(connection) as captured:
                assert client.get(address).status_code == 200
            found.append(len(captured))
        return found

    few = queries()
    with school.work():
        for number in range(4):
            parent(learner("7Б"), f"Родитель{number}", phone=f"+7900000010{number}")
        making.member()
    assert queries() == few
    assert max(few) < 45
