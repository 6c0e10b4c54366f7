"""Creating an organization: the only place that does it, for the console, the commands, the demo and the tests."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.db import connections, transaction
from django.db.models import Max

from shared.organizations.models import OTHER_BRANCHES, AuthorityBody, Domain, Municipality, Organization, Region
from shared.tenancy import schemas
from shared.tenancy.models import TemplateScript
from shared.tenancy.names import TEMPLATE, schema_name
from tenants.organization.founding import found_card
from tenants.oversight.views_catalog import OVERSIGHT_VIEWS

PROVISIONING_LOCK = 7_120_001


class TemplateMissing(RuntimeError):
    """The template schema is not at this code's version; ``asuso migrate`` makes it so."""


@dataclass(frozen=True)
class NewOrganization:
    """Checked facts of an organization that does not exist yet."""

    slug: str
    full_name: str
    short_name: str
    org_type: str
    region: Region
    municipality: Municipality | None
    inn: str = ""
    kpp: str = ""
    ogrn: str = ""
    address: str = ""
    phone: str = ""
    email: str = ""
    website: str = ""
    urban_rural: str = ""
    founder: AuthorityBody | None = None


def provision(new: NewOrganization) -> Organization:
    """Schema, role, rights, tenant row and host of one organization, in the caller's transaction on ``owner``.

    Takes 0.2–0.3 s whatever the size of the fleet. Raises: TemplateMissing, IntegrityError (slug or ОГРН taken).
    """
    script = current_script()
    with transaction.atomic(using="owner"):
        lock_provisioning()
        last = Organization.objects.using("owner").aggregate(Max("number"))["number__max"] or 0
        facts = {name: getattr(new, name) for name in new.__dataclass_fields__}
        facts["founder"] = new.founder or founding_authority(new)
        organization = Organization(
            number=last + 1, schema_name=schema_name(last + 1), fingerprint=script.fingerprint, **facts
        )
        Organization.objects.using("owner").bulk_create([organization])
        domain = Domain(domain=f"{new.slug}.{settings.BASE_DOMAIN}", tenant=organization, is_primary=True)
        Domain.objects.using("owner").bulk_create([domain])  # django-tenants' save() asks the other alias
        schemas.create_organization_schema(organization.schema_name, script.ddl)
        schemas.scope_organization(organization.schema_name, organization.pk)
        found_card(schema=organization.schema_name, organization_id=organization.pk)
        regrant_oversight(organization)
    return organization


def lock_provisioning() -> None:
    """Until the transaction on ``owner`` ends nobody else creates an organization."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [PROVISIONING_LOCK])


def current_script() -> TemplateScript:
    """The template's script at its present fingerprint. Raises: TemplateMissing."""
    fingerprint = schemas.fingerprints([TEMPLATE])[TEMPLATE]
    script = TemplateScript.objects.using("owner").filter(fingerprint=fingerprint).first()
    if script is None:
        raise TemplateMissing("Шаблон организации не подготовлен: выполните asuso migrate.")
    return script


def founding_authority(new: NewOrganization) -> AuthorityBody | None:
    """Municipal organizations are founded by their municipality's office, regional ones by the ministry."""
    known = AuthorityBody.objects.using("owner")
    if new.municipality is not None:
        return known.filter(municipality=new.municipality).first()
    return known.filter(region=new.region, kind="education_ministry").first()


def overseers(organization: Organization) -> list[int]:
    """Authorities above an organization: by territory, by region (education ministry) and by founder.

    One founded outside education is its founder's alone; education only counts it. Source: REGION 1.
    """
    known = AuthorityBody.objects.using("owner")
    if organization.founder is not None and organization.founder.kind in OTHER_BRANCHES:
        return [organization.founder.pk]
    by_territory = known.filter(municipality_id=organization.municipality_id, municipality__isnull=False)
    by_region = known.filter(region_id=organization.region_id, kind="education_ministry")
    numbers = {*by_territory.values_list("pk", flat=True), *by_region.values_list("pk", flat=True)}
    return sorted(numbers | ({organization.founder_id} if organization.founder_id else set()))


def regrant_oversight(organization: Organization) -> None:
    """Open the oversight views to exactly the present authorities; run when territory or founder change."""
    schemas.grant_oversight(organization.schema_name, overseers(organization), OVERSIGHT_VIEWS)
