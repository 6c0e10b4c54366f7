"""Counts from the registry, the same JSON as ``asuso registry count``. Source: INTERFACES 6."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api.v1.authentication import actor_of
from shared.access.actors import Actor
from shared.access.workspaces import Workspace
from shared.contingent.counts import Territory, count, parse_where
from shared.contingent.suppression import suppress

_NUMBERS = {
    "persons": {"type": ["integer", "null"]},
    "enrollments": {"type": ["integer", "null"]},
    "suppressed": {"type": "boolean"},
}
_NUMBERED = {"type": "object", "required": ["persons", "enrollments"], "properties": _NUMBERS}
DOCUMENT = {
    "type": "object",
    "required": ["as_of", "by", "rows", "total"],
    "properties": {
        "as_of": {"type": "string", "format": "date"},
        "by": {"type": "array", "items": {"type": "string"}},
        "rows": {"type": "array", "items": {**_NUMBERED, "additionalProperties": {"type": "string"}}},
        "total": _NUMBERED,
    },
}


class CountsQuery(serializers.Serializer):
    """Query of a count; ``by`` and ``where`` may be repeated."""

    as_of = serializers.DateField(input_formats=["%Y-%m-%d"], help_text="День, на который считать.")
    by = serializers.ListField(
        child=serializers.CharField(max_length=500, allow_blank=True),
        max_length=20,
        required=False,
        help_text="Разрезы через запятую.",
    )
    where = serializers.ListField(
        child=serializers.CharField(max_length=4000),
        max_length=50,
        required=False,
        help_text="РАЗРЕЗ=ЗНАЧЕНИЕ[,ЗНАЧЕНИЕ…]; условия складываются по «и».",
    )
    age_on = serializers.DateField(
        input_formats=["%Y-%m-%d"], required=False, help_text="День, на который считать возраст; иначе as_of."
    )


class Counts(APIView):
    """Сколько мест и человек на день, по разрезам, в пределах рабочего места."""

    @extend_schema(parameters=[CountsQuery], responses={200: DOCUMENT}, operation_id="registry_counts")
    def get(self, request: Request) -> Response:
        query = CountsQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        asked: dict[str, Any] = query.validated_data
        names = [name.strip() for part in asked.get("by", []) for name in part.split(",")]
        workspace: Workspace = request._request.workspace  # type: ignore[attr-defined]
        counted = count(
            as_of=asked["as_of"],
            by=list(dict.fromkeys(filter(None, names))),
            where=parse_where(asked.get("where", [])),
            age_on=asked.get("age_on"),
            territory=Territory(organization=workspace.organization.id) if workspace.organization else Territory(),
        )
        if not opens_persons(actor_of(request), workspace):
            counted = suppress(counted)
        return Response(counted.document())


def opens_persons(actor: Actor, workspace: Workspace) -> bool:
    """Whether the caller may open the people behind a cell, and so sees it exactly."""
    right = actor.right("students.list" if workspace.organization else "registry.persons")
    return right is not None and right.is_everywhere
