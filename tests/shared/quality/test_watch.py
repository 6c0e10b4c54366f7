"""Quality of data on the hosts of authorities: figures, filters, remarks and answers, whose rows anybody may touch."""

from __future__ import annotations

import datetime
import io

import openpyxl
import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pypdf import PdfReader

from shared.kernel.text import NBSP
from shared.organizations.models import AuthorityBody, Organization
from shared.quality.currency import CURRENCY
from shared.quality.errors import NobodyToRemark, RemarkNotAnswered, RemarkNotAwaited
from shared.quality.models import QualitySummary, Remark
from shared.quality.services import Sender, accept_answer, answer_remark, return_answer, send_remarks
from shared.tenancy import scopes
from tenants.cards.kinds import KINDS
from tenants.quality.handing_up import hand_up_quality
from tests.support import client_of
from tests.tenants.appointing import employ
from tests.tenants.quality.filling import learner, whole

MUNICIPALITY, REGION = "municipality.localhost", "region.localhost"
TODAY = timezone.localdate()
TERM = TODAY + datetime.timedelta(days=7)


def text_of(answer) -> str:
    return answer.content.decode().replace(NBSP, " ")


def authority(code: str) -> int:
    return AuthorityBody.objects.get(code=code).pk


def sender(code: str = "office-03608000") -> Sender:
    return Sender(authority(code), "Управление образования", "Борис Тест")


def remark_to(school, *, code: str = "office-03608000", due_on: datetime.date = TERM, kind: str = "student") -> Remark:
    by = sender(code)
    with scopes.enter(scopes.of_authority(by.authority_id)):
        (made,) = send_remarks(
            organizations=[school.organization], kind=kind, text="Внесите телефоны", due_on=due_on, by=by
        )
    return made


def state_of(school, remark: Remark) -> str:
    with school.work():
        return Remark.objects.get(pk=remark.pk).state


@pytest.fixture
def counted(school, other_school):
    """School 1 has a full card of a learner, school 2 an empty one; both have handed their figures up."""
    with school.work():
        learner(absences=whole(KINDS["student"]))
        hand_up_quality()
    with other_school.work():
        learner()
        hand_up_quality()


@pytest.mark.proves("R-159", "R-151", "R-293")
def test_an_authority_sees_its_organizations_and_who_is_behind(counted):
    page = client_of(MUNICIPALITY, "boris").get("/quality/")
    names = [line.organization.short_name for line in page.context["page_obj"]]
    assert "СОШ № 1" in names
    assert "СОШ № 2" not in names
    line = next(one for one in page.context["page_obj"] if one.organization.short_name == "СОШ № 1")
    assert line.summaries["student"].percent == 100
    assert "unconfirmed" in line.behind
    assert f"{timezone.localtime(line.counted_at):%H:%M:%S}" == line.moment
    assert line.moment in text_of(page)


@pytest.mark.proves("R-151")
def test_the_region_sums_by_municipality_filters_and_sorts(counted):
    client = client_of(REGION, "marina")
    table = client.get("/quality/").context["table"]
    places = {place.code: place for place in table.places}
    assert places["03608000"].total.percent > places["03601000"].total.percent
    total = sum(place.total.cards for place in table.places)
    assert total == table.total.cards

    def shown(query: str) -> list[str]:
        lines = client.get(f"/quality/{query}").context["page_obj"]
        return [one.organization.short_name for one in lines if one.organization.short_name.startswith("СОШ № ")]

    assert shown("?municipality=03601000") == ["СОШ № 2"]
    assert shown("?q=сош+№+2") == ["СОШ № 2"]
    assert shown("?q=сош&sort=-student") == ["СОШ № 1", "СОШ № 2"]
    assert "СОШ № 2" in shown("?state=low")
    assert shown("?state=overdue") == []
    assert "<html" not in client.get("/quality/?q=сош", headers={"HX-Request": "true"}).content.decode()


