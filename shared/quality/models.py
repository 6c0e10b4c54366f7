"""What levels above know of the cards of every organization, and the remarks they send back.

Figures and days, nothing of a person. Source: R-151, R-159, R-160, R-164, R-293.
"""

from __future__ import annotations

import datetime
from typing import Final

from django.db import models
from django.db.models import Q

from shared.kernel.ids import new_id
from shared.quality.currency import CURRENCY
from shared.quality.queries import RemarkQuerySet

# The kinds of cards by the code of their layouts, as people of every level call them.
KINDS: Final = {
    "student": "Обучающиеся",
    "guardian": "Родители",
    "staff": "Работники",
    "organization": "Карточка организации",
}


def percent_of(held: int, due: int) -> int:
    """Whole percent, rounded down: one hundred means that nothing lacks."""
    return 100 * held // due if due else 100


class QualitySummary(models.Model):
    """How full, current and reliable the cards of one kind are, written by the organization itself.

    ``due`` is how many things the cards should hold, ``filled`` of them stand or are ``explained``; ``whole`` cards
    lack nothing; ``sealed`` ones wait for a consent and are not counted. ``broken`` and ``doubtful`` are findings of
    the checks: contradictions that old data may still hold, and what only asks to be looked at; checking reads cards
    whole and takes longer, so while cards change all the time it lags behind (``checked_at``).
    """

    pk = models.CompositePrimaryKey("organization_id", "kind")
    organization_id = models.UUIDField()
    kind = models.CharField("вид карточек", max_length=20, choices=list(KINDS.items()))
    cards = models.PositiveIntegerField("карточек", default=0)
    sealed = models.PositiveIntegerField("ждут согласия", default=0)
    whole = models.PositiveIntegerField("заполнены целиком", default=0)
    due = models.PositiveIntegerField("полей", default=0)
    filled = models.PositiveIntegerField("заполнено", default=0)
    explained = models.PositiveIntegerField("из них объяснено", default=0)
    stale = models.PositiveIntegerField("устарели", default=0)
    broken = models.PositiveIntegerField("противоречия", default=0)
    doubtful = models.PositiveIntegerField("сомнительное", default=0)
    counted_at = models.DateTimeField("данные на")
    checked_at = models.DateTimeField("проверки на", null=True)

    class Meta:
        verbose_name = "полнота и актуальность карточек"

    def __str__(self) -> str:
        return f"{self.organization_id} {self.kind}"

    @property
    def percent(self) -> int:
        return percent_of(self.filled, self.due)

    @property
    def lacking(self) -> int:
        return self.due - self.filled

    @property
    def findings(self) -> int:
        return self.broken + self.doubtful

    @property
    def light(self) -> str:
        return CURRENCY.light(self.percent)


class Mark(models.Model):
    """A transaction that changed cards of a schema; appended by it, taken away by the count that has seen it."""

    pk = models.CompositePrimaryKey("xid", "schema_name")
    xid = models.BigIntegerField()
    schema_name = models.CharField(max_length=63)

    def __str__(self) -> str:
        return self.schema_name


class Remark(models.Model):
    """A remark of an authority on an organization's data: sent → answered → accepted, or returned and answered anew.

    Source: R-160 (remarks sent back to the organization), R-293 (a reminder whose answer is seen).
    """

    class State(models.TextChoices):
        SENT = "sent", "Отправлено"
        ANSWERED = "answered", "Есть ответ"
        RETURNED = "returned", "Возвращено"
        ACCEPTED = "accepted", "Принято"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organization_id = models.UUIDField()
    authority_id = models.IntegerField()
    authority_name = models.CharField("кто прислал", max_length=300)
    kind = models.CharField("о каких карточках", max_length=20, choices=list(KINDS.items()), blank=True)
    text = models.TextField("замечание", max_length=1000)
    due_on = models.DateField("ответить до")
    state = models.CharField("состояние", max_length=8, choices=State, default=State.SENT)
    sent_by = models.CharField("отправил", max_length=310)
    sent_at = models.DateTimeField("отправлено", auto_now_add=True)
    answer = models.TextField("ответ", max_length=1000, blank=True)
    answered_by = models.CharField("ответил", max_length=310, blank=True)
    answered_at = models.DateTimeField("ответ дан", null=True)
    verdict = models.TextField("что ещё исправить", max_length=1000, blank=True)
    decided_by = models.CharField("рассмотрел", max_length=310, blank=True)
    decided_at = models.DateTimeField("рассмотрено", null=True)

    objects = RemarkQuerySet.as_manager()

    class Meta:
        verbose_name = "замечание к данным"
        ordering = ["-sent_at", "-id"]
        indexes = [models.Index(name="remark_organization", fields=["organization_id", "state", "due_on"])]
        constraints = [
            models.CheckConstraint(
                name="remark_answered_whole",
                condition=Q(state="sent") | (Q(answered_at__isnull=False) & ~Q(answer="") & ~Q(answered_by="")),
            ),
            models.CheckConstraint(
                name="remark_decided_whole",
                condition=~Q(state__in=["accepted", "returned"]) | (Q(decided_at__isnull=False) & ~Q(decided_by="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.authority_name}, {self.sent_at:%d.%m.%Y}"

    @property
    def awaits_organization(self) -> bool:
        return self.state in (self.State.SENT, self.State.RETURNED)

    @property
    def is_answered(self) -> bool:
        return self.state == self.State.ANSWERED

    def is_overdue(self, today: datetime.date) -> bool:
        return self.awaits_organization and self.due_on < today

    @property
    def subject(self) -> str:
        return KINDS.get(self.kind, "Все карточки")

    @property
    def tone(self) -> str:
        """The kind of the mark."""
        tones = {self.State.SENT: "info", self.State.ANSWERED: "note", self.State.RETURNED: "warn"}
        return tones.get(self.State(self.state), "ok")
