"""Certificates with their register, the log of what was printed, mass printing."""

from __future__ import annotations

from typing import Final

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from shared.documents.codes import grouped
from shared.tenancy.models import TenantModel
from tenants.files.models import StoredFile
from tenants.papers.queries import CertificateQuerySet, PrintingQuerySet
from tenants.people.models import Student

BY_PLACE_OF_DEMAND: Final = "по месту требования"


class PaperKind(models.TextChoices):
    """What is printed about people."""

    STUDY = "study", "Справка об обучении"
    PERIOD = "period", "Справка о периоде обучения"
    CARD = "card", "Личная карточка"
    CLASS_LIST = "class_list", "Список класса (группы)"
    COVER = "cover", "Обложка личного дела"
    CONSENT = "consent", "Форма согласия"


CERTIFICATES: Final = (PaperKind.STUDY, PaperKind.PERIOD)
CERTIFICATE_CHOICES: Final = [(kind.value, kind.label) for kind in CERTIFICATES]


class Numbering(TenantModel):
    """The last number given in a register of a year; taking the next one locks this row till the commit."""

    class Register(models.TextChoices):
        CERTIFICATES = "certificates", "Журнал выдачи справок"
        PRINTINGS = "printings", "Журнал печати"

    register = models.CharField("журнал", max_length=16, choices=Register)
    year = models.PositiveSmallIntegerField("год")
    last = models.PositiveIntegerField("последний номер", default=0)

    class Meta:
        verbose_name = "нумерация"
        constraints = [models.UniqueConstraint(name="numbering_once", fields=["register", "year"])]

    def __str__(self) -> str:
        return f"{self.get_register_display()}, {self.year}"


class Certificate(TenantModel):
    """A certificate (справка) as it was issued: a repeated print says the same. Source: E-01; 273-ФЗ, ст. 60 ч. 12.

    ``holder`` and ``holder_dative`` are the name of that day; ``facts`` are what else the paper says, without names.
    """

    class Status(models.TextChoices):
        ISSUED = "issued", "Выдана"
        ANNULLED = "annulled", "Аннулирована"

    student = models.ForeignKey(Student, models.PROTECT, related_name="certificates", verbose_name="обучающийся")
    kind = models.CharField("вид", max_length=8, choices=CERTIFICATE_CHOICES)
    year = models.PositiveSmallIntegerField("год")
    number = models.PositiveIntegerField("номер")
    issued_on = models.DateField("дата выдачи")
    holder = models.CharField("кому выдана", max_length=310, blank=True)
    holder_dative = models.CharField("кому выдана, дательный падеж", max_length=330, blank=True)
    facts = models.JSONField("содержание")
    destination = models.CharField("куда", max_length=200, default=BY_PLACE_OF_DEMAND)
    purpose = models.CharField("цель", max_length=300, blank=True)
    signer_post = models.CharField("должность подписавшего", max_length=120)
    signer_name = models.CharField("кто подписал", max_length=200)
    code = models.CharField("код проверки", max_length=12)
    status = models.CharField("состояние", max_length=8, choices=Status, default=Status.ISSUED)
    print_count = models.PositiveSmallIntegerField("сколько раз напечатана", default=0)
    issued_by = models.CharField("кто выдал", max_length=200)
    issued_at = models.DateTimeField("оформлена", db_default=Now())
    annulled_on = models.DateField("аннулирована", null=True, blank=True)
    annulled_by = models.CharField("кто аннулировал", max_length=200, blank=True)
    annulled_reason = models.CharField("причина аннулирования", max_length=300, blank=True)

    objects = CertificateQuerySet.as_manager()

    class Meta:
        verbose_name = "справка"
        ordering = ["-year", "-number"]
        constraints = [
            models.UniqueConstraint(name="certificate_number_once", fields=["year", "number"]),
            models.UniqueConstraint(name="certificate_code_once", fields=["code"]),
            models.CheckConstraint(
                name="certificate_annulled_with_reason",
                condition=Q(status="issued", annulled_on=None)
                | (Q(status="annulled", annulled_on__isnull=False) & ~Q(annulled_reason="") & ~Q(annulled_by="")),
            ),
        ]

    def __str__(self) -> str:
        return f"№ {self.number} от {self.issued_on:%d.%m.%Y}"

    @property
    def is_annulled(self) -> bool:
        return self.status == self.Status.ANNULLED

    @property
    def shown_holder(self) -> str:
        """The name of the day of issue; of a learner whose consent is withdrawn, none."""
        return self.student.full_name if self.student.is_blocked else self.holder

    @property
    def shown_code(self) -> str:
        return grouped(self.code)


