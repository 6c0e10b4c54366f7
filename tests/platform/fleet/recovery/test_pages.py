"""The pages of «Восстановление записей»: what a coordinator and a director see, and what stays closed."""

from __future__ import annotations

import io
import uuid
from types import SimpleNamespace
from typing import Any

import openpyxl
import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from shared.organizations.models import Organization
from tenants.history.models import HistoryEvent
from tenants.people.models import Guardian, GuardianLink, Student, StudentSpecial
from tests.platform.fleet.recovery.conftest import Place, furnish, lose, scan
from tests.support import School, connect


@pytest.fixture(scope="module")
def shown(world: object, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> SimpleNamespace:
    """One comparison that no test changes: a lost learner, a changed one, a protected address, a lost file."""
    with django_db_blocker.unblock():
        slug = f"r-{uuid.uuid4().hex[:8]}"
        connect(slug, ogrn=f"1{slug[2:]:0>12}"[:13], kpp="230301001", inn="2303010010")
        school = School(Organization.objects.using("owner").get(slug=slug))
        place = Place(school, tmp_path_factory.mktemp("copies"))
        lost, kept, hidden = (furnish(place, name, snils="") for name in ("Пропавшая", "Изменённый", "Тайный"))
        with place.work():
            Student.objects.filter(pk=kept.student.pk).update(snils="11223344595", address="Анапа, ул. Мира, 1")
            Student.objects.filter(pk=hidden.student.pk).update(address="Секретный адрес", is_address_protected=True)
        stored = scan(place)
        place.copy()
        lose(place, lost)
        with place.work():
            Student.objects.filter(pk=kept.student.pk).update(
                snils="08765430300", address="Анапа, ул. Новая, 2", patronymic="Ильич", health_limits=True
            )
            Student.objects.filter(pk=hidden.student.pk).update(address="Другой адрес", patronymic="Новое")
            StudentSpecial.objects.filter(student=hidden.student).update(health_group="4")
            stored.delete()
        furnish(place, "Поздний")
        place.compare()
        people = {role: place.person(role) for role in ("coordinator", "director")}
        connections.close_all()
        return SimpleNamespace(place=place, lost=lost, kept=kept, hidden=hidden, **people)


@pytest.fixture
def seen(committed: object, shown: SimpleNamespace) -> SimpleNamespace:
    return shown


def looked(place: Place) -> list[HistoryEvent]:
    with place.work():
        return list(HistoryEvent.objects.filter(action="revealed").order_by("id"))


def test_the_list_tells_cards_and_what_differs_of_them(seen):
    assert "Данные на" in seen.coordinator.get("/recovery/").content.decode()
    page = seen.coordinator.get(seen.place.url()).content.decode()
    assert "Пропавшая Иван Петрович" in page
    assert "Изменённый Иван Ильич" in page
    for word in ("отчество", "снилс", "Появилась позже", "Скан достижения", "Вернуть выбранные"):
        assert word in page, word
    assert "11223344595" not in page


@pytest.mark.parametrize(
    ("query", "there", "absent"),
    [
        ("?kind=missing", "Пропавшая", "Изменённый"),
        ("?kind=later", "Поздний", "Пропавшая"),
        ("?entity=file", "Скан достижения", "Пропавшая"),
        ("?entity=guardian", "Пропавшая Мария", "Изменённый"),
        ("?since=2030-01-01", "Таких отличий нет", "Пропавшая"),
        ("?entity=nonsense&kind=x&since=y", "Пропавшая", "Таких отличий нет"),
    ],
)
def test_the_list_is_narrowed(seen, query, there, absent):
    page = seen.coordinator.get(f"{seen.place.url()}{query}").content.decode()
    results = page.partition('id="results"')[2]
    assert there in results
    assert absent not in results


def test_a_search_names_nobody_in_the_address(seen):
    found = seen.coordinator.post(seen.place.url(), {"q": "изменЕнный ильич", "kind": ""}, follow=True)
    assert "q=" not in found.redirect_chain[-1][0]
    results = found.content.decode().partition('id="results"')[2]
    assert "Изменённый" in results
    assert "Пропавшая" not in results


def test_a_coordinator_sees_masks_and_no_special_facts(seen):
    page = seen.coordinator.get(seen.place.url(f"student/{seen.kept.student.pk}/")).content.decode()
    assert "Петрович" in page
    assert "Ильич" in page
    for closed in ("11223344595", "112-233-445 95", "ул. Мира", "/recovery/reveal/", "ОВЗ", "собые сведения"):
        assert closed not in page, closed
    hidden = seen.coordinator.get(seen.place.url(f"student/{seen.hidden.student.pk}/")).content.decode()
    assert "Адрес под защитой" in hidden
    assert "екретный" not in hidden
    assert "руппа здоровья" not in hidden
    (one,) = [one for one in seen.place.found(head_id=seen.kept.student.pk) if not one.is_special]
    assert seen.coordinator.post(f"/recovery/reveal/{one.pk}/snils/old/").status_code == 404


@pytest.mark.proves("R-031")
def test_every_look_behind_a_mask_is_recorded(seen):
    (one,) = [one for one in seen.place.found(head_id=seen.kept.student.pk) if not one.is_special]
    page = seen.director.get(seen.place.url(f"student/{seen.kept.student.pk}/")).content.decode()
    assert f"/recovery/reveal/{one.pk}/snils/old/" in page
    assert "112-233-445 95" not in page
    before = len(looked(seen.place))
    assert seen.director.post(f"/recovery/reveal/{one.pk}/snils/old/").content.decode() == "112-233-445 95"
    assert seen.director.post(f"/recovery/reveal/{one.pk}/address/live/").content.decode() == "Анапа, ул. Новая, 2"
    events = looked(seen.place)[before:]
    assert [event.facts["field"] for event in events] == ["snils", "address"]
    assert {event.object_id for event in events} == {str(seen.kept.student.pk)}
    for path in ("patronymic/old", "snils/other", "health_limits/old", "nonsense/old"):
        assert seen.director.post(f"/recovery/reveal/{one.pk}/{path}/").status_code == 404, path
    (closed,) = [one for one in seen.place.found(head_id=seen.hidden.student.pk, part="student") if not one.is_special]
    assert seen.director.post(f"/recovery/reveal/{closed.pk}/address/old/").status_code == 404


def test_special_facts_open_for_a_reason_and_the_log_keeps_it(seen):
    url = seen.place.url(f"student/{seen.hidden.student.pk}/")
    page = seen.director.get(url).content.decode()
    assert "Особые сведения: откройте с указанием причины" in page
    assert seen.director.post(url, {"reason": ""}).status_code == 422
    before = len(looked(seen.place))
    opened = seen.director.post(url, {"reason": "medical", "note": "запрос 7"}).content.decode()
    assert "откройте с указанием причины" not in opened
    assert "Группа здоровья" in opened
    (event,) = looked(seen.place)[before:]
    assert (event.facts["field"], event.reason) == ("special", "Медицинская помощь, профилактический осмотр: запрос 7")
    assert seen.coordinator.post(url, {"reason": "medical", "note": ""}).status_code == 404


def test_the_file_names_cards_and_fields_and_no_values(seen):
    answer = seen.coordinator.get(seen.place.url("list.xlsx"))
    assert answer.status_code == 200
    rows = list(openpyxl.load_workbook(io.BytesIO(answer.content)).active.values)
    text = str(rows)
    assert "Изменённый Иван Ильич" in text
    assert "11223344595" not in text


def test_queries_do_not_grow_with_what_differs(seen):
    def asked(path: str) -> int:
        seen.coordinator.get(path)  # the visit of this minute is noted once
        with CaptureQueriesContext(connection) as queries:
            assert seen.coordinator.get(path).status_code == 200
        return len(queries)

    place = seen.place
    few = add(place, 1)
    place.compare()
    counts = asked(f"{place.url()}?kind=later"), asked(place.url(f"student/{few.pk}/"))
    many = add(place, 30)
    place.compare()
    assert (asked(f"{place.url()}?kind=later"), asked(place.url(f"student/{many.pk}/"))) == counts
    assert counts[0] < 30


def add(place: Place, number: int) -> Student:
    """Learners who came later; the first has as many representatives. Answers him."""
    with place.work():
        facts = {"first_name": "И", "birth_date": "2015-01-01", "sex": "M", "consent_on": "2026-09-01"}
        made = Student.objects.bulk_create([Student(last_name=f"Ещё-{number}", **facts) for _ in range(number)])
        guardians = [Guardian(last_name="Ещё", phone=f"{number}-{one}") for one in range(number)]
        Guardian.objects.bulk_create(guardians)
        GuardianLink.objects.bulk_create([GuardianLink(student=made[0], guardian=one) for one in guardians])
    return made[0]


def test_nothing_offered_and_nothing_different_say_so(place):
    coordinator = place.person("coordinator")
    assert "Копий для сравнения нет" in coordinator.get("/recovery/").content.decode()
    assert place.person("secretary").get("/recovery/").status_code == 403
    furnish(place, "Свой")
    place.copy()
    place.compare()
    assert "Отличий нет" in coordinator.get(place.url()).content.decode()
    answer = coordinator.post(place.url("chosen/"), {}, follow=True)
    assert "Ничего не выбрано" in answer.content.decode()
    assert coordinator.post(place.url("ask/"), {"reason": "так", "id": [str(uuid.uuid4())]}).status_code == 422
