"""How often one person, token or address may ask. Source: INTERFACES 2 (tokens), R-178, R-179.

A person who is signed in is counted by his account, so a school behind one address is not counted as one visitor; a
stranger by his address. Counters live in the cache for a minute under keys that hold the workspace and digests. A local
cache counts in each process apart: with several processes ``CACHE_URL`` (Redis) makes the limits exact.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any, Final, TypeVar

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.crypto import salted_hmac
from redis.exceptions import RedisError

from shared.access.addresses import client_address, counted_as
from shared.kernel.problems import problem, wants_problem

logger = logging.getLogger(__name__)
Answer = Callable[[HttpRequest], HttpResponse]
V = TypeVar("V", bound=Callable[..., Any])
WINDOW: Final = 60
SIGN_IN_PATHS: Final = ("/login/", "/enter/", "/password/", "/second-factor/")
PROBES: Final = ("/healthz", "/readyz")


def throttled(kind: str) -> Callable[[V], V]:
    """The view has a limit of its own beside the common one: ``reveal``, ``export``."""

    def mark(view: V) -> V:
        view.throttle = kind  # type: ignore[attr-defined]
        return view

    return mark


def refusal(request: HttpRequest, kind: str) -> HttpResponse | None:
    """Count one request of this kind for whoever asks; the answer 429 if his limit is spent."""
    now = time.time()
    window = int(now // WINDOW)
    spent = _count(f"throttle:{_workspace(request)}:{kind}:{_who(request)}:{window}")
    if spent <= settings.THROTTLES[kind] * settings.THROTTLE_SCALE:
        return None
    return _refused(request, WINDOW - int(now % WINDOW))


def _count(key: str) -> int:
    """The number of requests under the key, this one included; 0 while the cache is away.

    A cache that fails must not close the system: passwords have limits of their own in the database.
    """
    try:
        cache.add(key, 0, WINDOW * 2)
        return cache.incr(key)
    except ValueError:  # fell out of the cache between the two calls
        return 1
    except (RedisError, OSError) as fault:
        logger.error("throttle without cache", extra={"fault": type(fault).__name__})
        return 0


def _workspace(request: HttpRequest) -> str:
    return str(request.workspace.host)  # type: ignore[attr-defined]


def _who(request: HttpRequest) -> str:
    actor = getattr(request, "actor", None)
    name = f"account {actor.account_id}" if actor else f"address {counted_as(client_address(request))}"
    return salted_hmac("asuso.throttle", name).hexdigest()[:32]


class ThrottleMiddleware:
    """Stands inside ``WorkspaceMiddleware``: knows who asks, and its answers are closed like any other."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        for kind in _common(request):
            if refused := refusal(request, kind):
                return refused
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        kind = getattr(view, "throttle", None)
        return refusal(request, kind) if kind else None


def _common(request: HttpRequest) -> list[str]:
    if request.path in PROBES:
        return []
    actor = getattr(request, "actor", None)
    if actor is not None and actor.is_token:
        return ["token"]
    kinds = ["user" if actor else "address"]
    if request.method == "POST" and request.path.startswith(SIGN_IN_PATHS):
        kinds.append("sign_in")
    return kinds


def _refused(request: HttpRequest, wait: int) -> HttpResponse:
    if wants_problem(request):
        response: HttpResponse = problem(429)
    else:
        response = render(request, "429.html", {"wait": wait}, status=429)
    response.headers["Retry-After"] = str(wait)
    return response
