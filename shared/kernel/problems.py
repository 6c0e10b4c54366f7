"""A failure as a program reads it: a problem document with a Russian sentence (RFC 9457). Source: INTERFACES 2."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, JsonResponse

from shared.kernel.trace import current

CONTENT_TYPE = "application/problem+json"
KNOWN, REFUSED = 409, 422
SENTENCES = {
    400: ("bad_request", "Запрос не понят", "Запрос составлен неверно. Исправьте названные поля и повторите."),
    401: ("unauthorized", "Нужен вход", "Войдите в систему или передайте действующий токен этого узла."),
    403: ("forbidden", "Нет права", "У вашей роли нет права на это действие. Обратитесь к администратору."),
    404: ("not_found", "Не найдено", "Такого объекта нет. Проверьте адрес."),
    405: ("method_not_allowed", "Метод не поддержан", "Этот адрес не принимает такой метод. Посмотрите описание API."),
    406: ("not_acceptable", "Формат не поддержан", "Этот адрес отвечает только в формате JSON."),
    409: ("already_there", "Уже есть", "Такая запись уже есть. Найдите её и работайте с ней."),
    412: (
        "changed_meanwhile",
        "Изменено другим",
        "Карточку изменили после того, как вы её прочли. Прочтите её снова и повторите запрос.",
    ),
    413: ("too_large", "Запрос слишком велик", "Тело запроса больше допустимого. Разделите его на части."),
    415: ("unsupported_media_type", "Формат не поддержан", "Тело запроса должно быть в формате JSON."),
    422: ("refused", "Отказ", "Действие не выполнено. Проверьте данные и повторите."),
    428: ("if_match_wanted", "Нужен If-Match", "Укажите заголовок If-Match: ETag карточки, которую вы прочли."),
    429: (
        "throttled",
        "Слишком часто",
        "Слишком много запросов за минуту. Подождите и повторите.",
    ),
    500: ("fault", "Сбой", "В системе произошла ошибка. Повторите позже или сообщите номер обращения."),
    503: ("unavailable", "Временно недоступно", "Эта организация сейчас не обслуживается. Повторите позже."),
}


def wants_problem(request: HttpRequest) -> bool:
    """Whether the caller is a program: everything under ``/api/`` answers in JSON, failures included."""
    return request.path.startswith("/api/")


def document(
    status: int,
    *,
    detail: str = "",
    code: str = "",
    facts: dict[str, Any] | None = None,
    errors: list[dict[str, str | None]] | None = None,
) -> dict[str, Any]:
    """The members of one problem; sentence and code of the status unless better ones are given."""
    known_code, title, sentence = SENTENCES[status if status in SENTENCES else 400]
    # A refusal explains itself by its facts; every other failure has a number to quote.
    number = {} if status in (KNOWN, REFUSED) else {"number": current().number}
    return {
        "type": "about:blank",
        "title": title,
        "status": status,
        "detail": detail or sentence,
        "code": code or known_code,
        "facts": {**number, **(facts or {})},
        "errors": errors or [],
    }


def problem(status: int, *, detail: str = "", code: str = "", facts: dict[str, Any] | None = None) -> JsonResponse:
    """The answer for failures found outside the API's own views: by a middleware or by the address."""
    body = document(status, detail=detail, code=code, facts=facts)
    return JsonResponse(body, status=status, content_type=CONTENT_TYPE)
