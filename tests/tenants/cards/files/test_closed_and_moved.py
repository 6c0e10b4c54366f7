"""A file while others work: what it compares is held until it is written, and what is closed is quoted to nobody."""

from __future__ import annotations

import datetime
import io
import threading

import openpyxl
import pytest
from django.db import connections

from tenants.cards.files import applying
from tenants.cards.models import CardFile
from tenants.people.models import Student
from tests.support import client_of, connect, person
from tests.tenants import factories
from tests.tenants.cards.files.bringing import csv_of, text_of, upload

ISSUED = "01.06.2015"
CLOSED = "расходится с закрытыми сведениями"


def test_what_is_saved_while_a_file_is_written_is_not_overwritten_unseen(committed, monkeypatch):
    school = connect("card-files-held")
    person("card-files-held", "secretary", school=school)
    client = client_of(school.host, "card-files-held")
    with school.work():
        student = factories.student(phone="")
    page = upload(client, "student", csv_of({"Ключ": str(student.pk), "Домашний телефон": "+7 918 000-11-21"}))

    def save() -> None:
        try:
            with school.work("somebody"):
                Student.objects.filter(pk=student.pk).update(phone="+7 918 999-99-99")
        finally:
            connections.close_all()

    other = threading.Thread(target=save)
    write = applying.apply_batch

    def meanwhile(*args, **kwargs):
        """The rows are compared with their cards; now somebody saves one of them."""
        other.start()
        other.join(timeout=1.5)
        return write(*args, **kwargs)

    monkeypatch.setattr(applying, "apply_batch", meanwhile)
    assert client.post(f"{page}apply/").status_code == 302
    other.join()
    with school.work():
        assert CardFile.objects.get().summary["changed"] == 1
        assert Student.objects.get(pk=student.pk).phone == "+7 918 999-99-99"


@pytest.fixture
def issued(school) -> Student:
    with school.work():
        return factories.student(doc_issued_on=datetime.date(2015, 6, 1))


def test_a_rule_quotes_what_the_card_hides_only_to_who_may_see_it(school, issued):
    coordinator, secretary = client_of(school.host, "coordinator"), client_of(school.host, "secretary")
    page = upload(coordinator, "student", csv_of({"Ключ": str(issued.pk), "Дата рождения": "05.07.2015"}))
    shown = text_of(coordinator.get(page)).replace("\u00a0", " ")
    assert ISSUED not in shown
    assert CLOSED in shown
    book = openpyxl.load_workbook(io.BytesIO(coordinator.get(f"{page}errors.xlsx").content))
    cells = [cell for row in book.worksheets[0].iter_rows() for cell in row]
    said = " ".join([str(cell.value) for cell in cells] + [cell.comment.text for cell in cells if cell.comment])
    assert ISSUED not in said
    assert CLOSED in said
    assert ISSUED in text_of(secretary.get(page))


def test_what_a_file_itself_brings_is_quoted_to_who_brought_it(school, issued):
    coordinator = client_of(school.host, "coordinator")
    row = {"Ключ": str(issued.pk), "Дата рождения": "05.07.2015", "Дата выдачи": ISSUED}
    page = upload(coordinator, "student", csv_of(row))
    assert ISSUED in text_of(coordinator.get(page))
    assert ISSUED not in text_of(client_of(school.host, "org_admin").get(page))
