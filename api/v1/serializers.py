"""Shapes of the API's objects. Fields beyond a caller's right are absent from the shape he is served by."""

from __future__ import annotations

import datetime
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.v1.authentication import actor_of
from shared.organizations.models import Organization
from tenants.orders.models import Enrollment, Placement
from tenants.people.models import Student


class StudentRow(serializers.ModelSerializer):
    """A learner in a list, with the group and the first day of the place he has today."""

    group = serializers.SerializerMethodField(help_text="Класс или группа основного места на сегодня.")
    grade = serializers.SerializerMethodField(help_text="Параллель, если есть.")
    enrolled_on = serializers.SerializerMethodField(help_text="Первый день этого места.")

    class Meta:
        model = Student
        fields = [
            "id",
            "last_name",
            "first_name",
            "patronymic",
            "birth_date",
            "sex",
            "group",
            "grade",
            "enrolled_on",
        ]

    def get_group(self, student: Student) -> str | None:
        placement = _placement(student)
        return placement.group.name if placement else None

    def get_grade(self, student: Student) -> int | None:
        placement = _placement(student)
        return placement.group.grade if placement else None

    def get_enrolled_on(self, student: Student) -> datetime.date | None:
        place = _place(student)
        return place.enrolled_on if place else None


class Place(serializers.ModelSerializer):
    """A place of a learner, held or left."""

    group = serializers.SerializerMethodField(help_text="Последний класс или группа этого места.")

    class Meta:
        model = Enrollment
        fields = ["id", "program_kind", "is_basic", "form_of_study", "enrolled_on", "left_on", "group"]

    def get_group(self, place: Enrollment) -> str | None:
        placements = list(place.placements.all())
        return placements[-1].group.name if placements else None


class Identity(serializers.ModelSerializer):
    """Documents of a learner: served with the right ``students.identity`` only."""

    class Meta:
        model = Student
        fields = ["snils", "citizenship", "doc_type", "doc_series", "doc_number", "doc_issued_on", "doc_issued_by"]


class StudentCard(StudentRow):
    """One learner with every place; ``identity`` is null without the right to documents."""

    places = Place(source="enrollments", many=True, read_only=True)
    identity = serializers.SerializerMethodField()

    class Meta(StudentRow.Meta):
        fields = [*StudentRow.Meta.fields, "places", "identity"]

    @extend_schema_field(Identity(allow_null=True))
    def get_identity(self, student: Student) -> dict[str, Any] | None:
        reached = Student.objects.seen_by(actor_of(self.context["request"]), "students.identity")
        return dict(Identity(student).data) if reached.filter(pk=student.pk).exists() else None


class OrganizationRow(serializers.ModelSerializer):
    """A connected organization of the caller's territory."""

    municipality = serializers.CharField(source="municipality_id", allow_null=True, help_text="ОКТМО")

    class Meta:
        model = Organization
        fields = [
            "id",
            "slug",
            "short_name",
            "full_name",
            "org_type",
            "municipality",
            "status",
            "inn",
            "ogrn",
            "address",
            "urban_rural",
        ]


class Workplace(serializers.Serializer):
    """One of the caller's roles."""

    id = serializers.UUIDField()
    role = serializers.CharField()
    role_name = serializers.CharField()
    place = serializers.CharField()


class Me(serializers.Serializer):
    """The caller on this host."""

    id = serializers.UUIDField(source="account_id")
    login = serializers.CharField()
    full_name = serializers.CharField()
    workspace = serializers.SerializerMethodField()
    here = Workplace(many=True)
    grants = Workplace(many=True)
    capabilities = serializers.SerializerMethodField()

    def get_workspace(self, actor: Any) -> str:
        return str(self.context["request"].workspace.kind)

    def get_capabilities(self, actor: Any) -> list[str]:
        return sorted(actor.capabilities)


def _place(student: Student) -> Enrollment | None:
    """The place of today that counts first: basic before supplementary."""
    places: list[Enrollment] = student.held_places  # type: ignore[attr-defined]
    return places[0] if places else None


def _placement(student: Student) -> Placement | None:
    place = _place(student)
    return place.held_placements[0] if place and place.held_placements else None  # type: ignore[attr-defined]