@pytest.mark.proves("R-040")
def test_the_head_stands_beside_the_figures_as_the_responsible_one(counted):
    with scopes.enter(scopes.of_operator()):
        Organization.objects.filter(short_name="СОШ № 1").update(
            head_name="Лебедь Ольга Тарасовна", head_position="Директор"
        )
    client = client_of(MUNICIPALITY, "boris")
    assert "отвечает Лебедь О. Т." in text_of(client.get("/quality/?q=сош"))
    page = text_of(client.get("/quality/organizations/school-1/"))
    assert "За содержание отвечает Лебедь Ольга Тарасовна, директор" in page
    sheet = openpyxl.load_workbook(io.BytesIO(client.get("/quality/organizations.xlsx?q=сош").content)).active
    cells = {str(cell.value) for row in sheet.iter_rows() for cell in row}
    assert "Лебедь Ольга Тарасовна" in cells
    paper = PdfReader(io.BytesIO(client.get("/quality/organizations.pdf").content))
    assert "исполнитель" in paper.pages[0].extract_text()


@pytest.mark.proves("R-160", "R-293")
def test_a_remark_goes_to_the_organization_and_its_answer_comes_back(counted, school):
    office, director = client_of(MUNICIPALITY, "boris"), client_of(school.host, "anna")
    key = str(school.organization.pk)
    assert "СОШ № 1" in text_of(office.get(f"/quality/remarks/new/?organization={key}"))
    values = {"organization": key, "kind": "student", "text": "Внесите телефоны", "due_on": f"{TERM:%d.%m.%Y}"}
    assert office.post("/quality/remarks/new/", values).status_code == 302
    with school.work():
        remark = Remark.objects.get()
    assert "Внесите телефоны" in text_of(director.get("/quality/"))
    assert "Внесите телефоны" in text_of(director.get("/quality/remarks/"))
    address = f"/quality/remarks/{remark.pk}/"
    assert director.post(f"{address}answer/", {"answer": "Внесли все"}).status_code == 302
    assert state_of(school, remark) == "answered"
    page = text_of(office.get("/quality/organizations/school-1/"))
    assert "Внесли все" in page
    assert "Принять ответ" in page
    verdict = {"verdict": "Нет телефонов 5А", "due_on": f"{TERM:%d.%m.%Y}"}
    assert office.post(f"{address}return/", verdict).status_code == 302
    assert "Нет телефонов 5А" in text_of(director.get("/quality/remarks/"))
    assert director.post(f"{address}answer/", {"answer": "Теперь все"}).status_code == 302
    assert office.post(f"{address}accept/").status_code == 302
    assert state_of(school, remark) == "accepted"
    assert office.get("/quality/remarks.xlsx").status_code == 200
    assert len(office.get("/quality/remarks/?state=accepted").context["lines"]) == 1


@pytest.mark.proves("R-293")
def test_a_remark_without_an_answer_in_time_is_overdue_on_both_sides(counted, school):
    remark_to(school, due_on=TODAY - datetime.timedelta(days=1))
    office = client_of(MUNICIPALITY, "boris")
    lines = office.get("/quality/?state=overdue").context["page_obj"]
    assert [line.organization.short_name for line in lines] == ["СОШ № 1"]
    assert [one.pk for one, _ in office.get("/quality/remarks/?state=overdue").context["lines"]]
    assert "Срок прошёл" in text_of(client_of(school.host, "anna").get("/quality/remarks/"))


def test_what_is_typed_wrongly_is_refused_on_the_same_page(counted, school):
    office = client_of(MUNICIPALITY, "boris")
    values = {"organization": str(school.organization.pk), "text": "", "due_on": "01.01.2020"}
    answer = office.post("/quality/remarks/new/", values)
    assert answer.status_code == 422
    for words in ("Поле пустое", "Этот день уже прошёл"):
        assert words in text_of(answer)
    remark = remark_to(school)
    assert client_of(school.host, "anna").post(f"/quality/remarks/{remark.pk}/answer/", {}).status_code == 422


@pytest.mark.parametrize(("login", "expected"), [("secretary", 403), ("teacher", 403), ("coordinator", 200)])
def test_who_leads_answers_and_others_do_not(counted, school, login, expected):
    remark = remark_to(school)
    assert client_of(school.host, login).get(f"/quality/remarks/{remark.pk}/answer/").status_code == expected


def test_a_class_teacher_does_not_see_remarks_on_the_whole(counted, school):
    remark_to(school)
    employ("klass", "class_teacher", school)
    assert list(client_of(school.host, "klass").get("/quality/remarks/").context["remarks"]) == []


def test_who_may_not_watch_is_refused(school, other_school):
    for address in ("/quality/", "/quality/remarks/", "/quality/remarks/new/"):
        assert client_of(MUNICIPALITY, "kira").get(address).status_code == 403


