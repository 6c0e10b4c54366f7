"""Addresses of the API on each kind of host. A host describes and answers only its own."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from api.v1.directory import OrganizationList, WhoAmI
from api.v1.registry import Counts
from api.v1.schema import HostSchema
from api.v1.students import StudentDetail, StudentList
from shared.access.declarations import requires

_COMMON = [
    path("schema/", requires("home.view", scope="identity")(HostSchema.as_view()), name="schema"),
    path("v1/me/", requires("home.view", scope="identity")(WhoAmI.as_view()), name="me"),
]
_COUNTS = path("v1/registry/counts", requires("registry.count")(Counts.as_view()), name="counts")


def _mounted(*patterns: URLPattern) -> list[URLResolver]:
    return [path("api/", include(([*_COMMON, *patterns], "api")))]


ANY_HOST = _mounted()
ORGANIZATION = _mounted(
    _COUNTS,
    path("v1/students/", requires("students.list")(StudentList.as_view()), name="students"),
    path("v1/students/<uuid:pk>/", requires("students.read")(StudentDetail.as_view()), name="student"),
)
AUTHORITY = _mounted(
    _COUNTS,
    path("v1/organizations/", requires("organizations.read")(OrganizationList.as_view()), name="organizations"),
)
OPERATOR = _mounted(
    path("v1/organizations/", requires("fleet.view")(OrganizationList.as_view()), name="organizations"),
)
