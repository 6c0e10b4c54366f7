"""Stopping an organization's host and starting it again; its data stay as they are. Source: INTERFACES 3."""

from __future__ import annotations

import logging

from django.db.models import F

from fleet.errors import OrganizationArchived, OrganizationUnknown
from shared.access.workspaces import forget_workspaces
from shared.organizations.models import Organization

logger = logging.getLogger(__name__)


def suspend(slug: str) -> Organization:
    """Every page of the host answers 503 within seconds. Raises: OrganizationUnknown, OrganizationArchived."""
    return _set_status(slug, Organization.Status.SUSPENDED)


def resume(slug: str) -> Organization:
    """The host works again. Raises: OrganizationUnknown, OrganizationArchived."""
    return _set_status(slug, Organization.Status.ACTIVE)


def _set_status(slug: str, status: Organization.Status) -> Organization:
    """In the operator's scope; setting the present status again changes nothing."""
    organization = Organization.with_copies.filter(slug=slug).first()
    if organization is None:
        raise OrganizationUnknown(slug=slug)
    if organization.status == Organization.Status.ARCHIVED:
        raise OrganizationArchived(name=organization.short_name)
    if organization.status != status:
        Organization.with_copies.filter(pk=organization.pk).update(status=status, version=F("version") + 1)
        organization.status = status
        forget_workspaces()
        logger.info("organization status", extra={"schema": organization.schema_name, "status": str(status)})
    return organization
