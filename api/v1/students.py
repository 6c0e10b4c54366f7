"""Learners of an organization, on its own host."""

from __future__ import annotations

import datetime
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from rest_framework.generics import ListAPIView, RetrieveAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from api.v1.authentication import actor_of
from api.v1.serializers import StudentCard, StudentRow
from shared.access.requests import note_look
from tenants.orders.models import Enrollment, Placement
from tenants.people.filters import StudentFilter
from tenants.people.models import Student


class StudentList(ListAPIView):
    """Список обучающихся по фамилии, имени и отчеству, с классом или группой на сегодня."""

    serializer_class = StudentRow
    filterset_class = StudentFilter
    ordering = ("sort_name", "id")

    def get_queryset(self) -> QuerySet[Student]:
        return Student.objects.known().seen_by(actor_of(self.request), "students.list")

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        day = StudentFilter(self.request.query_params, queryset).on_day
        return super().filter_queryset(queryset).prefetch_related(_held_on(day))


class StudentDetail(RetrieveAPIView):
    """Один обучающийся со всеми его местами."""

    serializer_class = StudentCard

    def get_queryset(self) -> QuerySet[Student]:
        places = Enrollment.objects.filter(is_annulled=False).prefetch_related(
            Prefetch("placements", Placement.objects.select_related("group"))
        )
        held = _held_on(timezone.localdate())
        reached = Student.objects.known().seen_by(actor_of(self.request), "students.read")
        return reached.prefetch_related(Prefetch("enrollments", places), held)

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """A card with documents in it is a look behind the masks."""
        response = super().retrieve(request, *args, **kwargs)
        if response.data["identity"] is not None:
            note_look(request, response.data["id"], "document")
        return response


def _held_on(day: datetime.date) -> Prefetch:
    """Places of ``day`` as ``held_places``, the basic one first, each with its group of the day."""
    placements = Prefetch("placements", Placement.objects.on(day).select_related("group"), to_attr="held_placements")
    places = Enrollment.objects.on(day).order_by("-is_basic", "enrolled_on", "id").prefetch_related(placements)
    return Prefetch("enrollments", places, to_attr="held_places")
