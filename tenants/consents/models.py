"""Written consents to the processing of personal data, what follows their withdrawal, and what subjects ask for.

Source: ORGANIZATION 3, KK П 5.2–5.4, 152-ФЗ ст. 9, 20, 21.
"""

from __future__ import annotations

from typing import Final

from django.db import models
from django.db.models import F, Q

from shared.classifiers.catalog import load_catalog
from shared.tenancy.models import TenantModel
from tenants.consents.queries import ConsentQuerySet, SubjectRequestQuerySet
from tenants.files.models import StoredFile
from tenants.people.models import Guardian, Student


class SubjectKind(models.TextChoices):
    """Categories of subjects an organization holds data of. Source: R-173 (KK П 5.2)."""

    LEARNER = "learner", "Обучающийся"
    GUARDIAN = "guardian", "Родитель (законный представитель)"
    EMPLOYEE = "employee", "Работник"


# The consent that lets the data of a subject stand in the system at all (classifier consent_kind).
PROCESSING: Final = {SubjectKind.LEARNER: "student", SubjectKind.GUARDIAN: "guardian", SubjectKind.EMPLOYEE: "staff"}
KINDS: Final = load_catalog().choices("consent_kind")


class ConsentTerms(TenantModel):
    """The text a consent was given to: operator, purposes, data, actions; one row an edition."""

    kind = models.CharField("вид согласия", max_length=32, choices=KINDS)
    operator = models.TextField("оператор")
    purposes = models.TextField("цели")
    data = models.TextField("перечень данных")
    actions = models.TextField("действия")
    digest = models.CharField(max_length=64, db_index=False)
    made_at = models.DateTimeField("составлен", auto_now_add=True)

    class Meta:
        verbose_name = "текст согласия"
        constraints = [models.UniqueConstraint(name="consentterms_once", fields=["digest"])]

    def __str__(self) -> str:
        return load_catalog().label("consent_kind", self.kind)


class Consent(TenantModel):
    """One written consent. Source: ORGANIZATION 3.2 (required parts by 152-ФЗ ст. 9).

    The subject is a learner (``student``), a guardian (``guardian``) or an employee (``employee_id``); of a learner's
    consent ``guardian`` is who signed it. Of each kind a subject has at most one current: the last one given.
    """

    subject_kind = models.CharField("чьи данные", max_length=8, choices=SubjectKind)
    student = models.ForeignKey(Student, models.PROTECT, null=True, related_name="consents", verbose_name="обучающийся")
    guardian = models.ForeignKey(
        Guardian, models.PROTECT, null=True, related_name="consents", verbose_name="представитель"
    )
    employee_id = models.UUIDField("работник", null=True)
    signer = models.CharField("кто подписал", max_length=310, blank=True)
    kind = models.CharField("вид", max_length=32, choices=KINDS)
    terms = models.ForeignKey(
        ConsentTerms, models.PROTECT, related_name="consents", verbose_name="текст", db_index=False
    )
    signed_on = models.DateField("дата")
    number = models.CharField("номер", max_length=40, blank=True)
    valid_until = models.DateField("действует до", null=True, blank=True)
    scan = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="скан")
    is_current = models.BooleanField("последнее этого вида", default=True)
    withdrawn_on = models.DateField("отозвано", null=True, blank=True)
    withdrawal_reason = models.CharField("основание отзыва", max_length=500, blank=True)
    withdrawn_by = models.CharField("кто записал отзыв", max_length=200, blank=True)
    recorded_by = models.CharField("кто записал", max_length=200)
    recorded_at = models.DateTimeField("записано", auto_now_add=True)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = "согласие"
        ordering = ["-signed_on", "-id"]
        constraints = [
            models.CheckConstraint(
                name="consent_one_subject",
                condition=Q(subject_kind="learner", student__isnull=False, employee_id=None)
                | Q(subject_kind="guardian", guardian__isnull=False, student=None, employee_id=None)
                | Q(subject_kind="employee", employee_id__isnull=False, student=None, guardian=None),
            ),
            models.CheckConstraint(
                name="consent_withdrawn_after_signed",
                condition=Q(withdrawn_on=None) | Q(withdrawn_on__gte=F("signed_on")),
            ),
            models.CheckConstraint(
                name="consent_term_after_signed",
                condition=Q(valid_until=None) | Q(valid_until__gte=F("signed_on")),
            ),
            models.UniqueConstraint(
                name="consent_one_current_of_learner",
                fields=["student", "kind"],
                condition=Q(subject_kind="learner", is_current=True),
            ),
            models.UniqueConstraint(
                name="consent_one_current_of_guardian",
                fields=["guardian", "kind"],
                condition=Q(subject_kind="guardian", is_current=True),
            ),
            models.UniqueConstraint(
                name="consent_one_current_of_employee",
                fields=["employee_id", "kind"],
                condition=Q(subject_kind="employee", is_current=True),
            ),
        ]

    def __str__(self) -> str:
        number = f" № {self.number}" if self.number else ""
        return f"Согласие{number} от {self.signed_on:%d.%m.%Y}"

    @property
    def is_processing(self) -> bool:
        """Whether the subject's data stand in the system by this consent."""
        return self.kind == PROCESSING[SubjectKind(self.subject_kind)]


