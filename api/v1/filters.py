"""Filters of the API's lists."""

from __future__ import annotations

import django_filters
from django.db.models import Q, QuerySet

from shared.organizations.models import Organization, OrgType


class OrganizationFilter(django_filters.FilterSet):
    """What a list of organizations is narrowed by."""

    search = django_filters.CharFilter(label="Часть названия", method="named_like")
    type = django_filters.ChoiceFilter(label="Тип", field_name="org_type", choices=OrgType)
    municipality = django_filters.CharFilter(label="ОКТМО", field_name="municipality_id")
    status = django_filters.ChoiceFilter(label="Состояние", choices=Organization.Status)

    def named_like(self, organizations: QuerySet[Organization], name: str, value: str) -> QuerySet[Organization]:
        return organizations.filter(Q(short_name__icontains=value) | Q(full_name__icontains=value))
