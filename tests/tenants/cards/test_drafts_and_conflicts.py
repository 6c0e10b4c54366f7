"""Nothing typed is lost, and nobody's saved value is overwritten unseen."""

from __future__ import annotations

import datetime
import threading

import pytest
from django.db import connections
from django.utils import timezone

from shared.cards.values import plain
from tenants.cards.errors import SectionConflict
from tenants.cards.models import SectionDraft
from tenants.cards.sections_saving import Base, Entry, save_section
from tenants.cards.sweeping import DRAFTS_KEPT_FOR, sweep_drafts
from tenants.history.models import HistoryEvent
from tenants.people.card import STUDENT_CARD
from tenants.people.models import Student
from tests.support import client_of, connect, person
from tests.tenants import factories
from tests.tenants.cards.pages import HTMX, opened


def draft(client, card, section: str = "identity", **texts: str):
    data = opened(client, "student", card, section) | texts
    return client.post(f"/cards/student/{card.pk}/{section}/draft/", data, headers=HTMX)


def test_a_draft_is_kept_said_and_restored_with_its_question(school, child):
    client = client_of(school.host, "secretary")
    answer = draft(client, child, patronymic="Недописанная")
    assert "Черновик сохранён в" in answer.content.decode()
    again = client_of(school.host, "secretary")
    waiting = again.get(f"/cards/student/{child.pk}/", headers=HTMX).content.decode()
    assert "не сохранён в карточке" in waiting
    page = again.get(f"/cards/student/{child.pk}/identity/", headers=HTMX).content.decode()
    assert "Восстановлен черновик от" in page
    assert 'value="Недописанная"' in page
    with school.work():
        assert Student.objects.get(pk=child.pk).patronymic == ""
        kept = HistoryEvent.objects.filter(object_kind="cards_sectiondraft", action="changed")
        assert "Недописанная" not in str(list(kept.values_list("changes", flat=True)))


def test_a_draft_belongs_to_its_author(school, child):
    draft(client_of(school.host, "secretary"), child, patronymic="Недописанная")
    with school.work():
        SectionDraft.objects.update(account_id=child.pk)
    page = client_of(school.host, "secretary").get(f"/cards/student/{child.pk}/identity/", headers=HTMX)
    assert "Недописанная" not in page.content.decode()


def test_saving_and_discarding_take_the_draft_away(school, child):
    client = client_of(school.host, "secretary")
    draft(client, child, patronymic="Первая")
    restored = opened(client, "student", child, "identity")
    assert restored["patronymic"] == "Первая"
    assert client.post(f"/cards/student/{child.pk}/identity/", restored, headers=HTMX).status_code == 200
    with school.work():
        assert not SectionDraft.objects.exists()
        assert Student.objects.get(pk=child.pk).patronymic == "Первая"
    draft(client, child, patronymic="Вторая")
    data = {"discard": "form"}
    page = client.post(f"/cards/student/{child.pk}/identity/draft/", data, headers=HTMX).content.decode()
    assert 'value="Первая"' in page
    with school.work():
        assert not SectionDraft.objects.exists()


def test_closing_a_form_keeps_what_was_typed_and_only_if_something_was(school, child):
    client = client_of(school.host, "secretary")
    draft(client, child, close="1")
    with school.work():
        assert not SectionDraft.objects.exists()
    page = draft(client, child, close="1", patronymic="Недописанная").content.decode()
    assert "data-asuso-section-form" not in page
    assert "Отбросить" in page


def test_a_draft_cannot_bring_a_base_of_its_own(school, child):
    client = client_of(school.host, "secretary")
    data = opened(client, "student", child, "identity") | {"base": "forged", "patronymic": "Львовна"}
    saved = client.post(f"/cards/student/{child.pk}/identity/", data, headers=HTMX)
    assert saved.status_code == 422
    assert "Форма устарела" in saved.content.decode().replace("\u00a0", " ")
    kept = client.post(f"/cards/student/{child.pk}/identity/draft/", data, headers=HTMX)
    assert kept.status_code == 422
    with school.work():
        assert not SectionDraft.objects.exists()


