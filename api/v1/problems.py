"""Every API error is a problem+json with a Russian sentence (RFC 9457). Source: INTERFACES 2."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied as DjangoPermissionDenied
from django.db import transaction
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response

from shared.kernel.rules import RuleViolation

SENTENCES = {
    400: ("Запрос не понят", "Запрос составлен неверно. Исправьте названные поля и повторите."),
    401: ("Нужен вход", "Войдите в систему или передайте действующий токен этого узла."),
    403: ("Нет права", "У вашей роли нет права на это действие. Обратитесь к администратору."),
    404: ("Не найдено", "Такого объекта нет. Проверьте адрес."),
    405: ("Метод не поддержан", "Этот адрес не принимает такой метод. Посмотрите описание API."),
    406: ("Формат не поддержан", "Этот адрес отвечает только в формате JSON."),
    415: ("Формат не поддержан", "Тело запроса должно быть в формате JSON."),
    429: ("Слишком часто", "Слишком много запросов. Повторите позже."),
}


def exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """The answer for an expected error; anything else rises as a fault. The work transaction is rolled back."""
    transaction.set_rollback(True)
    if isinstance(error, RuleViolation):
        return problem(422, "Отказ", str(error), code=error.code, facts=_plain(error.facts), field=error.field)
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    if isinstance(error, DjangoPermissionDenied):
        error = exceptions.PermissionDenied()
    if not isinstance(error, exceptions.APIException):
        return None
    title, detail = SENTENCES.get(error.status_code, ("Ошибка", "Запрос не выполнен."))
    response = problem(error.status_code, title, detail, code=error.default_code)
    if isinstance(error, exceptions.ValidationError):
        response.data["errors"] = list(_fields(error.detail))
    if isinstance(error, exceptions.Throttled) and error.wait is not None:
        response.headers["Retry-After"] = str(int(error.wait) + 1)
    if isinstance(error, exceptions.NotAuthenticated | exceptions.AuthenticationFailed):
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def problem(
    status: int, title: str, detail: str, *, code: str, facts: dict[str, Any] | None = None, field: str | None = None
) -> Response:
    """One problem document; ``field`` names the one input to blame."""
    body = {
        "type": "about:blank",
        "title": title,
        "status": status,
        "detail": detail,
        "code": code,
        "facts": facts or {},
        "errors": [{"field": field, "message": detail}] if field else [],
    }
    return Response(body, status=status, content_type="application/problem+json")


def _plain(facts: dict[str, object]) -> dict[str, Any]:
    return {name: str(value) for name, value in facts.items()}


def _fields(detail: Any, prefix: str = "") -> Any:
    if isinstance(detail, dict):
        for name, value in detail.items():
            yield from _fields(value, f"{prefix}{name}")
    elif isinstance(detail, list):
        for value in detail:
            yield from _fields(value, prefix)
    else:
        yield {"field": prefix or None, "message": str(detail)}
