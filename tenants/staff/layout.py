"""The card of an employee as data: ``data/card.yaml``. Source: ORGANIZATION 2.2."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from shared.cards.layout import Field, Layout, Section, load_layout
from tenants.staff.fields import FIELDS
from tenants.staff.models import (
    Award,
    Certification,
    Diploma,
    MethodicalWork,
    StaffMember,
    StaffRow,
    StaffTraining,
)

_DATA: Final = Path(__file__).parent / "data"
LAYOUT: Final[Layout] = load_layout(_DATA / "card.yaml", FIELDS, table=StaffMember._meta.db_table)
# Methodical works stand beside it: the person himself fills them in, with files.
WORKS: Final[Section] = load_layout(_DATA / "works.yaml", FIELDS, table=MethodicalWork._meta.db_table).section(
    "methodical_works"
)
# What a person writes on the card itself; the consent is recorded in its register.
WRITTEN: Final[Mapping[str, Field]] = {
    code: field for code, field in LAYOUT.fields.items() if not field.is_derived and code != "consent_on"
}
# Section of rows → its table.
ROWS: Final[Mapping[str, type[StaffRow]]] = {
    "diplomas": Diploma,
    "trainings": StaffTraining,
    "certifications": Certification,
    "awards": Award,
    "methodical_works": MethodicalWork,
}
