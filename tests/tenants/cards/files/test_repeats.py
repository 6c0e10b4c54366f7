"""Rows of one file that repeat each other are told wherever in the file they stand, and whoever checks which part."""

from __future__ import annotations

import threading

import pytest
from django.db import connections

from tenants.cards.files import services, staging
from tenants.cards.models import CardFile, CardFileRow
from tenants.people.models import Guardian, GuardianLink
from tests.support import client_of, connect, person
from tests.tenants import factories
from tests.tenants.cards.files.bringing import CHILD, csv_of, upload

SNILS = ("112-233-445 95", "087-654-303 00")


@pytest.fixture
def secretary(school):
    return client_of(school.host, "secretary")


@pytest.fixture(autouse=True)
def row_by_row(monkeypatch):
    """The smallest portions: no row sees another one."""
    monkeypatch.setattr(staging, "PORTION", 1)


def problems_of(run: CardFile) -> dict[int, list[list[str]]]:
    refused = CardFileRow.objects.filter(run=run, verdict="refused").order_by("number")
    return dict(refused.values_list("number", "problems"))


def test_of_rows_about_one_card_the_first_stands(school, secretary):
    with school.work():
        known = factories.student()
    rows = [
        {**CHILD, "СНИЛС": SNILS[0]},
        {**CHILD, "Имя": "Олег", "Номер": "512346", "СНИЛС": SNILS[1]},
        {**CHILD, "СНИЛС": ""},
        {"Ключ": str(known.pk), "Домашний телефон": "+7 918 000-11-22"},
        {"Ключ": str(known.pk), "Домашний телефон": "+7 918 000-11-33"},
    ]
    upload(secretary, "student", csv_of(*rows))
    with school.work():
        run = CardFile.objects.get()
        assert run.summary["refused"] == 2
        assert problems_of(run) == {
            4: [["", "О той же карточке говорит строка 2. Оставьте одну строку."]],
            6: [["", "О той же карточке говорит строка 5. Оставьте одну строку."]],
        }
        assert not CardFileRow.objects.filter(verdict="refused", values__isnull=False).exists()


def test_a_number_of_one_card_is_not_brought_to_two(school, secretary):
    with school.work():
        first, second = factories.student(), factories.student()
    upload(
        secretary,
        "student",
        csv_of(*({"Ключ": str(card.pk), "СНИЛС": SNILS[0]} for card in (first, second))),
    )
    with school.work():
        assert problems_of(CardFile.objects.get()) == {
            3: [["snils", "То же значение стоит в строке 2. Оставьте его у одной карточки."]]
        }


def test_rows_of_one_mother_say_the_same_of_her(school, secretary):
    with school.work():
        children = [factories.student(), factories.student()]
        mother = Guardian.objects.create(last_name="Ёлкина", first_name="Анна", consent_on="2026-08-20")
        for child in children:
            GuardianLink.objects.create(student=child, guardian=mother, relation="mother")
    phones = ("+7 918 000-11-22", "+7 918 000-11-33")
    rows = [
        {"Ключ": str(mother.pk), "Ключ ребёнка": str(child.pk), "Телефон": phone}
        for child, phone in zip(children, phones, strict=True)
    ]
    upload(secretary, "guardian", csv_of(*rows))
    with school.work():
        assert problems_of(CardFile.objects.get()) == {
            3: [["phone", "Строка 2 говорит о той же карточке другое. Оставьте одно значение."]]
        }


def test_two_workers_check_one_file_and_no_row_twice(committed, monkeypatch):
    school = connect("card-files-lanes")
    person("card-files-lanes", "secretary", school=school)
    monkeypatch.setattr(services, "AT_ONCE", 1)
    monkeypatch.setattr(services, "STEP_SECONDS", 3600.0)
    rows = [
        {**CHILD, "Имя": "Олег" if odd else "Егор", "Номер": f"5{one:04d}{odd}"} for one in range(30) for odd in (0, 1)
    ]
    upload(client_of(school.host, "card-files-lanes"), "student", csv_of(*rows))
    taken: list[int] = []
    check = staging.Checker.check
    monkeypatch.setattr(
        staging.Checker, "check", lambda self, rows: (taken.extend(one.number for one in rows), check(self, rows))
    )
    barrier = threading.Barrier(services.LANES)

    def work() -> None:
        try:
            barrier.wait()
            with school.work():
                services.check_step(CardFile.objects.get())
        finally:
            connections.close_all()

    workers = [threading.Thread(target=work) for _ in range(services.LANES)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    with school.work():
        run = CardFile.objects.get()
        assert (run.status, run.summary["waiting"]) == ("staged", 0)
        assert sorted(taken) == list(range(2, 62))
        # Two children thirty times: the numbers differ, the person is the same.
        assert run.summary["refused"] == 58
