"""How many requests a token may send a minute. Source: INTERFACES 2."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle

if TYPE_CHECKING:
    # DRF's views import the classes its settings name, this one among them.
    from rest_framework.views import APIView


class TokenThrottle(SimpleRateThrottle):
    """Counted per account and host, so one host's calls do not exhaust another's."""

    scope = "token"

    def get_cache_key(self, request: Request, view: APIView) -> str | None:
        actor = getattr(request._request, "actor", None)
        if actor is None:
            return None
        host = request._request.workspace.host  # type: ignore[attr-defined]
        return f"throttle:{host}:{actor.account_id}"
