"""Celery entry points of access for parents."""

from __future__ import annotations

from celery import shared_task

from shared.organizations.models import Organization
from shared.tenancy import scopes
from shared.tenancy.tasks import WorkspaceTask
from tenants.family import guardians


@shared_task(name=guardians.LINK_TASK, base=WorkspaceTask, is_global=True)
def link_guardian_accounts(to: str, links: dict[str, str]) -> None:
    """Carry new accounts into the tables of organization ``to``; a second run changes nothing.

    Role ``accounts``, which wished for it, may not speak for an organization, so the task is global.
    """
    schema = Organization.with_copies.values_list("schema_name", flat=True).get(pk=to)
    with scopes.enter(scopes.of_organization(schema).by("credentials")):
        guardians.link_accounts(links)
