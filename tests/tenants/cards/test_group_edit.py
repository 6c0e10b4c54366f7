"""One value for many cards: chosen in a list, looked at, applied, taken back; what came later stays."""

from __future__ import annotations

import pytest

from shared.messaging.models import TaskOutbox
from shared.messaging.services import run_wanted
from tenants.cards import group_edit, tasks
from tenants.cards.models import Batch, SectionDraft
from tenants.history.models import HistoryEvent
from tenants.people.models import Student
from tests.support import client_of
from tests.tenants import factories


@pytest.fixture
def children(school):
    with school.work():
        group = factories.group("5А")
        made = [factories.student(native_language="ru" if number else "") for number in range(3)]
        factories.enroll(*made, into=group)
    return made


def choose(client, children, **more):
    data = {"id": [str(one.pk) for one in children], **more}
    return client.post("/cards/student/group/choose/", data)


def looked_at(client, children, value: str = "да", **more):
    assert choose(client, children).status_code == 302
    data = {"field": "home_pc", "home_pc": value, **more}
    return client.post("/cards/student/group/", data)


def test_the_preview_counts_shows_before_and_after_and_writes_nothing(school, children):
    with school.work():
        Student.objects.filter(pk=children[0].pk).update(home_pc=True)
        Student.objects.filter(pk=children[1].pk).update(home_pc=False)
    seen = looked_at(client_of(school.host, "secretary"), children, basis="анкеты").context["preview"]
    assert (seen.changing, seen.equal, seen.gone, len(seen.skipped)) == (2, 1, 0, 0)
    assert sorted(seen.olds) == [("нет", 1), ("пусто", 1)]
    assert {(line.before, line.after) for line in seen.shown} == {("нет", "да"), ("пусто", "да")}
    with school.work():
        assert Student.objects.filter(home_pc=True).count() == 1


def test_applied_at_once_with_its_document_and_taken_back_but_for_later_changes(school, children):
    client = client_of(school.host, "secretary")
    looked_at(client, children, basis="анкеты октября")
    answer = client.post("/cards/student/group/apply/")
    with school.work():
        batch = Batch.objects.get()
        assert (batch.origin, batch.changed, batch.reason) == ("group", 3, "анкеты октября")
        assert Student.objects.filter(home_pc=True).count() == 3
        events = HistoryEvent.objects.filter(object_kind="people_student", action="changed", reason="анкеты октября")
        assert events.count() == 3
        Student.objects.filter(pk=children[0].pk).update(home_pc=False)
    page = client.get(answer.headers["Location"]).content.decode()
    assert "Записано в 3" in page.replace("\u00a0", " ")
    assert "Отменить изменение" in page
    undo = f"/cards/student/changes/{batch.pk}/undo/"
    assert client.post(undo, {}).status_code == 422
    client.post(undo, {"reason": "не тот класс"})
    with school.work():
        assert list(Student.objects.order_by("pk").values_list("home_pc", flat=True)) == [False, None, None]
        assert Batch.objects.get().is_undone
    told = client.get(f"/cards/student/changes/{batch.pk}/").content.decode().replace("\u00a0", " ")
    assert "оно осталось" in told
    assert client.post(undo, {"reason": "ещё раз"}).status_code == 422


def test_cards_changed_between_the_preview_and_the_writing_are_left_and_counted(school, children):
    client = client_of(school.host, "secretary")
    looked_at(client, children)
    with school.work():
        Student.objects.filter(pk=children[0].pk).update(home_pc=False)
    page = client.post("/cards/student/group/apply/", follow=True).content.decode().replace("\u00a0", " ")
    assert "Записано в 2" in page
    assert "1 карточку за это время изменил" in page
    with school.work():
        assert Student.objects.get(pk=children[0].pk).home_pc is False


def test_everything_the_list_has_found_is_chosen_by_its_address(school, children):
    with school.work():
        factories.enroll(factories.student(sex="F"), into=factories.group("6Б"))
    client = client_of(school.host, "secretary")
    answer = client.post("/cards/student/group/choose/", {"all": "1", "query": "sex=M", "back": "/students/"})
    assert answer.status_code == 302
    assert client.get("/cards/student/group/").context["count"] == 3


def test_nobody_chosen_and_no_choice_are_said(school):
    client = client_of(school.host, "secretary")
    answer = choose(client, [], back="/students/")
    assert answer.headers["Location"] == "/students/"
    assert choose(client, [], back="//evil.example/").headers["Location"] == "/"
    assert "не найден" in client.get("/cards/student/group/").content.decode()
    assert client.post("/cards/student/group/apply/").status_code == 302
    assert client.post("/cards/student/group/choose/", {"id": "nonsense"}).status_code == 404


def test_only_fields_meant_for_it_are_offered(school, children):
    client = client_of(school.host, "secretary")
    choose(client, children)
    page = client.get("/cards/student/group/")
    assert [one.code for one in page.context["fields"]] == ["home_pc", "native_language", "instruction_language"]
    assert client.get("/cards/student/group/?field=last_name").context["field"] is None


def test_a_value_outside_the_classifier_is_refused(school, children):
    client = client_of(school.host, "secretary")
    choose(client, children)
    answer = client.post("/cards/student/group/", {"field": "native_language", "native_language": "klingon"})
    assert answer.status_code == 422


def test_a_reader_has_none_of_it_and_another_school_chooses_nobody(school, other_school, children):
    reader = client_of(school.host, "coordinator")
    for path in ("group/", "changes/", "same/"):
        assert reader.get(f"/cards/student/{path}").status_code == 403
    with other_school.work():
        foreign = factories.student()
    client = client_of(school.host, "secretary")
    assert choose(client, [foreign], back="/students/").headers["Location"] == "/students/"


def test_a_long_change_is_written_by_the_worker(school, children, monkeypatch):
    monkeypatch.setattr(group_edit, "AT_ONCE", 2)
    client = client_of(school.host, "secretary")
    looked_at(client, children)
    answer = client.post("/cards/student/group/apply/")
    assert answer.headers["Location"] == "/cards/student/group/wait/"
    assert "Идёт запись" in client.get("/cards/student/group/wait/").content.decode()
    with school.work():
        assert not Batch.objects.exists()
    for wish in TaskOutbox.objects.filter(name=tasks.apply_group_edit.name):
        assert run_wanted(wish)
    with school.work():
        batch = Batch.objects.get()
        assert batch.made_by == "Secretary Тест"
        assert SectionDraft.objects.get().base["batch"] == str(batch.pk)
    done = client.get("/cards/student/group/wait/", headers={"HX-Request": "true"})
    assert done.headers["HX-Redirect"] == f"/cards/student/changes/{batch.pk}/"
