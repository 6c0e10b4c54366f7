"""Region → municipality → organization, founders and authorities, the tenant and its host."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django_tenants.models import DomainMixin, TenantMixin

from shared.kernel.ids import new_id
from shared.organizations.agreements import ConnectionAgreement as ConnectionAgreement
from shared.organizations.confirmation import is_confirmation_due
from shared.organizations.subordination import Subordination as Subordination


class Region(models.Model):
    """Subject of the Federation, keyed by the first two digits of its ОКТМО."""

    code = models.CharField("код", max_length=2, primary_key=True)
    name = models.CharField("название", max_length=120, unique=True)

    class Meta:
        verbose_name = "регион"
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class Municipality(models.Model):
    """Municipal formation of the first level (district, city okrug), keyed by ОКТМО."""

    oktmo = models.CharField("ОКТМО", max_length=8, primary_key=True)
    region = models.ForeignKey(Region, models.PROTECT, related_name="municipalities", verbose_name="регион")
    name = models.CharField("название", max_length=200)
    kind = models.CharField("тип", max_length=60)
    center = models.CharField("административный центр", max_length=120, blank=True)

    class Meta:
        verbose_name = "муниципальное образование"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class AuthorityKind(models.TextChoices):
    """Classifier authority_kind."""

    EDUCATION_MINISTRY = "education_ministry", "Министерство образования"
    CULTURE_MINISTRY = "culture_ministry", "Министерство культуры"
    SPORT_MINISTRY = "sport_ministry", "Министерство физической культуры и спорта"
    COSSACK_DEPARTMENT = "cossack_department", "Департамент по делам казачества и военным вопросам"
    MUNICIPAL_EDUCATION = "municipal_education", "Муниципальный орган управления образованием"
    TERRITORIAL_OFFICE = "territorial_office", "Территориальное управление министерства"
    CITY_DEPARTMENT = "city_department", "Департамент образования городского округа"


OTHER_BRANCHES = frozenset(
    {AuthorityKind.CULTURE_MINISTRY, AuthorityKind.SPORT_MINISTRY, AuthorityKind.COSSACK_DEPARTMENT}
)
"""Bodies outside education (РОИВ): they see the organizations they founded; a municipality only counts these."""


class AuthorityBody(models.Model):
    """A body above organizations (орган управления). Its ``id`` names its database role."""

    id = models.AutoField(primary_key=True)
    code = models.SlugField("код", max_length=40, unique=True)
    name = models.CharField("название", max_length=300)
    kind = models.CharField("вид", max_length=32, choices=AuthorityKind)
    region = models.ForeignKey(Region, models.PROTECT, related_name="authorities", verbose_name="регион")
    municipality = models.ForeignKey(
        Municipality, models.PROTECT, null=True, blank=True, related_name="authorities", verbose_name="муниципалитет"
    )

    class Meta:
        verbose_name = "орган управления"
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                name="authoritybody_municipal_has_municipality",
                condition=~Q(kind="municipal_education") | Q(municipality__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_regional(self) -> bool:
        return self.municipality_id is None


class OrgType(models.TextChoices):
    """Classifier org_type."""

    SCHOOL = "school", "Общеобразовательная организация"
    PRESCHOOL = "preschool", "Дошкольная образовательная организация"
    SUPPLEMENTARY = "supplementary", "Организация дополнительного образования"
    VOCATIONAL = "vocational", "Профессиональная образовательная организация"
    VOCATIONAL_TRAINING = "vocational_training", "Организация дополнительного профессионального образования"
    BOARDING = "boarding", "Организация для детей-сирот и детей, оставшихся без попечения родителей"


class Connected(models.Manager["Organization"]):
    """Organizations without copies: what is listed, counted, handed up and told of."""

    def get_queryset(self) -> models.QuerySet[Organization]:
        return super().get_queryset().filter(copied_at=None)


class Organization(TenantMixin):
    """A connected organization: the tenant. Created only by ``fleet.provisioning`` and ``fleet.backups``.

    A copy brought back from a backup beside the live organization (``copied_at``) is none of the connected ones: who
    looks for an organization by its host, schema or key, and who keeps schemas, asks ``with_copies``.

    Facts of its card that others read stand here once (``tenants.organization`` is their only writer): names, numbers,
    contacts, the head, the day of the yearly confirmation and the last change. A trigger counts renames in ``version``.
    """

    class Status(models.TextChoices):
        ACTIVE = "active", "Работает"
        SUSPENDED = "suspended", "Приостановлена"
        ARCHIVED = "archived", "В архиве"

    auto_create_schema = False
    auto_drop_schema = False

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.PositiveIntegerField("номер", unique=True)
    slug = models.CharField("адрес", max_length=40, unique=True)
    full_name = models.CharField("полное название", max_length=600)
    short_name = models.CharField("краткое название", max_length=200)
    org_type = models.CharField("тип", max_length=32, choices=OrgType)
    region = models.ForeignKey(Region, models.PROTECT, related_name="organizations", verbose_name="регион")
    municipality = models.ForeignKey(
        Municipality, models.PROTECT, null=True, blank=True, related_name="organizations", verbose_name="муниципалитет"
    )
    founder = models.ForeignKey(
        AuthorityBody, models.PROTECT, null=True, blank=True, related_name="founded", verbose_name="учредитель"
    )
    inn = models.CharField("ИНН", max_length=12, blank=True)
    kpp = models.CharField("КПП", max_length=9, blank=True)
    ogrn = models.CharField("ОГРН", max_length=15, blank=True)
    address = models.CharField("адрес", max_length=500, blank=True)
    phone = models.CharField("телефоны", max_length=200, blank=True)
    email = models.CharField("электронная почта", max_length=200, blank=True)
    website = models.CharField("сайт", max_length=200, blank=True)
    urban_rural = models.CharField(
        "местность", max_length=8, blank=True, choices=[("urban", "Городская"), ("rural", "Сельская")]
    )
    head_name = models.CharField("руководитель", max_length=310, blank=True, default="", db_default="")
    head_position = models.CharField("должность руководителя", max_length=200, blank=True, default="", db_default="")
    card_confirmed_on = models.DateField("карточка подтверждена", null=True, blank=True)
    updated_at = models.DateTimeField("карточка изменена", null=True, blank=True)
    status = models.CharField("состояние", max_length=12, choices=Status, default=Status.ACTIVE)
    version = models.PositiveIntegerField("версия", default=1)
    fingerprint = models.CharField("версия схемы", max_length=32, blank=True)
    connected_at = models.DateTimeField("подключена", auto_now_add=True)
    copied_at = models.DateTimeField("копия на момент", null=True, blank=True, editable=False)

    objects = Connected()
    with_copies = models.Manager["Organization"]()

    class Meta:
        verbose_name = "организация"
        ordering = ["short_name", "slug"]
        constraints = [
            models.UniqueConstraint(
                name="organization_one_per_ogrn_kpp", fields=["ogrn", "kpp"], condition=~Q(ogrn="") & Q(copied_at=None)
            ),
        ]
        indexes = [models.Index(name="organization_municipality", fields=["municipality", "org_type"])]

    def __str__(self) -> str:
        return self.short_name

    @property
    def is_copy(self) -> bool:
        """Whether it is a copy from a backup: never handed up, counted or told of, and without orders."""
        return self.copied_at is not None

    @property
    def is_card_confirmed(self) -> bool:
        """Whether its card was confirmed in this school year."""
        return not is_confirmation_due(self.card_confirmed_on, timezone.localdate())


class Domain(DomainMixin):
    """Host of an organization: ``<slug>.BASE_DOMAIN``."""
