"""The projector: brings the registry to the present state of an organization. Source: ARCHITECTURE 5, TENANCY 6.

Any process may project, one organization a transaction: claim its outbox rows, re-read the current state, recognize
the people, make the registry equal, delete the rows. Nothing is lost and nothing doubles: all of it is one commit.
"""

from __future__ import annotations

import logging
import time
import uuid
from dataclasses import dataclass
from typing import Any

from django.db import DatabaseError, connection
from django.utils import timezone

from shared.contingent.models import Outbox, ProjectionState
from shared.kernel.ids import new_id
from shared.organizations.models import Organization
from shared.organizations.subordination import spans_of
from shared.tenancy import scopes
from shared.tenancy.gate import HeldByBreak
from tenants.handup import statements as sql
from tenants.handup.belonging import IDENTITY_LOCK, LOCK

logger = logging.getLogger(__name__)
PATIENCE_SECONDS = 60.0
BULK_KEYS = 500


class RegistryBehind(RuntimeError):
    """Another process holds this organization's outbox rows for too long."""


@dataclass(frozen=True)
class Differences:
    """How the registry differs from an organization: rows it lacks and rows it should not have."""

    missing: int
    extra: int

    def __bool__(self) -> bool:
        return bool(self.missing or self.extra)


def project(organization: Organization) -> int:
    """Apply what waits in the outbox of one organization; returns the number of rows taken. Of a copy nothing is."""
    if organization.is_copy:
        return 0
    total = 0
    while taken := _project_once(organization):
        total += taken
    return total


def project_pending() -> int:
    """Apply what waits anywhere; returns the number of organizations that had something. For the worker's poll."""
    with scopes.enter(scopes.of_projector()):
        waiting = list(Outbox.objects.order_by().values_list("organization_id", flat=True).distinct())
        organizations = list(Organization.objects.filter(pk__in=waiting))
    for organization in organizations:
        try:
            project(organization)
        except HeldByBreak:
            continue  # its rows stay in the outbox until the maintenance break is over
        except DatabaseError:
            # Its rows stay in the outbox for the next round; one organization must not hold up the others.
            logger.exception("projection failed", extra={"schema": organization.schema_name})
    return len(organizations)


def settle(organization: Organization) -> None:
    """Return when the registry holds everything this organization has committed, whoever projects it.

    Rows another process has claimed stay visible until it commits; they are waited for. Raises: RegistryBehind.
    """
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        project(organization)
        with scopes.enter(scopes.of_projector().reading()):
            if not Outbox.objects.filter(organization_id=organization.pk).exists():
                return
        if time.monotonic() > deadline:
            raise RegistryBehind(organization.slug)
        time.sleep(0.05)


def reconcile(organization: Organization, *, repair: bool = False) -> Differences:
    """Compare the registry with the organization's own tables, set-based; ``repair`` makes them equal.

    The registry knows nothing of a copy, and is to know nothing.
    """
    if organization.is_copy:
        return Differences(0, 0)
    with scopes.enter(scopes.of_projector(organization.schema_name)), connection.cursor() as cursor:
        _lock(cursor, organization)
        facts = _facts(organization, None)
        missing, extra = _count_differences(cursor, facts)
        if repair and (missing or extra):
            _bring_up(cursor, facts)
        return Differences(missing, extra)


def _project_once(organization: Organization) -> int:
    with scopes.enter(scopes.of_projector(organization.schema_name)), connection.cursor() as cursor:
        _lock(cursor, organization)
        cursor.execute(sql.CLAIM, {"organization": organization.pk})
        claimed = cursor.fetchall()
        if not claimed:
            return 0
        keys: list[uuid.UUID] | None = sorted({key for kind, key in claimed if kind == "enrollment"})
        if len(keys or []) > BULK_KEYS or any(kind == "organization" for kind, _ in claimed):
            keys = None
        _bring_up(cursor, _facts(organization, keys))
        ProjectionState.objects.update_or_create(
            organization_id=organization.pk, defaults={"projected_at": timezone.now()}
        )
        return len(claimed)


