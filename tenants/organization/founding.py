"""The card of a new organization, made together with its schema."""

from __future__ import annotations

import uuid

from shared.tenancy.connection import tenant_connection
from tenants.organization.models import OrganizationCard


def found_card(*, schema: str, organization_id: uuid.UUID, using: str = "owner") -> None:
    """The one row of a schema, bound to the organization whose schema it is; a restored copy is bound anew.

    Runs in the transaction that makes the schema.
    """
    connection = tenant_connection(using)
    connection.set_schema(schema)
    try:
        OrganizationCard.objects.using(using).update_or_create(
            is_only=True, defaults={"organization_id": organization_id}
        )
    finally:
        connection.set_schema_to_public()
