"""Keeping a classifier: adding a value, another name from a day, the last day, other names. Source: REGION 5, R-115."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from shared.access.declarations import requires
from shared.classifiers.models import ClassifierValue
from shared.classifiers.services import Keeper, add_value, rename_value, set_other_names, set_term
from shared.kernel.rules import RuleViolation
from shared.reference.forms import AddForm, NamesForm, RenameForm, TermForm
from shared.reference.places import Place, place_of
from shared.reference.views import book_or_404

Changing = RenameForm | TermForm | NamesForm


@requires("classifiers.edit")
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, name: str) -> HttpResponse:
    """A new value of the region, or of this organization alone."""
    book, place = book_or_404(name), place_of(request)
    keeper = _keeper(place)
    if not keeper.may_add_to(book):
        raise PermissionDenied
    form = AddForm(request.POST or None, book=book, classifier=place.catalog[name])
    if request.method == "POST" and form.is_valid():
        try:
            value = add_value(keeper=keeper, book=book, new=form.new)
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            messages.success(request, f"Значение «{value.label}» добавлено.")
            return redirect("classifiers:book", name)
    context = {"book": book, "form": form, "place": place}
    return render(request, "reference/add.html", context, status=_status(request))


@requires("classifiers.edit")
@require_http_methods(["GET", "POST"])
def rename(request: HttpRequest, name: str, value_id: uuid.UUID) -> HttpResponse:
    """Another name from a day; the earlier days keep theirs."""
    return _change(request, name, value_id, RenameForm, rename_value, "Другое название", "Переименовать")


@requires("classifiers.edit")
@require_http_methods(["GET", "POST"])
def term(request: HttpRequest, name: str, value_id: uuid.UUID) -> HttpResponse:
    """The last day of a value, or its return to use."""
    return _change(request, name, value_id, TermForm, set_term, "Срок действия", "Сохранить срок")


@requires("classifiers.edit")
@require_http_methods(["GET", "POST"])
def names(request: HttpRequest, name: str, value_id: uuid.UUID) -> HttpResponse:
    """Other writings by which files mean the value."""
    return _change(request, name, value_id, NamesForm, set_other_names, "Другие названия", "Сохранить названия")


def _change(
    request: HttpRequest,
    name: str,
    value_id: uuid.UUID,
    form_class: type[Changing],
    service: Callable[..., ClassifierValue],
    title: str,
    submit: str,
) -> HttpResponse:
    """A page of one change; a row that is not the keeper's own does not exist for him."""
    book, keeper = book_or_404(name), _keeper(place_of(request))
    own = ClassifierValue.objects.filter(classifier=name, organization=keeper.organization_id)
    value = get_object_or_404(own, pk=value_id)
    initial: dict[str, Any] = {"version": value.version, **form_class.initial_of(value)}
    form = form_class(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            service(keeper=keeper, value_id=value.pk, **form.facts())
        except RuleViolation as violation:
            form.refuse(violation)
        else:
            messages.success(request, f"Справочник «{book.title}» изменён.")
            return redirect("classifiers:book", name)
    context = {"book": book, "value": value, "form": form, "title": title, "submit": submit}
    return render(request, "reference/change.html", context, status=_status(request))


def _keeper(place: Place) -> Keeper:
    if place.keeper is None:
        raise PermissionDenied
    return place.keeper


def _status(request: HttpRequest) -> int:
    return 422 if request.method == "POST" else 200
