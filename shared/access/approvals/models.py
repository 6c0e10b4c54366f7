"""Requests that a second person decides."""

from __future__ import annotations

import datetime
from typing import Final

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils import timezone

from shared.access.approvals.queries import ApprovalQuerySet
from shared.kernel.ids import new_id
from shared.organizations.models import AuthorityBody, Organization

WAITS: Final = datetime.timedelta(days=7)


class Approval(models.Model):
    """Something one person has asked for and another must allow before it happens. The two-person rule.

    The place is an organization, an authority, or — for the operator — neither. ``subject`` and ``arguments`` hold no
    personal data: ids, codes, counts, addresses of lists. ``key`` is the same for requests of the same thing, so only
    one waits. ``asked_by`` and ``decided_by`` are the log's actors: an account or ``console:<OS user>``.
    Source: R-053, R-179.
    """

    class Decision(models.TextChoices):
        APPROVED = "approved", "Разрешено"
        REFUSED = "refused", "Отказано"
        LAPSED = "lapsed", "Не решено в срок"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.BigIntegerField(
        "номер",
        unique=True,
        editable=False,
        db_default=Func(Value("access_approval_number"), function="nextval", output_field=models.BigIntegerField()),
    )
    kind = models.CharField("вид", max_length=40)
    organization = models.ForeignKey(Organization, models.PROTECT, null=True, related_name="approvals")
    authority = models.ForeignKey(AuthorityBody, models.PROTECT, null=True, related_name="approvals")
    subject = models.CharField("что запрошено", max_length=400)
    arguments = models.JSONField("сведения", default=dict, encoder=DjangoJSONEncoder)
    key = models.CharField(max_length=64)
    asked_by = models.CharField("кто запросил", max_length=200)
    asked_by_name = models.CharField("кто запросил", max_length=310)
    asked_at = models.DateTimeField("когда")
    reason = models.CharField("зачем", max_length=300)
    expires_at = models.DateTimeField("решить до")
    decision = models.CharField("решение", max_length=8, choices=Decision, blank=True)
    decided_by = models.CharField("кто решил", max_length=200, blank=True)
    decided_by_name = models.CharField("кто решил", max_length=310, blank=True)
    decided_at = models.DateTimeField("когда решено", null=True)
    decision_reason = models.CharField("почему", max_length=300, blank=True)
    executed_at = models.DateTimeField("выполнено", null=True)
    outcome = models.CharField("итог", max_length=400, blank=True)

    objects = ApprovalQuerySet.as_manager()

    class Meta:
        verbose_name = "запрос второй подписи"
        ordering = ["-number"]
        constraints = [
            models.CheckConstraint(name="approval_two_people", condition=~Q(decided_by=F("asked_by"))),
            models.CheckConstraint(name="approval_asked", condition=~Q(asked_by="") & ~Q(reason="")),
            models.CheckConstraint(name="approval_one_place", condition=Q(organization=None) | Q(authority=None)),
            models.CheckConstraint(
                name="approval_decided_whole",
                condition=Q(decision="", decided_at=None, decided_by="")
                | Q(decision="lapsed", decided_at__isnull=False, decided_by="")
                | (Q(decision__in=["approved", "refused"], decided_at__isnull=False) & ~Q(decided_by="")),
            ),
            models.CheckConstraint(
                name="approval_executed_after", condition=Q(executed_at=None) | Q(decision="approved")
            ),
            models.UniqueConstraint(name="approval_one_waiting", fields=["key"], condition=Q(decision="")),
        ]
        indexes = [models.Index(name="approval_place", fields=["organization", "authority", "-number"])]

    def __str__(self) -> str:
        return f"№ {self.number}"

    @property
    def is_waiting(self) -> bool:
        return not self.decision and self.expires_at > timezone.now()

    @property
    def state(self) -> str:
        """Where the request stands, in words."""
        if self.executed_at is not None:
            return "Выполнено"
        if self.is_waiting:
            return "Ждёт решения"
        return str(self.get_decision_display() if self.decision else self.Decision.LAPSED.label)
