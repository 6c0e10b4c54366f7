"""Papers of headed parts: a card of anybody, its certification, its code; what is typed never becomes markup."""

from __future__ import annotations

import dataclasses
import datetime
import io

import pytest
from pypdf import PdfReader

from shared.documents.codes import square
from shared.documents.papers import Certification, PaperSection, Part, Verification, render_card, render_paper

DAY = datetime.date(2026, 9, 1)
SECTIONS = [
    PaperSection(title="Личные сведения", lines=[("Фамилия", "Ёлкина"), ("Телефон", "")]),
    PaperSection(title="Документы", lines=[], note="Не напечатано: нет права."),
    PaperSection(title="Пустой раздел", lines=[]),
]


def text_of(content: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split())


@pytest.mark.proves("R-171")
def test_a_card_names_whose_it_is_its_sections_and_its_copy(imprint):
    text = text_of(render_card(dataclasses.replace(imprint, copy="2026-7"), "Ёлкина Анна, 5А", SECTIONS))
    assert "Список класса 5А Ёлкина Анна, 5А" in text
    assert "Фамилия Ёлкина" in text
    assert "Телефон —" in text
    assert "Не напечатано: нет права." in text
    assert "Пустой раздел" not in text
    assert "Экз. 2026-7" in text
    assert "Стр. 1 из 1" in text
    assert "Копия верна" not in text


@pytest.mark.proves("R-330")
def test_who_certifies_signs_with_post_name_and_date(imprint):
    block = Certification(post="Директор", name="О. Т. Лебедь", day=DAY, words="Правильность переноса данных заверяю")
    text = text_of(render_paper(imprint, [Part(paragraphs=["Журнал."])], certification=block))
    for words in ("Правильность переноса данных заверяю", "Директор", "О. Т. Лебедь", "Дата: 01.09.2026", "М. П."):
        assert words in text


def test_a_code_stands_beside_its_square_and_the_page_to_check_it(imprint):
    found = Verification("7K2MQ9TX4HBC", "https://school.example/check/")
    text = text_of(render_card(imprint, "Кто-то", SECTIONS, verification=found))
    assert "7K2M-Q9TX-4HBC" in text
    assert "school.example/check" in text
    assert found.data["square"] == square("https://school.example/check/7K2MQ9TX4HBC/")
    assert found.data["square"].startswith("<svg")


def test_what_a_person_typed_never_becomes_markup(imprint):
    typed = '#read("/etc/passwd") *жирно* $x$ <a> @b'
    sections = [PaperSection(title=typed, lines=[(typed, typed)], note=typed)]
    text = text_of(render_card(imprint, typed, sections))
    assert "".join(text.split()).count("".join(['#read("/etc/passwd")*жирно*$x$<a>@b'])) >= 4


def test_a_wide_table_lies_on_its_side(imprint):
    part = Part(columns=[("А", 1)], rows=[["1"]])
    page = PdfReader(io.BytesIO(render_paper(imprint, [part], landscape=True))).pages[0]
    assert page.mediabox.width > page.mediabox.height
