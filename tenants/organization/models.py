"""The card of the organization: one row, and its leaders, buildings, rooms, equipment and documents as dated rows.

Facts that other places read stand in the public directory row. Source: ORGANIZATION 2.1, KK Прил.1 1.1, DO 1.5.
"""

from __future__ import annotations

import datetime
from typing import Any, Final

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from shared.cards.models import CardModel
from shared.classifiers.catalog import load_catalog
from shared.organizations.models import Organization
from shared.tenancy.models import TenantModel
from tenants.files.models import StoredFile
from tenants.organization.queries import PaperQuerySet, PlaceQuerySet, ResponsibleQuerySet

HELD: Final = Func(F("held_from"), F("held_to"), function="daterange", output_field=DateRangeField())


class DirectoryRow(models.ForeignObject):
    """The way from the card to its public row: a join of the query, without a column, a constraint or a migration.

    No foreign key leaves a schema; the key is bound by the owner who makes the schema (``founding``).
    """

    def contribute_to_class(
        self, cls: type[models.Model], name: str, private_only: bool = True, **options: Any
    ) -> None:
        super().contribute_to_class(cls, name, private_only=True, **options)


class OrganizationCard(CardModel):
    """The one card of this schema, made with it (``founding``).

    ``deputy_…``, ``charter``, ``license``, ``accreditation`` and ``building_count`` repeat the rows in force today in
    words; services refresh them with every change of a row, so that completeness is counted from one row.
    """

    class Setup(models.TextChoices):
        """The next step of the first start. Source: R-017, R-360."""

        FACTS = "facts", "Сведения"
        CONTACTS = "contacts", "Контакты"
        LEADERS = "leaders", "Руководители"
        ACCESS = "access", "Доступ работников"
        DONE = "done", "Готово"
        SKIPPED = "skipped", "Отложено"

    is_only = models.BooleanField(default=True, editable=False)
    organization_id = models.UUIDField("организация", editable=False)
    organization = DirectoryRow(
        Organization, models.DO_NOTHING, from_fields=["organization_id"], to_fields=["id"], related_name="+"
    )
    legal_form = models.CharField("организационно-правовая форма", max_length=20, blank=True)
    org_number = models.CharField("номер", max_length=20, blank=True)
    locality = models.CharField("населённый пункт", max_length=200, blank=True)
    legal_address = models.CharField("юридический адрес", max_length=500, blank=True)
    okpo = models.CharField("ОКПО", max_length=10, blank=True)
    okato = models.CharField("ОКАТО", max_length=11, blank=True)
    oktmo = models.CharField("ОКТМО", max_length=11, blank=True)
    okogu = models.CharField("ОКОГУ", max_length=7, blank=True)
    video_surveillance = models.BooleanField("видеонаблюдение", null=True, blank=True)
    internet_computers = models.PositiveIntegerField("компьютеров в сети Интернет", null=True, blank=True)
    content_filters = ArrayField(
        models.CharField(max_length=300),
        verbose_name="средства контентной фильтрации",
        default=list,
        db_default=[],
        blank=True,
    )
    internet_speed_mbps = models.DecimalField(
        "скорость Интернета, Мбит/с", max_digits=11, decimal_places=2, null=True, blank=True
    )
    shifts = models.PositiveSmallIntegerField("смен", null=True, blank=True)
    school_week = models.CharField("учебная неделя", max_length=2, blank=True)
    capacity = models.PositiveIntegerField("проектная мощность, мест", null=True, blank=True)
    deputy_uvr = models.CharField("заместители по УВР", max_length=1000, blank=True)
    deputy_facilities = models.CharField("заместитель по АХЧ", max_length=1000, blank=True)
    deputy_it = models.CharField("заместитель по ИТ", max_length=1000, blank=True)
    charter = models.CharField("устав", max_length=200, blank=True)
    license = models.CharField("лицензия", max_length=200, blank=True)
    accreditation = models.CharField("аккредитация", max_length=200, blank=True)
    building_count = models.PositiveIntegerField("зданий", null=True, blank=True)
    setup_step = models.CharField("первичная настройка", max_length=8, choices=Setup, default=Setup.FACTS)
    updated_by = models.CharField("кто изменил", max_length=200, blank=True)

    class Meta:
        verbose_name = "карточка организации"
        constraints = [
            models.UniqueConstraint(name="organizationcard_one", fields=["is_only"]),
            models.CheckConstraint(name="organizationcard_only", condition=Q(is_only=True)),
            models.CheckConstraint(
                name="organizationcard_shifts", condition=Q(shifts=None) | Q(shifts__gte=1, shifts__lte=3)
            ),
        ]

    def __str__(self) -> str:
        return self.organization.short_name

    @property
    def is_set_up(self) -> bool:
        return self.setup_step in (self.Setup.DONE, self.Setup.SKIPPED)


