"""What waits for a decision now, and the numbers of the day; only what the person may open. Source: UI 2, UI 4."""

from __future__ import annotations

import datetime
import uuid
from dataclasses import dataclass, field

from django.db.models import Count
from django.utils import timezone

from shared.access.actors import Actor
from shared.contingent.models import ProjectionState
from shared.kernel.days import academic_year_of
from shared.kernel.rows import row_or_none
from tenants.groups.models import Group
from tenants.intake.models import ImportRun, SealedDraft
from tenants.orders.book import Balance, Book, BookRow, Period, described
from tenants.orders.models import Enrollment, Order

SHOWN = 8


@dataclass(frozen=True, slots=True)
class Digest:
    """The home page of one person."""

    day: datetime.date
    month: Period
    total: Balance
    learners: int
    groups: list[Group]
    projected_at: datetime.datetime | None
    to_sign: list[Order] = field(default_factory=list)
    to_sign_count: int = 0
    drafts: list[Order] = field(default_factory=list)
    draft_count: int = 0
    sealed_count: int = 0
    movements: list[BookRow] = field(default_factory=list)
    imports: list[ImportRun] = field(default_factory=list)

    @property
    def net(self) -> int:
        return self.total.arrived - self.total.left


def digest_for(actor: Actor, organization_id: uuid.UUID) -> Digest:
    """One query a section, whatever the size of the organization."""
    today = timezone.localdate()
    month = Period(today.replace(day=1), today)
    book = Book(month)
    state = row_or_none(ProjectionState.objects.filter(organization_id=organization_id))
    facts: dict[str, object] = {}
    if actor.may("orders.read"):
        waiting = Order.objects.awaiting_signature()
        unfinished = Order.objects.drafts().filter(sent_at=None)
        facts |= {
            "to_sign": list(waiting.with_row_count().order_by("sent_at", "id")[:SHOWN]),
            "to_sign_count": waiting.count(),
            "drafts": list(unfinished.with_row_count().order_by("-drafted_at", "-id")[:SHOWN]),
            "draft_count": unfinished.count(),
        }
    if actor.may("movement.read"):
        facts["movements"] = described(book.rows.reverse()[:SHOWN])
    if actor.may("contingent.import"):
        facts["imports"] = list(ImportRun.objects.order_by("-made_at")[:5])
    if actor.may("contingent.import") or actor.may("consent.record"):
        facts["sealed_count"] = SealedDraft.objects.sealed().count()
    return Digest(
        day=today,
        month=month,
        total=book.total,
        learners=Enrollment.objects.on(today).aggregate(n=Count("student", distinct=True))["n"],
        groups=list(Group.objects.of_year(academic_year_of(today)).with_headcount(today)),
        projected_at=state.projected_at if state else None,
        **facts,  # type: ignore[arg-type]
    )
