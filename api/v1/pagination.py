"""Lists are pages by key, ``{"next": cursor|null, "results": […]}``: a page costs the same however deep it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode

from rest_framework.exceptions import ValidationError
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response

from shared.accounts.sealing import SealBroken, seal, unseal

if TYPE_CHECKING:
    # DRF's views import the classes its settings name, this one among them.
    from rest_framework.views import APIView

_PURPOSE = "api.cursor"
BROKEN = "Курсор повреждён. Начните список сначала, без параметра cursor."


class KeysetPagination(CursorPagination):
    """DRF's cursor over a view's ``ordering``; ``next`` is the cursor alone, to be sent back as ``cursor``."""

    page_size_query_param = "page_size"
    max_page_size = 500
    cursor_query_description = "Значение next предыдущей страницы; у первой страницы его нет."
    page_size_query_description = "Сколько строк на странице, не больше 500."
    ordering = "pk"

    def paginate_queryset(self, queryset: Any, request: Request, view: APIView | None = None) -> list[Any] | None:
        self.ordering = getattr(view, "ordering", self.ordering)
        return super().paginate_queryset(queryset, request, view)

    def decode_cursor(self, request: Request) -> Cursor | None:
        """Raises: ValidationError for what was not given out as ``next``."""
        given = request.query_params.get(self.cursor_query_param)
        if not given:
            return None
        try:
            purpose, _, text = unseal(given).partition("?")
        except SealBroken as error:
            raise ValidationError({"cursor": [BROKEN]}) from error
        if purpose != _PURPOSE:
            raise ValidationError({"cursor": [BROKEN]})
        tokens = dict(parse_qsl(text))
        position: Any = tokens.get("p")  # Any: the stubs know numbers only
        return Cursor(offset=int(tokens.get("o", 0)), reverse="r" in tokens, position=position)

    def encode_cursor(self, cursor: Cursor) -> str:
        """The place is a name where the list is sorted by names, so it travels sealed: addresses get into logs."""
        tokens = {"o": cursor.offset or None, "r": "1" if cursor.reverse else None, "p": cursor.position}
        text = urlencode({name: value for name, value in tokens.items() if value is not None})
        return seal(f"{_PURPOSE}?{text}")

    def get_paginated_response(self, data: Any) -> Response:
        return Response({"next": self.get_next_link(), "results": data})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        return {
            "type": "object",
            "required": ["next", "results"],
            "properties": {"next": {"type": ["string", "null"]}, "results": schema},
        }
