"""Buildings, rooms and equipment: entered, found, printed, closed; what is closed stays."""

from __future__ import annotations

import datetime
import io

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

from tenants.organization.errors import NameTaken, NumberTaken, PlaceClosed
from tenants.organization.models import Building, Equipment, Room
from tenants.organization.premises import close_place, save_building, save_equipment, save_room
from tenants.organization.services import own_card
from tests.support import client_of

DAY = datetime.date(2026, 9, 1)
ADDRESS = "г. Белореченск, ул. Ленина, д. 1"


def building(name: str = "Главный корпус", **facts: object) -> Building:
    return save_building(facts={"name": name, "address": ADDRESS, **facts}, by="Анна")


def room(home: Building, number: str = "12", **facts: object) -> Room:
    return save_room(building=home, facts={"number": number, "kind": "classroom", **facts}, by="Анна")


def things(home: Building, name: str = "Ноутбук", **facts: object) -> Equipment:
    facts = {"name": name, "kind": "computers", "quantity": 15, **facts}
    return save_equipment(building=home, facts=facts, by="Анна")


@pytest.mark.proves("R-012")
def test_buildings_are_counted_on_the_card(school):
    with school.work():
        home = building()
        building("Спортзал", kind="sport")
        assert own_card().building_count == 2
        close_place(place=home, closed_on=DAY, by="Анна")
        assert own_card().building_count == 1


@pytest.mark.proves("R-012")
def test_with_a_building_its_rooms_and_equipment_close_and_stay_readable(school):
    with school.work():
        home = building()
        place = room(home)
        things(home, room=place)
        things(home, "Пандус", kind="access")
        close_place(place=home, closed_on=DAY, by="Анна")
        assert not Room.objects.in_use().exists()
        assert not Equipment.objects.in_use().exists()
        assert set(Equipment.objects.values_list("closed_on", flat=True)) == {DAY}
        for again in (
            lambda: close_place(place=home, closed_on=DAY, by="Анна"),
            lambda: room(home, "13"),
            lambda: save_building(facts={"name": "Другое", "address": ADDRESS}, by="Анна", building=home),
        ):
            with pytest.raises(PlaceClosed, match=r"01\.09\.2026"):
                again()


def test_with_a_room_its_equipment_closes(school):
    with school.work():
        home = building()
        place = room(home)
        inside, outside = things(home, room=place), things(home, "Пандус")
        close_place(place=place, closed_on=DAY, by="Анна")
        inside.refresh_from_db()
        outside.refresh_from_db()
        assert (inside.closed_on, outside.closed_on) == (DAY, None)


def test_names_in_use_are_not_taken_twice_and_are_free_after_closing(school):
    with school.work():
        home = building()
        room(home)
        with pytest.raises(NameTaken, match="Главный корпус"):
            building()
        with pytest.raises(NumberTaken, match="№ 12"):
            room(home)
        close_place(place=home, closed_on=DAY, by="Анна")
        assert building().closed_on is None


def test_equipment_does_not_stand_in_a_room_of_another_building(school):
    with school.work():
        other = room(building("Второй корпус"))
        with pytest.raises(ValueError, match="another building"):
            things(building(), room=other)


@pytest.mark.proves("R-012")
def test_the_administrator_enters_a_building_with_a_room_and_equipment(school):
    client = client_of(school.host, "org_admin")
    typed = {
        "name": "Главный корпус",
        "kind": "teaching",
        "address": ADDRESS,
        "year_built": "1978",
        "area_m2": "3200,5",
        "condition": "good",
        "accessibility": "partial",
        "is_licensed_place": "on",
    }
    made = client.post("/organization/buildings/new/", typed)
    assert made.status_code == 302
    page = made.headers["Location"]
    assert client.post(f"{page}rooms/new/", {"number": "12", "kind": "classroom", "seats": "30"}).status_code == 302
    with school.work():
        place = Room.objects.get()
    sent = {"name": "Ноутбук", "kind": "computers", "quantity": "15", "state": "working", "room": str(place.pk)}
    assert client.post(f"{page}equipment/new/", sent).status_code == 302
    shown = client.get(page).content.decode().replace("\u00a0", " ")
    for text in ("Доступно частично", "Учебный кабинет", "Ноутбук", "1978"):
        assert text in shown, text
    assert client.post(f"/organization/rooms/{place.pk}/edit/", {"number": "12а", "kind": "gym"}).status_code == 302
    again = client.post("/organization/buildings/new/", typed)
    assert again.status_code == 422
    assert "уже есть" in again.content.decode()