class BlockedDecision(TenantModel):
    """What the organization decided on data whose consent is withdrawn. Source: 152-ФЗ ст. 21 ч. 5."""

    class Decision(models.TextChoices):
        KEEP = "keep", "Хранить: есть другое основание"
        DESTROY = "destroy", "Уничтожить"

    consent = models.OneToOneField(Consent, models.PROTECT, related_name="decision", verbose_name="отозванное согласие")
    decision = models.CharField("решение", max_length=8, choices=Decision)
    ground = models.CharField("основание", max_length=500)
    kept_until = models.DateField("хранить до", null=True, blank=True)
    act_number = models.CharField("№ акта", max_length=40)
    decided_on = models.DateField("дата акта")
    decided_by = models.CharField("кто решил", max_length=200)

    class Meta:
        verbose_name = "решение о заблокированных данных"

    def __str__(self) -> str:
        return f"Акт № {self.act_number} от {self.decided_on:%d.%m.%Y}"


class OperatorDetails(TenantModel):
    """Requisites of the organization as an operator of personal data: one row. Source: R-174 (KK П 5.3)."""

    is_only = models.BooleanField(default=True, editable=False)
    register_number = models.CharField("номер в реестре операторов", max_length=40, blank=True)
    registered_on = models.DateField("внесён в реестр", null=True, blank=True)
    responsible_name = models.CharField("ответственный за обработку ПДн", max_length=310)
    responsible_post = models.CharField("должность", max_length=200, blank=True)
    responsible_order = models.CharField("приказ о назначении", max_length=120, blank=True)
    contacts = models.CharField("телефон, электронная почта", max_length=200, blank=True)
    updated_by = models.CharField("кто изменил", max_length=200)

    class Meta:
        verbose_name = "реквизиты оператора ПДн"
        constraints = [
            models.UniqueConstraint(name="operatordetails_one", fields=["is_only"]),
            models.CheckConstraint(name="operatordetails_only", condition=Q(is_only=True)),
        ]

    def __str__(self) -> str:
        return self.register_number or self.responsible_name


class SubjectRequest(TenantModel):
    """What a family asks of its data: a correction, or to stop processing. Source: R-170, 152-ФЗ ст. 20."""

    class Kind(models.TextChoices):
        CORRECTION = "correction", "Исправить сведения"
        WITHDRAWAL = "withdrawal", "Отозвать согласие"

    class Status(models.TextChoices):
        NEW = "new", "Ожидает ответа"
        DONE = "done", "Выполнено"
        REFUSED = "refused", "Отказано"

    student = models.ForeignKey(Student, models.PROTECT, related_name="requests", verbose_name="обучающийся")
    kind = models.CharField("о чём", max_length=12, choices=Kind)
    consent = models.ForeignKey(
        Consent, models.PROTECT, null=True, related_name="+", verbose_name="согласие", db_index=False
    )
    field = models.CharField("сведения", max_length=40, blank=True)
    text = models.TextField("просьба", max_length=1000)
    author_id = models.UUIDField("учётная запись")
    author_name = models.CharField("кто просит", max_length=310)
    made_on = models.DateField("дата")
    due_on = models.DateField("ответить до")
    status = models.CharField("состояние", max_length=8, choices=Status, default=Status.NEW)
    answer = models.CharField("ответ", max_length=1000, blank=True)
    answered_by = models.CharField("кто ответил", max_length=200, blank=True)
    answered_on = models.DateField("дата ответа", null=True, blank=True)

    objects = SubjectRequestQuerySet.as_manager()

    class Meta:
        verbose_name = "обращение субъекта"
        ordering = ["due_on", "id"]
        constraints = [
            models.CheckConstraint(
                name="subjectrequest_withdrawal_names_consent",
                condition=~Q(kind="withdrawal") | Q(consent__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} от {self.made_on:%d.%m.%Y}"
