"""Printed documents as PDF: a Typst template of the project filled with data."""

import datetime
import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path

import typst

from .columns import Column, Value, value_text
from .imprint import Imprint

_ROOT = Path(__file__).parents[2]
TEMPLATES = _ROOT / "shared/documents/templates"
TABLE = TEMPLATES / "table.typ"


def render_pdf(template: Path, data: Mapping[str, object], *, made_at: datetime.datetime | None = None) -> bytes:
    """Fill a template file; the same template, data and ``made_at`` give the same bytes.

    ``data`` reaches the template as one JSON string in ``sys.inputs.data``, never as source, so nothing a person typed
    can become markup. A template anywhere in the project imports the head of the page from
    ``/shared/documents/templates/imprint.typ``. Fonts are those that Typst carries with it: Libertinus
    Serif has full Cyrillic and looks the same on every server. Not to be called in a process that forks afterwards:
    Typst's threads do not survive a fork, and the child would wait for them for ever.
    """
    return typst.compile(
        template,
        root=_ROOT,
        font_paths=_fonts(),
        sys_inputs={"data": json.dumps(data, ensure_ascii=False, allow_nan=False)},
        timestamp=int(made_at.timestamp()) if made_at else 0,
    )


def render_table(
    *, imprint: Imprint, columns: Sequence[Column], rows: Iterable[Sequence[Value]], landscape: bool = False
) -> bytes:
    """The same table that goes to XLSX, on A4 with the imprint, repeated headers and page numbers."""
    data = {
        "imprint": imprint_data(imprint),
        "landscape": landscape,
        "columns": [{"title": c.title, "width": c.width, "right": c.kind in ("int", "share")} for c in columns],
        "rows": [[value_text(v, c.kind) for v, c in zip(row, columns, strict=True)] for row in rows],
        "empty": "Строк нет.",
    }
    return render_pdf(TABLE, data, made_at=imprint.made_at)


def imprint_data(imprint: Imprint) -> dict[str, str]:
    """The imprint as ``imprint.typ`` takes it."""
    return {
        "system": imprint.system,
        "organization": imprint.organization,
        "title": imprint.title,
        "made": imprint.made_text,
        "executor": imprint.executor,
        "filters": imprint.filters,
        "copy": imprint.copy,
    }


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True)
