"""Every change of an organization's rows leaves a record, however it was made. Source: R-032, R-204."""

from __future__ import annotations

import pytest
from django.db import connection, connections, transaction

from shared.audit.operations import BOOKKEEPING
from shared.kernel.ids import new_id
from shared.tenancy import scopes
from shared.tenancy.bulk import copy_rows
from tenants.history.models import HistoryEvent
from tenants.intake.models import ImportRun, SealedDraft
from tenants.people.models import Guardian, Student
from tests.tenants import factories


def events(key: object) -> list[HistoryEvent]:
    return list(HistoryEvent.objects.filter(object_id=str(key)).order_by("id"))


def run(text: str, parameters: list[object] | None = None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(text, parameters)


@pytest.mark.proves("R-032", "R-204")
def test_a_change_keeps_author_time_request_old_and_new_value(school):
    scope = scopes.of_organization(school.organization.schema_name).by("id-of-anna", "request-7", "Анна Тест")
    with scopes.enter(scope):
        child = factories.student(phone="+7 900 000-00-01")
        child.phone = "+7 900 000-00-02"
        child.save()
        created, changed = events(child.pk)
        (now,) = connection.cursor().execute("select clock_timestamp()").fetchone()
    assert (created.action, created.changes) == ("created", None)
    assert changed.changes == {"phone": ["+7 900 000-00-01", "+7 900 000-00-02"]}
    assert (changed.actor, changed.actor_name, changed.request_id) == ("id-of-anna", "Анна Тест", "request-7")
    assert (changed.object_kind, changed.action) == ("people_student", "changed")
    assert 0 <= (now - changed.at).total_seconds() < 5


@pytest.mark.proves("R-204")
def test_bulk_sql_leaves_a_record_for_each_row_it_changed_and_none_for_the_others(school):
    with school.work():
        first, second, third = (factories.student(citizenship=code) for code in ("RUS", "ARM", "RUS"))
        run("update people_student set citizenship = 'RUS', updated_at = now()")
        recorded = {child: [event.changes for event in events(child.pk)][1:] for child in (first, second, third)}
    assert recorded == {first: [], second: [{"citizenship": ["ARM", "RUS"]}], third: []}


def test_rows_that_came_by_copy_are_recorded(school):
    with school.work("loader"):
        key = new_id()
        copy_rows(Guardian, [{"id": key, "last_name": "Петров", "first_name": "", "patronymic": "", "phone": "1"}])
        (record,) = events(key)
    assert (record.action, record.actor, record.object_kind) == ("created", "loader", "people_guardian")


@pytest.mark.proves("R-204")
def test_a_deleted_row_stays_whole_in_the_record(school):
    with school.work():
        person = Guardian.objects.create(last_name="Удалённый", phone="77")
        run("delete from people_guardian where id = %s", [person.pk])
        record = events(person.pk)[-1]
    assert record.action == "deleted"
    assert record.changes["last_name"] == "Удалённый"
    assert record.changes["phone"] == "77"


def test_a_changed_key_does_not_hide_what_was_changed_with_it(school):
    with school.work():
        person = Guardian.objects.create(last_name="Прежний", phone="77")
        other = new_id()
        run("update people_guardian set id = %s, last_name = 'Новый' where id = %s", [other, person.pk])
        gone, come = events(person.pk)[-1], events(other)[-1]
    assert (gone.action, gone.changes["last_name"]) == ("deleted", "Прежний")
    assert come.action == "created"


def test_a_change_of_bookkeeping_alone_is_no_event(school):
    with school.work():
        child = factories.student()
        run("update people_student set updated_at = now() - interval '1 day'")
        assert len(events(child.pk)) == 1
    assert "updated_at" in BOOKKEEPING


@pytest.mark.proves("R-179")
def test_a_sealed_text_is_recorded_as_dots_only(school):
    with school.work():
        imported = ImportRun.objects.create(file_name="a.csv", checksum="0", made_by="tests")
        draft = SealedDraft.objects.create(
            learner_key="1",
            place_key="1",
            last_name="Иванов",
            first_name="Иван",
            birth_date="2015-05-05",
            group_name="5А",
            values={"snils": "11223344595"},
            run=imported,
        )
        SealedDraft.objects.filter(pk=draft.pk).update(values={"snils": "00000000000"})
        run("delete from intake_sealeddraft")
        found = events(draft.pk)
    assert found[1].changes == {"values": ["•••", "•••"]}
    assert found[2].changes["values"] == "•••"
    assert "11223344595" not in str([event.changes for event in found])


def test_a_reason_is_recorded_with_the_changes_that_follow_it(school):
    with school.work():
        child = factories.student()
        scopes.give_reason("Заявление родителя от 01.09.2026")
        Student.objects.filter(pk=child.pk).update(phone="1")
        assert [event.reason for event in events(child.pk)] == ["", "Заявление родителя от 01.09.2026"]
    with school.work():
        other = factories.student()
        assert events(other.pk)[0].reason == ""


def test_what_is_rolled_back_leaves_no_record(school):
    with school.work():
        with transaction.atomic():
            child = factories.student()
            transaction.set_rollback(True)
        assert events(child.pk) == []


def test_a_change_made_by_hand_in_the_database_names_the_login(committed):
    """Who works with psql sets no actor; the record names the login he came by."""
    schema = committed.school.organization.schema_name
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute(f"set local search_path = {schema}, public")
        cursor.execute(
            "insert into people_guardian (id, last_name, first_name, patronymic, phone) "
            "values (gen_random_uuid(), 'Ручной', '', '', '')"
        )
        cursor.execute("select actor from history_event order by id desc limit 1")
        assert cursor.fetchone() == ("database:asuso_owner",)
        transaction.set_rollback(True, using="owner")
