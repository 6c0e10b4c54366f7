"""Reference books with their values on a day, the same on every host; an organization also reads its own values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import Cursor
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api.v1.pagination import BROKEN, KeysetPagination
from shared.access.workspaces import Workspace
from shared.classifiers.books import books
from shared.classifiers.catalog import Catalog, load_catalog
from shared.classifiers.local import catalog_of

T = TypeVar("T")
_UNTOLD = frozenset({"verify", "origin", "names", "active_to"})  # notes of the data file; days are fields of their own
_CURSOR = OpenApiParameter("cursor", str, description=KeysetPagination.cursor_query_description)
_PAGE_SIZE = OpenApiParameter("page_size", int, description=KeysetPagination.page_size_query_description)


class ClassifierRow(serializers.Serializer):
    """A reference book."""

    name = serializers.CharField()
    title = serializers.CharField()
    group = serializers.CharField(help_text="Раздел.")
    values = serializers.IntegerField(help_text="Сколько значений действует сегодня.")
    is_open = serializers.BooleanField(help_text="Регион добавляет значения.")
    allows_local = serializers.BooleanField(help_text="Организация добавляет значения для себя.")
    is_general_knowledge = serializers.BooleanField(help_text="Есть сведения общего характера, их нужно сверить.")


class ClassifierPage(serializers.Serializer):
    next = serializers.CharField(allow_null=True)
    results = ClassifierRow(many=True)


class ValueRow(serializers.Serializer):
    """A value as it is called on the day asked for."""

    code = serializers.CharField(allow_blank=True)
    label = serializers.CharField()  # type: ignore[assignment]  # hides the name of an attribute of every field
    valid_from = serializers.DateField(allow_null=True)
    valid_to = serializers.DateField(allow_null=True, help_text="Первый день, когда значение уже не действует.")
    origin = serializers.ChoiceField(choices=["shipped", "regional", "local"])
    facts = serializers.DictField(help_text="Признаки значения; у каждого справочника свои.")


class ValuePage(serializers.Serializer):
    next = serializers.CharField(allow_null=True)
    results = ValueRow(many=True)


class ValueQuery(serializers.Serializer):
    as_of = serializers.DateField(
        input_formats=["%Y-%m-%d"], required=False, help_text="День, на который нужны значения; иначе сегодня."
    )


class ClassifierList(APIView):
    """Справочники с числом действующих значений."""

    @extend_schema(parameters=[_CURSOR, _PAGE_SIZE], responses={200: ClassifierPage}, operation_id="classifiers_list")
    def get(self, request: Request) -> Response:
        catalog, today = _catalog(request), timezone.localdate()
        shown, following = _page(request, list(books().values()), lambda book: book.name)
        rows = [
            {
                "name": book.name,
                "title": book.title,
                "group": book.group,
                "values": len(catalog[book.name].valid(today)),
                "is_open": book.is_open,
                "allows_local": book.allows_local,
                "is_general_knowledge": book.is_general_knowledge,
            }
            for book in shown
        ]
        return Response({"next": following, "results": rows})


class ClassifierValues(APIView):
    """Значения справочника, которые действуют на день."""

    @extend_schema(
        parameters=[ValueQuery, _CURSOR, _PAGE_SIZE], responses={200: ValuePage}, operation_id="classifiers_values"
    )
    def get(self, request: Request, name: str) -> Response:
        if name not in books():
            raise Http404
        query = ValueQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        day = query.validated_data.get("as_of", timezone.localdate())
        shown, following = _page(request, _catalog(request)[name].valid(day), lambda item: f":{item.code}")
        rows = [
            {
                "code": item.code,
                "label": item.label_on(day),
                "valid_from": item.valid_from,
                "valid_to": item.valid_to,
                "origin": item.origin,
                "facts": {key: fact for key, fact in item.facts.items() if key not in _UNTOLD},
            }
            for item in shown
        ]
        return Response({"next": following, "results": rows})


def _catalog(request: Request) -> Catalog:
    workspace: Workspace = request._request.workspace  # type: ignore[attr-defined]
    return catalog_of(workspace.organization.id) if workspace.organization else load_catalog()


def _page(request: Request, everything: Sequence[T], key: Callable[[T], str]) -> tuple[Sequence[T], str | None]:
    """One page of a list that stands in memory, with the cursor of the next: the key of the last row shown.

    Raises: ValidationError for a cursor of something else.
    """
    pages = KeysetPagination()
    size = pages.get_page_size(request) or len(everything)
    start, cursor = 0, pages.decode_cursor(request)
    if cursor is not None:
        places = {key(one): place for place, one in enumerate(everything, 1)}
        after: Any = cursor.position  # Any: the stubs know numbers only
        if after not in places:
            raise ValidationError({"cursor": [BROKEN]})
        start = places[after]
    shown = everything[start : start + size]
    if start + size >= len(everything):
        return shown, None
    last: Any = key(shown[-1])
    return shown, pages.encode_cursor(Cursor(offset=0, reverse=False, position=last))
