"""What the first page says of the quality of data to whom it concerns: figures handed up, remarks that wait."""

from __future__ import annotations

import datetime
import uuid
from dataclasses import dataclass

from shared.access.actors import Actor
from shared.quality.models import KINDS, QualitySummary, Remark
from tenants.quality.cards import sees_everything


@dataclass(frozen=True, slots=True)
class QualityNotice:
    """Each kind as levels above see it, and the remarks to be answered."""

    summaries: list[QualitySummary]
    remarks: list[Remark]

    @property
    def counted_at(self) -> datetime.datetime | None:
        return max((one.counted_at for one in self.summaries), default=None)

    @property
    def stale(self) -> int:
        return sum(one.stale for one in self.summaries)


def notice_for(actor: Actor, organization_id: uuid.UUID) -> QualityNotice | None:
    """Only for who watches the data of the whole organization; two queries."""
    if not sees_everything(actor):
        return None
    found = QualitySummary.objects.filter(organization_id=organization_id).exclude(due=0)
    summaries = sorted(found, key=lambda one: list(KINDS).index(one.kind))
    return QualityNotice(summaries, list(Remark.objects.waiting().order_by("due_on", "id")))
