"""Confirming that a card is right today. Source: R-037, R-049."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import transaction

from shared.cards.kinds import CardKind
from shared.tenancy.scopes import give_reason
from tenants.organization.services import confirm_card as confirm_organization_card
from tenants.quality.errors import CardContradicts, CardSealed
from tenants.quality.reliability import findings_on


@transaction.atomic
def confirm(kind: CardKind, card: Any, *, today: datetime.date, by: str) -> None:  # Any: a card of one kind
    """«Данные верны на сегодня»; the last change of the card stays what it was.

    Raises: CardSealed, CardContradicts, and of the organization card what its room refuses.
    """
    if kind.is_sealed(card):
        raise CardSealed
    broken = [one for one in findings_on(kind, card, today) if one.level == "hard"]
    if broken:
        raise CardContradicts(count=len(broken))
    if kind.code == "organization":  # the levels above see the day, and it must be whole
        confirm_organization_card(confirmed_on=today, confirmed_by=by)
        return
    give_reason("Данные верны на сегодня")
    card.confirmed_on, card.confirmed_by = today, by
    card.save(update_fields=["confirmed_on", "confirmed_by"])
