"""Security keys (WebAuthn): a key answers only to our domain, so a false page gets nothing from it.

One key works on every host: it answers to BASE_DOMAIN. A domain of one word, the demonstration's ``localhost``, is no
registrable domain, and browsers let each host only answer for itself there.
"""

from __future__ import annotations

import json
import struct
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone
from fido2.server import Fido2Server
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from shared.accounts.errors import KeyAlreadyKnown, KeyRefused
from shared.accounts.factors import ISSUER, mark_enrolled
from shared.accounts.models import Account, SecurityKey
from shared.kernel.rules import constraint_means

Options = dict[str, Any]  # JSON of the standard, given to the browser as it is
State = dict[str, Any]  # JSON that waits in the session for the browser's answer
NAME_LENGTH: Final = 60
LONGEST_ID: Final = 1023  # bytes, a limit of the standard
# What the library says of an answer that is no answer: it comes from a stranger and may be anything.
MALFORMED = (ValueError, TypeError, LookupError, AttributeError, AssertionError, RecursionError, struct.error)


def relying_party(host: str) -> str:
    """The domain that keys of this host answer to."""
    return str(settings.BASE_DOMAIN) if "." in settings.BASE_DOMAIN else host


def begin_enrollment(*, account: Account, host: str) -> tuple[Options, State]:
    """What the browser must ask a new key, and what to remember until it answers."""
    user = PublicKeyCredentialUserEntity(
        id=account.pk.bytes, name=account.login, display_name=account.full_name or account.login
    )
    options, state = _server(host).register_begin(
        user,
        _credentials(account, host),
        resident_key_requirement=ResidentKeyRequirement.DISCOURAGED,
        user_verification=UserVerificationRequirement.PREFERRED,
    )
    return _plain(options.public_key), _plain(state)


def finish_enrollment(*, account: Account, host: str, state: State | None, answer: str, name: str) -> SecurityKey:
    """Keep the key that answered. Raises: KeyRefused, KeyAlreadyKnown."""
    try:
        found = _server(host).register_complete(state, json.loads(answer)).credential_data
    except MALFORMED as error:
        raise KeyRefused from error
    if found is None or len(found.credential_id) > LONGEST_ID:
        raise KeyRefused
    key = SecurityKey(
        account=account,
        rp_id=relying_party(host),
        name=name.strip()[:NAME_LENGTH] or f"Ключ {timezone.localdate():%d.%m.%Y}",
        credential_id=found.credential_id,
        credential=bytes(found),
    )
    with constraint_means("accounts_securitykey_credential_id_key", KeyAlreadyKnown()):
        key.save(force_insert=True)
    mark_enrolled(account)
    return key


def begin_check(*, account: Account, host: str) -> tuple[Options, State]:
    """What the browser must ask one of the account's keys. Raises: KeyRefused if none answers to this host."""
    credentials = _credentials(account, host)
    if not credentials:
        raise KeyRefused
    options, state = _server(host).authenticate_begin(
        credentials, user_verification=UserVerificationRequirement.PREFERRED
    )
    return _plain(options.public_key), _plain(state)


def check_key(*, account: Account, host: str, state: State | None, answer: str) -> None:
    """Take the answer of a key; a copied key shows itself by its counter. Raises: KeyRefused."""
    try:
        sent = AuthenticationResponse.from_dict(json.loads(answer))
        used = _server(host).authenticate_complete(state, _credentials(account, host), sent)
        count = sent.response.authenticator_data.counter
    except MALFORMED as error:
        raise KeyRefused from error
    known = SecurityKey.objects.filter(account=account, credential_id=used.credential_id)
    fresh = known if count == 0 else known.filter(sign_count__lt=count)
    if not fresh.update(sign_count=count, last_used_at=timezone.now()):
        raise KeyRefused


def has_key_for(account: Account, host: str) -> bool:
    return SecurityKey.objects.filter(account=account, rp_id=relying_party(host)).exists()


def _credentials(account: Account, host: str) -> list[AttestedCredentialData]:
    known = SecurityKey.objects.filter(account=account, rp_id=relying_party(host))
    return [AttestedCredentialData(bytes(key.credential)) for key in known]


def _server(host: str) -> Fido2Server:
    entity = PublicKeyCredentialRpEntity(name=ISSUER, id=relying_party(host))

    def is_ours(origin: str) -> bool:
        """The very host that asked, not any under the domain; without encryption only on this machine."""
        sent = urlsplit(origin)
        is_safe = sent.scheme == "https" or (settings.IS_DEVELOPMENT and sent.scheme == "http")
        return is_safe and sent.hostname == host

    return Fido2Server(entity, attestation=None, verify_origin=is_ours)


def _plain(found: Any) -> dict[str, Any]:
    """Objects of the library as plain JSON values."""
    plain: dict[str, Any] = json.loads(json.dumps(dict(found), default=dict))
    return plain
