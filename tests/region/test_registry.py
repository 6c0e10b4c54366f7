"""The registry of people: found by a misspelled name, narrowed by codes, seen by territory."""

from __future__ import annotations

import io
import re
from urllib.parse import parse_qs, urlsplit

import openpyxl
import pytest

from region.registry.search import find_people
from region.registry.wanted import Wanted
from shared.contingent.models import Person
from shared.kernel.names import sort_key
from shared.tenancy import scopes
from tenants.handup.projector import project
from tests.support import client_of
from tests.tenants import factories
from tests.tenants.districts import DAY, fill

HTMX = {"HX-Request": "true"}


@pytest.fixture
def filled(school, other_school):
    fill(school, other_school)
    return school, other_school


@pytest.fixture
def marina(filled):
    return client_of("region.localhost", "marina")


@pytest.fixture
def boris(filled):
    return client_of("municipality.localhost", "boris")


def text_of(response) -> str:
    assert response.status_code == 200, response.status_code
    return response.content.decode().replace("\N{NO-BREAK SPACE}", " ")


def search(client, text: str, **filters: str):
    """Post the search as the page does, and follow to the address it answers with."""
    response = client.post("/registry/", {"q": text, "as_of": "2026-09-20", **filters})
    assert response.status_code == 302
    return response["Location"], text_of(client.get(response["Location"], headers=HTMX))


def names_in(page: str) -> list[str]:
    return re.findall(r'class="cell-name"[^>]*>([^<]+)<', page)


@pytest.mark.parametrize(
    "typed", ["хворостянов задунайски", "Хворостьянов-Зад", "задунайский", "ХВОРОСТЬЯНОВ-ЗАДУНАЙСКИЙ КОНСТАНТИН"]
)
def test_a_name_is_found_however_it_is_typed(marina, typed):
    _address, page = search(marina, typed)
    assert names_in(page)[0].startswith("Хворостьянов-Задунайский Константин")


def test_yo_and_ye_are_one_letter(marina):
    assert names_in(search(marina, "елкина")[1])[0].startswith("Ёлкина")


def test_a_date_of_birth_narrows_the_name(marina):
    assert len(names_in(search(marina, "соколов 05.05.2019")[1])) == 2
    assert "Никого не нашли" in search(marina, "соколов 05.05.2018")[1]


def test_the_name_never_stands_in_an_address(marina):
    address, page = search(marina, "Хворостьянов", municipality="03608000")
    query = parse_qs(urlsplit(address).query)
    assert query["municipality"] == ["03608000"]
    assert "Хвор" not in address
    assert not re.search(r'href="[^"]*(%D0|Хвор)', page)


def test_filters_narrow_and_count(marina):
    page = text_of(marina.get("/registry/?as_of=2026-09-20&grade=5&sex=M"))
    assert sorted(name.split()[0] for name in names_in(page)) == ["Алиев", "Хворостьянов-Задунайский"]
    facets = text_of(marina.get("/registry/facets/?as_of=2026-09-20&grade=5", headers=HTMX))
    assert re.search(r'name="grade" value="5" checked>5-й класс<span class="count">3<', facets)
    assert re.search(r'name="grade" value="1">1-й класс<span class="count">2<', facets)
    assert re.search(r'name="sex" value="F">Женский<span class="count">1<', facets)
    assert "<b>3</b>" in facets


def test_those_who_left_are_found_by_their_state_and_only_there(marina):
    assert not names_in(search(marina, "ушедший")[1])
    assert names_in(search(marina, "ушедший", state="left")[1])
    assert names_in(text_of(marina.get("/registry/?state=left&as_of=2026-09-20"))) == ["Ушедший Иван Петрович"]


def test_a_person_is_shown_with_his_places_over_time(marina):
    with scopes.enter(scopes.of_projector().reading()):
        key = Person.objects.get(last_name__startswith="Хворостьянов").pk
    panel = text_of(marina.get(f"/registry/people/{key}/?as_of=2026-09-20", headers=HTMX))
    assert "СОШ № 1" in panel
    assert "Робототехника" in panel
    assert "11223344595" not in panel
    assert "<html" in text_of(marina.get(f"/registry/people/{key}/"))


