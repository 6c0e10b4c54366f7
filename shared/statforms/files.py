"""A computed form as a file of any of its formats, for the command line and for the screen."""

from __future__ import annotations

import io

from shared.documents.imprint import Imprint
from shared.statforms.catalog import FormLayout
from shared.statforms.compute import ComputedForm
from shared.statforms.output import to_json, to_pdf, to_xml
from shared.statforms.workbook import write_form_workbook

CONTENT_TYPES = {
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
    "xml": "application/xml",
}


def form_file(extension: str, layout: FormLayout, computed: ComputedForm, *, imprint: Imprint) -> bytes:
    """The content of the file; ``extension`` is one of ``CONTENT_TYPES``."""
    if extension == "json":
        return to_json(computed)
    if extension == "xml":
        return to_xml(layout, computed)
    if extension == "pdf":
        return to_pdf(layout, computed, imprint=imprint)
    stream = io.BytesIO()
    write_form_workbook(stream, layout, computed, imprint=imprint)
    return stream.getvalue()
