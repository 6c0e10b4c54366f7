"""Filters of the fleet; they live in the URL."""

from __future__ import annotations

import django_filters
from django.db.models import Q, QuerySet

from shared.organizations.models import Organization, OrgType

ORDER = {
    "name": "sort_name",
    "type": "org_type",
    "municipality": "municipality__name",
    "connected": "connected_at",
    "backup": "backup_at",
    "faults": "faults",
    "seen": "seen_at",
}


class OrganizationFilter(django_filters.FilterSet):
    """Search by name, address or ИНН, and by status, type, municipality, version and faults."""

    q = django_filters.CharFilter(method="search")
    status = django_filters.ChoiceFilter(choices=Organization.Status.choices)
    type = django_filters.ChoiceFilter(field_name="org_type", choices=OrgType.choices)
    municipality = django_filters.CharFilter(field_name="municipality_id")
    version = django_filters.ChoiceFilter(choices=[("behind", "Отстаёт")], method="by_version")
    faults = django_filters.ChoiceFilter(choices=[("some", "Были")], method="by_faults")
    sort = django_filters.OrderingFilter(fields={field: name for name, field in ORDER.items()})

    class Meta:
        model = Organization
        fields: list[str] = []

    def __init__(self, *args: object, fingerprint: str = "", **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fingerprint = fingerprint

    def search(self, queryset: QuerySet[Organization], name: str, value: str) -> QuerySet[Organization]:
        wanted = value.strip()
        return queryset.filter(
            Q(short_name__icontains=wanted)
            | Q(full_name__icontains=wanted)
            | Q(slug__icontains=wanted)
            | Q(inn__startswith=wanted)
        )

    def by_version(self, queryset: QuerySet[Organization], name: str, value: str) -> QuerySet[Organization]:
        return queryset.exclude(fingerprint=self.fingerprint).exclude(status=Organization.Status.ARCHIVED)

    def by_faults(self, queryset: QuerySet[Organization], name: str, value: str) -> QuerySet[Organization]:
        return queryset.filter(faults__gt=0)  # type: ignore[misc]  # annotated by ``queries.with_state``