def test_two_basic_places_at_once_are_a_conflict(marina, filled):
    twice = {"snils": "08765430300", "last_name": "Дважды", "birth_date": DAY.replace(year=2016)}
    for one in filled:
        with one.work():
            factories.enroll(factories.student(**twice), into=factories.group("4А"))
        project(one.organization)
    _address, page = search(marina, "дважды")
    assert "два основных места" in page
    assert "и ещё в 1" in page
    marked = text_of(marina.get("/registry/?mark=two_places&as_of=2026-09-20"))
    assert [name.split()[0] for name in names_in(marked)] == ["Дважды"]


def test_an_office_sees_only_its_own_territory(boris, filled):
    assert not names_in(search(boris, "соколов")[1])
    assert names_in(search(boris, "елкина")[1])
    with scopes.enter(scopes.of_projector().reading()):
        stranger = Person.objects.filter(last_name="Соколов", birth_date__year=2019).get().pk
    assert boris.get(f"/registry/people/{stranger}/").status_code == 404
    assert "03601000" not in text_of(boris.get("/registry/facets/"))


def test_a_page_costs_the_same_for_few_and_for_many(marina, filled, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            text_of(marina.get("/registry/?as_of=2026-09-20"))
        return len(captured)

    few = queries()
    with filled[0].work():
        factories.enroll(*[factories.student() for _ in range(30)], into=factories.group("7А"))
    project(filled[0].organization)
    assert queries() == few


def test_injected_text_is_only_a_name(marina):
    for text in ("'; drop table contingent_person; --", "%s %(x)s %%", "\\", "а" * 500, "💥"):
        search(marina, text)
    assert names_in(search(marina, "елкина")[1])


def test_likeness_is_weighed_only_where_no_name_begins_so(filled):
    with scopes.enter(scopes.of_projector().reading()):
        exact = find_people(Wanted(DAY, DAY, name=sort_key("Ёлки")))
        alike = find_people(Wanted(DAY, DAY, name=sort_key("Елкена Анна")))
    assert (len(exact.people), exact.likeness) == (1, None)
    assert (len(alike.people), alike.likeness) == (1, 0.4)


def test_the_first_page_of_the_region_adds_up(marina):
    page = text_of(marina.get("/"))
    assert "Прибыло с начала месяца" in page
    assert "/registry/?municipality=03608000" in page


def test_counts_are_exact_and_every_number_opens_its_list(marina):
    page = text_of(marina.get("/registry/counts/?as_of=2026-09-20&rows=municipality&column=sex&measure=enrollments"))
    links = [link.replace("&amp;", "&") for link in re.findall(r'href="(/registry/\?[^"]+)"', page)]
    assert len(links) > 6
    for link in links:
        number = int(re.search(rf'href="{re.escape(link.replace("&", "&amp;"))}">(\d+)<', page).group(1))
        facets = text_of(marina.get(link.replace("/registry/", "/registry/facets/"), headers=HTMX))
        assert int(re.findall(r"<b>(\d+)</b>", facets)[1]) == number, link


def test_ages_and_locality_are_conditions_of_a_count(marina):
    table = "/registry/counts/?as_of=2026-09-20&rows=municipality&sex=F&age=7-11&urban_rural=urban"
    assert "Человек: 2" in text_of(marina.get(table))
    assert "Человек: 0" in text_of(marina.get(table.replace("urban_rural=urban", "urban_rural=rural")))


def test_a_count_by_class_without_an_organization_is_refused_in_words(marina):
    response = marina.get("/registry/counts/?rows=group")
    assert response.status_code == 422
    assert "Разрез «group» имеет смысл внутри организации" in response.content.decode()


def test_a_count_leaves_as_a_workbook_with_its_total(marina):
    answer = marina.get("/registry/counts/export.xlsx?as_of=2026-09-20&rows=municipality&rows=grade")
    rows = list(openpyxl.load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True))
    assert rows[-1][0] == "Всего"
    assert rows[-1][-1] == 7


def test_an_office_counts_only_its_own_territory(boris):
    page = text_of(boris.get("/registry/counts/?as_of=2026-09-20&rows=organization&measure=enrollments"))
    assert "СОШ № 1" in page
    assert "СОШ № 2" not in page


def test_small_numbers_are_hidden_from_a_role_without_the_right_to_people(filled):
    zoya = client_of("region.localhost", "zoya")
    page = text_of(zoya.get("/registry/counts/?as_of=2026-09-20&rows=grade"))
    assert "число скрыто" in page
    assert "/registry/?" not in page
    assert zoya.get("/registry/").status_code == 403
    panel = text_of(zoya.get("/forms/oo-1/so-1/01/8/?as_of=2026-09-20", headers=HTMX))
    assert "число скрыто" in panel
    assert "Список" not in panel
