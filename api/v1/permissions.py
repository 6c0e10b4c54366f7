"""Rights were checked by the middleware before the view; this refuses a view that declared none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

if TYPE_CHECKING:
    # DRF's views import the classes its settings name, this one among them.
    from rest_framework.views import APIView

if TYPE_CHECKING:
    from rest_framework.views import APIView  # it reads our settings while it is being imported, and they name us


class DeclaredRight(BasePermission):
    """Only a request that has passed ``RightsMiddleware`` carries an actor with a place on this host."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        actor = getattr(request._request, "actor", None)
        return actor is not None and bool(actor.here)
