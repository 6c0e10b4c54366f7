"""Cards choose from classifiers: an organization's own values in it alone, ended values only where they stand."""

from __future__ import annotations

import datetime
import io
from contextlib import contextmanager

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from shared.cards.values import written
from shared.classifiers.local import classifier_here
from shared.classifiers.services import set_term
from shared.tenancy import scopes
from tenants.cards.files.models import CardFileRow
from tenants.groups.forms import GroupForm
from tenants.orders.forms import movement_types
from tenants.orders.models import OrderRow
from tenants.organization.fields import LAYOUT as ORGANIZATION
from tenants.organization.models import OrganizationCard
from tenants.organization.premises import save_building, save_room
from tenants.people.achievement_forms import AchievementForm
from tenants.people.models import Guardian, GuardianLink
from tenants.people.special_forms import SpecialForm
from tenants.staff.layout import LAYOUT as STAFF
from tenants.staff.models import Award, StaffMember
from tenants.staff.rows import add_row
from tests.shared.classifiers.keeping import add, ministry, office, row, shown
from tests.support import client_of
from tests.tenants import factories
from tests.tenants.appointing import employ
from tests.tenants.cards.files.bringing import WORKER, csv_of, text_of, upload
from tests.tenants.cards.pages import HTMX, base_in, opened, page_of
from tests.tenants.staff.making import member

CHESS = "Шахматы в школе"
FILTER = "Щит 7 школы"
AWARD = "Грамота имени Ушакова"
ENDED = datetime.date(2026, 9, 1)


@pytest.fixture
def own(school, other_school) -> dict[str, str]:
    """Values that school 1 alone has."""
    with office(school) as keeper:
        return {
            "subject": add(keeper, "subject", CHESS).code,
            "content_filter": add(keeper, "content_filter", FILTER).code,
            "award_name": add(keeper, "award_name", AWARD, like="organization_diploma").code,
        }


def ended(classifier: str, code: str, day: datetime.date = ENDED) -> None:
    """The region ends a value; this process sees it."""
    with ministry() as keeper:
        value = row(classifier, code)
        set_term(keeper=keeper, value_id=value.pk, version=value.version, valid_to=day)
    shown()


@contextmanager
def teacher_of(school, **facts):
    with school.work():
        yield member(**facts)


@pytest.mark.proves("R-207")
def test_an_own_subject_is_offered_kept_and_printed_in_the_organization_that_has_it(school, own):
    with teacher_of(school) as teacher:
        pass
    client = client_of(school.host, "secretary")
    form = opened(client, "staff", teacher, "work")
    assert CHESS in page_of(client, f"/cards/staff/{teacher.pk}/work/")
    saved = client.post(
        f"/cards/staff/{teacher.pk}/work/",
        form | {"subjects_taught": ["russian", own["subject"]]},
        headers=HTMX,
    )
    assert saved.status_code == 200, text_of(saved)
    with school.work():
        assert StaffMember.objects.get().subjects_taught == ["russian", own["subject"]]
        assert written(STAFF.fields["subjects_taught"], [own["subject"]]) == CHESS
    assert CHESS in page_of(client, f"/cards/staff/{teacher.pk}/")
    assert CHESS in table(client, "/staff/export.xlsx?status=")
    assert CHESS in table(client, "/cards/files/staff/edit.xlsx")
    answer = client.get(f"/api/v1/cards/staff/{teacher.pk}/")
    assert own["subject"] in answer.json()["values"]["subjects_taught"]


@pytest.mark.proves("R-207")
def test_in_another_organization_the_same_value_is_neither_offered_nor_taken(other_school, own):
    with teacher_of(other_school) as teacher:
        pass
    employ("klava", "secretary", other_school)
    client = client_of(other_school.host, "klava")
    address = f"/cards/staff/{teacher.pk}/work/"
    assert CHESS not in page_of(client, address)
    typed = opened(client, "staff", teacher, "work") | {"subjects_taught": [own["subject"]]}
    refused = client.post(address, typed, headers=HTMX)
    assert refused.status_code == 422
    assert "нет в справочнике" in text_of(refused)
    tag = client.get(f"/api/v1/cards/staff/{teacher.pk}/").headers["ETag"]
    body = {"values": {"subjects_taught": [own["subject"]]}}
    answer = client.patch(
        f"/api/v1/cards/staff/{teacher.pk}/", body, content_type="application/json", headers={"If-Match": tag}
    )
    assert answer.status_code == 400
    page = upload(client, "staff", csv_of({**WORKER, "Преподаваемые предметы": CHESS}))
    assert "нет в справочнике" in text_of(client.get(page))


def test_a_file_brings_an_own_value_by_its_name(school, own):
    client = client_of(school.host, "secretary")
    page = upload(client, "staff", csv_of({**WORKER, "Преподаваемые предметы": CHESS.upper()}))
    assert client.post(f"{page}apply/").status_code == 302, text_of(client.get(page))
    with school.work():
        assert StaffMember.objects.get().subjects_taught == [own["subject"]]


