"""Addresses of the API on each kind of host. A host describes and answers only its own."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from api.v1.cards.filters import FILTERS
from api.v1.cards.new import REGISTERS
from api.v1.cards.rows import RowDetail, RowList
from api.v1.cards.views import CardDetail, CardList
from api.v1.classifiers import ClassifierList, ClassifierValues
from api.v1.directory import OrganizationList, WhoAmI
from api.v1.registry import Counts
from api.v1.schema import HostSchema
from api.v1.students import StudentDetail, StudentList
from shared.access.declarations import requires
from tenants.cards.kinds import KINDS

_COMMON = [
    path("schema/", requires("home.view", scope="identity")(HostSchema.as_view()), name="schema"),
    path("v1/me/", requires("home.view", scope="identity")(WhoAmI.as_view()), name="me"),
    path("v1/classifiers/", requires("")(ClassifierList.as_view()), name="classifiers"),
    path("v1/classifiers/<slug:name>/", requires("")(ClassifierValues.as_view()), name="classifier"),
]
_COUNTS = path("v1/registry/counts", requires("registry.count")(Counts.as_view()), name="counts")


def _cards() -> list[URLPattern]:
    """Lists and cards of every kind, rows where a card repeats sections; a list takes new cards made by hand.

    Whoever reads may ask; who may write is decided by the card. Source: INTERFACES 2.
    """
    found = []
    for code, kind in KINDS.items():
        listed = REGISTERS.get(code, CardList).as_view(kind=kind, filterset_class=FILTERS[code])
        views = [("", listed, "cards"), ("<uuid:pk>/", CardDetail.as_view(kind=kind), "card")]
        if any(section.rows for section in kind.sections()):
            rows = "<uuid:pk>/<slug:section>/"
            views.append((rows, RowList.as_view(kind=kind), "rows"))
            views.append((f"{rows}<uuid:row>/", RowDetail.as_view(kind=kind), "row"))
        for route, view, name in views:
            found.append(path(f"v1/cards/{code}/{route}", requires(kind.reads)(view), name=f"{code}_{name}"))
    return found


def _mounted(*patterns: URLPattern) -> list[URLResolver]:
    return [path("api/", include(([*_COMMON, *patterns], "api")))]


ANY_HOST = _mounted()
ORGANIZATION = _mounted(
    _COUNTS,
    path("v1/students/", requires("students.list")(StudentList.as_view()), name="students"),
    *_cards(),
    path("v1/students/<uuid:pk>/", requires("students.read")(StudentDetail.as_view()), name="student"),
)
AUTHORITY = _mounted(
    _COUNTS,
    path("v1/organizations/", requires("organizations.read")(OrganizationList.as_view()), name="organizations"),
)
OPERATOR = _mounted(
    path("v1/organizations/", requires("fleet.view")(OrganizationList.as_view()), name="organizations"),
)
