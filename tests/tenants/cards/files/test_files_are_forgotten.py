"""Files that nobody has written are forgotten after their term, of written ones the rows with errors."""

from __future__ import annotations

import datetime

from django.utils import timezone

from tenants.cards.models import CardFile, CardFileRow
from tenants.cards.sweeping import sweep_files
from tests.support import client_of, connect, person
from tests.tenants.cards.files.bringing import CHILD, bring, csv_of, text_of, upload

OTHER = {**CHILD, "Имя": "Олег", "Номер": "512346"}
WRONG = {**CHILD, "Имя": "Неверный", "Пол": "?", "Номер": "512347"}
STRANGE = {**CHILD, "Как зовут": "Ян"}


def of_long_ago() -> None:
    """Every file was brought a term and a day ago."""
    past = timezone.now() - CardFile.KEPT_FOR - datetime.timedelta(days=1)
    CardFile.objects.update(made_at=past)
    CardFile.objects.exclude(applied_at=None).update(applied_at=past)


def test_a_file_that_was_not_written_goes_and_of_a_written_one_the_rows_with_errors(committed):
    school = connect("forgetting", short_name="Забывающая")
    person("forgetter", "secretary", school=school)
    client = client_of(school.host, "forgetter")
    page = bring(client, "student", CHILD, WRONG)
    for row in (OTHER, STRANGE):
        upload(client, "student", csv_of(row))
    result = text_of(client.get(page)).replace("\u00a0", " ")
    until = timezone.localdate() + CardFile.KEPT_FOR
    assert f"Строки с ошибками хранятся до {until:%d.%m.%Y}" in result
    assert "errors.xlsx" in result
    with school.work():
        of_long_ago()
    recent = upload(client, "student", csv_of({**OTHER, "Имя": "Илья"}))
    assert f"Файл ждёт записи до {until:%d.%m.%Y}" in text_of(client.get(recent)).replace("\u00a0", " ")
    sweep_files()
    with school.work():
        assert [run.status for run in CardFile.objects.order_by("made_at")] == ["applied", "staged"]
        rows = CardFileRow.objects.filter(run__status="applied").order_by("number")
        assert [(row.verdict, row.cells) for row in rows] == [("new", None), ("refused", None)]
        assert "Неверный" not in str(list(rows.values()))
    result = text_of(client.get(page)).replace("\u00a0", " ")
    assert "её содержимое удалено" in result
    assert "errors.xlsx" not in result
    assert client.get(f"{page}errors.xlsx").status_code == 404
    listed = text_of(client.get("/cards/files/student/")).replace("\u00a0", " ")
    assert "Что не записано за 14 дней, удаляется" in listed


def test_a_file_within_its_term_stays(committed):
    school = connect("keeping", short_name="Помнящая")
    person("keeper", "secretary", school=school)
    client = client_of(school.host, "keeper")
    bring(client, "student", CHILD, WRONG)
    upload(client, "student", csv_of(OTHER))
    with school.work():
        CardFile.objects.update(made_at=timezone.now() - CardFile.KEPT_FOR + datetime.timedelta(hours=1))
    sweep_files()
    with school.work():
        assert CardFile.objects.count() == 2
        assert CardFileRow.objects.filter(cells__isnull=False).count() == 2