@pytest.mark.proves("R-183", "R-207")
def test_an_own_award_is_chosen_from_the_list_and_an_unknown_one_is_not(school, own):
    with teacher_of(school) as teacher:
        pass
    client = client_of(school.host, "secretary")
    typed = {"name": own["award_name"], "level": "organization", "awarded_on": "05.10.2021"}
    answer = client.post(f"/cards/staff/{teacher.pk}/awards/rows/", typed, headers=HTMX)
    assert answer.status_code == 200, text_of(answer)
    assert AWARD in text_of(answer).replace("\u00a0", " ")
    with school.work():
        assert str(Award.objects.get()) == AWARD
    unknown = client.post(f"/cards/staff/{teacher.pk}/awards/rows/", typed | {"name": "Медаль"}, headers=HTMX)
    assert unknown.status_code == 422


def test_an_award_typed_before_the_list_stays_on_the_card_and_is_corrected_around(school):
    with school.work():
        teacher = member()
        typed = {"name": "Грамота; городская", "level": "municipal", "awarded_on": datetime.date(2015, 10, 5)}
        award = add_row(member=teacher, section="awards", values=typed, by="секретарь")
    client = client_of(school.host, "secretary")
    address = f"/cards/staff/{teacher.pk}/awards/rows/{award.pk}/"
    page = page_of(client, address)
    assert "Грамота; городская" in page
    data = {"name": "Грамота; городская", "level": "regional", "awarded_on": "05.10.2015", "base": base_in(page)}
    assert client.post(address, data, headers=HTMX).status_code == 200
    with school.work():
        assert Award.objects.values_list("name", "level").get() == ("Грамота; городская", "regional")


@pytest.mark.proves("R-199", "R-207")
def test_the_content_filters_of_the_organization_are_several_and_some_are_its_own(school, own):
    client = client_of(school.host, "org_admin")
    with school.work():
        card = OrganizationCard.objects.get()
    typed = opened(client, "organization", card, "informatization") | {
        "content_filter": ["skydns", own["content_filter"]]
    }
    answer = client.post(f"/cards/organization/{card.pk}/informatization/", typed, headers=HTMX)
    assert answer.status_code == 200, text_of(answer)
    with school.work():
        held = OrganizationCard.objects.get().content_filters
        assert written(ORGANIZATION.fields["content_filter"], held) == f"SkyDNS; {FILTER}"
    assert FILTER in client.get("/organization/").content.decode().replace("\u00a0", " ")
    assert FILTER in table(client, "/cards/files/organization/edit.xlsx")


def test_own_values_cost_one_query_a_scope_and_are_never_those_of_the_scope_before(school, other_school, own):
    with school.work(), CaptureQueriesContext(connection) as captured:
        assert [own[name] in classifier_here(name) for name in own] == [True] * 3
        assert own["subject"] not in classifier_here("sex")
    assert len([one for one in captured if "classifiers_classifiervalue" in one["sql"]]) == 1
    with other_school.work():
        assert not any(own[name] in classifier_here(name) for name in own)
    with scopes.enter(scopes.of_accounts()):
        assert own["subject"] not in classifier_here("subject")


def test_a_value_added_in_a_scope_is_seen_in_the_rest_of_it(school):
    with office(school) as keeper:
        before = len(classifier_here("subject"))
        add(keeper, "subject", CHESS)
        assert len(classifier_here("subject")) == before + 1


@pytest.mark.proves("R-207")
def test_an_ended_value_is_offered_only_to_the_card_that_has_it(school):
    with school.work():
        has, other = member(marital_status="divorced"), member(marital_status="married")
    ended("marital_status", "divorced")
    client = client_of(school.host, "secretary")
    assert "Разведён" not in page_of(client, f"/cards/staff/{other.pk}/identity/")
    form = opened(client, "staff", other, "identity")
    refused = client.post(f"/cards/staff/{other.pk}/identity/", form | {"marital_status": "divorced"}, headers=HTMX)
    assert refused.status_code == 422
    assert "не действует с 01.09.2026" in text_of(refused).replace("\u00a0", " ")
    assert "не действует с 01.09.2026" in page_of(client, f"/cards/staff/{has.pk}/identity/")
    kept = client.post(
        f"/cards/staff/{has.pk}/identity/",
        opened(client, "staff", has, "identity") | {"first_name": "Павел"},
        headers=HTMX,
    )
    assert kept.status_code == 200, text_of(kept)
    with school.work():
        now = StaffMember.objects.get(pk=has.pk)
        assert (now.first_name, now.marital_status) == ("Павел", "divorced")


