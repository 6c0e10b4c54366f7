"""Cards of employees and the rows that belong to them. Source: ORGANIZATION 2.2 (R-180 … R-184)."""

from __future__ import annotations

import datetime
from typing import ClassVar, Final, Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from shared.cards.models import CardModel
from shared.classifiers.catalog import load_catalog
from shared.classifiers.local import classifier_here
from shared.kernel.sql import sort_name_field
from shared.tenancy.models import TenantModel
from tenants.files.models import StoredFile
from tenants.staff.queries import StaffQuerySet, StandingRows

MONTHS_A_YEAR: Final = 12


def _codes(name: str) -> ArrayField[list[str], list[str]]:
    """Codes of a classifier."""
    return ArrayField(models.CharField(max_length=40), verbose_name=name, default=list, db_default=[], blank=True)


class StaffMember(CardModel):
    """An employee (работник). Source: ORGANIZATION 2.2.

    ``consent_on`` and ``consent_withdrawn_on`` repeat his current consent to processing; only ``tenants.consents``
    writes them. Without it everything beyond his name and position is sealed (KK Прил.1 1.4). ``dismissed_on`` is his
    last working day; a dismissed employee's card is kept in the archive. ``namesake`` tells apart different people of
    one name and birth date, so that two clerks never make two cards of one person.
    """

    class Sex(models.TextChoices):
        MALE = "M", "Мужской"
        FEMALE = "F", "Женский"

    last_name = models.CharField("фамилия", max_length=100)
    first_name = models.CharField("имя", max_length=100)
    patronymic = models.CharField("отчество", max_length=100, blank=True)
    sort_name = sort_name_field()
    namesake = models.PositiveSmallIntegerField("однофамилец", default=0, db_default=0)
    birth_date = models.DateField("дата рождения")
    sex = models.CharField("пол", max_length=1, choices=Sex)
    doc_type = models.CharField("вид документа", max_length=32, blank=True)
    doc_series = models.CharField("серия", max_length=20, blank=True)
    doc_number = models.CharField("номер", max_length=30, blank=True)
    doc_issued_on = models.DateField("дата выдачи", null=True, blank=True)
    doc_issued_by = models.CharField("кем выдан", max_length=300, blank=True)
    doc_department_code = models.CharField("код подразделения", max_length=7, blank=True)
    snils = models.CharField("СНИЛС", max_length=11, blank=True)
    inn = models.CharField("ИНН", max_length=12, blank=True)
    marital_status = models.CharField("семейное положение", max_length=32, blank=True)
    residence_address = models.CharField("место жительства", max_length=500, blank=True)
    registration_address = models.CharField("место регистрации", max_length=500, blank=True)
    home_phone = models.CharField("домашний телефон", max_length=60, blank=True)
    mobile_phone = models.CharField("мобильный телефон", max_length=60, blank=True)
    email = models.CharField("электронная почта", max_length=200, blank=True)
    hire_date = models.DateField("дата приёма")
    hire_order_no = models.CharField("№ приказа о приёме", max_length=40)
    hire_order_date = models.DateField("дата приказа о приёме")
    main_position = models.CharField("основная должность", max_length=32)
    additional_positions = _codes("дополнительные должности")
    personnel_category = models.CharField("категория персонала", max_length=16)
    qualification_categories = _codes("квалификационные категории")
    experience_total_from = models.DateField("общий стаж исчисляется с", null=True, blank=True)
    experience_teaching_from = models.DateField("педагогический стаж исчисляется с", null=True, blank=True)
    subjects_taught = _codes("преподаваемые предметы")
    adult_education_level = models.CharField("образование", max_length=32, blank=True)
    consent_on = models.DateField("согласие на обработку ПДн от", null=True, blank=True)
    consent_withdrawn_on = models.DateField("согласие отозвано", null=True, blank=True)
    account_id = models.UUIDField("учётная запись", null=True, blank=True)
    dismissed_on = models.DateField("уволен", null=True, blank=True)
    dismissal_order_no = models.CharField("№ приказа об увольнении", max_length=40, blank=True)
    dismissal_order_date = models.DateField("дата приказа об увольнении", null=True, blank=True)
    is_annulled = models.BooleanField("аннулирована", default=False, db_default=False)
    created_at = models.DateTimeField("создана", auto_now_add=True)

    objects = StaffQuerySet.as_manager()

    class Meta:
        verbose_name = "работник"
        ordering = ["sort_name", "id"]
        constraints = [
            models.UniqueConstraint(
                name="staffmember_one_per_snils", fields=["snils"], condition=~Q(snils="") & Q(is_annulled=False)
            ),
            models.UniqueConstraint(
                name="staffmember_one_person",
                fields=["sort_name", "birth_date", "namesake"],
                condition=Q(is_annulled=False),
            ),
            models.UniqueConstraint(
                name="staffmember_one_per_account",
                fields=["account_id"],
                condition=Q(account_id__isnull=False, is_annulled=False),
            ),
            models.CheckConstraint(name="staffmember_sex_known", condition=Q(sex__in=["M", "F"])),
            models.CheckConstraint(name="staffmember_born_before_hire", condition=Q(hire_date__gt=F("birth_date"))),
            models.CheckConstraint(
                name="staffmember_document_after_birth",
                condition=Q(doc_issued_on=None) | Q(doc_issued_on__gte=F("birth_date")),
            ),
            models.CheckConstraint(
                name="staffmember_dismissed_after_hire",
                condition=Q(dismissed_on=None) | Q(dismissed_on__gte=F("hire_date")),
            ),
            models.CheckConstraint(
                name="staffmember_dismissed_by_order",
                condition=Q(dismissed_on=None, dismissal_order_no="", dismissal_order_date=None)
                | (Q(dismissed_on__isnull=False, dismissal_order_date__isnull=False) & ~Q(dismissal_order_no="")),
            ),
            models.CheckConstraint(
                name="staffmember_consent_period",
                condition=Q(consent_withdrawn_on=None) | Q(consent_withdrawn_on__gte=F("consent_on")),
            ),
        ]
        indexes = [GinIndex(OpClass(F("sort_name"), name="gin_trgm_ops"), name="staffmember_sort_name_trgm")]

    def __str__(self) -> str:
        return self.full_name

    @property
    def attested_until(self) -> datetime.date | None:
        """The day with which the last of his attestations ends; None where one holds without a term, or none was.

        Source: KK Прил.1 2.3.
        """
        terms = [one.valid_to for one in self.certifications.all() if one.decided_on is not None]
        return None if None in terms else max(filter(None, terms), default=None)

    @property
    def full_name(self) -> str:
        return " ".join(part for part in (self.last_name, self.first_name, self.patronymic) if part)

    @property
    def is_sealed(self) -> bool:
        """Whether everything beyond the name and the position waits for a consent. Source: KK Прил.1 1.4 (R-205)."""
        return self.consent_on is None or self.consent_withdrawn_on is not None

    @property
    def position(self) -> str:
        """His main position in words."""
        return load_catalog().label("staff_position", self.main_position)

    def is_dismissed(self, day: datetime.date) -> bool:
        """Whether his last working day is over."""
        return self.dismissed_on is not None and self.dismissed_on < day

    @property
    def experience_total(self) -> int | None:
        """Whole months of work."""
        return self._months_since(self.experience_total_from)

    @property
    def experience_teaching(self) -> int | None:
        """Whole months of teaching."""
        return self._months_since(self.experience_teaching_from)

    def _months_since(self, start: datetime.date | None) -> int | None:
        """Until today, or until the last working day of a dismissed one: the base date counts no later breaks."""
        if start is None:
            return None
        today = timezone.localdate()
        end = min(self.dismissed_on, today) if self.dismissed_on else today
        months = (end.year - start.year) * MONTHS_A_YEAR + end.month - start.month - (end.day < start.day)
        return max(months, 0)


