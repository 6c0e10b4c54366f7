"""The two cards of this room as data: sections, fields, who answers for them. Source: ORGANIZATION 2.3, 2.4."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from shared.cards.layout import Layout, load_layout
from tenants.people.fields import FIELDS

_DATA: Final = Path(__file__).parent / "data"
STUDENT_LAYOUT: Final[Layout] = load_layout(_DATA / "student_card.yaml", FIELDS, table="people_student")
GUARDIAN_LAYOUT: Final[Layout] = load_layout(_DATA / "guardian_card.yaml", FIELDS, table="people_guardian")
# What the log calls a field or a section of a card by the code that it keeps.
_SECTIONS: Final = (*GUARDIAN_LAYOUT.sections, *STUDENT_LAYOUT.sections)
CALLED: Final[Mapping[str, str]] = {
    **{section.code: section.title for section in _SECTIONS},
    **{field.code: field.label for section in _SECTIONS for field in section.fields},
    **{field.code: field.label for field in FIELDS},
}
