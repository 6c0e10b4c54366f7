"""A file of cards at the browser: columns are chosen, errors stand at their cells, both sizes fit."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.browser.conftest import PHONE, WIDE
from tests.browser.test_pages import problems_at

ROWS = """Фамилия;Как зовут;Дата рождения;Пол;Тип документа;Серия;Номер;Согласие на обработку ПДн
Файлов;Пётр;05.03.2015;Мужской;Свидетельство о рождении;II-АГ;512345;20.08.2026
Файлова;Анна;06.04.2016;?;Свидетельство о рождении;II-АГ;512346;20.08.2026
"""
KINDS = ("student", "guardian", "staff")


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["1440", "390"])
def test_the_pages_of_a_file_fit_and_are_accessible(signed_in, tmp_path: Path, size):
    visit = signed_in("school-1", "secretary", viewport=size)
    problems = [found for kind in KINDS for found in problems_at(visit, "school-1", f"/cards/files/{kind}/new/")]
    visit.go("school-1", "/cards/files/student/new/")
    file = tmp_path / "карточки.csv"
    file.write_text(ROWS, encoding="utf-8")
    visit.page.get_by_label("Файл карточек").set_input_files(file)
    visit.press(visit.page.get_by_role("button", name="Проверить файл"))
    visit.page.get_by_label("Как зовут").select_option("Имя")
    pages = [visit.page.url]
    visit.press(visit.page.get_by_role("button", name="Проверить файл"))
    pages.append(visit.page.url)
    paths = ["/" + url.partition("//")[2].partition("/")[2] for url in pages]
    problems += [
        found for path in (paths[1], "/cards/files/student/") for found in problems_at(visit, "school-1", path)
    ]
    visit.go("school-1", paths[1])
    visit.press(visit.page.get_by_role("button", name="Записать 1 строку"))
    problems += problems_at(visit, "school-1", paths[1])
    visit.press(visit.page.get_by_role("button", name="Отменить загрузку").first)
    visit.press(visit.page.get_by_role("dialog").get_by_role("button", name="Отменить загрузку"))
    assert "Загрузка отменена" in visit.page.content()
    assert not problems, "\n".join(problems)
