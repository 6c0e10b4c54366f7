"""Organizations whose tables are not what their version made, and in what they differ. Source: TENANCY 4."""

from __future__ import annotations

from django.db.models import QuerySet

from fleet.errors import NothingToCompare, OrganizationUnknown
from shared.organizations.models import Organization
from shared.tenancy import schemas
from shared.tenancy.models import TemplateScript
from shared.tenancy.names import TEMPLATE
from shared.tenancy.structure import FORM, differences, structures


def drifted() -> list[str]:
    """Addresses of the organizations that drifted; a version whose structure no release has kept is not judged."""
    living = {one.schema_name: one.slug for one in _living()}
    digests, found = schemas.fingerprints(living), structures(living)
    kept = _kept()
    expected = {schema: kept.get(digests.get(schema, ""), found.get(schema)) for schema in living}
    return sorted(slug for schema, slug in living.items() if found.get(schema) != expected[schema])


def differences_of(slug: str) -> tuple[list[str], list[str]]:
    """What an organization has beside a sound schema of its version, and what it lacks.

    Raises: OrganizationUnknown, NothingToCompare.
    """
    organization = _living().filter(slug=slug).first()
    if organization is None:
        raise OrganizationUnknown(slug=slug)
    places = [TEMPLATE, *_living().exclude(pk=organization.pk).values_list("schema_name", flat=True)]
    digests = schemas.fingerprints([organization.schema_name, *places])
    wanted = digests.get(organization.schema_name, "")
    kept = _kept().get(wanted)
    for place in places:
        if digests.get(place) == wanted and (place == TEMPLATE or kept in (None, structures([place])[place])):
            return differences(organization.schema_name, expected=place)
    raise NothingToCompare(slug=slug)


def _living() -> QuerySet[Organization]:
    return Organization.objects.using("owner").exclude(status=Organization.Status.ARCHIVED)


def _kept() -> dict[str, str]:
    scripts = TemplateScript.objects.using("owner").filter(structure__startswith=FORM)
    return dict(scripts.values_list("fingerprint", "structure"))