def test_an_old_draft_is_swept(committed):
    school = connect("drafts", short_name="Черновики")
    account = person("drafter", "secretary", school=school).pk
    with school.work():
        for section in ("fresh", "old"):
            SectionDraft.objects.create(account_id=account, kind="student", card_id=None, section=section)
        SectionDraft.objects.filter(section="old").update(saved_at=timezone.now() - DRAFTS_KEPT_FOR * 2)
    sweep_drafts()
    with school.work():
        assert [one.section for one in SectionDraft.objects.all()] == ["fresh"]


def test_two_clerks_who_change_one_field_see_both_values_and_choose(school, child):
    slow, quick = client_of(school.host, "secretary"), client_of(school.host, "secretary")
    mine = opened(slow, "student", child, "identity") | {"last_name": "Медленная", "patronymic": "Львовна"}
    theirs = opened(quick, "student", child, "identity") | {"last_name": "Быстрая", "first_name": "Яна"}
    assert quick.post(f"/cards/student/{child.pk}/identity/", theirs, headers=HTMX).status_code == 200
    answer = slow.post(f"/cards/student/{child.pk}/identity/", mine, headers=HTMX)
    assert answer.status_code == 422
    page = answer.content.decode().replace("\u00a0", " ")
    assert "Ваше" in page
    assert "Сейчас в карточке" in page
    assert [(one.mine, one.theirs, one.who) for one in answer.context["conflicts"]] == [
        ("Медленная", "Быстрая", "Secretary Тест")
    ]
    chosen = mine | {"base": answer.context["base"], "keep_last_name": "theirs", "first_name": "Яна"}
    assert slow.post(f"/cards/student/{child.pk}/identity/", chosen, headers=HTMX).status_code == 200
    with school.work():
        now = Student.objects.get(pk=child.pk)
    assert (now.last_name, now.first_name, now.patronymic) == ("Быстрая", "Яна", "Львовна")


def test_a_field_that_only_the_other_changed_stays_as_he_left_it(school, child):
    slow, quick = client_of(school.host, "secretary"), client_of(school.host, "secretary")
    mine = opened(slow, "student", child, "identity") | {"patronymic": "Львовна"}
    theirs = opened(quick, "student", child, "identity") | {"first_name": "Яна"}
    quick.post(f"/cards/student/{child.pk}/identity/", theirs, headers=HTMX)
    assert slow.post(f"/cards/student/{child.pk}/identity/", mine, headers=HTMX).status_code == 200
    with school.work():
        now = Student.objects.get(pk=child.pk)
    assert (now.first_name, now.patronymic) == ("Яна", "Львовна")


def test_two_clerks_pressing_at_once_one_writes_and_one_is_asked(committed):
    school = connect("conflicts", short_name="Двое")
    with school.work():
        card = factories.student(last_name="Исходная")
    fields = [STUDENT_CARD.layout.fields["last_name"]]
    base = Base({"last_name": plain("Исходная")}, {})
    start, outcomes = threading.Barrier(2), []

    def press(name: str) -> None:
        try:
            with school.work(name):
                start.wait()
                entry = Entry(values={"last_name": name}, base=base)
                save_section(kind=STUDENT_CARD, card_id=card.pk, fields=fields, entry=entry, by=name)
            outcomes.append("written")
        except SectionConflict as conflict:
            outcomes.append(conflict.facts["conflicts"][0].theirs)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=press, args=(name,)) for name in ("Аничкова", "Белкина")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with school.work():
        now = Student.objects.get(pk=card.pk).last_name
    assert sorted(outcomes) == sorted(["written", now])


@pytest.mark.parametrize("day", [datetime.date(2015, 5, 5)])
def test_a_rule_sees_what_the_other_has_written_meanwhile(school, child, day):
    """The birth date of one and the document of the other fit nothing together."""
    client = client_of(school.host, "secretary")
    mine = opened(client, "student", child, "identity") | {"birth_date": "05.05.2016"}
    with school.work():
        Student.objects.filter(pk=child.pk).update(doc_issued_on=day)
    answer = client.post(f"/cards/student/{child.pk}/identity/", mine, headers=HTMX)
    assert answer.status_code == 422
    assert "раньше" in answer.content.decode()
