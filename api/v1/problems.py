"""Every API error is a problem document with a Russian sentence. Source: INTERFACES 2, STYLE 6."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import PermissionDenied as DjangoPermissionDenied
from django.db import transaction
from django.db.models import Model
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response

from shared.kernel.problems import CONTENT_TYPE, KNOWN, REFUSED, document
from shared.kernel.rules import AlreadyThere, RuleViolation


class StaleForm(exceptions.PermissionDenied):
    """A session wrote without the CSRF token of its page."""

    default_detail = "Обновите страницу и повторите: её защитный код устарел."
    default_code = "csrf_failed"


def exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """The answer for an expected error; anything else rises as a fault. The work transaction is rolled back."""
    transaction.set_rollback(True)
    if isinstance(error, RuleViolation):
        return _refusal(error)
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    if isinstance(error, DjangoPermissionDenied):
        error = exceptions.PermissionDenied()
    if not isinstance(error, exceptions.APIException):
        return None
    detail, code = (str(error.detail), error.default_code) if isinstance(error, StaleForm) else ("", "")
    errors = list(_fields(error.detail)) if isinstance(error, exceptions.ValidationError) else []
    response = _answer(document(error.status_code, detail=detail, code=code, errors=errors))
    wait: float | None = getattr(error, "wait", None)
    if wait is not None:
        response.headers["Retry-After"] = str(math.ceil(wait))
    if isinstance(error, exceptions.NotAuthenticated | exceptions.AuthenticationFailed):
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def _refusal(error: RuleViolation) -> Response:
    """A refusal in its own words; of an equal one that is there already the facts hold the id too."""
    is_known = isinstance(error, AlreadyThere)
    facts = {name: str(value) for name, value in error.facts.items()}
    if is_known:
        facts |= {f"{name}_id": str(value.pk) for name, value in error.facts.items() if isinstance(value, Model)}
    blamed_field = error.facts.get("blamed") or error.field
    blamed = [_line(str(blamed_field), str(error))] if blamed_field else []
    status = KNOWN if is_known else REFUSED
    return _answer(document(status, detail=str(error), code=error.code, facts=facts, errors=blamed))


def _answer(body: dict[str, Any]) -> Response:
    return Response(body, status=body["status"], content_type=CONTENT_TYPE)


def _fields(detail: Any, name: str | None = None) -> Iterator[dict[str, str | None]]:
    """One line for each message; nested fields are joined by a dot, as a form names them."""
    if isinstance(detail, dict):
        for key, value in detail.items():
            whole = None if key in ("non_field_errors", "__all__") else str(key)
            yield from _fields(value, ".".join(part for part in (name, whole) if part) or None)
    elif isinstance(detail, list | tuple):
        for value in detail:
            yield from _fields(value, name)
    else:
        yield _line(name, str(detail))


def _line(field: str | None, message: str) -> dict[str, str | None]:
    return {"field": field, "message": message}
