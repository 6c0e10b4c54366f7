"""Digests and sealed texts: what the database keeps instead of a secret."""

from __future__ import annotations

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.crypto import salted_hmac

_PURPOSE = b"asuso.accounts.sealing"


class SealBroken(ValueError):
    """A sealed text was changed, or was sealed under another SECRET_KEY."""


def digest(value: str) -> str:
    """Of a secret that nobody can guess: a cookie, a token, a code of many letters."""
    return hashlib.sha256(value.encode()).hexdigest()


def keyed_digest(value: str) -> str:
    """Of a value that could be guessed, as a login or an address: without SECRET_KEY it cannot be tried out."""
    return salted_hmac("asuso.accounts", value, algorithm="sha256").hexdigest()


def seal(text: str) -> str:
    """Encrypt a secret that must be read again, under a key derived from SECRET_KEY."""
    return _sealer().encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """The text, also sealed under a key of SECRET_KEY_FALLBACKS. Raises: SealBroken."""
    try:
        return _sealer().decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise SealBroken from error


def _sealer() -> MultiFernet:
    secrets = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return MultiFernet([Fernet(_key(str(secret))) for secret in secrets])


def _key(secret: str) -> bytes:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=_PURPOSE).derive(secret.encode())
    return base64.urlsafe_b64encode(derived)
