"""Sessions bound to a host: read in the identity transaction, written in the closing one, never in between."""

from __future__ import annotations

import datetime
import hashlib
import secrets
import uuid
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.utils import timezone

from shared.accounts.models import Account, Session

TOUCH_EVERY = datetime.timedelta(minutes=1)


def digest(value: str) -> str:
    """What the database keeps instead of a secret."""
    return hashlib.sha256(value.encode()).hexdigest()


class HostSession(SessionBase):
    """Django's session interface over one row; ``sign_in`` and ``sign_out`` only note what closing will write."""

    def __init__(self, *, host: str, cookie: str | None) -> None:
        super().__init__(cookie)
        self.host = host
        self.account: Account | None = None
        self.grant_id: uuid.UUID | None = None
        self.cookie_to_set: str | None = None
        self.is_ended = False
        self._row: Session | None = None
        self._session_cache: dict[str, Any] = {}

    def open(self) -> None:
        """Read the row of this host; a value of another host, an expired or closed one is as good as none."""
        if not self.session_key:
            return
        self._row = (
            Session.objects.select_related("account")
            .filter(digest=digest(self.session_key), host=self.host, expires_at__gt=timezone.now())
            .first()
        )
        if self._row is not None and (self._row.account is None or self._row.account.is_active):
            self.account, self.grant_id = self._row.account, self._row.grant_id
            self._session_cache = dict(self._row.data)

    def sign_in(self, account: Account, grant_id: uuid.UUID | None = None) -> None:
        """From the next request on this browser is ``account``; the cookie's value changes."""
        self.account, self.grant_id = account, grant_id
        self._session_cache = {}
        self.cookie_to_set = secrets.token_urlsafe(32)
        self.modified = True

    def choose(self, grant_id: uuid.UUID) -> None:
        """Work from now on by another of the person's grants on this host."""
        self.grant_id = grant_id
        self.modified = True

    def sign_out(self) -> None:
        self.is_ended = True
        self.account = None
        self._session_cache = {}

    def close(self) -> None:
        """Write what changed. Called in the closing transaction."""
        if self.is_ended or self.cookie_to_set:
            if self._row is not None:
                Session.objects.filter(pk=self._row.pk).delete()
            if self.is_ended:
                return
        now = timezone.now()
        expires = now + datetime.timedelta(hours=settings.ENVIRONMENT.session_hours)
        facts = {"account": self.account, "grant_id": self.grant_id, "data": self._session_cache}
        if self.cookie_to_set is None and self._row is None and self.modified and self._session_cache:
            self.cookie_to_set = secrets.token_urlsafe(32)
        if self.cookie_to_set is not None:
            Session.objects.create(digest=digest(self.cookie_to_set), host=self.host, expires_at=expires, **facts)
        elif self._row is not None and (self.modified or now - self._row.last_seen_at > TOUCH_EVERY):
            Session.objects.filter(pk=self._row.pk).update(last_seen_at=now, expires_at=expires, **facts)

    def cycle_key(self) -> None:
        self.cookie_to_set = secrets.token_urlsafe(32)

    def flush(self) -> None:
        self.sign_out()

    # The stock interface reads and writes by itself; here only the middleware does.
    def exists(self, session_key: str) -> bool:
        return Session.objects.filter(digest=digest(session_key), host=self.host).exists()

    def load(self) -> dict[str, Any]:
        return self._session_cache

    def save(self, must_create: bool = False) -> None:
        self.modified = True

    def create(self) -> None:
        self.modified = True

    def delete(self, session_key: str | None = None) -> None:
        self.is_ended = True

    @classmethod
    def clear_expired(cls) -> None:
        Session.objects.filter(expires_at__lt=timezone.now()).delete()
