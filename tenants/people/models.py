"""Learners and their legal representatives."""

from __future__ import annotations

import datetime
from functools import cached_property
from typing import Final

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone

from shared.cards.models import CardModel
from shared.kernel.sql import sort_name_field
from shared.tenancy.models import TenantModel
from tenants.people.places import PlaceOn, places_of
from tenants.people.queries import GuardianLinkQuerySet, GuardianQuerySet, StudentQuerySet
from tenants.people.records import Achievement, FormerAddress, FormerDocument

__all__ = [
    "Achievement",
    "DeviantRecord",
    "FormerAddress",
    "FormerDocument",
    "Guardian",
    "GuardianLink",
    "Student",
    "StudentSpecial",
]
BLOCKED_NAME: Final = "Заблокировано"


def _text(label: str, length: int) -> models.CharField[str, str]:
    """A text that may be empty; the database knows it too, because rows of files come by COPY."""
    return models.CharField(label, max_length=length, blank=True, default="", db_default="")


class Student(CardModel):
    """A learner (ученик, воспитанник). Source: ORGANIZATION 2.3.

    ``consent_on`` and ``consent_withdrawn_on`` repeat his current consent to processing for counts and the registry;
    only ``tenants.consents`` writes them. After a withdrawal he is blocked: his name is said nowhere but to the
    person responsible.
    """

    class Sex(models.TextChoices):
        MALE = "M", "Мужской"
        FEMALE = "F", "Женский"

    last_name = models.CharField("фамилия", max_length=100)
    first_name = models.CharField("имя", max_length=100)
    patronymic = models.CharField("отчество", max_length=100, blank=True)
    sort_name = sort_name_field()
    birth_date = models.DateField("дата рождения")
    sex = models.CharField("пол", max_length=1, choices=Sex)
    snils = models.CharField("СНИЛС", max_length=11, blank=True)
    citizenship = models.CharField("гражданство", max_length=3, default="RUS")
    doc_type = models.CharField("тип документа", max_length=32, blank=True)
    doc_series = models.CharField("серия", max_length=20, blank=True)
    doc_number = models.CharField("номер", max_length=30, blank=True)
    doc_issued_on = models.DateField("дата выдачи", null=True, blank=True)
    doc_issued_by = models.CharField("кем выдан", max_length=300, blank=True)
    address = models.CharField("адрес места жительства", max_length=500, blank=True)
    registration_address = models.CharField("адрес регистрации", max_length=500, blank=True)
    phone = models.CharField("телефон", max_length=60, blank=True)
    email = models.CharField("электронная почта", max_length=200, blank=True)
    doc_act_number = _text("номер актовой записи", 40)
    doc_department_code = _text("код подразделения", 7)
    birth_place = _text("место рождения", 300)
    personal_file_no = _text("№ личного дела", 20)
    home_pc = models.BooleanField("ПК дома", null=True, blank=True)
    native_language = _text("родной язык", 32)
    instruction_language = _text("язык обучения", 32)
    health_limits = models.BooleanField("ОВЗ", default=False)
    disability = models.BooleanField("инвалидность", default=False)
    consent_on = models.DateField("согласие на обработку ПДн от")
    consent_withdrawn_on = models.DateField("согласие отозвано", null=True, blank=True)
    is_address_protected = models.BooleanField("адрес под защитой", default=False, db_default=False)
    account_id = models.UUIDField("учётная запись", null=True, blank=True)
    is_annulled = models.BooleanField("аннулирован", default=False)
    created_at = models.DateTimeField("создан", auto_now_add=True)

    objects = StudentQuerySet.as_manager()

    class Meta:
        verbose_name = "обучающийся"
        ordering = ["sort_name", "id"]
        constraints = [
            models.UniqueConstraint(
                name="student_one_per_snils", fields=["snils"], condition=~Q(snils="") & Q(is_annulled=False)
            ),
            models.UniqueConstraint(
                name="student_one_per_personal_file",
                fields=["personal_file_no"],
                condition=~Q(personal_file_no="") & Q(is_annulled=False),
            ),
            models.CheckConstraint(name="student_sex_known", condition=Q(sex__in=["M", "F"])),
            models.CheckConstraint(
                name="student_consent_period",
                condition=Q(consent_withdrawn_on=None) | Q(consent_withdrawn_on__gte=F("consent_on")),
            ),
        ]
        indexes = [
            models.Index(name="student_sort_name", fields=["sort_name", "id"]),
            GinIndex(OpClass(F("sort_name"), name="gin_trgm_ops"), name="student_sort_name_trgm"),
            models.Index(name="student_birth_date", fields=["birth_date"]),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def is_blocked(self) -> bool:
        """Whether his consent is withdrawn. Source: ORGANIZATION 3.3."""
        return self.consent_withdrawn_on is not None

    @property
    def full_name(self) -> str:
        """How lists and papers name him."""
        return BLOCKED_NAME if self.is_blocked else self.real_name

    @property
    def shown_birth_date(self) -> datetime.date | None:
        return None if self.is_blocked else self.birth_date

    @property
    def real_name(self) -> str:
        """The name for the family, and for the person responsible for blocked data."""
        return " ".join(part for part in (self.last_name, self.first_name, self.patronymic) if part)

    @cached_property
    def main_place(self) -> PlaceOn | None:
        """His place of today, of one who left the last one: what orders say and the card repeats."""
        return next(iter(places_of(self, timezone.localdate())), None)

    @property
    def enrolled_on(self) -> datetime.date | None:
        return self.main_place.enrollment.enrolled_on if self.main_place else None

    @property
    def group_name(self) -> str:
        return self.main_place.group_name if self.main_place else ""

    @property
    def shift(self) -> int | None:
        placement = self.main_place.placement if self.main_place else None
        return placement.shift if placement else None

    @property
    def grade(self) -> int | None:
        placement = self.main_place.placement if self.main_place else None
        return placement.group.grade if placement else None

    @property
    def program_kind(self) -> str:
        return self.main_place.enrollment.program_kind if self.main_place else ""

    @property
    def form_of_study(self) -> str:
        return self.main_place.enrollment.form_of_study if self.main_place else ""

    @property
    def form_of_education(self) -> str:
        return self.main_place.enrollment.form_of_education if self.main_place else ""


class StudentSpecial(TenantModel):
    """Special-category facts of a learner (особые сведения): a right of their own. Source: ORGANIZATION 2.3, 3.7."""

    student = models.OneToOneField(Student, models.PROTECT, related_name="special", verbose_name="обучающийся")
    health_group = models.CharField("группа здоровья", max_length=1, blank=True)
    pe_group = models.CharField("физкультурная группа", max_length=16, blank=True)
    diseases = models.TextField("заболевания", max_length=2000, blank=True)
    policy_number = models.CharField("медицинский полис", max_length=20, blank=True)
    insurer = models.CharField("организация, выдавшая полис", max_length=300, blank=True)
    family_composition = models.CharField("состав семьи", max_length=32, blank=True)
    children_count = models.PositiveSmallIntegerField("детей в семье", null=True, blank=True)
    social_statuses = ArrayField(
        models.CharField(max_length=32), verbose_name="социальное положение", default=list, blank=True
    )
    health_limits_kind = _text("вид ОВЗ", 32)
    pmpk_number = _text("заключение ПМПК, номер", 60)
    pmpk_on = models.DateField("заключение ПМПК от", null=True, blank=True)
    pmpk_valid_to = models.DateField("заключение ПМПК действует до", null=True, blank=True)
    program_variant = _text("вариант адаптированной программы", 20)
    disability_number = _text("справка об инвалидности, номер", 60)
    disability_on = models.DateField("справка об инвалидности от", null=True, blank=True)
    disability_valid_to = models.DateField("инвалидность установлена до", null=True, blank=True)
    updated_at = models.DateTimeField("изменены", auto_now=True)
    updated_by = models.CharField("кто изменил", max_length=200)

    class Meta:
        verbose_name = "особые сведения"
        constraints = [
            models.CheckConstraint(
                name="studentspecial_pmpk_period",
                condition=Q(pmpk_on=None) | Q(pmpk_valid_to=None) | Q(pmpk_valid_to__gte=F("pmpk_on")),
            ),
            models.CheckConstraint(
                name="studentspecial_disability_period",
                condition=Q(disability_on=None)
                | Q(disability_valid_to=None)
                | Q(disability_valid_to__gte=F("disability_on")),
            ),
        ]

    def __str__(self) -> str:
        return str(self.student_id)

    @property
    def tells_health_limits(self) -> bool:
        """Whether papers on ОВЗ are recorded: while they stand, the fact «ОВЗ: да» stands."""
        return bool(
            self.health_limits_kind or self.pmpk_number or self.pmpk_on or self.pmpk_valid_to or self.program_variant
        )

    @property
    def tells_disability(self) -> bool:
        return bool(self.disability_number or self.disability_on or self.disability_valid_to)


class DeviantRecord(TenantModel):
    """A registration of deviant behavior (учёт), days ``[registered_from, registered_to)``."""

    student = models.ForeignKey(Student, models.PROTECT, related_name="deviant_records", verbose_name="обучающийся")
    kind = models.CharField("вид учёта", max_length=32)
    registered_from = models.DateField("поставлен")
    registered_to = models.DateField("снят", null=True, blank=True)
    basis = models.CharField("основание", max_length=300)

    class Meta:
        verbose_name = "учёт"
        ordering = ["-registered_from", "-id"]
        constraints = [
            models.CheckConstraint(
                name="deviantrecord_period",
                condition=Q(registered_to=None) | Q(registered_to__gte=F("registered_from")),
            ),
        ]

    def __str__(self) -> str:
        return self.kind


class Guardian(CardModel):
    """A representative or kin of a child: one record for all his children here. Source: ORGANIZATION 2.4.

    Without his consent only the name and the relation are shown, the rest stays sealed; the two days repeat his
    current consent to processing and are written by ``tenants.consents`` alone. ``phone`` is the mobile one: with
    the name it tells people of one name apart.
    """

    last_name = models.CharField("фамилия", max_length=100)
    first_name = models.CharField("имя", max_length=100, blank=True)
    patronymic = models.CharField("отчество", max_length=100, blank=True)
    sort_name = sort_name_field()
    birth_date = models.DateField("дата рождения", null=True, blank=True)
    sex = models.CharField("пол", max_length=1, choices=Student.Sex, blank=True, default="", db_default="")
    snils = _text("СНИЛС", 11)
    doc_type = _text("тип документа", 32)
    doc_series = _text("серия", 20)
    doc_number = _text("номер", 30)
    doc_issued_on = models.DateField("дата выдачи", null=True, blank=True)
    doc_issued_by = _text("кем выдан", 300)
    doc_department_code = _text("код подразделения", 7)
    address = _text("адрес места жительства", 500)
    registration_address = _text("адрес регистрации", 500)
    home_phone = _text("домашний телефон", 60)
    phone = models.CharField("мобильный телефон", max_length=60, blank=True)
    work_phone = _text("рабочий телефон", 60)
    email = _text("электронная почта", 200)
    adult_education_level = _text("образование", 32)
    workplace = _text("место работы", 300)
    position = _text("должность", 200)
    account_id = models.UUIDField("учётная запись", null=True, blank=True, db_index=True)
    consent_on = models.DateField("согласие на обработку ПДн от", null=True, blank=True)
    consent_withdrawn_on = models.DateField("согласие отозвано", null=True, blank=True)
    # Rows of files come by COPY, which knows nothing of the program's own defaults.
    updated_at = models.DateTimeField("изменена", auto_now=True, db_default=Now())

    objects = GuardianQuerySet.as_manager()

    class Meta:
        verbose_name = "законный представитель"
        ordering = ["sort_name", "id"]
        constraints = [
            models.UniqueConstraint(name="guardian_once", fields=["sort_name", "phone"]),
            models.UniqueConstraint(name="guardian_one_per_snils", fields=["snils"], condition=~Q(snils="")),
            models.CheckConstraint(name="guardian_sex_known", condition=Q(sex__in=["", "M", "F"])),
            models.CheckConstraint(
                name="guardian_consent_period",
                condition=Q(consent_withdrawn_on=None) | Q(consent_withdrawn_on__gte=F("consent_on")),
            ),
        ]

    def __str__(self) -> str:
        return " ".join(part for part in (self.last_name, self.first_name, self.patronymic) if part)

    @property
    def is_sealed(self) -> bool:
        """Whether everything beyond his name waits for a consent. Source: KK П 5.4, ORGANIZATION 3.1."""
        return self.consent_on is None or self.consent_withdrawn_on is not None

    @property
    def open_phone(self) -> str:
        return "" if self.is_sealed else self.phone


class GuardianLink(TenantModel):
    """Who represents a child and how they are related (classifier guardian_relation).

    Whoever is restricted in his rights or deprived of them loses every access at once. Source: ORGANIZATION 2.4.
    """

    class Restriction(models.TextChoices):
        NONE = "", "Не ограничен"
        RESTRICTED = "restricted", "Ограничен в родительских правах"
        DEPRIVED = "deprived", "Лишён родительских прав"

    student = models.ForeignKey(Student, models.PROTECT, related_name="guardian_links", verbose_name="обучающийся")
    guardian = models.ForeignKey(Guardian, models.PROTECT, related_name="links", verbose_name="представитель")
    relation = models.CharField("степень родства", max_length=32, blank=True)
    authority_document = models.CharField(
        "документ о праве представлять ребёнка", max_length=300, blank=True, default="", db_default=""
    )
    rights_restriction = models.CharField(
        "ограничение прав", max_length=12, choices=Restriction, blank=True, default="", db_default=""
    )
    restriction_document = models.CharField(
        "документ об ограничении", max_length=300, blank=True, default="", db_default=""
    )
    restricted_on = models.DateField("ограничен с", null=True, blank=True)

    objects = GuardianLinkQuerySet.as_manager()

    class Meta:
        verbose_name = "связь ребёнка и представителя"
        constraints = [
            models.UniqueConstraint(name="guardianlink_once", fields=["student", "guardian"]),
            models.CheckConstraint(
                name="guardianlink_restriction_documented",
                condition=Q(rights_restriction="") | ~Q(restriction_document=""),
            ),
        ]

    def __str__(self) -> str:
        return self.relation
