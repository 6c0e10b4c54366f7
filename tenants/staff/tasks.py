"""Celery entry points of the staff."""

from __future__ import annotations

from celery import shared_task

from shared.organizations.models import Organization
from shared.tenancy import scopes
from shared.tenancy.tasks import WorkspaceTask
from tenants.staff import access, services


@shared_task(name=access.LINK_TASK, base=WorkspaceTask, is_global=True)
def link_staff_accounts(to: str, links: dict[str, str]) -> None:
    """Carry accounts onto the cards of organization ``to``; a second run changes nothing.

    Role ``accounts``, which wished for it, may not speak for an organization, so the task is global.
    """
    schema = Organization.with_copies.values_list("schema_name", flat=True).get(pk=to)
    with scopes.enter(scopes.of_organization(schema).by("credentials")):
        services.link_accounts(links)