class Printing(TenantModel):
    """A printout of personal data: what, about whom, by whom, and where the hard copy is. Source: R-378, R-171.

    ``code`` is the verification code of a paper that has one and is no certificate.
    """

    class State(models.TextChoices):
        GIVEN = "given", "Выдан на руки"
        KEPT = "kept", "Хранится"
        HANDED = "handed", "Передан"
        DESTROYED = "destroyed", "Уничтожен"

    kind = models.CharField("вид", max_length=12, choices=PaperKind)
    year = models.PositiveSmallIntegerField("год")
    number = models.PositiveIntegerField("номер экземпляра")
    title = models.CharField("что напечатано", max_length=200)
    subjects = ArrayField(models.UUIDField(), verbose_name="чьи данные")
    rows = models.PositiveIntegerField("строк")
    is_repeat = models.BooleanField("повторная печать", default=False)
    certified_by = models.CharField("кто заверяет", max_length=330, blank=True)
    code = models.CharField("код проверки", max_length=12, blank=True)
    printed_by = models.UUIDField("учётная запись", null=True)
    made_by = models.CharField("кто напечатал", max_length=200)
    printed_at = models.DateTimeField("напечатано", db_default=Now())
    state = models.CharField("где экземпляр", max_length=10, choices=State)
    place = models.CharField("место хранения", max_length=200, blank=True)
    act_number = models.CharField("№ акта", max_length=40, blank=True)
    act_on = models.DateField("дата акта", null=True, blank=True)
    handed_to = models.CharField("кому передан", max_length=200, blank=True)
    marked_by = models.CharField("кто отметил", max_length=200, blank=True)

    objects = PrintingQuerySet.as_manager()

    class Meta:
        verbose_name = "печать"
        ordering = ["-year", "-number"]
        constraints = [
            models.UniqueConstraint(name="printing_number_once", fields=["year", "number"]),
            models.UniqueConstraint(name="printing_code_once", fields=["code"], condition=~Q(code="")),
            models.CheckConstraint(
                name="printing_left_by_act",
                condition=Q(state__in=["given", "kept"]) | (~Q(act_number="") & Q(act_on__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return self.copy

    @property
    def copy(self) -> str:
        """What the foot of the page says after «Экз.»."""
        return f"{self.year}-{self.number}"

    @property
    def is_here(self) -> bool:
        """Whether the hard copy is still to be kept and may be marked as gone."""
        return self.state == self.State.KEPT


class PrintJob(TenantModel):
    """Certificates for many learners at once: ordered by one person, who alone may take the file.

    ``certificates`` are those issued, in the order of the pages; ``printed`` counts the pages that are ready, ``parts``
    are their checksums in the store until the file is whole.
    """

    class Status(models.TextChoices):
        QUEUED = "queued", "В очереди"
        PRINTING = "printing", "Печатается"
        DONE = "done", "Готово"
        REFUSED = "refused", "Не выполнено"

    status = models.CharField("состояние", max_length=8, choices=Status, default=Status.QUEUED)
    wish = models.JSONField("что заказано")
    students = ArrayField(models.UUIDField(), verbose_name="кому")
    certificates = ArrayField(models.UUIDField(), verbose_name="что выдано", default=list)
    parts = ArrayField(models.CharField(max_length=64), verbose_name="готовые части", default=list)
    printed = models.PositiveIntegerField("готово страниц", default=0)
    done_count = models.PositiveIntegerField("выдано", default=0)
    skipped_count = models.PositiveIntegerField("не выдано", default=0)
    refusal = models.CharField("почему не выполнено", max_length=300, blank=True)
    printing = models.ForeignKey(Printing, models.PROTECT, null=True, related_name="+", db_index=False)
    file = models.ForeignKey(StoredFile, models.SET_NULL, null=True, related_name="+", verbose_name="файл")
    ordered_by = models.UUIDField("учётная запись")
    made_by = models.CharField("кто заказал", max_length=200)
    ordered_at = models.DateTimeField("заказано", db_default=Now())
    done_at = models.DateTimeField("выполнено", null=True)

    class Meta:
        verbose_name = "массовая печать"
        ordering = ["-ordered_at", "-id"]

    def __str__(self) -> str:
        return f"Справок: {self.total}"

    @property
    def total(self) -> int:
        return len(self.students)

    @property
    def is_over(self) -> bool:
        """Whether nothing more is to be done about it."""
        return self.status in (self.Status.DONE, self.Status.REFUSED)

    @property
    def percent(self) -> int:
        """How much of it is printed."""
        return 100 * self.printed // len(self.certificates) if self.certificates else 0

    @property
    def kind(self) -> str:
        return str(PaperKind(self.wish["kind"]).label)

    @property
    def skipped_text(self) -> str:
        return f"Не выдано: {self.skipped_count}. Эти ученики сегодня не числятся или ещё не зачислены."
