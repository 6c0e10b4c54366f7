"""The approved fields of the cards: data of ``data/fields.yaml``. Source: R-167, ORGANIZATION 2.3, 2.4."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from shared.access.fields import FieldCatalog, load_fields
from shared.access.rights import matrix

_FILE: Final = Path(__file__).parent / "data/fields.yaml"
FIELDS: Final[FieldCatalog] = load_fields(_FILE)
# Table → columns whose values no viewer of histories or logs may show.
SPECIAL_COLUMNS: Final[Mapping[str, frozenset[str]]] = FIELDS.columns(special_only=True)
PERSONAL_COLUMNS: Final[Mapping[str, frozenset[str]]] = FIELDS.columns()
# What a page says to a person without the right: how the row of the matrix is called.
SPECIAL_RIGHT: Final = matrix()["student.special.read"].label