def test_an_ended_value_in_a_file_is_refused_with_its_day_and_stays_where_it_stands(school):
    with school.work():
        has = member(last_name="Дубов", main_position="organizer")
    ended("staff_position", "organizer")
    client = client_of(school.host, "secretary")
    with school.work():
        label = classifier_here("staff_position")["organizer"].label
    page = upload(client, "staff", csv_of({**WORKER, "Основная должность": label}))
    assert f"«{label}» не действует с 01.09.2026" in text_of(client.get(page)).replace("\u00a0", " ")
    upload(client, "staff", csv_of({"Ключ": str(has.pk), "Имя": "Павел", "Основная должность": label.upper()}))
    with school.work():
        verdicts = list(CardFileRow.objects.order_by("run__made_at").values_list("verdict", "changes"))
        assert verdicts[0][0] == "refused"
        assert (verdicts[1][0], [code for code, *_ in verdicts[1][1]]) == ("changed", ["first_name"])


def test_an_order_offers_movements_in_force_and_refuses_an_ended_one(school):
    with school.work():
        into = factories.group("5А")
        first, second = factories.student(last_name="Ёлкин"), factories.student(last_name="Дубова")
    client = client_of(school.host, "secretary")
    typed = {"number": "7-у", "issued_on": "20.11.2026", "basis": "заявление"}
    address = client.post("/orders/new/enrollment/", typed)["Location"]
    assert 'value="enroll_transfer"' in client.get(address).content.decode()
    place = {"group": str(into.pk), "effective_on": "20.11.2026", "form_of_study": "full_time"}
    place["movement_type"] = "enroll_transfer"
    assert client.post(address, place | {"do": f"add:{first.pk}"}).status_code == 302
    ended("movement_type", "enroll_transfer")
    assert 'value="enroll_transfer"' not in client.get(address).content.decode()
    assert client.post(address, place | {"do": f"add:{second.pk}"}).status_code == 422
    with school.work():
        assert OrderRow.objects.get().student_id == first.pk
    assert "graduate" in dict(movement_types("out"))
    ended("movement_type", "graduate")
    assert "graduate" not in dict(movement_types("out"))


def test_a_room_keeps_its_ended_kind_and_no_new_room_gets_it(school):
    with school.work():
        building = save_building(facts={"name": "Главный", "address": "г. Анапа"}, by="А")
        room = save_room(building=building, facts={"number": "1", "kind": "pool"}, by="А")
    ended("room_kind", "pool", timezone.localdate())
    client = client_of(school.host, "org_admin")
    assert 'value="pool"' in client.get(f"/organization/rooms/{room.pk}/edit/").content.decode()
    assert 'value="pool"' not in client.get(f"/organization/buildings/{building.pk}/rooms/new/").content.decode()


def test_forms_of_special_facts_achievements_and_groups_keep_what_is_held(school):
    with school.work():
        group = factories.group("5А")
    for classifier, code in (
        ("health_group", "2"),
        ("social_status", "chernobyl"),
        ("event_level", "regional"),
        ("class_type", "lyceum"),
    ):
        ended(classifier, code)
    with school.work():
        special = SpecialForm(initial={"health_group": "2", "social_statuses": ["chernobyl"]})
        assert 'value="2" selected' in str(special["health_group"])
        assert "chernobyl" in str(special["social_statuses"])
        assert 'value="2"' not in str(SpecialForm()["health_group"])
        assert "chernobyl" not in str(SpecialForm()["social_statuses"])
        assert '"regional"' in str(AchievementForm(initial={"level": "regional"})["level"])
        assert '"regional"' not in str(AchievementForm()["level"])
        assert "lyceum" in str(GroupForm(initial=GroupForm.initial_of(group) | {"class_type": "lyceum"})["class_type"])
        assert "lyceum" not in str(GroupForm()["class_type"])


def test_the_page_of_a_representative_keeps_an_ended_relation_and_gives_it_to_nobody_else(school):
    with school.work():
        child = factories.student(last_name="Ёлкин")
        factories.enroll(child, into=factories.group("5А"))
        one = Guardian.objects.create(last_name="Ёлкина", first_name="Анна")
        link = GuardianLink.objects.create(student=child, guardian=one, relation="trustee")
    ended("guardian_relation", "trustee")
    ended("guardian_relation", "proxy")
    client = client_of(school.host, "secretary")
    page = client.get(f"/guardians/{one.pk}/").content.decode()
    assert 'value="trustee" selected' in page
    assert 'value="proxy"' not in page
    client.post(f"/guardians/{one.pk}/children/{link.pk}/relation/", {"relation": "proxy"})
    with school.work():
        assert GuardianLink.objects.get().relation == "trustee"


def table(client, address: str) -> str:
    """Every cell of a workbook."""
    answer = client.get(address)
    assert answer.status_code == 200, text_of(answer)
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    return "\n".join(str(cell) for sheet in book for cells in sheet.iter_rows(values_only=True) for cell in cells)
