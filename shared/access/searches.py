"""Search text is a name, so it never stands in an address: the session keeps it under a short key.

The address carries ``?s=key`` beside the filters; «back», reload and two tabs work, a copied link shows nobody's name.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable

from django.http import HttpRequest, QueryDict

PARAMETER = "s"
_SESSION_KEY = "searches"
_KEPT = 20
_LONGEST = 200


def remember_search(request: HttpRequest, text: str) -> str:
    """The key of this text in this session; an empty text has an empty key."""
    text = " ".join(text.split())[:_LONGEST]
    if not text:
        return ""
    kept: dict[str, str] = request.session.get(_SESSION_KEY, {})
    known = next((key for key, value in kept.items() if value == text), None)
    if known is not None:
        return known
    key = secrets.token_urlsafe(6)
    request.session[_SESSION_KEY] = dict([*kept.items(), (key, text)][-_KEPT:])
    return key


def recalled_search(request: HttpRequest) -> str:
    """The text behind the address's key; an unknown key (another session) means no search."""
    kept: dict[str, str] = request.session.get(_SESSION_KEY, {})
    return kept.get(request.GET.get(PARAMETER, ""), "")


def posted_address(request: HttpRequest, names: Iterable[str]) -> str:
    """The query of the address that a posted search form means: its filters as they are, its text as a key.

    An emptied choice stays in the address: it may mean «all» where the address without it means something else.
    """
    query = QueryDict(mutable=True)
    for name in names:
        if name in request.POST:
            query.setlist(name, request.POST.getlist(name))
    key = remember_search(request, request.POST.get("q", ""))
    if key:
        query[PARAMETER] = key
    return query.urlencode()


def without(query: QueryDict, *names: str) -> str:
    """The same address without these parameters and without the page."""
    rest = query.copy()
    for name in (*names, "page"):
        rest.pop(name, None)
    return f"?{rest.urlencode()}"
