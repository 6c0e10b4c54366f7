"""The chain of seals: each is an HMAC over the one before it and over every field of its record.

Pure: knows no database. The key comes from the environment and is in no table, so who can write the tables cannot
write a seal. Source: ARCHITECTURE 7.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Sequence
from functools import cache
from typing import Final

from django.conf import settings

FIRST: Final = bytes(32)  # before the first record
_PURPOSE: Final = b"asuso.audit.seal.1"


@cache
def _key_of(secret: str) -> bytes:
    return hmac.digest(secret.encode(), _PURPOSE, hashlib.sha256)


def seal_of(schema: str, number: int, previous: bytes, fields: Sequence[str | None]) -> bytes:
    """The seal of record ``number`` of ``schema``; ``fields`` are its columns as text, in their order.

    Number and schema are sealed too, so a record can be moved neither within its chain nor into another.
    """
    text = json.dumps([schema, number, *fields], ensure_ascii=False, separators=(",", ":"))
    return hmac.digest(_key_of(settings.AUDIT_KEY), previous + text.encode(), hashlib.sha256)


def is_same(one: bytes, other: bytes) -> bool:
    return hmac.compare_digest(one, other)
