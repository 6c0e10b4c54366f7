"""The public side of an organization that comes out of a backup: its row, its host, its number."""

from __future__ import annotations

import datetime
import uuid
from typing import Any, Final

from django.conf import settings
from django.db.models import Max

from fleet.backups.errors import AddressInvalid, AddressTaken, PlaceUnknown
from fleet.backups.manifest import Manifest
from fleet.backups.public_rows import FACTS, NUMBERS
from fleet.onboarding.slugs import is_valid
from fleet.provisioning import lock_provisioning
from shared.access.workspaces import RESERVED_SLUGS
from shared.organizations.models import AuthorityBody, Domain, Municipality, Organization, Region
from shared.tenancy import schemas
from shared.tenancy.names import schema_name

FIRST_COPY: Final = 9_000_000  # copies are numbered apart: what is connected keeps its running numbers


def check_address(slug: str) -> None:
    """Raises: AddressInvalid, AddressTaken."""
    if not is_valid(slug):
        raise AddressInvalid(slug=slug)
    if slug in RESERVED_SLUGS or Organization.with_copies.using("owner").filter(slug=slug).exists():
        raise AddressTaken(slug=slug)


def found(manifest: Manifest, *, slug: str, key: uuid.UUID, copied_at: datetime.datetime | None) -> Organization:
    """The row, the host and what row security knows, in the caller's transaction.

    Raises: AddressInvalid, AddressTaken, PlaceUnknown.
    """
    lock_provisioning()
    check_address(slug)
    number = _next_number(is_copy=copied_at is not None)
    organization = Organization(
        id=key,
        slug=slug,
        number=number,
        schema_name=schema_name(number),
        fingerprint=manifest.fingerprint,
        copied_at=copied_at,
        **facts_for(manifest, of=key, is_copy=copied_at is not None),
    )
    Organization.with_copies.using("owner").bulk_create([organization])
    Domain.objects.using("owner").bulk_create(
        [Domain(domain=f"{slug}.{settings.BASE_DOMAIN}", tenant=organization, is_primary=True)]
    )
    schemas.scope_organization(organization.schema_name, organization.pk)
    return Organization.with_copies.using("owner").get(pk=key)


def facts_for(manifest: Manifest, *, of: uuid.UUID, is_copy: bool) -> dict[str, Any]:
    """The facts of the public row here: the founder by his code, numbers only where nobody has them."""
    told = manifest.organization
    facts: dict[str, Any] = {name: told.get(name) for name in FACTS}
    facts["founder_id"] = _founder(told["founder"])
    _check_places(manifest)
    if not is_copy and _are_numbers_taken(told, of):
        facts |= dict.fromkeys(NUMBERS, "")
    return facts


def _next_number(*, is_copy: bool) -> int:
    if not is_copy:
        return (Organization.objects.using("owner").aggregate(Max("number"))["number__max"] or 0) + 1
    copies = Organization.with_copies.using("owner").filter(number__gte=FIRST_COPY)
    return (copies.aggregate(Max("number"))["number__max"] or FIRST_COPY) + 1


def _are_numbers_taken(told: dict[str, Any], of: uuid.UUID) -> bool:
    holders = Organization.objects.using("owner").exclude(pk=of).filter(ogrn=told["ogrn"], kpp=told["kpp"])
    return bool(told["ogrn"]) and holders.exists()


def _founder(code: str) -> int | None:
    """None where the founder is not known here."""
    return AuthorityBody.objects.using("owner").filter(code=code).values_list("pk", flat=True).first() if code else None


def _check_places(manifest: Manifest) -> None:
    region, oktmo = manifest.organization["region_id"], manifest.organization["municipality_id"]
    if not Region.objects.using("owner").filter(pk=region).exists():
        raise PlaceUnknown(name=manifest.slug, what=f"регион {region}")
    if oktmo and not Municipality.objects.using("owner").filter(pk=oktmo).exists():
        raise PlaceUnknown(name=manifest.slug, what=f"муниципалитет {oktmo}")
