"""Reads of the operator's console: organizations, no person."""

from __future__ import annotations

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from fleet.backups.models import Backup
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


def with_last_backup(organizations: QuerySet[Organization]) -> QuerySet[Organization]:
    """With ``backup_at``: of which moment the latest good backup is, None without one."""
    done = Backup.objects.filter(outcome=Backup.Outcome.DONE, organization_id=OuterRef("pk")).order_by("-taken_at")
    return organizations.annotate(backup_at=Subquery(done.values("taken_at")[:1]))


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