def test_a_year_that_has_not_come_is_refused(school):
    typed = {"name": "К", "kind": "teaching", "address": ADDRESS, "year_built": "3000"}
    answer = client_of(school.host, "org_admin").post("/organization/buildings/new/", typed)
    assert answer.status_code == 422
    assert "Такого года" in answer.content.decode()


@pytest.mark.proves("R-012")
def test_lists_are_searched_filtered_and_taken_away(school):
    with school.work():
        home = building()
        room(home, "12", name="Кабинет физики")
        gym = room(home, "1", kind="gym")
        things(home, room=gym)
        close_place(place=room(home, "99"), closed_on=DAY, by="Анна")
    client = client_of(school.host, "teacher")
    found = client.get("/organization/rooms/", {"q": "физики"}).content.decode()
    assert "Кабинет" in found
    assert "Спортивный зал</td>" not in found
    assert "99" not in [str(one.number) for one in client.get("/organization/rooms/").context["page_obj"]]
    everything = client.get("/organization/rooms/", {"closed": "1"}).context["page_obj"]
    assert len(everything) == 3
    assert "Ничего не нашли" in client.get("/organization/equipment/", {"q": "рояль"}).content.decode()
    for code, text in (("buildings", "Главный корпус"), ("rooms", "Кабинет физики"), ("equipment", "Ноутбук")):
        sheet = openpyxl.load_workbook(io.BytesIO(client.get(f"/organization/{code}.xlsx").content)).active
        assert any(text in map(str, row) for row in sheet.iter_rows(values_only=True)), code
        paper = PdfReader(io.BytesIO(client.get(f"/organization/{code}.pdf").content))
        assert text.split()[0] in paper.pages[0].extract_text(), code
    fragment = client.get("/organization/rooms/", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in fragment


def test_an_empty_list_says_what_to_do(school):
    page = client_of(school.host, "org_admin").get("/organization/buildings/").content.decode()
    assert "Начните со здания" in page


def test_a_teacher_reads_and_changes_nothing(school):
    with school.work():
        home = building()
    teacher = client_of(school.host, "teacher")
    assert teacher.get(f"/organization/buildings/{home.pk}/").status_code == 200
    for path in ("buildings/new/", f"buildings/{home.pk}/edit/", f"buildings/{home.pk}/close/"):
        assert teacher.get(f"/organization/{path}").status_code == 403, path


def test_a_building_of_another_organization_does_not_exist(school, other_school):
    with other_school.work():
        home = building("Чужой корпус")
        place = room(home)
    client = client_of(school.host, "org_admin")
    for path in (f"buildings/{home.pk}/", f"buildings/{home.pk}/edit/", f"rooms/{place.pk}/edit/"):
        assert client.get(f"/organization/{path}").status_code == 404, path
    assert "Чужой корпус" not in client.get("/organization/buildings/").content.decode()


@pytest.mark.parametrize("code", ["buildings", "rooms", "equipment"])
def test_a_list_asks_a_fixed_number_of_queries(school, code):
    client = client_of(school.host, "teacher")

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(f"/organization/{code}/").status_code == 200
        return len(captured)

    with school.work():
        home = building()
        things(home, room=room(home))
    queries()
    few = queries()
    with school.work():
        for number in range(5):
            home = building(f"Корпус {number}")
            things(home, room=room(home))
    assert queries() == few
