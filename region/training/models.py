"""Registration of education workers and what the operator checks of it. Source: SAM 2 (R-280 … R-288)."""

from __future__ import annotations

import datetime

from django.db import models
from django.db.models import Q
from django.utils import timezone

from region.training.groups import Subject
from shared.access.models import RoleGrant
from shared.accounts.models import Account
from shared.kernel.ids import new_id
from shared.organizations.models import AuthorityBody, Organization


class Registration(models.Model):
    """A person registered once: the account has his name, here is what the account does not know.

    ``consent_text`` is what he agreed to, word for word; ``name_key`` compares persons. Source: R-284, R-288.
    """

    class ConsentForm(models.TextChoices):
        ELECTRONIC = "electronic", "Электронно при регистрации"
        PAPER = "paper", "Письменно, хранится в организации"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.OneToOneField(Account, models.PROTECT, related_name="registration", verbose_name="учётная запись")
    name_key = models.CharField("имя для сравнения", max_length=310)
    born_on = models.DateField("дата рождения")
    email = models.EmailField("электронная почта", max_length=200)
    consent_form = models.CharField("форма согласия", max_length=10, choices=ConsentForm)
    consent_version = models.CharField("редакция согласия", max_length=20)
    consent_text = models.TextField("текст согласия")
    consent_at = models.DateTimeField("согласие дано")
    registered_by = models.CharField("кто зарегистрировал", max_length=310)
    registered_by_other = models.BooleanField("зарегистрирован ответственным работником", default=False)
    registered_at = models.DateTimeField("зарегистрирован", auto_now_add=True)

    class Meta:
        verbose_name = "регистрация работника образования"
        constraints = [
            models.UniqueConstraint(name="registration_one_person", fields=["name_key", "born_on"]),
            models.UniqueConstraint(name="registration_one_email", fields=["email"]),
        ]

    def __str__(self) -> str:
        return str(self.account)


class ClaimQuerySet(models.QuerySet["Claim"]):
    def waiting(self) -> ClaimQuerySet:
        return self.filter(state=Claim.State.WAITING)


class Claim(models.Model):
    """What a registered person asks the operator to confirm: a place of work, or a group by an order.

    Rows are kept: of places of work they are the history of jobs. Source: R-283, R-286, R-288.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "На проверке"
        CONFIRMED = "confirmed", "Подтверждено"
        REFUSED = "refused", "Отказано"
        REPLACED = "replaced", "Заменено новым"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    registration = models.ForeignKey(Registration, models.PROTECT, related_name="claims", verbose_name="регистрация")
    account = models.ForeignKey(Account, models.PROTECT, related_name="+", verbose_name="учётная запись")
    subject = models.CharField("что подтвердить", max_length=20, choices=Subject)
    organization = models.ForeignKey(
        Organization, models.PROTECT, null=True, related_name="+", verbose_name="организация"
    )
    other_place = models.CharField("другая организация", max_length=300, blank=True)
    authority = models.ForeignKey(
        AuthorityBody, models.PROTECT, null=True, related_name="+", verbose_name="орган управления"
    )
    position = models.CharField("должность", max_length=150, blank=True)
    order_number = models.CharField("№ приказа", max_length=40, blank=True)
    order_date = models.DateField("дата приказа", null=True)
    scan_name = models.CharField("файл приказа", max_length=130, blank=True)
    scan_type = models.CharField("вид файла", max_length=100, blank=True)
    scan_sha256 = models.CharField("контрольная сумма", max_length=64, blank=True)
    state = models.CharField("состояние", max_length=10, choices=State, default=State.WAITING)
    asked_at = models.DateTimeField("подано", default=timezone.now)
    due_on = models.DateField("рассмотреть до")
    decided_at = models.DateTimeField("когда решено", null=True)
    decided_by = models.CharField("кто решил", max_length=310, blank=True)
    reason = models.CharField("причина отказа", max_length=500, blank=True)
    grant = models.ForeignKey(RoleGrant, models.PROTECT, null=True, related_name="+", verbose_name="назначение")

    objects = ClaimQuerySet.as_manager()

    class Meta:
        verbose_name = "запрос на проверку в системе «Кадры»"
        constraints = [
            models.UniqueConstraint(
                name="claim_one_waiting", fields=["registration", "subject"], condition=Q(state="waiting")
            ),
            models.CheckConstraint(
                name="claim_group_by_order",
                condition=Q(subject="employment")
                | (~Q(order_number="") & Q(order_date__isnull=False) & ~Q(scan_sha256="")),
            ),
            models.CheckConstraint(
                name="claim_decided_whole",
                condition=Q(state__in=["waiting", "replaced"]) | (Q(decided_at__isnull=False) & ~Q(decided_by="")),
            ),
            models.CheckConstraint(name="claim_refused_with_reason", condition=~Q(state="refused") | ~Q(reason="")),
        ]
        indexes = [models.Index(name="claim_queue", fields=["state", "due_on"])]

    def __str__(self) -> str:
        return self.get_subject_display()

    @property
    def place(self) -> str:
        """Where the person works or serves, in words."""
        if self.authority_id is not None:
            return str(self.authority)
        return str(self.organization) if self.organization_id is not None else self.other_place

    @property
    def is_waiting(self) -> bool:
        return self.state == self.State.WAITING

    @property
    def is_employment(self) -> bool:
        return self.subject == Subject.EMPLOYMENT

    @property
    def is_overdue(self) -> bool:
        """Whether the operator's five working days are over."""
        return self.is_waiting and self.due_on < timezone.localdate()

    @property
    def mark(self) -> str:
        """The kind of its status mark."""
        if self.is_overdue:
            return "bad"
        return {"waiting": "info", "confirmed": "ok", "refused": "bad"}.get(self.state, "idle")

    @property
    def decided_on(self) -> datetime.date | None:
        return timezone.localdate(self.decided_at) if self.decided_at else None
