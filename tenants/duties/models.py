"""The yearly order on who enters which data and by when, and the acquaintance with it.

Source: DO 2.3–2.4 (R-020, R-021), KG 3.1 (R-059), ORGANIZATION 5.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from shared.access.roles import role_facts
from shared.tenancy.models import TenantModel
from tenants.duties.queries import DutyOrderQuerySet


class DataSet(models.TextChoices):
    """What is entered; the words of a row say the rest."""

    CONTINGENT = "contingent", "Карточки обучающихся и родителей"
    MOVEMENT = "movement", "Движение: приказы, книга движения"
    CONSENTS = "consents", "Согласия на обработку персональных данных"
    STAFF = "staff", "Карточки работников"
    GROUPS = "groups", "Классы, группы, кабинеты"
    TIMETABLE = "timetable", "Расписание и замены"
    PLANS = "plans", "Планирование уроков"
    JOURNAL = "journal", "Журнал: темы, отметки, домашние задания"
    ATTENDANCE = "attendance", "Посещаемость"
    FINAL_MARKS = "final_marks", "Итоговые отметки"
    HEALTH = "health", "Сведения о здоровье"
    SOCIAL = "social", "Социальный паспорт"
    ACHIEVEMENTS = "achievements", "Достижения"
    PROGRAMS = "programs", "Программы и списки объединений"
    ANNOUNCEMENTS = "announcements", "Объявления и документы"
    FORMS = "forms", "Формы для муниципалитета и федеральные"
    ACCESS = "access", "Логины, пароли, права доступа"
    CONTROL = "control", "Контроль полноты, качества и сроков"
    OTHER = "other", "Другое"


class Periodicity(models.TextChoices):
    ONCE = "once", "Один раз в год"
    DAILY = "daily", "Ежедневно"
    WEEKLY = "weekly", "Еженедельно"
    MONTHLY = "monthly", "Ежемесячно"
    TERM = "term", "Каждую четверть (полугодие)"
    ON_CHANGE = "on_change", "При изменении"


class DutyOrder(TenantModel):
    """The order of an academic year: drafted by authorized employees, put in force by the head, replaced by the next.

    Nobody drafts and signs the same order (our rule, ORGANIZATION 4).
    """

    class Status(models.TextChoices):
        DRAFT = "draft", "Проект"
        IN_FORCE = "in_force", "Действует"
        REPLACED = "replaced", "Заменён"

    academic_year = models.PositiveSmallIntegerField("учебный год")
    number = models.CharField("№ приказа", max_length=40, blank=True)
    issued_on = models.DateField("дата приказа", null=True, blank=True)
    status = models.CharField("состояние", max_length=10, choices=Status, default=Status.DRAFT)
    drafter_id = models.UUIDField("учётная запись подготовившего", null=True, blank=True)
    drafted_by = models.CharField("подготовил", max_length=200)
    drafted_at = models.DateTimeField("подготовлен", auto_now_add=True)
    signed_by = models.CharField("подписал", max_length=200, blank=True)
    signed_on = models.DateField("введён в действие", null=True, blank=True)

    objects = DutyOrderQuerySet.as_manager()

    class Meta:
        verbose_name = "приказ об обязанностях и сроках"
        ordering = ["-academic_year", "-drafted_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                name="dutyorder_one_in_force", fields=["academic_year"], condition=Q(status="in_force")
            ),
            models.CheckConstraint(
                name="dutyorder_signed_whole",
                condition=Q(status="draft")
                | (Q(signed_on__isnull=False, issued_on__isnull=False) & ~Q(signed_by="") & ~Q(number="")),
            ),
        ]

    def __str__(self) -> str:
        return f"№ {self.number} от {self.issued_on:%d.%m.%Y}" if self.number and self.issued_on else "Проект"

    @property
    def year_name(self) -> str:
        return f"{self.academic_year}/{self.academic_year + 1} учебный год"


class DutyRow(TenantModel):
    """One duty: a set of data, a role or one person, the deadline."""

    order = models.ForeignKey(DutyOrder, models.PROTECT, related_name="rows", verbose_name="приказ")
    position = models.PositiveSmallIntegerField("№ п/п")
    data_set = models.CharField("данные", max_length=16, choices=DataSet)
    details = models.CharField("что именно", max_length=300, blank=True)
    role = models.CharField("роль", max_length=32, blank=True)
    account_id = models.UUIDField("учётная запись", null=True, blank=True)
    person_name = models.CharField("работник", max_length=300, blank=True)
    deadline = models.CharField("срок", max_length=200)
    due_on = models.DateField("не позднее", null=True, blank=True)
    periodicity = models.CharField("периодичность", max_length=12, choices=Periodicity, default=Periodicity.ON_CHANGE)

    class Meta:
        verbose_name = "обязанность"
        ordering = ["order", "position"]
        constraints = [
            models.UniqueConstraint(name="dutyrow_position_once", fields=["order", "position"]),
            models.CheckConstraint(
                name="dutyrow_role_or_person",
                condition=(~Q(role="") & Q(account_id=None)) | (Q(role="") & Q(account_id__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.get_data_set_display()}"

    @property
    def holder(self) -> str:
        """Who has the duty, in words."""
        return role_facts()[self.role].label if self.role else self.person_name


class Acknowledgement(TenantModel):
    """A person has read the order; once, on his own sign-in. Source: R-021."""

    order = models.ForeignKey(DutyOrder, models.PROTECT, related_name="acknowledgements", verbose_name="приказ")
    account_id = models.UUIDField("учётная запись")
    name = models.CharField("кто", max_length=300)
    at = models.DateTimeField("когда", auto_now_add=True)

    class Meta:
        verbose_name = "ознакомление с приказом"
        ordering = ["at", "id"]
        constraints = [models.UniqueConstraint(name="acknowledgement_once", fields=["order", "account_id"])]

    def __str__(self) -> str:
        return f"{self.name}, {self.at:%d.%m.%Y}"
