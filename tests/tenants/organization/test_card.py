"""The organization card: one row, its public facts, the yearly confirmation."""

from __future__ import annotations

import datetime
import io

import openpyxl
import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pypdf import PdfReader

from shared.access.workspaces import forget_workspaces
from shared.audit.models import PublicEvent
from shared.cards.filling import due, filled, missing
from shared.cards.layout import Need
from shared.organizations.confirmation import is_confirmation_due
from shared.organizations.models import Organization
from tenants.history.models import HistoryEvent
from tenants.organization.card import ORGANIZATION_CARD
from tenants.organization.errors import CardIncomplete, KppWanted, NumbersTaken, ShiftsWrong
from tenants.organization.fields import FIELDS, LAYOUT
from tenants.organization.models import (
    Building,
    Equipment,
    OrganizationCard,
    OrganizationDocument,
    ResponsiblePerson,
    Room,
)
from tenants.organization.responsibles import Charge, put_in_charge
from tenants.organization.services import confirm_card, explain_absence, own_card, write_card
from tests.support import client_of

DAY = datetime.date
WHOLE = {
    "legal_form": "mbu",
    "locality": "г. Белореченск",
    "legal_address": "352630, Краснодарский край, г. Белореченск, ул. Ленина, д. 1",
    "phone": "+7 861 552-12-34, +7 861 552-12-35",
    "email": "school1@example.org",
    "inn": "2303019237",
    "kpp": "230301001",
    "ogrn": "1022300712345",
}


def write(values, *, by="Анна"):
    card = own_card()
    write_card(card, values, by=by)
    return own_card()


def fill():
    """Everything without which a card is not confirmed."""
    put_in_charge(
        charge=Charge(role="director", name="Иванова Анна Петровна", position="директор", held_from=DAY(2020, 9, 1)),
        recorded_by="Анна",
    )
    return write(WHOLE)


@pytest.mark.proves("R-008", "R-195", "R-197", "R-198", "R-199")
def test_every_field_of_the_regulation_stands_on_the_card():
    assert {code for code, field in LAYOUT.fields.items() if not field.is_general_knowledge} >= {
        *("full_name", "short_name", "org_type", "legal_form", "org_number", "governing_body", "urban_rural"),
        *("director", "deputy_uvr", "deputy_facilities", "deputy_it"),
        *("locality", "legal_address", "phone", "email", "website"),
        *("inn", "kpp", "ogrn", "okpo", "okato", "okogu", "charter"),
        *("video_surveillance", "internet_computers", "content_filter", "internet_speed_mbps"),
    }
    assert LAYOUT.fields["internet_speed_mbps"].unit == "Мбит/с"
    assert "МБ/с" in LAYOUT.fields["internet_speed_mbps"].label
    assert LAYOUT.fields["full_name"].need == Need.HARD


@pytest.mark.proves("R-167")
@pytest.mark.parametrize(
    "model",
    [Organization, OrganizationCard, ResponsiblePerson, Building, Room, Equipment, OrganizationDocument],
    ids=lambda model: model.__name__,
)
def test_a_field_that_is_not_in_the_approved_list_cannot_be_stored(model):
    columns = {field.column for field in model._meta.concrete_fields}
    assert columns == FIELDS.columns()[model._meta.db_table]


def test_an_organization_has_exactly_one_card(school):
    with school.work():
        card = own_card()
        assert card.organization_id == school.organization.pk
        with pytest.raises(IntegrityError, match="organizationcard_one"), transaction.atomic():
            OrganizationCard.objects.create(organization_id=card.organization_id)
        with pytest.raises(IntegrityError, match="organizationcard_only"), transaction.atomic():
            OrganizationCard.objects.create(organization_id=card.organization_id, is_only=False)


@pytest.mark.proves("R-195", "R-197", "R-198")
def test_facts_are_written_where_they_stand(school):
    with school.work():
        card = write(WHOLE | {"org_number": "1", "internet_speed_mbps": "100.5", "video_surveillance": True})
        assert (card.legal_form, card.organization.inn, card.organization.phone) == (
            "mbu",
            WHOLE["inn"],
            WHOLE["phone"],
        )
        row = Organization.objects.get(pk=school.organization.pk)
        assert (row.inn, row.email) == (WHOLE["inn"], WHOLE["email"])
        assert row.updated_at is not None
        assert card.updated_by == "Анна"


