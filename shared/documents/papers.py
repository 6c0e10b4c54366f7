"""Papers of headed parts as PDF: lines «label: value», tables, a certification block, signatures, a code to verify by.

One template serves forms, acts, cards, lists; what a paper says is data.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from .codes import grouped, square
from .imprint import Imprint
from .pdf import TEMPLATES, imprint_data, render_pdf

PAPER: Final = TEMPLATES / "paper.typ"
TRUE_COPY: Final = "Копия верна"
EMPTY_TABLE: Final = "Записей нет."


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A headed part of a paper: paragraphs, then lines «label: value», then a table of titles with widths."""

    title: str = ""
    paragraphs: Sequence[str] = ()
    lines: Sequence[tuple[str, str]] = ()
    columns: Sequence[tuple[str, int]] = ()
    rows: Sequence[Sequence[str]] = ()

    @property
    def data(self) -> dict[str, object]:
        return {
            "title": self.title,
            "paragraphs": list(self.paragraphs),
            "lines": [list(line) for line in self.lines],
            "columns": [{"title": title, "width": width} for title, width in self.columns],
            "rows": [list(row) for row in self.rows],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperSection:
    """A section of a card: «Обучение» with its lines label and value; an empty value is printed as a dash."""

    title: str
    lines: Sequence[tuple[str, str]]
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Certification:
    """Who answers with his signature that a copy is right. Source: R-330, R-335 (EJ 3.1.6, 3.2.3).

    ``words`` are «Копия верна» or «Правильность переноса данных заверяю»; ``day`` is printed, the rest is by hand.
    """

    post: str
    name: str
    day: datetime.date
    words: str = TRUE_COPY

    @property
    def data(self) -> dict[str, str]:
        return {"words": self.words, "post": self.post, "name": self.name, "day": f"{self.day:%d.%m.%Y}"}


@dataclass(frozen=True, slots=True)
class Verification:
    """The code of a paper and the address of the page that says whether the paper is genuine."""

    code: str
    address: str

    @property
    def data(self) -> dict[str, str]:
        """``address`` is printed without the scheme: a person types it."""
        return {
            "code": grouped(self.code),
            "address": self.address.partition("://")[2].rstrip("/"),
            "square": square(f"{self.address}{self.code}/"),
        }


def render_paper(
    imprint: Imprint,
    parts: Sequence[Part],
    signatures: Sequence[str] = (),
    *,
    certification: Certification | None = None,
    verification: Verification | None = None,
    landscape: bool = False,
    dense: bool = False,
) -> bytes:
    """The PDF of headed parts; ``dense`` sets lines closer, for cards."""
    data = {
        "imprint": imprint_data(imprint),
        "parts": [part.data for part in parts],
        "signatures": list(signatures),
        "certification": certification.data if certification else None,
        "verification": verification.data if verification else None,
        "landscape": landscape,
        "dense": dense,
        "empty": EMPTY_TABLE,
    }
    return render_pdf(PAPER, data, made_at=imprint.made_at)


def render_card(
    imprint: Imprint,
    title: str,
    sections: Sequence[PaperSection],
    *,
    certification: Certification | None = None,
    verification: Verification | None = None,
) -> bytes:
    """A card as a paper, whosever it is: of a learner, an employee, an organization.

    ``title`` is whose card it is and stands under the name of the paper; sections without lines are left out.
    """
    parts = [
        Part(
            title=section.title,
            lines=[(label, value or "—") for label, value in section.lines],
            paragraphs=[section.note] if section.note else [],
        )
        for section in sections
        if section.lines or section.note
    ]
    return render_paper(
        replace(imprint, filters=title),
        parts,
        certification=certification,
        verification=verification,
        dense=True,
    )
