"""The state of the fleet, in two queries whatever its size: versions, sizes, backups, faults, activity."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db import connections

from shared.maintenance.faults import first_day_shown
from shared.tenancy import schemas
from shared.tenancy.names import TEMPLATE

# Activity: the last time a person was seen there, the registry was told of something, or the card was changed.
_STATUS = """
    with size as (
        select n.nspname, sum(pg_total_relation_size(c.oid))::bigint as bytes
        from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where c.relkind = 'r' and n.nspname ~ '^t[0-9]{4,7}$' group by n.nspname
    ), backup as (
        select distinct on (organization_id) organization_id, taken_at, bytes
        from fleet_backup where outcome = 'done' order by organization_id, taken_at desc
    ), seen as (
        select organization_id, max(seen_at) as at from audit_visit group by organization_id
    ), fault as (
        select organization_id, sum(number)::bigint as number
        from maintenance_fault where day >= %s group by organization_id
    )
    select o.slug, o.short_name, o.status, o.copied_at, o.fingerprint, coalesce(size.bytes, 0),
        backup.taken_at, backup.bytes, greatest(seen.at, projection.projected_at, o.updated_at),
        coalesce(fault.number, 0)
    from organizations_organization o
    left join size on size.nspname = o.schema_name
    left join backup on backup.organization_id = o.id
    left join seen on seen.organization_id = o.id
    left join fault on fault.organization_id = o.id
    left join contingent_projectionstate projection on projection.organization_id = o.id
    where o.status <> 'archived'
    order by o.slug
"""


@dataclass(frozen=True, slots=True)
class Line:
    """One organization, or a copy of one (``copied_at``)."""

    is_current: bool
    slug: str
    short_name: str
    status: str
    copied_at: datetime.datetime | None
    fingerprint: str
    bytes: int
    backup_at: datetime.datetime | None
    backup_bytes: int | None
    active_at: datetime.datetime | None
    faults: int


def fleet_status() -> list[Line]:
    """Every organization whose data is here, by address."""
    current = schemas.fingerprints([TEMPLATE]).get(TEMPLATE)
    with connections["owner"].cursor() as cursor:
        cursor.execute(_STATUS, [first_day_shown()])
        return [Line(facts[4] == current, *facts) for facts in cursor.fetchall()]
