"""Rows of a section: added, corrected, ended, taken away; by the writers of a room or by the model alone."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone

from shared.cards.layout import Section
from tenants.cards.errors import RowChanged, RowRefused
from tenants.cards.sections import section_of
from tenants.cards.sections_rows import _of_model, handler_of, save_row
from tenants.quality.meter import is_stale_card
from tenants.staff.card import STAFF_CARD
from tenants.staff.models import Award, Certification, StaffMember
from tenants.staff.rows import add_row
from tests.support import client_of
from tests.tenants.cards.pages import HTMX, page_of
from tests.tenants.quality.filling import age
from tests.tenants.staff import making

AWARDS: Section = section_of(STAFF_CARD, "awards")  # type: ignore[assignment]
CERTIFICATIONS: Section = section_of(STAFF_CARD, "certifications")  # type: ignore[assignment]


@pytest.fixture
def worker(school):
    with school.work():
        return making.member()


def award(client, worker, **texts: str):
    usual = {"name": "regional_diploma", "level": "regional", "awarded_on": "05.10.2021"}
    return client.post(f"/cards/staff/{worker.pk}/awards/rows/", usual | texts, headers=HTMX)


@pytest.mark.proves("R-183")
def test_a_row_is_added_and_its_explained_absence_forgotten(school, worker):
    client = client_of(school.host, "secretary")
    explained = client.post(f"/cards/staff/{worker.pk}/awards/absence/", {"why": "absent"}, headers=HTMX)
    assert "Отсутствует" in explained.content.decode()
    answer = award(client, worker)
    assert answer.status_code == 200, answer.content.decode()
    assert "Почётная грамота министерства" in answer.content.decode()
    with school.work():
        row = Award.objects.get()
        assert (row.member_id, row.recorded_by, row.awarded_on) == (
            worker.pk,
            "Secretary Тест",
            datetime.date(2021, 10, 5),
        )
        assert StaffMember.objects.get(pk=worker.pk).absences == {}


def test_a_refused_row_keeps_what_was_typed(school, worker):
    answer = award(client_of(school.host, "secretary"), worker, awarded_on="", document="Неповторимый")
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Неповторимый" in page
    assert "Поле «Дата» пустое" in page.replace("\u00a0", " ")


def test_a_row_is_corrected_and_taken_away_by_its_own_page(school, worker):
    client = client_of(school.host, "secretary")
    award(client, worker)
    with school.work():
        row = Award.objects.get()
    address = f"/cards/staff/{worker.pk}/awards/rows/{row.pk}/"
    form = client.get(address, headers=HTMX).context
    data = {"name": "ushinsky", "level": "regional", "awarded_on": "05.10.2021", "base": form["base"]}
    assert client.post(address, data, headers=HTMX).status_code == 200
    with school.work():
        assert Award.objects.get().name == "ushinsky"
    assert client.post(f"{address}withdraw/", {"reason": ""}, headers=HTMX).status_code == 422
    assert client.post(f"{address}withdraw/", {"reason": "чужая"}, headers=HTMX).status_code == 200
    with school.work():
        assert not Award.objects.exists()
        assert Award.with_annulled.get().is_annulled
    assert client.get(address).status_code == 404


def test_former_values_are_read_and_never_typed(school, worker):
    client = client_of(school.host, "secretary")
    assert "former_values/rows" not in page_of(client, f"/cards/staff/{worker.pk}/")
    assert client.get(f"/cards/staff/{worker.pk}/former_values/rows/").status_code == 404


def test_two_who_correct_one_row_do_not_overwrite_each_other(school, worker):
    with school.work():
        fields, by = AWARDS.typed, "секретарь"
        values = {"name": "Грамота", "level": "regional", "awarded_on": datetime.date(2021, 10, 5), "document": ""}
        place = {"kind": STAFF_CARD, "card_id": worker.pk, "section": AWARDS, "fields": fields, "by": by}
        save_row(**place, row_id=None, values=values, base={})
        row = Award.objects.get()
        with pytest.raises(RowChanged):
            save_row(**place, row_id=row.pk, values=values | {"name": "Моя"}, base={"name": "Прежняя"})


def test_a_model_alone_adds_refuses_and_takes_away(school, worker):
    with school.work():
        handler = _of_model(STAFF_CARD, CERTIFICATIONS)
        handler.add(worker, {"kind": "first", "decided_on": datetime.date(2024, 5, 1)}, by="секретарь")
        row = Certification.objects.get()
        assert (row.member_id, row.recorded_by) == (worker.pk, "секретарь")
        with pytest.raises(RowRefused):
            handler.change(row, {"kind": ""}, by="секретарь")
        with pytest.raises(RowRefused):
            handler.change(Certification.objects.get(), {"valid_to": datetime.date(2020, 1, 1)}, by="секретарь")
        assert handler.withdraw is not None
        handler.withdraw(Certification.objects.get(), "не тот человек", by="секретарь")
        assert not Certification.objects.exists()
        assert handler_of(STAFF_CARD, CERTIFICATIONS) is not handler


@pytest.mark.proves("R-037")
def test_work_on_rows_makes_a_stale_card_current(school, worker):
    client = client_of(school.host, "secretary")

    def is_current(answer) -> bool:
        assert answer.status_code == 200, answer.content.decode()
        with school.work():
            card = StaffMember.objects.get(pk=worker.pk)
            age(worker)
        return not is_stale_card(STAFF_CARD, card, timezone.localdate())

    with school.work():
        age(worker)
    assert is_current(award(client, worker))
    with school.work():
        row = Award.objects.get()
    address = f"/cards/staff/{worker.pk}/awards/rows/{row.pk}/"
    form = client.get(address, headers=HTMX).context
    same = {bound.name: bound.value() for bound in form["form"] if bound.value()} | {"base": form["base"]}
    assert not is_current(client.post(address, same, headers=HTMX))
    assert is_current(client.post(address, same | {"level": "state"}, headers=HTMX))
    assert is_current(client.post(f"{address}withdraw/", {"reason": "чужая"}, headers=HTMX))
    with school.work():
        held = {"kind": "first", "decided_on": datetime.date(2024, 5, 1)}
        attested = add_row(member=worker, section="certifications", values=held, by="секретарь")
        age(worker)
    ended = f"/cards/staff/{worker.pk}/certifications/rows/{attested.pk}/end/"
    assert is_current(client.post(ended, {"day": "01.06.2026"}, headers=HTMX))


def test_a_diploma_is_not_older_than_who_holds_it(school, worker):
    client = client_of(school.host, "secretary")
    typed = {"institution": "КубГУ", "issued_on": "01.06.1980"}
    answer = client.post(f"/cards/staff/{worker.pk}/diplomas/rows/", typed, headers=HTMX)
    assert answer.status_code == 422
    assert "раньше, чем дата рождения 04.03.1985" in answer.content.decode().replace("\u00a0", " ")
    typed["issued_on"] = "01.06.2007"
    assert client.post(f"/cards/staff/{worker.pk}/diplomas/rows/", typed, headers=HTMX).status_code == 200


def test_a_new_row_begins_empty_whatever_the_card_says(school, worker):
    """The rules of a row ask values of the card; they are not what is typed into it."""
    form = client_of(school.host, "secretary").get(f"/cards/staff/{worker.pk}/diplomas/rows/", headers=HTMX)
    assert {bound.value() for bound in form.context["form"]} <= {"", None}


def test_a_teacher_edits_his_own_card_only_and_a_reader_none(school, other_school, worker):
    assert client_of(school.host, "coordinator").get(f"/cards/staff/{worker.pk}/awards/rows/").status_code == 403
    assert client_of(school.host, "teacher").get(f"/cards/staff/{worker.pk}/").status_code == 404
    assert client_of(other_school.host, "vera").get(f"/cards/staff/{worker.pk}/").status_code == 404
