"""Files made from a computed form; every one of them says what is not official."""

import datetime
import io
import json
from xml.etree import ElementTree

import openpyxl
import pypdf
import pytest

from shared.documents.imprint import Imprint
from shared.statforms.compute import ComputedForm, compute
from shared.statforms.output import as_json, to_json, to_pdf, to_xml
from shared.statforms.sheets import PARTS_MARK, SECTION_MARK, sheets
from shared.statforms.workbook import write_form_workbook
from tests.shared.statforms.microdata import MemorySource
from tests.shared.statforms.shipped import BINDINGS, SHIPPED
from tests.shared.statforms.test_compute import DAY, a_class, source_of

IMPRINT = Imprint(
    organization="Управление образования города Анапы",
    title="Форма № ОО-1",
    made_at=datetime.datetime(2026, 9, 20, 14, 5, tzinfo=datetime.UTC),
    executor="Борис Лебедь",
)


def sheet_of(code: str, source: MemorySource) -> ComputedForm:
    return compute(SHIPPED[code], BINDINGS[code], source, as_of=DAY, scope_label="municipality:03608000")


@pytest.fixture(scope="module")
def oo1() -> ComputedForm:
    return sheet_of("ОО-1", source_of(a_class("5А"), a_class("5Б", class_type="")))


def test_json_has_the_shape_other_systems_rely_on(oo1: ComputedForm) -> None:
    content = json.loads(to_json(oo1))
    assert set(content) == {"form", "edition", "as_of", "scope", "cells", "findings"}
    assert (content["form"], content["as_of"], content["scope"]) == ("ОО-1", "2026-09-20", "municipality:03608000")
    assert all(set(cell) == {"section", "row", "column", "value", "source", "confidence"} for cell in content["cells"])
    assert all(set(finding) == {"severity", "control", "cells", "message"} for finding in content["findings"])
    assert {
        "section": "СО-1",
        "row": "01",
        "column": "3",
        "value": 50,
        "source": "computed",
        "confidence": "reconstructed",
    } in content["cells"]
    assert {"section": "2.4", "row": "01", "column": "3", "value": None, "source": "computed"}.items() <= next(
        cell.items()
        for cell in as_json(oo1)["cells"]
        if (cell["section"], cell["row"], cell["column"]) == ("2.4", "01", "3")
    )


def test_xml_is_well_formed_and_marks_reconstructed_sections(oo1: ComputedForm) -> None:
    root = ElementTree.fromstring(to_xml(SHIPPED["ОО-1"], oo1))
    assert (root.get("code"), root.get("edition"), root.get("scope")) == ("ОО-1", "2024", "municipality:03608000")
    marks = {section.get("code"): section.get("mark") for section in root.iter("section")}
    assert marks["СО-1"] == SECTION_MARK
    assert marks["2.1.1"] == PARTS_MARK
    cell = root.find("section[@code='СО-1']/cell[@row='01'][@column='3']")
    assert cell is not None
    assert (cell.text, cell.get("confidence")) == ("50", "reconstructed")
    assert len(root.findall("section/cell")) == len(oo1.cells)


def test_the_workbook_has_a_sheet_a_section_with_imprint_and_mark(oo1: ComputedForm) -> None:
    stream = io.BytesIO()
    write_form_workbook(stream, SHIPPED["ОО-1"], oo1, imprint=IMPRINT)
    book = openpyxl.load_workbook(stream)
    page = book["Раздел СО-1"]
    texts = [cell.value for row in page.iter_rows() for cell in row if cell.value is not None]
    assert SECTION_MARK in texts
    assert IMPRINT.made_text in texts
    assert 50 in texts
    assert any("5Б" in str(cell.value) for row in book["Замечания"].iter_rows() for cell in row)


def test_closed_cells_are_drawn_as_closed_in_the_workbook() -> None:
    stream = io.BytesIO()
    write_form_workbook(stream, SHIPPED["85-К"], sheet_of("85-К", MemorySource([], [])), imprint=IMPRINT)
    page = openpyxl.load_workbook(stream)["Раздел 20"]
    (row,) = [row for row in page.iter_rows(values_only=True) if row[1] == "2005"]
    assert row[3] == "х"


def test_the_paper_carries_imprint_marks_and_findings(oo1: ComputedForm) -> None:
    pdf = to_pdf(SHIPPED["ОО-1"], oo1, imprint=IMPRINT)
    text = "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)
    flat = " ".join(text.split())
    assert SECTION_MARK in flat
    assert "Борис Лебедь" in flat
    assert "Замечания" in flat


@pytest.mark.parametrize("code", sorted(SHIPPED))
def test_every_form_can_be_printed_empty(code: str) -> None:
    sheet = sheet_of(code, MemorySource([], []))
    assert to_pdf(SHIPPED[code], sheet, imprint=IMPRINT).startswith(b"%PDF")
    write_form_workbook(io.BytesIO(), SHIPPED[code], sheet, imprint=IMPRINT)


def test_an_empty_copy_for_another_form_of_study_is_not_printed(oo1: ComputedForm) -> None:
    shown = [sheet.section.code for sheet in sheets(SHIPPED["ОО-1"], oo1)]
    assert "2.4" in shown
    assert "2.4 (заочная)" not in shown
