"""Bodies of requests: JSON whose texts can be kept and told back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import IO, Any

from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser


class TextParser(JSONParser):
    """JSON escapes can write half of a sign (``\\ud800``): no encoding holds it, so the body is refused."""

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        data = super().parse(stream, media_type, parser_context)
        if _is_broken(data):
            raise ParseError
        return data


def _is_broken(value: Any) -> bool:
    match value:
        case str():
            return any("\ud800" <= sign <= "\udfff" for sign in value)
        case dict():
            return any(map(_is_broken, value)) or any(map(_is_broken, value.values()))
        case list():
            return any(map(_is_broken, value))
    return False
