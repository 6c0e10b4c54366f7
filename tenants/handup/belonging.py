"""The registry when an organization goes over to another municipality or founder: its days are parted at the date.

The result is what the projector would make of the same facts, without reading the organization's own tables.
Source: REGION 1, ARCHITECTURE 5 («any past day is exact»).
"""

from __future__ import annotations

import datetime
import uuid
from typing import Final

from django.db import connections

from shared.organizations.models import Organization
from tenants.handup.statements import ENROLLMENT_COLUMNS

IDENTITY_LOCK: Final = 7_120_002
LOCK: Final = "select pg_advisory_xact_lock(%s, %s)"

# A place held over the date gets a second row from the date on; the first ends there.
_SECOND_ROWS: Final = f"""
insert into contingent_registryenrollment ({ENROLLMENT_COLUMNS})
select {ENROLLMENT_COLUMNS.replace("days_from", "%(day)s::date", 1)} from contingent_registryenrollment
where organization_id = %(organization)s and days_from < %(day)s and (days_to is null or days_to > %(day)s)
"""  # noqa: S608  constants of ours
_FIRST_ROWS: Final = """
update contingent_registryenrollment set days_to = %(day)s
where organization_id = %(organization)s and days_from < %(day)s and (days_to is null or days_to > %(day)s)
"""
_GO_OVER: Final = """
update contingent_registryenrollment set municipality_oktmo = %(municipality)s, founder_id = %(founder)s
where organization_id = %(organization)s and days_from >= %(day)s
  and (municipality_oktmo, founder_id) is distinct from (%(municipality)s::varchar, %(founder)s::int)
"""
_MOVEMENTS_GO_OVER: Final = """
update contingent_registrymovement set municipality_oktmo = %(municipality)s, founder_id = %(founder)s
where organization_id = %(organization)s and effective_on >= %(day)s
  and (municipality_oktmo, founder_id) is distinct from (%(municipality)s::varchar, %(founder)s::int)
"""


def hold_registry(organization: Organization) -> None:
    """Nobody projects this organization until the transaction on ``owner`` ends."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(LOCK, [IDENTITY_LOCK, organization.number])


def go_over(organization: Organization, day: datetime.date) -> None:
    """Give the days from ``day`` on to the municipality and the founder that the organization has now.

    In a transaction on ``owner`` that holds the registry: days before stay what they were, to the row.
    """
    facts: dict[str, uuid.UUID | datetime.date | str | int | None] = {
        "organization": organization.pk,
        "day": day,
        "municipality": organization.municipality_id or "",
        "founder": organization.founder_id,
    }
    with connections["owner"].cursor() as cursor:
        for statement in (_SECOND_ROWS, _FIRST_ROWS, _GO_OVER, _MOVEMENTS_GO_OVER):
            cursor.execute(statement, facts)
