"""Who the caller is, and which organizations he sees."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.utils import extend_schema
from rest_framework.filters import BaseFilterBackend
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api.v1.authentication import actor_of
from api.v1.filters import OrganizationFilter
from api.v1.serializers import Me, OrganizationRow
from shared.access.visibility import visible_to
from shared.organizations.models import Organization


class SeenByActor(BaseFilterBackend):
    """Only the organizations of the caller's territory, founder or fleet."""

    def filter_queryset(self, request: Request, queryset: QuerySet[Any], view: APIView) -> QuerySet[Any]:
        return visible_to(actor_of(request), queryset)


class OrganizationList(ListAPIView):
    """Подключённые организации, которые видит это рабочее место."""

    queryset = Organization.objects.exclude(status=Organization.Status.ARCHIVED)
    serializer_class = OrganizationRow
    filter_backends = [SeenByActor, DjangoFilterBackend]
    filterset_class = OrganizationFilter
    ordering = ("short_name", "id")


class WhoAmI(APIView):
    """Учётная запись, её роли и права на этом узле."""

    @extend_schema(responses=Me)
    def get(self, request: Request, **kwargs: Any) -> Response:
        return Response(Me(actor_of(request), context={"request": request}).data)
