"""Reads of the operator's console: organizations, no person."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from fleet.backups.models import Backup
from shared.audit.models import Visit
from shared.maintenance.faults import first_day_shown
from shared.maintenance.models import Fault
from shared.organizations.models import Municipality, Organization
from shared.tenancy.models import TemplateScript


def current_fingerprint() -> str:
    """The version that new organizations get; one that differs is behind."""
    return TemplateScript.objects.order_by("-made_at").values_list("fingerprint", flat=True).first() or ""


def fleet_totals(fingerprint: str) -> dict[str, int]:
    """Numbers of the fleet by state, in one query."""
    status = Organization.Status
    is_present = ~Q(status=status.ARCHIVED)
    return Organization.objects.aggregate(
        all=Count("pk", filter=is_present),
        active=Count("pk", filter=Q(status=status.ACTIVE)),
        suspended=Count("pk", filter=Q(status=status.SUSPENDED)),
        archived=Count("pk", filter=Q(status=status.ARCHIVED)),
        behind=Count("pk", filter=is_present & ~Q(fingerprint=fingerprint)),
        municipalities=Count("municipality", distinct=True, filter=is_present),
    )


def with_state(organizations: QuerySet[Organization]) -> QuerySet[Organization]:
    """With ``backup_at``, the moment of the latest good backup, ``faults`` of the days shown, ``seen_at`` of anybody.

    ``backup_at`` and ``seen_at`` are None where there was none; who was seen is not read.
    """
    done = Backup.objects.filter(outcome=Backup.Outcome.DONE, organization_id=OuterRef("pk")).order_by("-taken_at")
    visits = Visit.objects.filter(organization_id=OuterRef("pk")).order_by("-day", "-seen_at")
    faults = Fault.objects.filter(organization_id=OuterRef("pk"), day__gte=first_day_shown()).order_by()
    number = faults.values("organization_id").annotate(all=Sum("number")).values("all")
    return organizations.annotate(
        backup_at=Subquery(done.values("taken_at")[:1]),
        seen_at=Subquery(visits.values("seen_at")[:1]),
        faults=Coalesce(Subquery(number), 0),
    )


def sizes_of(organizations: Iterable[Organization]) -> dict[str, int]:
    """Schema → bytes on disk of its tables with their indexes, in one query."""
    schemas = [one.schema_name for one in organizations]
    with connection.cursor() as cursor:
        cursor.execute(
            "select n.nspname, sum(pg_total_relation_size(c.oid))::bigint"
            " from pg_namespace n join pg_class c on c.relnamespace = n.oid and c.relkind = 'r'"
            " where n.nspname = any(%s) group by n.nspname",
            [schemas],
        )
        return dict(cursor.fetchall())


def faults_of(organization: Organization) -> QuerySet[Fault]:
    """Days with faults among those shown, the latest first."""
    return Fault.objects.filter(organization_id=organization.pk, day__gte=first_day_shown()).order_by("-day", "source")


def last_backup_of(organization: Organization) -> Backup | None:
    """The latest good backup of one organization."""
    done = Backup.objects.filter(outcome=Backup.Outcome.DONE, organization_id=organization.pk)
    return done.order_by("-taken_at").first()


def last_drill() -> Backup | None:
    """The latest drill, whatever came of it."""
    return Backup.objects.filter(kind=Backup.Kind.DRILL).order_by("-taken_at").first()


def municipalities_with_organizations() -> list[tuple[str, str, int]]:
    """ОКТМО, name and number of organizations, for the filter."""
    rows = Municipality.objects.annotate(number=Count("organizations")).filter(number__gt=0).order_by("name")
    return list(rows.values_list("oktmo", "name", "number"))