def test_a_derived_field_is_not_typed_on_the_card(school):
    with school.work(), pytest.raises(ValueError, match="director"):
        write({"director": "Кто-то"})


def test_a_kpp_may_be_empty_only_for_an_entrepreneur(school):
    with school.work():
        with pytest.raises(KppWanted, match="КПП пуст"):
            write({"legal_form": "mbu", "kpp": ""})
        assert write({"legal_form": "ip", "kpp": ""}).organization.kpp == ""


def test_numbers_of_another_organization_are_refused_in_words(school, other_school):
    with other_school.work("vera"):
        write({"kpp": WHOLE["kpp"], "ogrn": WHOLE["ogrn"]})
    with school.work(), pytest.raises(NumbersTaken, match="уже подключена"):
        write({"kpp": WHOLE["kpp"], "ogrn": WHOLE["ogrn"]})


def test_four_shifts_are_refused_in_words(school):
    with school.work(), pytest.raises(ShiftsWrong, match="от одной до трёх"):
        write({"shifts": 4})


@pytest.mark.proves("R-195")
def test_a_rename_is_seen_on_every_page_and_counts_the_version(school):
    before = school.organization.version
    with school.work("anna"):
        write({"short_name": "Гимназия № 1"})
        assert Organization.objects.get(pk=school.organization.pk).version == before + 1
        write({"email": "other@example.org"})
        assert Organization.objects.get(pk=school.organization.pk).version == before + 1
    forget_workspaces()
    page = client_of(school.host, "teacher").get("/").content.decode().replace("\u00a0", " ")
    assert "Гимназия № 1" in page
    assert "СОШ № 1" not in page


def test_a_change_is_in_both_logs_with_who_made_it(school):
    with school.work("anna"):
        write({"short_name": "Гимназия № 1", "locality": "г. Белореченск"})
        own = HistoryEvent.objects.filter(object_kind="organization_organizationcard").latest("id")
        assert own.changes["locality"] == ["", "г. Белореченск"]
        public = PublicEvent.objects.filter(object_kind="organizations_organization").latest("id")
        assert public.organization_id == school.organization.pk
        assert public.actor == "anna"
        assert public.changes["short_name"] == ["СОШ № 1", "Гимназия № 1"]


@pytest.mark.proves("R-082", "R-096")
def test_a_card_without_what_it_must_hold_is_not_confirmed(school):
    with school.work():
        with pytest.raises(CardIncomplete, match="«ИНН»"):
            confirm_card(confirmed_on=timezone.localdate(), confirmed_by="Анна")
        fill()
        confirm_card(confirmed_on=timezone.localdate(), confirmed_by="Анна")
        assert Organization.objects.get(pk=school.organization.pk).card_confirmed_on == timezone.localdate()


@pytest.mark.proves("R-082")
def test_the_confirmation_is_due_from_the_first_of_september():
    confirmed = DAY(2026, 8, 31)
    assert not is_confirmation_due(confirmed, DAY(2026, 8, 31))
    assert is_confirmation_due(confirmed, DAY(2026, 9, 1))
    assert not is_confirmation_due(DAY(2026, 9, 1), DAY(2027, 5, 1))
    assert is_confirmation_due(None, DAY(2027, 5, 1))


@pytest.mark.proves("R-082", "R-049")
def test_the_administrator_confirms_the_card_and_everybody_above_sees_the_day(school):
    today = f"{timezone.localdate():%d.%m.%Y}"
    with school.work():
        fill()
    client = client_of(school.host, "org_admin")
    assert f"Проверено, всё верно на {today}" in client.get("/organization/").content.decode()
    assert client.post("/organization/confirm/").status_code == 302
    page = client.get("/organization/").content.decode()
    assert "Подтверждена" in page
    assert "Не подтверждена" not in page
    seen = client_of("municipality.localhost", "boris").get("/organizations/school-1/").content.decode()
    assert today in seen
    assert "Иванова Анна Петровна" in seen


