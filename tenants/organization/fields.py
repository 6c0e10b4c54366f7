"""The approved fields of the card and its layout: data of ``data/``. Source: R-167, ORGANIZATION 2.1."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from shared.access.fields import FieldCatalog, load_fields
from shared.cards.layout import Layout, load_layout

_DATA: Final = Path(__file__).parent / "data"
FIELDS: Final[FieldCatalog] = load_fields(_DATA / "fields.yaml")
LAYOUT: Final[Layout] = load_layout(_DATA / "card.yaml", FIELDS, table="organization_organizationcard")
DIRECTORY: Final = "organization__"  # paths of facts that stand in the public row
