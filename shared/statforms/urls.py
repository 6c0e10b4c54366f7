"""Addresses of the forms, the same on every host; an organization says who its learners are."""

from __future__ import annotations

from typing import Any

from django.urls import URLPattern, include, path

from shared.statforms import views
from shared.statforms.learners import LearnerNames


def form_urls(names: LearnerNames | None = None) -> Any:  # Any: what include() gives
    """``/forms/…``; ``names`` is given on the host of an organization, where the registry shows no people."""
    cell = "<slug:form>/<slug:section>/<slug:row>/<slug:column>/"
    patterns: list[URLPattern] = [
        path("", views.form_list, name="forms"),
        path("<slug:form>/", views.form_page, name="form"),
        path("<slug:form>/export.<slug:extension>", views.export, name="export"),
        path(cell, views.cell, name="cell"),
        path(f"{cell}list/", views.cell_list, {"names": names}, name="list"),
    ]
    return include((patterns, "statforms"))
