"""A computed form as a file: JSON of INTERFACES 7, XML for exchange, PDF; the workbook is in ``workbook.py``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from shared.documents.columns import value_text
from shared.documents.imprint import Imprint
from shared.documents.pdf import imprint_data, render_pdf
from shared.statforms.catalog import FormLayout
from shared.statforms.compute import ComputedForm
from shared.statforms.sheets import CLOSED, Sheet, basis_of, mark_of, sheets

TEMPLATE = Path(__file__).parent / "templates" / "form.typ"
WIDE_SHEET = 12
"""Columns from which the paper sets a table in smaller type."""


def as_json(computed: ComputedForm) -> dict[str, Any]:  # Any: JSON
    """The shape of INTERFACES 7."""
    return {
        "form": computed.form,
        "edition": computed.edition,
        "as_of": computed.as_of.isoformat(),
        "scope": computed.scope,
        "cells": [
            {
                **cell.address._asdict(),
                "value": cell.value,
                "source": cell.source.value,
                "confidence": cell.confidence.value,
            }
            for cell in computed.cells
        ],
        "findings": [
            {
                "severity": finding.severity.value,
                "control": finding.control,
                "cells": [list(address) for address in finding.cells],
                "message": finding.message,
            }
            for finding in computed.findings
        ],
    }


def to_json(computed: ComputedForm) -> bytes:
    return json.dumps(as_json(computed), ensure_ascii=False, indent=1).encode()


def to_xml(layout: FormLayout, computed: ComputedForm) -> bytes:
    """One element a cell; an empty cell has no text, a closed one no element; reconstructed sections carry a mark."""
    root = ElementTree.Element(
        "form",
        code=computed.form,
        edition=computed.edition,
        as_of=computed.as_of.isoformat(),
        scope=computed.scope,
        title=layout.title,
    )
    sections = {}
    for section in layout.sections:
        attributes = {"code": section.code, "title": section.title, "confidence": section.confidence.value}
        if mark := mark_of(section):
            attributes["mark"] = mark
        sections[section.code] = ElementTree.SubElement(root, "section", attributes)
    for cell in computed.cells:
        address = cell.address
        attributes = {"row": address.row, "column": address.column, "source": cell.source.value}
        element = ElementTree.SubElement(
            sections[address.section], "cell", {**attributes, "confidence": cell.confidence.value}
        )
        element.text = None if cell.value is None else str(cell.value)
    for finding in computed.findings:
        attributes = {"severity": finding.severity.value, "control": finding.control}
        ElementTree.SubElement(root, "finding", attributes).text = finding.message
    ElementTree.indent(root, " ")
    text: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return text


def to_pdf(layout: FormLayout, computed: ComputedForm, *, imprint: Imprint) -> bytes:
    """The form on A4, one table a section, with the imprint, the marks and the findings."""
    data = {
        "imprint": imprint_data(imprint),
        "title": f"Форма № {layout.code}. {layout.title}",
        "subtitle": f"Редакция {layout.edition}, состояние на {computed.as_of:%d.%m.%Y}",
        "warning": layout.warning,
        "closed": CLOSED,
        "sections": [_paper_section(sheet) for sheet in sheets(layout, computed)],
        "findings": [finding.message for finding in computed.findings],
    }
    return render_pdf(TEMPLATE, data, made_at=imprint.made_at)


def _paper_section(sheet: Sheet) -> dict[str, Any]:  # Any: JSON
    return {
        "heading": f"Раздел {sheet.section.code}. {sheet.section.title}",
        "basis": basis_of(sheet.section),
        "mark": sheet.mark,
        "is_wide": len(sheet.columns) > WIDE_SHEET,
        "titles": [title for title, _column in sheet.columns],
        "codes": [column.code for _title, column in sheet.columns],
        "rows": [
            {
                "title": row.title,
                "code": row.row.code,
                "values": [CLOSED if cell is None else value_text(cell.value, "int") for cell in row.cells],
            }
            for row in sheet.rows
        ],
    }