def test_a_refused_confirmation_says_what_is_missing(school):
    answer = client_of(school.host, "org_admin").post("/organization/confirm/")
    assert answer.status_code == 422
    assert "«ИНН»" in answer.content.decode()


@pytest.mark.proves("R-008")
def test_completeness_counts_what_the_directory_holds(school):
    with school.work():
        before = {one.code for one in missing(ORGANIZATION_CARD, own_card())}
        assert {"inn", "director", "okpo"} <= before
        fill()
        explain_absence(code="deputy_it", reason="absent", by="Анна")
        after = {one.code for one in missing(ORGANIZATION_CARD, own_card())}
        assert before - after >= {"inn", "director", "deputy_it", "phone"}
        by_query = OrganizationCard.objects.annotate(held=filled(ORGANIZATION_CARD)).values_list("held", flat=True)
        assert by_query.get() == due(ORGANIZATION_CARD) - len(after)


def test_an_explanation_goes_when_the_field_is_filled(school):
    with school.work():
        explain_absence(code="deputy_it", reason="absent", by="Анна")
        assert own_card().absences == {"deputy_it": "absent"}
        put_in_charge(
            charge=Charge(role="deputy_it", name="Петров Пётр", held_from=DAY(2026, 9, 1)), recorded_by="Анна"
        )
        assert own_card().absences == {}


@pytest.mark.proves("R-008", "R-040")
def test_the_card_is_read_by_the_staff_printed_and_exported(school):
    with school.work():
        fill()
    teacher = client_of(school.host, "teacher")
    page = teacher.get("/organization/").content.decode().replace("\u00a0", " ")
    for text in ("Иванова Анна Петровна", "Муниципальное бюджетное учреждение", "2303019237", "Управление образования"):
        assert text in page, text
    assert "Проверено, всё верно" not in page
    paper = teacher.get("/organization/card.pdf")
    assert "Иванова Анна Петровна" in " ".join(
        " ".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(paper.content)).pages).split()
    )
    sheet = openpyxl.load_workbook(io.BytesIO(teacher.get("/organization/card.xlsx").content)).active
    assert any("2303019237" in map(str, row) for row in sheet.iter_rows(values_only=True))


def test_who_may_only_read_changes_nothing(school):
    teacher = client_of(school.host, "teacher")
    assert teacher.post("/organization/confirm/").status_code == 403
    assert teacher.post("/organization/absence/deputy_it/", {"reason": "absent"}).status_code == 403
    assert teacher.get("/organization/setup/").status_code == 403


def test_only_an_explainable_field_may_be_explained(school):
    client = client_of(school.host, "org_admin")
    assert client.post("/organization/absence/deputy_it/", {"reason": "absent"}).status_code == 302
    for code, reason in (("inn", "absent"), ("nothing", "absent"), ("deputy_it", "because")):
        assert client.post(f"/organization/absence/{code}/", {"reason": reason}).status_code == 404


def test_the_card_asks_a_fixed_number_of_queries(school):
    client = client_of(school.host, "org_admin")

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/organization/").status_code == 200
        return len(captured)

    queries()
    few = queries()
    with school.work():
        for number in range(5):
            Building.objects.create(name=f"Корпус {number}", address="г. Белореченск")
            put_in_charge(
                charge=Charge(role="deputy_uvr", name=f"Завуч {number}", held_from=DAY(2026, 9, 1)), recorded_by="А"
            )
    assert queries() == few


def test_the_home_page_reminds_who_may_edit_until_it_is_confirmed(school):
    with school.work():
        fill()
        OrganizationCard.objects.update(setup_step="done")
    client = client_of(school.host, "org_admin")
    assert "Проверьте карточку организации" in client.get("/").content.decode()
    assert "Проверьте карточку организации" not in client_of(school.host, "teacher").get("/").content.decode()
    client.post("/organization/confirm/")
    assert "Проверьте карточку организации" not in client.get("/").content.decode()
