"""Addresses of users on every host, of the table of rights in organizations, of ceilings in the region."""

from __future__ import annotations

from typing import Any

from django.urls import URLPattern, include, path

from shared.appointments.groups import GroupChoices
from shared.appointments.views import appointing, ceilings, people, rights


def user_urls(groups: GroupChoices | None = None) -> Any:  # Any: what include() gives
    """``/users/…``; ``groups`` names the classes of an organization for roles that work by groups."""
    known = {"groups": groups}
    patterns: list[URLPattern] = [
        path("", people.people_list, known, name="list"),
        path("export.xlsx", people.export, {"extension": "xlsx"}, name="export_xlsx"),
        path("export.pdf", people.export, {"extension": "pdf"}, name="export_pdf"),
        path("new/", appointing.new_person, known, name="new"),
        path("known/", appointing.known_person, known, name="known"),
        path("<uuid:account_id>/", people.person, name="person"),
        path("<uuid:account_id>/appoint/", appointing.appoint_person, known, name="appoint"),
        path("<uuid:account_id>/<uuid:grant_id>/end/", appointing.end, name="end"),
    ]
    return include((patterns, "users"))


def rights_urls(groups: GroupChoices) -> Any:  # Any: as above
    """``/rights/…`` of an organization."""
    patterns: list[URLPattern] = [
        path("", rights.table, {"groups": groups}, name="table"),
        path("export.xlsx", rights.export, {"extension": "xlsx"}, name="export_xlsx"),
        path("export.pdf", rights.export, {"extension": "pdf"}, name="export_pdf"),
        path("change/", rights.change, name="change"),
        path("<str:row>/<slug:role>/", rights.cell, name="cell"),
    ]
    return include((patterns, "rights"))


def ceiling_urls() -> Any:  # Any: as above
    """``/rights/ceilings/…`` of the region."""
    patterns: list[URLPattern] = [
        path("", ceilings.ceilings, name="list"),
        path("new/", ceilings.lock, name="new"),
        path("<uuid:ceiling_id>/lift/", ceilings.lift, name="lift"),
    ]
    return include((patterns, "ceilings"))
