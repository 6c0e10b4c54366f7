import datetime
import io

import pytest
from pypdf import PdfReader

from shared.documents.columns import value_text
from shared.documents.pdf import render_table
from shared.kernel.text import thousands

pytestmark = pytest.mark.proves("R-171")

DAY = datetime.date(2026, 9, 1)


def pages(pdf):
    return PdfReader(io.BytesIO(pdf)).pages


def test_every_page_has_imprint_header_and_number(imprint, columns):
    rows = [(f"Ученик {number}", number, DAY, 0.5) for number in range(120)]
    found = pages(render_table(imprint=imprint, columns=columns, rows=rows))
    assert len(found) > 1
    for number, page in enumerate(found, start=1):
        text = " ".join(page.extract_text().split())
        assert "АСУ СО" in text
        assert "МБОУ «СОШ № 14»" in text
        assert "исполнитель: Лебедь О. Т." in text
        assert f"Стр. {number} из {len(found)}" in text
        assert "Всего" in text


def test_what_a_person_typed_never_becomes_markup(imprint, columns):
    typed = '#read("/etc/passwd") *жирно* $x$ <a> @b \\ #{1+1}'
    text = pages(render_table(imprint=imprint, columns=columns, rows=[(typed, 1, DAY, 0)]))[0].extract_text()
    assert "".join(typed.split()).replace('"', "") in "".join(text.split()).replace('"', "")


def test_landscape_turns_the_page(imprint, columns):
    upright, turned = (
        pages(render_table(imprint=imprint, columns=columns, rows=[], landscape=landscape))[0]
        for landscape in (False, True)
    )
    assert upright.mediabox.height > upright.mediabox.width
    assert turned.mediabox.width > turned.mediabox.height
    assert "Строк нет." in upright.extract_text()


def test_the_same_data_give_the_same_bytes(imprint, columns):
    rows = [("Ёлкин", 1, DAY, 0.5)]
    assert render_table(imprint=imprint, columns=columns, rows=rows) == render_table(
        imprint=imprint, columns=columns, rows=rows
    )


def test_fonts_are_embedded(imprint, columns):
    fonts = pages(render_table(imprint=imprint, columns=columns, rows=[]))[0]["/Resources"]["/Font"].values()
    assert all("LibertinusSerif" in font.get_object()["/BaseFont"] for font in fonts)


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        (None, "text", ""),
        (DAY, "date", "01.09.2026"),
        (12400, "int", thousands(12400)),
        (0.125, "share", "12,5\u00a0%"),
        (2026, "text", "2026"),
        ("текст", "int", "текст"),
        (True, "text", "да"),
    ],
)
def test_a_value_is_written_as_a_person_reads_it(value, kind, text):
    assert value_text(value, kind) == text