def _facts(organization: Organization, keys: list[uuid.UUID] | None) -> dict[str, Any]:
    """Read under the lock: the organization may have gone over to another municipality since the caller read it."""
    known = Organization.objects.filter(pk=organization.pk)
    org_type, urban_rural, region, municipality, founder = known.values_list(
        "org_type", "urban_rural", "region_id", "municipality_id", "founder_id"
    ).get()
    spans = spans_of(organization.pk, municipality, founder)
    return {
        "organization": organization.pk,
        "organization_type": org_type,
        "region": region,
        "urban_rural": urban_rural,
        "spans_from": [span.valid_from for span in spans],
        "spans_to": [span.valid_to for span in spans],
        "municipalities": [span.municipality_id or "" for span in spans],
        "founders": [span.founder_id for span in spans],
        "keys": keys,
    }


def _lock(cursor: Any, organization: Organization) -> None:
    """One projection of an organization at a time: two would read the same state and recognize the same people."""
    cursor.execute(LOCK, [IDENTITY_LOCK, organization.number])


def _bring_up(cursor: Any, facts: dict[str, Any]) -> None:
    _recognize(cursor, facts)
    cursor.execute(sql.UPDATE_PEOPLE, facts)
    cursor.execute(sql.UPDATE_IDENTITIES, facts)
    for statement in (sql.MARK_WITHDRAWN, sql.BLANK_PEOPLE, sql.BLANK_IDENTITIES):
        cursor.execute(statement, facts)
    _make_equal(
        cursor,
        facts,
        table="contingent_registryenrollment",
        columns=sql.ENROLLMENT_COLUMNS,
        key="organization_id, enrollment_id, days_from",
        wanted=sql.ENROLLMENTS_WANTED,
        held=sql.ENROLLMENTS_HELD,
    )
    _make_equal(
        cursor,
        facts,
        table="contingent_registrymovement",
        columns=sql.MOVEMENT_COLUMNS,
        key="organization_id, row_id",
        wanted=sql.MOVEMENTS_WANTED,
        held=sql.MOVEMENTS_HELD,
    )


def _recognize(cursor: Any, facts: dict[str, Any]) -> None:
    """Give every learner his person: known by СНИЛС, by document, or new. Source: CONTINGENT 3, steps 0–2, 6."""
    cursor.execute(sql.NEW_PEOPLE, facts)
    if cursor.fetchone() is None:
        return
    # People are recognized across organizations, so this short step happens in one process at a time.
    cursor.execute("select pg_advisory_xact_lock(%s)", [IDENTITY_LOCK])
    while True:
        cursor.execute(sql.LINK_BY_SNILS, facts)
        cursor.execute(sql.LINK_BY_DOCUMENT, facts)
        cursor.execute(sql.NEW_PEOPLE, facts)
        students = [row[0] for row in cursor.fetchall()]
        if not students:
            return
        people = {"students": students, "people": [new_id() for _ in students], "organization": facts["organization"]}
        for statement in (sql.CREATE_PEOPLE, sql.CREATE_IDENTITIES, sql.CREATE_LINKS):
            cursor.execute(statement, people)


def _make_equal(
    cursor: Any, facts: dict[str, Any], *, table: str, columns: str, key: str, wanted: str, held: str
) -> None:
    """Delete what is held and not wanted, insert what is wanted and not held; equal rows are not touched."""
    cursor.execute(
        f"delete from {table} where ({key}) in (select {key} from (({held}) except ({wanted})) as extra)",  # noqa: S608
        facts,
    )
    cursor.execute(
        f"insert into {table} ({columns}) select * from (({wanted}) except ({held})) as missing",  # noqa: S608
        facts,
    )


def _count_differences(cursor: Any, facts: dict[str, Any]) -> tuple[int, int]:
    pairs = ((sql.ENROLLMENTS_WANTED, sql.ENROLLMENTS_HELD), (sql.MOVEMENTS_WANTED, sql.MOVEMENTS_HELD))
    missing = extra = 0
    for wanted, held in pairs:
        cursor.execute(f"select count(*) from (({wanted}) except ({held})) as missing", facts)  # noqa: S608
        missing += cursor.fetchone()[0]
        cursor.execute(f"select count(*) from (({held}) except ({wanted})) as extra", facts)  # noqa: S608
        extra += cursor.fetchone()[0]
    return missing, extra
