"""Lists are pages by key, ``{"next": cursor|null, "results": […]}``: a page costs the same however deep it is."""

from __future__ import annotations

from typing import Any

from rest_framework.pagination import CursorPagination
from rest_framework.response import Response


class KeysetPagination(CursorPagination):
    """DRF's cursor over a view's ``ordering``; ``next`` is the cursor alone, to be sent back as ``cursor``."""

    page_size_query_param = "page_size"
    max_page_size = 500

    def get_paginated_response(self, data: Any) -> Response:
        return Response({"next": self._next_cursor(), "results": data})

    def _next_cursor(self) -> str | None:
        link = self.get_next_link()
        return link.split("cursor=", 1)[1].split("&", 1)[0] if link else None

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        return {
            "type": "object",
            "required": ["next", "results"],
            "properties": {"next": {"type": ["string", "null"]}, "results": schema},
        }