class StaffRow(TenantModel):
    """A row of a card: kept with its dates for good; one written by mistake is annulled and no longer shown."""

    recorded_by = models.CharField("кто записал", max_length=200)
    recorded_at = models.DateTimeField("записано", auto_now_add=True)
    is_annulled = models.BooleanField("записано по ошибке", default=False, db_default=False)

    objects: ClassVar[StandingRows[Self]] = StandingRows()
    with_annulled: ClassVar[models.Manager[Self]] = models.Manager()

    class Meta:
        abstract = True


class Diploma(StaffRow):
    """A diploma. Source: R-184."""

    member = models.ForeignKey(StaffMember, models.PROTECT, related_name="diplomas", verbose_name="работник")
    institution = models.CharField("учебное заведение", max_length=300)
    speciality = models.CharField("специальность по диплому", max_length=300, blank=True)
    qualification = models.CharField("квалификация", max_length=200, blank=True)
    level = models.CharField("уровень образования", max_length=32, blank=True)
    number = models.CharField("серия и № диплома", max_length=60, blank=True)
    issued_on = models.DateField("дата выдачи", null=True, blank=True)

    class Meta:
        verbose_name = "диплом"
        ordering = [F("issued_on").desc(nulls_last=True), "-id"]

    def __str__(self) -> str:
        return self.institution


class Award(StaffRow):
    """An award (награда): a code of ``award_name``; of older rows the name as it was typed. Source: R-183."""

    member = models.ForeignKey(StaffMember, models.PROTECT, related_name="awards", verbose_name="работник")
    name = models.CharField("награда", max_length=300)
    level = models.CharField("уровень", max_length=16)
    awarded_on = models.DateField("дата")
    document = models.CharField("документ", max_length=200, blank=True)

    class Meta:
        verbose_name = "награда"
        ordering = ["-awarded_on", "-id"]

    def __str__(self) -> str:
        book = classifier_here("award_name")
        return book[self.name].label if self.name in book else self.name


