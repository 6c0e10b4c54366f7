"""``Idempotency-Key``: a request that is sent again, because its answer was lost, makes nothing a second time.

The key is claimed by the first statement of the work: of two equal requests at once the second waits in the unique
index until the first has committed, and then answers with what that one made. A refused or failed request takes its
claim back with it, so it may be repeated with the same key. Source: ARCHITECTURE 8.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import re
import uuid
from collections.abc import Callable
from typing import Final

from django.http import Http404
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from api.v1.authentication import actor_of
from api.v1.models import AcceptedWrite
from shared.access.requests import organization_of
from shared.accounts.sealing import keyed_digest
from shared.kernel.rules import RuleViolation

HEADER: Final = "Idempotency-Key"
REPEATED: Final = "Idempotent-Replayed"
KEPT: Final = datetime.timedelta(hours=24)
_KEY: Final = re.compile(r"[\x21-\x7e]{8,200}")


class KeyMalformed(RuleViolation):
    """Too short to be anybody's own, too long, or not printable."""

    code = "idempotency_key_malformed"
    text = (
        "Заголовок Idempotency-Key не принят: нужно от 8 до 200 знаков латиницы, цифр и знаков без пробелов, "
        "например UUID. Исправьте ключ и повторите запрос."
    )


class KeyReused(RuleViolation):
    """The key stands for another request of the same caller."""

    code = "idempotency_key_reused"
    text = (
        "С этим ключом Idempotency-Key вы уже присылали другой запрос. Повторяйте запрос без изменений, "
        "а для нового запроса возьмите новый ключ."
    )


class MadeAndGone(RuleViolation):
    """Made by the first request; deleted, or closed to the caller, since then."""

    code = "made_and_gone"
    text = (
        "Запрос с этим ключом уже выполнен, но созданной записи среди открытых вам больше нет. "
        "Проверьте историю карточки, прежде чем создавать запись с новым ключом."
    )


def made_once(
    request: Request,
    make: Callable[[], uuid.UUID],
    *,
    answer: Callable[[uuid.UUID], Response],
    again: Callable[[uuid.UUID], Response],
) -> Response:
    """``make`` and ``answer``; a request with a key that was answered already only reads what was made, by ``again``.

    Called when the caller's rights and the shape of the body are checked: they are checked for repeats too.
    Raises: KeyMalformed, KeyReused, MadeAndGone.
    """
    key = request.headers.get(HEADER)
    if key is None:
        return answer(make())
    claim = _claim(request, key)
    if claim.made_id is not None:
        return _repeated(claim.made_id, again)
    made = make()
    AcceptedWrite.objects.filter(pk=claim.pk).update(made_id=made)
    return answer(made)


def forget_old() -> None:
    """Drop the keys of yesterday; a step of the worker."""
    AcceptedWrite.objects.filter(at__lt=timezone.now() - KEPT).delete()


def _repeated(made: uuid.UUID, again: Callable[[uuid.UUID], Response]) -> Response:
    try:
        response = again(made)
    except Http404 as gone:
        raise MadeAndGone(made=made) from gone
    response.headers[REPEATED] = "true"
    return response


def _claim(request: Request, key: str) -> AcceptedWrite:
    """Ours, without ``made_id``, or the one of the request that was first."""
    if not _KEY.fullmatch(key):
        raise KeyMalformed
    ours = AcceptedWrite(
        organization_id=organization_of(request._request).id,
        account_id=actor_of(request).account_id,
        key_digest=keyed_digest(key),
        request_digest=_digest(request),
    )
    AcceptedWrite.objects.bulk_create([ours], ignore_conflicts=True)
    claim = AcceptedWrite.objects.get(
        organization_id=ours.organization_id, account_id=ours.account_id, key_digest=ours.key_digest
    )
    if claim.request_digest != ours.request_digest:
        raise KeyReused
    return claim


def _digest(request: Request) -> str:
    """Of method, address and body; keyed, because a body of few facts could be guessed."""
    text = json.dumps([request.method, request.path, request.data], ensure_ascii=False, sort_keys=True, default=str)
    return keyed_digest(hashlib.sha256(text.encode()).hexdigest())
