"""The cover of a personal file (обложка личного дела)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from shared.documents.imprint import Imprint
from shared.documents.papers import Certification
from shared.documents.pdf import imprint_data, render_pdf
from shared.kernel.text import typo
from tenants.papers.hard_copies import hard_copies
from tenants.papers.models import PaperKind
from tenants.people.models import Student
from tenants.people.places import PlaceOn

_TEMPLATE: Final = Path(__file__).parent / "documents/cover.typ"
BLANK: Final = ""  # the line to write on is drawn


def render_cover(
    imprint: Imprint, student: Student, places: Sequence[PlaceOn], *, number: str, certification: Certification | None
) -> bytes:
    """What stands on the cover: whose file it is, when begun and ended by orders, how long it is kept."""
    first = min(places, key=lambda one: one.enrollment.enrolled_on, default=None)
    is_over = bool(places) and not any(one.is_held for one in places)
    last = max(places, key=lambda one: one.enrollment.left_on or one.enrollment.enrolled_on) if is_over else None
    begun = f"{first.enrollment.enrolled_on:%d.%m.%Y}, приказ {first.enrollment.order}" if first else BLANK
    ended = BLANK
    if last is not None and last.enrollment.left_on is not None:
        ended = f"{last.enrollment.left_on:%d.%m.%Y}, приказ {last.enrollment.departure_order}"
    data = {
        "imprint": {**imprint_data(imprint), "organization": typo(imprint.organization)},
        "number": number,
        "names": [student.last_name, student.first_name, student.patronymic],
        "lines": [
            ["Дата рождения", f"{student.birth_date:%d.%m.%Y}"],
            ["Начато", begun],
            ["Окончено", ended],
            ["Срок хранения", hard_copies()[PaperKind.COVER].term_text],
        ],
        "certification": certification.data if certification else None,
    }
    return render_pdf(_TEMPLATE, data, made_at=imprint.made_at)
