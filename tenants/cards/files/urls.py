"""Addresses of files of cards. Each kind has its own, because the right to bring it is another."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path

from shared.access.declarations import requires
from tenants.cards.files import views
from tenants.cards.files.kinds import FileKind, file_kinds

View = Callable[..., HttpResponse]
_BROUGHT: Final[tuple[tuple[str, str, View], ...]] = (
    ("", "list", views.run_list),
    ("new/", "upload", views.upload),
    ("template.xlsx", "template", views.template),
    ("<uuid:run_id>/", "run", views.run),
    ("<uuid:run_id>/columns/", "columns", views.columns),
    ("<uuid:run_id>/progress/", "progress", views.progress),
    ("<uuid:run_id>/check/", "check", views.check),
    ("<uuid:run_id>/apply/", "apply", views.apply),
    ("<uuid:run_id>/discard/", "discard", views.discard),
    ("<uuid:run_id>/undo/", "undo", views.undo),
    ("<uuid:run_id>/errors.xlsx", "errors", views.errors),
)
_TAKEN: Final[tuple[tuple[str, str, str], ...]] = (
    ("edit.xlsx", "take_xlsx", "xlsx"),
    ("edit.csv", "take_csv", "csv"),
)


def _of_kind(view: View, capability: str, kind: FileKind) -> View:
    """The view for one kind of cards behind the right that this kind asks for."""

    @wraps(view)
    def bound(request: HttpRequest, **arguments: Any) -> HttpResponse:  # Any: what the address holds
        return view(request, **{**arguments, "kind": kind})

    return requires(capability)(bound)


def _patterns() -> Iterator[URLPattern]:
    for code, kind in file_kinds().items():
        named = {"kind": code}  # by this the address of a kind is found again
        for route, name, view in _BROUGHT:
            yield path(f"{code}/{route}", _of_kind(view, kind.imports, kind), named, name=name)
        for route, name, extension in _TAKEN:
            take = _of_kind(views.take, kind.card.edits, kind)
            yield path(f"{code}/{route}", take, {**named, "extension": extension}, name=name)


app_name = "card_files"
urlpatterns = list(_patterns())
