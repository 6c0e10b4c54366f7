"""The kinds of cards of an organization. A room publishes its own; here they stand together."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from shared.cards.kinds import CardKind
from tenants.organization.card import ORGANIZATION_CARD
from tenants.people.card import GUARDIAN_CARD, STUDENT_CARD
from tenants.staff.card import STAFF_CARD

KINDS: Final[Mapping[str, CardKind]] = MappingProxyType(
    {kind.code: kind for kind in (STUDENT_CARD, GUARDIAN_CARD, STAFF_CARD, ORGANIZATION_CARD)}
)
