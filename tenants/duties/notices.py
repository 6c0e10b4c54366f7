"""What the order in force asks of one person: for his first page and for the page of duties."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone

from shared.access.actors import Actor
from shared.kernel.days import academic_year_of
from tenants.duties.models import Acknowledgement, DutyOrder, DutyRow
from tenants.duties.queries import duties_of


@dataclass(frozen=True, slots=True)
class DutyNotice:
    """The order, the duties of one person, when he has read it."""

    order: DutyOrder
    duties: list[DutyRow]
    acknowledgement: Acknowledgement | None


def notice_for(actor: Actor) -> DutyNotice | None:
    """Nothing while no order is in force; three queries otherwise."""
    order = DutyOrder.objects.current(academic_year_of(timezone.localdate())).first()
    if order is None:
        return None
    roles = {grant.role for grant in actor.here}
    return DutyNotice(
        order=order,
        duties=list(duties_of(order.rows.all(), actor.account_id, roles)),
        acknowledgement=order.acknowledgements.filter(account_id=actor.account_id).first(),
    )
