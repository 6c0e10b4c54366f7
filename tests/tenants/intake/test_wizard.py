"""The wizard of an import, through the product's own pages."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from shared.messaging.models import TaskOutbox
from tenants.intake import fields as f
from tenants.intake import views
from tenants.intake.models import ImportRun, SealedDraft
from tenants.intake.tasks import apply_import
from tenants.people.models import Student
from tests.support import client_of
from tests.tenants.intake.bringing import learner


@pytest.fixture
def secretary(school):
    return client_of(school.host, "secretary")


def file_of(*rows: dict[str, str], name: str = "дети.csv") -> SimpleUploadedFile:
    lines = [";".join(f.HEADERS), *(";".join(row.get(header, "") for header in f.HEADERS) for row in rows)]
    return SimpleUploadedFile(name, "\n".join(lines).encode(), content_type="text/csv")


def upload(client, *rows: dict[str, str]) -> str:
    response = client.post("/import/new/", {"file": file_of(*rows), "year": "2026"})
    assert response.status_code == 302, response.content.decode()
    return response.headers["location"]


def text_of(response) -> str:
    return response.content.decode()


def test_a_file_is_looked_at_applied_and_taken_back(school, secretary):
    page = upload(secretary, learner(), learner(name="Олег", consent_on=None), learner(name="Лев", sex="?"))
    preview = text_of(secretary.get(page))
    assert "Ёлкин Пётр" in preview
    assert "Пол: В поле «Пол» стоит «?»" in preview
    with school.work():
        assert not Student.objects.exists()
    assert secretary.post(f"{page}apply/").headers["location"] == page
    result = text_of(secretary.get(page))
    assert "Загружено" in result
    assert "Отклонённые строки" in result
    with school.work():
        assert Student.objects.get().first_name == "Пётр"
        assert ImportRun.objects.get().made_by == "Secretary Тест"
    rejected = secretary.get(f"{page}rejected.csv")
    assert "Лев" in rejected.content.decode("utf-8-sig")
    assert "Пётр" not in rejected.content.decode("utf-8-sig")
    assert secretary.post(f"{page}undo/").status_code == 302
    assert "Загрузка отменена" in text_of(secretary.get(page))
    assert "дети.csv" in text_of(secretary.get("/import/"))


def test_rows_are_filtered_by_verdict(secretary):
    page = upload(secretary, learner(), learner(name="Лев", sex="?"))
    refused = text_of(secretary.get(f"{page}?show=refused"))
    assert "Ёлкин Лев" in refused
    assert "Ёлкин Пётр" not in refused
    assert text_of(secretary.get(f"{page}?show=nonsense")).count("cell-name") == 2


def test_a_file_without_required_columns_is_refused_with_a_sentence(secretary):
    file = SimpleUploadedFile("дети.csv", "Фамилия;Имя\nЁлкин;Пётр\n".encode())
    response = secretary.post("/import/new/", {"file": file, "year": "2026"})
    assert response.status_code == 422
    assert "нет обязательных колонок" in text_of(response)


def test_a_file_that_was_only_looked_at_is_forgotten_on_demand(school, secretary):
    page = upload(secretary, learner())
    assert secretary.post(f"{page}discard/").status_code == 302
    assert secretary.get(page).status_code == 404
    with school.work():
        assert not ImportRun.objects.exists()


def test_an_import_cannot_be_applied_twice(secretary):
    page = upload(secretary, learner())
    secretary.post(f"{page}apply/")
    response = secretary.post(f"{page}apply/")
    assert response.status_code == 422
    assert "Состояние файла «дети.csv» уже другое: загружен" in text_of(response)


def test_a_long_file_is_applied_by_the_worker(school, secretary, monkeypatch):
    monkeypatch.setattr(views, "AT_ONCE", 1)
    page = upload(secretary, learner(), learner(name="Олег"))
    secretary.post(f"{page}apply/", {"update": "on"})
    assert "Файл загружается" in text_of(secretary.get(page))
    assert "HX-Refresh" not in secretary.get(f"{page}progress/").headers
    wish = TaskOutbox.objects.get(name="tenants.intake.tasks.apply_import")
    for _ in range(2):  # a task may run twice
        with school.work("secretary"):
            apply_import.run(**wish.arguments)
    assert secretary.get(f"{page}progress/").headers["HX-Refresh"] == "true"
    with school.work():
        run = ImportRun.objects.get()
        assert (run.status, run.update_known, Student.objects.count()) == ("applied", True, 2)


def test_a_long_file_that_cannot_be_applied_says_why(school, secretary, monkeypatch):
    monkeypatch.setattr(views, "AT_ONCE", 1)
    page = upload(secretary, learner(), learner(name="Лев", sex="?"))
    secretary.post(f"{page}apply/", {"all_or_nothing": "on"})
    wish = TaskOutbox.objects.get(name="tenants.intake.tasks.apply_import")
    with school.work():
        apply_import.run(**wish.arguments)
    assert "Файл не загружен" in text_of(secretary.get(page))


def test_sealed_rows_show_name_birth_date_and_class_and_take_a_consent(school, secretary):
    page = upload(secretary, learner(consent_on=None, phone="+7 900 111-22-33", snils="112-233-445 95"))
    secretary.post(f"{page}apply/")
    for seen in (text_of(secretary.get("/import/sealed/")), text_of(secretary.get(page))):
        assert "Ёлкин Пётр" in seen
        assert "111-22-33" not in seen
        assert "445" not in seen
    with school.work():
        draft = SealedDraft.objects.get().pk
    address = f"/import/sealed/{draft}/"
    assert "112" not in text_of(secretary.get(address))
    assert secretary.post(address, {"consent_on": "2100-01-01"}).status_code == 422
    assert secretary.post(address, {"consent_on": "не знаю"}).status_code == 422
    assert secretary.post(address, {"consent_on": "2026-09-01"}).status_code == 302
    assert secretary.get(address).status_code == 404
    with school.work():
        assert Student.objects.get().phone == "+7 900 111-22-33"


def test_who_imports_but_does_not_record_consents_sees_no_button(school, secretary):
    secretary.post(f"{upload(secretary, learner(consent_on=None))}apply/")
    admin = client_of(school.host, "org_admin")
    page = text_of(admin.get("/import/sealed/"))
    assert "Ёлкин Пётр" in page
    assert "Записать согласие" not in page


@pytest.mark.parametrize("address", ["/import/", "/import/new/", "/import/sealed/"])
def test_a_teacher_is_refused(school, address):
    assert client_of(school.host, "teacher").get(address).status_code == 403


def test_another_schools_import_does_not_exist_here(school, other_school, secretary):
    page = upload(secretary, learner())
    stranger = client_of(other_school.host, "vera")
    assert stranger.get(page).status_code in (403, 404)
    assert secretary.get(page.replace(page.split("/")[2], "0" * 8 + page.split("/")[2][8:])).status_code == 404


def test_lists_take_a_constant_number_of_queries(school, secretary, django_assert_max_num_queries):
    page = upload(secretary, *(learner(name=name) for name in ("Олег", "Егор", "Марк", "Глеб")))
    with django_assert_max_num_queries(16):
        secretary.get(page)
