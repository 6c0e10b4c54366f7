"""The published description of the API: OpenAPI 3.1, of the host that is asked and of nothing else."""

from __future__ import annotations

from functools import cache
from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from shared.kernel.problems import CONTENT_TYPE

PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "code", "facts", "errors"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "Предложение для человека."},
        "code": {"type": "string", "description": "Постоянное слово для программы."},
        "facts": {"type": "object"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "message"],
                "properties": {"field": {"type": ["string", "null"]}, "message": {"type": "string"}},
            },
        },
    },
}


class WorkspaceScheme(OpenApiAuthenticationExtension):
    """How a caller proves who he is; found by drf-spectacular when this module is imported."""

    target_class = "api.v1.authentication.WorkspaceAuthentication"
    name = ["token", "session"]

    def get_security_requirement(self, auto_schema: AutoSchema) -> list[dict[str, list[Any]]]:
        return [{name: []} for name in self.name]  # either of them, not both

    def get_security_definition(self, auto_schema: AutoSchema) -> list[dict[str, Any]]:
        return [
            {"type": "http", "scheme": "bearer", "description": "Токен этого узла: asuso token create."},
            {"type": "apiKey", "in": "cookie", "name": "asuso_session", "description": "Сеанс браузера."},
        ]


class HostSchema(APIView):
    """OpenAPI description of this host."""

    @extend_schema(exclude=True)
    def get(self, request: Request) -> Response:
        return Response(described(request._request.urlconf))  # type: ignore[attr-defined]


@cache
def described(urlconf: str) -> dict[str, Any]:
    """The description of one kind of host; it changes only with the code."""
    document: dict[str, Any] = SchemaGenerator(urlconf=urlconf).get_schema(request=None, public=True)
    document.setdefault("components", {}).setdefault("schemas", {})["Problem"] = PROBLEM
    refused = {
        "description": "Ошибка: RFC 9457, предложение по-русски в detail.",
        "content": {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    for operations in document["paths"].values():
        for operation in operations.values():
            operation["responses"]["4XX"] = refused
    return document
