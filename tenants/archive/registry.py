"""The parts of the sealed archive. A room publishes its own; here they stand together, in the order of the act."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from shared.archive.parts import Part
from tenants.consents import archive_part as consents
from tenants.duties import archive_part as duties
from tenants.groups import archive_part as groups
from tenants.history import archive_part as history
from tenants.orders import archive_part as orders
from tenants.organization import archive_part as organization
from tenants.papers import archive_part as papers
from tenants.people import archive_part as people
from tenants.security import archive_part as security
from tenants.staff import archive_part as staff

_ROOMS: Final = (organization, staff, groups, people, orders, consents, papers, duties, security, history)
PARTS: Final[Mapping[str, Part]] = MappingProxyType({part.code: part for room in _ROOMS for part in room.PARTS})
NOTHING: Final[Mapping[str, str]] = MappingProxyType(
    {
        "archive_room": "makes the archive",
        "cards": "drafts and changes of many: what they changed stands in the cards and in the log",
        "family": "pages of families over the cards of people",
        "files": "contents go with the parts of the rooms that files belong to",
        "home": "a page over the other rooms",
        "intake": "rows as they were uploaded: the accepted are cards and orders, those without consent are not kept",
        "oversight": "views of the tables of other rooms",
        "quality": "figures counted from the cards",
        "recovery": "records taken back from a backup stand in their cards again, and the log tells of it",
        "support": "cases are the operator's; what was looked at stands in the log",
    }
)
"""Rooms that keep nothing for the archive, and why."""
