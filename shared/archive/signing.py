"""The signature of an installation under the list of contents: Ed25519, the public key travels with the archive.

The key is derived from the secret that seals the logs, which is in no table. An outsider compares the fingerprint with
the one that the act bears, so a file made anew by somebody else is found out.
"""

from __future__ import annotations

import hashlib
from functools import cache

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

_PURPOSE = b"asuso.archive.signature.1"


def sign(content: bytes) -> bytes:
    """A detached signature, 64 bytes."""
    return _key(settings.AUDIT_KEY).sign(content)


def public_key() -> bytes:
    """The key to check signatures with, 32 bytes."""
    key = _key(settings.AUDIT_KEY).public_key()
    return key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)


def fingerprint() -> str:
    """What people compare: the SHA-256 of the public key."""
    return hashlib.sha256(public_key()).hexdigest()


@cache
def _key(secret: str) -> Ed25519PrivateKey:
    seed = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=_PURPOSE).derive(secret.encode())
    return Ed25519PrivateKey.from_private_bytes(seed)