@pytest.mark.proves("R-160")
def test_a_state_that_has_moved_on_is_a_refusal(counted, school):
    remark = remark_to(school)
    office = sender()
    with scopes.enter(scopes.of_authority(office.authority_id)):
        with pytest.raises(RemarkNotAnswered):
            accept_answer(remark_id=remark.pk, by=office)
        with pytest.raises(NobodyToRemark):
            send_remarks(organizations=[], kind="", text="x", due_on=TERM, by=office)
    with school.work():
        answer_remark(remark_id=remark.pk, answer="Внесли", by="Анна")
        with pytest.raises(RemarkNotAwaited):
            answer_remark(remark_id=remark.pk, answer="Ещё раз", by="Анна")
    with scopes.enter(scopes.of_authority(office.authority_id)):
        return_answer(remark_id=remark.pk, verdict="Не всё", due_on=TERM, by=office)
        with pytest.raises(RemarkNotAnswered):
            accept_answer(remark_id=remark.pk, by=office)


def test_row_security_keeps_figures_and_remarks_apart(counted, school, other_school):
    mine, ministry = remark_to(school), remark_to(school, code="ministry-03")
    keys = {school.organization.pk, other_school.organization.pk}
    seen = {}
    for code in ("office-03608000", "office-03601000", "ministry-03", "culture-03"):
        with scopes.enter(scopes.of_authority(authority(code))):
            figures = set(QualitySummary.objects.values_list("organization_id", flat=True)) & keys
            seen[code] = (figures, Remark.objects.filter(pk__in=[mine.pk, ministry.pk]).count())
    assert seen == {
        "office-03608000": ({school.organization.pk}, 2),
        "office-03601000": ({other_school.organization.pk}, 0),
        "ministry-03": (keys, 2),
        "culture-03": (set(), 0),
    }
    with scopes.enter(scopes.of_authority(authority("office-03608000"))):
        assert Remark.objects.filter(pk=ministry.pk).update(text="чужое") == 0
    with other_school.work():
        assert not Remark.objects.exists()
        with pytest.raises(RemarkNotAwaited):
            answer_remark(remark_id=mine.pk, answer="за другого", by="Вера")


@pytest.mark.parametrize(
    "change",
    [
        "update quality_state_remark set text = 'другое'",
        "update quality_state_remark set state = 'accepted', answer = 'x', answered_by = 'x', answered_at = now()",
        "delete from quality_state_remark",
    ],
)
def test_an_organization_writes_only_its_answer(counted, school, change):
    remark_to(school)
    with pytest.raises(DatabaseError), school.work(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)


def test_an_authority_neither_writes_figures_nor_remarks_in_anothers_name(counted, school, other_school):
    office = authority("office-03608000")
    with pytest.raises(DatabaseError), scopes.enter(scopes.of_authority(office)):
        QualitySummary.objects.update(filled=0)
    foreign = Sender(authority("ministry-03"), "Министерство", "Борис")
    with pytest.raises(DatabaseError), scopes.enter(scopes.of_authority(office)):
        send_remarks(organizations=[school.organization], kind="", text="x", due_on=TERM, by=foreign)
    own = Sender(office, "Управление", "Борис")
    with pytest.raises(DatabaseError), scopes.enter(scopes.of_authority(office)):
        send_remarks(organizations=[other_school.organization], kind="", text="x", due_on=TERM, by=own)


def test_the_number_of_queries_does_not_grow_with_organizations(counted, school, other_school):
    client = client_of(REGION, "marina")

    def queries() -> list[int]:
        found = []
        for address in ("/quality/", "/quality/remarks/"):
            with CaptureQueriesContext(connection) as captured:
                client.get(address)
            found.append(len(captured))
        return found

    remark_to(school)
    few = queries()
    remark_to(school, code="ministry-03")
    remark_to(other_school, code="office-03601000")
    assert queries() == few


def test_the_set_age_and_the_light_are_data():
    assert CURRENCY.stale_after == datetime.timedelta(days=365)
    assert CURRENCY.fresh_since("organization", datetime.date(2026, 11, 22)) == datetime.date(2026, 9, 1)
    assert CURRENCY.fresh_since("student", datetime.date(2026, 11, 22)) == datetime.date(2025, 11, 22)
    assert [CURRENCY.light(percent) for percent in (95, 94, 79)] == ["ok", "warn", "bad"]
