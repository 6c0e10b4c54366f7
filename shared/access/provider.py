"""Signing in through an OpenID Connect provider, such as ЕСИА: who the person is there, and nothing else.

Authorization code with PKCE, state and nonce; the id token is verified by the issuer's own keys. The provider's answers
come to one address of the installation, on BASE_DOMAIN: no provider registers thousands of hosts.
"""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass
from typing import Any, Final

import requests
from authlib.common.errors import AuthlibBaseError  # type: ignore[import-untyped]
from authlib.integrations.requests_client import OAuth2Session  # type: ignore[import-untyped]
from django.conf import settings
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from shared.kernel.rules import RuleViolation

TIMEOUT: Final = 5.0  # seconds; the page must not wait for a provider that is away
KEPT_SECONDS: Final = 3600.0
LONGEST_SUBJECT: Final = 255
# What a provider signs with a key that only it has; never «none», never a shared secret.
ALGORITHMS: Final = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")


class ProviderRefused(RuleViolation):
    code = "provider_refused"
    text = "Вход через {provider} не удался. Повторите или войдите по логину и паролю."


@dataclass(frozen=True)
class Metadata:
    """What the provider says of itself under ``/.well-known``."""

    authorization_endpoint: str
    token_endpoint: str
    keys: KeySet


_known: dict[str, tuple[float, Metadata]] = {}


def is_configured() -> bool:
    return settings.ENVIRONMENT.oidc_issuer is not None


def provider_name() -> str:
    """How the button calls it; '' where there is none."""
    return str(settings.ENVIRONMENT.oidc_name) if is_configured() else ""


def begin(redirect_uri: str) -> tuple[str, dict[str, str]]:
    """Where to send the browser, and what to remember until it comes back. Raises: ProviderRefused."""
    metadata = _metadata()
    kept = {
        "state": secrets.token_urlsafe(32),
        "nonce": secrets.token_urlsafe(32),
        "verifier": secrets.token_urlsafe(48),
    }
    with _session(redirect_uri) as session:
        address, _ = session.create_authorization_url(
            metadata.authorization_endpoint, state=kept["state"], nonce=kept["nonce"], code_verifier=kept["verifier"]
        )
    return str(address), kept


def finish(redirect_uri: str, *, kept: dict[str, str], state: str, code: str) -> str:
    """The subject of the verified id token. Raises: ProviderRefused."""
    if not code or not secrets.compare_digest(kept["state"].encode(), state.encode()):
        raise _refused()
    metadata = _metadata()
    try:
        with _session(redirect_uri) as session:
            token = session.fetch_token(
                metadata.token_endpoint, code=code, code_verifier=kept["verifier"], timeout=TIMEOUT
            )
        claims = _verified(str(token["id_token"]), kept["nonce"])
    except (AuthlibBaseError, JoseError, requests.RequestException, KeyError, ValueError) as fault:
        raise _refused() from fault
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_SUBJECT:
        raise _refused()
    return subject


def _verified(id_token: str, nonce: str) -> dict[str, Any]:
    """The claims of a token that the issuer signed for us, now, for this very sign-in.

    A key that is not known yet is asked for once more: providers change theirs. Raises: JoseError.
    """
    try:
        found = jwt.decode(id_token, _metadata().keys, algorithms=list(ALGORITHMS))
    except (JoseError, ValueError):
        _known.clear()
        found = jwt.decode(id_token, _metadata().keys, algorithms=list(ALGORITHMS))
    environment = settings.ENVIRONMENT
    jwt.JWTClaimsRegistry(
        leeway=60,
        iss={"essential": True, "value": str(environment.oidc_issuer)},
        aud={"essential": True, "value": str(environment.oidc_client_id)},
        nonce={"essential": True, "value": nonce},
        exp={"essential": True},
        iat={"essential": True},
    ).validate(found.claims)
    return found.claims


def _metadata() -> Metadata:
    """Read from the provider once an hour. Raises: ProviderRefused."""
    issuer = str(settings.ENVIRONMENT.oidc_issuer)
    at, metadata = _known.get(issuer, (0.0, None))
    if metadata is not None and at > time.monotonic():
        return metadata
    try:
        said = _get(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
        if said["issuer"] != issuer:
            raise _refused()
        keys = KeySet.import_key_set(_get(said["jwks_uri"]))  # type: ignore[arg-type]  # the provider's JSON
        metadata = Metadata(said["authorization_endpoint"], said["token_endpoint"], keys)
    except (requests.RequestException, JoseError, KeyError, TypeError, ValueError) as fault:
        raise _refused() from fault
    _known[issuer] = (time.monotonic() + KEPT_SECONDS, metadata)
    return metadata


def _get(address: str) -> dict[str, Any]:
    answer = requests.get(address, timeout=TIMEOUT)
    answer.raise_for_status()
    found: dict[str, Any] = answer.json()
    return found


def _session(redirect_uri: str) -> OAuth2Session:
    environment = settings.ENVIRONMENT
    return OAuth2Session(
        client_id=environment.oidc_client_id,
        client_secret=environment.oidc_client_secret,
        scope="openid",
        redirect_uri=redirect_uri,
        code_challenge_method="S256",
    )


def _refused() -> ProviderRefused:
    return ProviderRefused(provider=provider_name())