class Certification(StaffRow):
    """An attestation (аттестация): the procedure, its order, how long the category holds. Source: KK Прил.1 2.3."""

    member = models.ForeignKey(StaffMember, models.PROTECT, related_name="certifications", verbose_name="работник")
    kind = models.CharField("вид аттестации", max_length=16)
    started_on = models.DateField("дата начала процедуры", null=True, blank=True)
    decided_on = models.DateField("дата аттестации", null=True, blank=True)
    order_no = models.CharField("№ приказа", max_length=60, blank=True)
    order_date = models.DateField("дата приказа", null=True, blank=True)
    valid_to = models.DateField("действует до", null=True, blank=True)

    class Meta:
        verbose_name = "аттестация"
        ordering = [F("decided_on").desc(nulls_first=True), "-id"]
        constraints = [
            models.CheckConstraint(
                name="certification_begun", condition=Q(started_on__isnull=False) | Q(decided_on__isnull=False)
            ),
            models.CheckConstraint(
                name="certification_days_in_order",
                condition=(Q(started_on=None) | Q(decided_on=None) | Q(decided_on__gte=F("started_on")))
                & (Q(valid_to=None) | Q(decided_on=None) | Q(valid_to__gte=F("decided_on"))),
            ),
        ]

    def __str__(self) -> str:
        return load_catalog().label("certification_kind", self.kind)

    @property
    def category(self) -> str:
        """The qualification category that it gives (classifier qualification_category)."""
        return str(load_catalog()["certification_kind"][self.kind].facts["grants"])

    def is_in_force(self, day: datetime.date) -> bool:
        return (
            self.decided_on is not None and self.decided_on <= day and (self.valid_to is None or self.valid_to >= day)
        )


class StaffTraining(StaffRow):
    """A course of further training (повышение квалификации). Source: R-184, STAFF_TRAINING."""

    member = models.ForeignKey(StaffMember, models.PROTECT, related_name="trainings", verbose_name="работник")
    program = models.CharField("программа", max_length=400)
    provider = models.CharField("организатор", max_length=300, blank=True)
    hours = models.PositiveSmallIntegerField("часов", null=True, blank=True)
    started_on = models.DateField("начало", null=True, blank=True)
    ended_on = models.DateField("окончание")
    document_no = models.CharField("№ удостоверения", max_length=60, blank=True)

    class Meta:
        verbose_name = "курсы повышения квалификации"
        ordering = ["-ended_on", "-id"]
        constraints = [
            models.CheckConstraint(
                name="stafftraining_days_in_order", condition=Q(started_on=None) | Q(ended_on__gte=F("started_on"))
            ),
        ]

    def __str__(self) -> str:
        return self.program


class MethodicalWork(StaffRow):
    """A methodical work or project of a teacher, with its file. Source: R-233 (KK Прил.2 2.1.8)."""

    member = models.ForeignKey(StaffMember, models.PROTECT, related_name="methodical_works", verbose_name="работник")
    title = models.CharField("название", max_length=400)
    kind = models.CharField("вид", max_length=16)
    year = models.PositiveSmallIntegerField("год")
    level = models.CharField("уровень", max_length=16, blank=True)
    file = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="файл", db_index=False
    )

    class Meta:
        verbose_name = "методическая разработка"
        ordering = ["-year", "-id"]

    def __str__(self) -> str:
        return self.title


class FormerValue(StaffRow):
    """What a card said before: a replaced passport, a former address, name or position, an earlier employment.

    Days ``[held_from, held_to)`` as far as they are known; ``basis`` is the order or document of the change.
    """

    class Kind(models.TextChoices):
        DOCUMENT = "document", "Документ"
        RESIDENCE = "residence_address", "Место жительства"
        REGISTRATION = "registration_address", "Место регистрации"
        NAME = "name", "Фамилия, имя, отчество"
        POSITION = "main_position", "Основная должность"
        EMPLOYMENT = "employment", "Работа в организации"

    member = models.ForeignKey(StaffMember, models.PROTECT, related_name="former_values", verbose_name="работник")
    kind = models.CharField("что сменилось", max_length=24, choices=Kind)
    text = models.CharField("прежнее значение", max_length=500, blank=True)
    doc_type = models.CharField("вид документа", max_length=32, blank=True)
    doc_series = models.CharField("серия", max_length=20, blank=True)
    doc_number = models.CharField("номер", max_length=30, blank=True)
    doc_issued_on = models.DateField("дата выдачи", null=True, blank=True)
    doc_issued_by = models.CharField("кем выдан", max_length=300, blank=True)
    doc_department_code = models.CharField("код подразделения", max_length=7, blank=True)
    held_from = models.DateField("с", null=True, blank=True)
    held_to = models.DateField("до")
    basis = models.CharField("основание", max_length=300, blank=True)

    class Meta:
        verbose_name = "прежнее значение"
        ordering = ["-held_to", "-id"]
        constraints = [
            models.CheckConstraint(
                name="formervalue_period", condition=Q(held_from=None) | Q(held_to__gte=F("held_from"))
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()
