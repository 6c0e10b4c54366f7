"""The address of an organization: another one from a moment on, the former ones answering a redirect as long as kept.

Neither schema nor files nor papers know the address. Who was signed in signs in anew at the new one: a session belongs
to its host. Tokens of programs go over with the organization: their owners change the address only.
"""

from __future__ import annotations

import logging
import uuid
from typing import Final

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F

from fleet.errors import (
    AddressHeld,
    AddressMalformed,
    AddressReserved,
    AddressSame,
    CopyStays,
    FormerAddressUnknown,
    OrganizationArchived,
    OrganizationUnknown,
)
from fleet.onboarding.slugs import is_valid
from shared.access.workspaces import RESERVED_SLUGS, forget_workspaces
from shared.accounts.models import ApiToken, Session
from shared.messaging.services import want_task
from shared.organizations.models import Domain, Organization
from shared.tenancy import scopes

logger = logging.getLogger(__name__)
TASK: Final = "fleet.addresses.leave_hosts"


def host_of(slug: str) -> str:
    return f"{slug}.{settings.BASE_DOMAIN}"


def rename(slug: str, new: str) -> Organization:
    """Give an organization another address, in the operator's scope; the present one becomes a former one.

    The new host answers at once, the former one redirects within seconds. Raises: AddressMalformed, AddressReserved,
    AddressHeld, AddressSame, OrganizationUnknown, OrganizationArchived, CopyStays.
    """
    _check(new)
    organization = present(slug)
    if new == slug:
        raise AddressSame(name=organization.short_name, slug=slug)
    if _is_held(new, organization):
        raise AddressHeld(slug=new)
    try:
        with transaction.atomic():
            _put(organization, new)
    except IntegrityError as race:  # somebody took it since we looked
        raise AddressHeld(slug=new) from race
    organization.slug = new
    want_task(TASK, organization=str(organization.pk), hosts=[host_of(slug)])
    transaction.on_commit(forget_workspaces)
    logger.info("organization renamed", extra={"schema": organization.schema_name})
    return organization


def forget_address(slug: str, host: str) -> Organization:
    """The former host no longer redirects and may be given to another organization.

    Raises: FormerAddressUnknown, OrganizationUnknown, OrganizationArchived, CopyStays.
    """
    organization = present(slug)
    gone, _ = Domain.objects.filter(tenant=organization, domain=host, is_primary=False).delete()
    if not gone:
        raise FormerAddressUnknown(host=host, name=organization.short_name)
    want_task(TASK, organization=str(organization.pk), hosts=[host])
    return organization


def leave_hosts(organization_id: uuid.UUID, hosts: list[str]) -> None:
    """End the sessions of hosts an organization has left, and let its tokens work at its present one; repeatable.

    A host that belongs to an organization again, this one or another, is left alone.
    """
    with scopes.enter(scopes.of_accounts()):
        organization = Organization.with_copies.get(pk=organization_id)
        former = Domain.objects.filter(tenant=organization, is_primary=False)
        others = Domain.objects.filter(domain__in=hosts).exclude(pk__in=former)
        left = {*former.values_list("domain", flat=True), *hosts} - set(others.values_list("domain", flat=True))
        Session.objects.filter(host__in=left).delete()
        ApiToken.objects.filter(host__in=left).update(host=host_of(organization.slug))


def present(slug: str) -> Organization:
    """The organization, held until the transaction ends.

    Raises: OrganizationUnknown, OrganizationArchived, CopyStays.
    """
    organization = Organization.with_copies.select_for_update(of=("self",)).filter(slug=slug).first()
    if organization is None:
        raise OrganizationUnknown(slug=slug)
    if organization.status == Organization.Status.ARCHIVED:
        raise OrganizationArchived(name=organization.short_name)
    if organization.is_copy:
        raise CopyStays(name=organization.short_name)
    return organization


def _check(slug: str) -> None:
    if slug in RESERVED_SLUGS:
        raise AddressReserved(slug=slug)
    if not is_valid(slug):
        raise AddressMalformed(slug=slug)


def _is_held(slug: str, organization: Organization) -> bool:
    others = Domain.objects.filter(domain=host_of(slug)).exclude(tenant=organization)
    return others.exists() or Organization.with_copies.filter(slug=slug).exclude(pk=organization.pk).exists()


def _put(organization: Organization, slug: str) -> None:
    """Rows of hosts are written plainly: django-tenants' own ``save`` works on the other alias."""
    own = Domain.objects.filter(tenant=organization)
    own.filter(is_primary=True).update(is_primary=False)
    if not own.filter(domain=host_of(slug)).update(is_primary=True):
        Domain.objects.bulk_create([Domain(domain=host_of(slug), tenant=organization, is_primary=True)])
    Organization.objects.filter(pk=organization.pk).update(slug=slug, version=F("version") + 1)
