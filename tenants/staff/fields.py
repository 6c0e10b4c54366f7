"""The approved fields of the cards of employees: data of ``data/fields.yaml``. Source: R-167, ORGANIZATION 2.2."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from shared.access.fields import FieldCatalog, load_fields

FIELDS: Final[FieldCatalog] = load_fields(Path(__file__).parent / "data/fields.yaml")