class ResponsibleRole(models.TextChoices):
    """What a person answers for by order. The one who answers for personal data stands in the operator's requisites.

    Source: R-196, R-228, KK Прил.2 1.6, 3.1, EJ 3.1.4–3.1.5.
    """

    DIRECTOR = "director", "Руководитель"
    DEPUTY_UVR = "deputy_uvr", "Заместитель по учебно-воспитательной работе"
    DEPUTY_FACILITIES = "deputy_facilities", "Заместитель по административно-хозяйственной части"
    DEPUTY_IT = "deputy_it", "Заместитель по информационным технологиям"
    COORDINATOR = "coordinator", "Координатор системы"
    SYSTEM_ADMIN = "system_admin", "Системный администратор"
    JOURNAL_KEEPER = "journal_keeper", "Ответственный за электронный журнал"
    SUPERVISOR = "supervisor", "Контроль соответствия записей фактам"


class ResponsiblePerson(TenantModel):
    """A person in charge, days ``[held_from, held_to)``; a successor is a new row. Source: R-040, R-196, R-228.

    ``is_ended_by_dismissal``: the day was set by the dismissal of the employee; if that is canceled, it becomes
    ``held_to_before`` again.
    """

    role = models.CharField("за что отвечает", max_length=20, choices=ResponsibleRole)
    staff_id = models.UUIDField("карточка работника", null=True, blank=True)
    name = models.CharField("фамилия, имя, отчество", max_length=310)
    position = models.CharField("должность", max_length=200, blank=True)
    order_number = models.CharField("№ приказа", max_length=40, blank=True)
    order_date = models.DateField("дата приказа", null=True, blank=True)
    held_from = models.DateField("с")
    held_to = models.DateField("не отвечает с", null=True, blank=True)
    is_ended_by_dismissal = models.BooleanField("завершено увольнением", default=False, db_default=False)
    held_to_before = models.DateField("срок до увольнения", null=True, blank=True)
    recorded_by = models.CharField("кто записал", max_length=200)

    objects = ResponsibleQuerySet.as_manager()

    class Meta:
        verbose_name = "ответственное лицо"
        ordering = [F("held_to").desc(nulls_first=True), "-held_from", "name", "id"]
        constraints = [
            models.CheckConstraint(
                name="responsibleperson_period", condition=Q(held_to=None) | Q(held_to__gte=F("held_from"))
            ),
            models.CheckConstraint(
                name="responsibleperson_order_dated", condition=Q(order_number="") | Q(order_date__isnull=False)
            ),
            # Who checks records against facts is appointed: KK Прил.2 1.6.
            models.CheckConstraint(
                name="responsibleperson_supervisor_by_order", condition=~Q(role="supervisor") | ~Q(order_number="")
            ),
            ExclusionConstraint(
                name="responsibleperson_one_director",
                expressions=[(HELD, RangeOperators.OVERLAPS)],
                condition=Q(role="director"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}: {self.name}"

    @property
    def order(self) -> str:
        return f"№ {self.order_number} от {self.order_date:%d.%m.%Y}" if self.order_number else ""

    @property
    def last_day(self) -> datetime.date | None:
        """The last day in charge, as people write a period."""
        return self.held_to - datetime.timedelta(days=1) if self.held_to else None


class Building(TenantModel):
    """A building where the organization works, until it is closed. Source: R-012, ORGANIZATION 2.1."""

    class Kind(models.TextChoices):
        TEACHING = "teaching", "Учебное здание"
        WORKSHOPS = "workshops", "Учебные мастерские"
        SPORT = "sport", "Спортивное сооружение"
        CANTEEN = "canteen", "Столовая"
        BOARDING = "boarding", "Спальный корпус, общежитие"
        SERVICE = "service", "Хозяйственное здание"
        OTHER = "other", "Другое"

    class Condition(models.TextChoices):
        GOOD = "good", "Исправное"
        NEEDS_REPAIR = "needs_repair", "Требует текущего ремонта"
        NEEDS_OVERHAUL = "needs_overhaul", "Требует капитального ремонта"
        UNSAFE = "unsafe", "Аварийное"

    class Accessibility(models.TextChoices):
        """For disabled people (доступность для инвалидов)."""

        FULL = "full", "Доступно полностью"
        PARTIAL = "partial", "Доступно частично"
        BY_HELP = "by_help", "Доступно с помощью персонала"
        NONE = "none", "Недоступно"

    class Ownership(models.TextChoices):
        OPERATIVE = "operative", "Оперативное управление"
        OWN = "own", "Собственность"
        RENT = "rent", "Аренда"
        FREE_USE = "free_use", "Безвозмездное пользование"

    name = models.CharField("название", max_length=120)
    kind = models.CharField("вид", max_length=12, choices=Kind, default=Kind.TEACHING)
    address = models.CharField("адрес", max_length=500)
    year_built = models.PositiveSmallIntegerField("год постройки", null=True, blank=True)
    area_m2 = models.DecimalField("площадь, м²", max_digits=9, decimal_places=2, null=True, blank=True)
    storeys = models.PositiveSmallIntegerField("этажей", null=True, blank=True)
    condition = models.CharField("состояние", max_length=16, choices=Condition, blank=True)
    accessibility = models.CharField("доступность для инвалидов", max_length=8, choices=Accessibility, blank=True)
    ownership = models.CharField("право пользования", max_length=12, choices=Ownership, blank=True)
    is_licensed_place = models.BooleanField("место деятельности по лицензии", default=True)
    closed_on = models.DateField("не используется с", null=True, blank=True)

    objects = PlaceQuerySet.as_manager()

    class Meta:
        verbose_name = "здание"
        ordering = [F("closed_on").desc(nulls_first=True), "name", "id"]
        constraints = [
            models.UniqueConstraint(name="building_one_name", fields=["name"], condition=Q(closed_on=None)),
        ]

    def __str__(self) -> str:
        return self.name


class Room(TenantModel):
    """A room of a building (кабинет, помещение). Source: R-012, ORGANIZATION 8."""

    building = models.ForeignKey(Building, models.PROTECT, related_name="rooms", verbose_name="здание")
    number = models.CharField("номер", max_length=20)
    name = models.CharField("название", max_length=120, blank=True)
    kind = models.CharField("вид", max_length=20)
    storey = models.PositiveSmallIntegerField("этаж", null=True, blank=True)
    area_m2 = models.DecimalField("площадь, м²", max_digits=8, decimal_places=2, null=True, blank=True)
    seats = models.PositiveSmallIntegerField("мест", null=True, blank=True)
    closed_on = models.DateField("не используется с", null=True, blank=True)

    objects = PlaceQuerySet.as_manager()

    class Meta:
        verbose_name = "помещение"
        ordering = [F("closed_on").desc(nulls_first=True), "number", "id"]
        constraints = [
            models.UniqueConstraint(name="room_one_number", fields=["building", "number"], condition=Q(closed_on=None)),
        ]

    def __str__(self) -> str:
        return f"{self.number}, {self.name}" if self.name else self.number

    @property
    def kind_name(self) -> str:
        return load_catalog().label("room_kind", self.kind)


class Equipment(TenantModel):
    """Things of one name in a room, or in a building as a whole. Source: R-012."""

    class Kind(models.TextChoices):
        COMPUTERS = "computers", "Компьютеры и оргтехника"
        PROJECTION = "projection", "Проекторы, панели, доски"
        TEACHING = "teaching", "Учебное оборудование"
        LABORATORY = "laboratory", "Лабораторное оборудование"
        SPORT = "sport", "Спортивное оборудование"
        MUSIC = "music", "Музыкальные инструменты"
        FURNITURE = "furniture", "Мебель"
        KITCHEN = "kitchen", "Оборудование пищеблока"
        MEDICAL = "medical", "Медицинское оборудование"
        SAFETY = "safety", "Безопасность и видеонаблюдение"
        ACCESS = "access", "Для людей с инвалидностью"
        TRANSPORT = "transport", "Транспорт"
        OTHER = "other", "Другое"

    class State(models.TextChoices):
        WORKING = "working", "Исправно"
        REPAIR = "repair", "В ремонте"
        BROKEN = "broken", "Неисправно"

    building = models.ForeignKey(Building, models.PROTECT, related_name="equipment", verbose_name="здание")
    room = models.ForeignKey(
        Room, models.PROTECT, null=True, blank=True, related_name="equipment", verbose_name="помещение"
    )
    kind = models.CharField("вид", max_length=12, choices=Kind)
    name = models.CharField("название", max_length=200)
    quantity = models.PositiveIntegerField("количество", default=1)
    year = models.PositiveSmallIntegerField("год выпуска", null=True, blank=True)
    state = models.CharField("состояние", max_length=8, choices=State, default=State.WORKING)
    closed_on = models.DateField("списано", null=True, blank=True)

    objects = PlaceQuerySet.as_manager()

    class Meta:
        verbose_name = "оборудование"
        verbose_name_plural = "оборудование"
        ordering = [F("closed_on").desc(nulls_first=True), "kind", "name", "id"]
        constraints = [models.CheckConstraint(name="equipment_some", condition=Q(quantity__gte=1))]

    def __str__(self) -> str:
        return self.name


class OrganizationDocument(TenantModel):
    """A founding document or a local act; a new edition replaces the former, which stays. Source: R-198."""

    class Kind(models.TextChoices):
        CHARTER = "charter", "Устав"
        LICENSE = "license", "Лицензия на образовательную деятельность"
        ACCREDITATION = "accreditation", "Свидетельство о государственной аккредитации"
        LOCAL_ACT = "local_act", "Локальный акт"

    kind = models.CharField("вид", max_length=16, choices=Kind)
    title = models.CharField("название локального акта", max_length=300, blank=True)
    number = models.CharField("номер", max_length=60, blank=True)
    issued_on = models.DateField("дата")
    valid_to = models.DateField("действует до", null=True, blank=True)
    file = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="файл", db_index=False
    )
    is_current = models.BooleanField("действует", default=True)
    added_by = models.CharField("кто внёс", max_length=200)
    added_at = models.DateTimeField("внесён", auto_now_add=True)

    objects = PaperQuerySet.as_manager()

    class Meta:
        verbose_name = "документ организации"
        ordering = ["-is_current", "kind", "title", "-issued_on", "-id"]
        constraints = [
            models.UniqueConstraint(
                name="organizationdocument_one_current", fields=["kind", "title"], condition=Q(is_current=True)
            ),
            models.CheckConstraint(
                name="organizationdocument_act_titled",
                condition=(Q(kind="local_act") & ~Q(title="")) | (~Q(kind="local_act") & Q(title="")),
            ),
            models.CheckConstraint(
                name="organizationdocument_term", condition=Q(valid_to=None) | Q(valid_to__gte=F("issued_on"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.requisites}"

    @property
    def name(self) -> str:
        return self.title or self.get_kind_display()

    @property
    def requisites(self) -> str:
        """«№ 12 от 01.09.2020, до 01.09.2030»."""
        number = f"№ {self.number} " if self.number else ""
        term = f", до {self.valid_to:%d.%m.%Y}" if self.valid_to else ""
        return f"{number}от {self.issued_on:%d.%m.%Y}{term}"
