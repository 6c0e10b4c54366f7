"""Sessions bound to a host: read in the identity transaction, written in the closing one, never in between."""

from __future__ import annotations

import datetime
import json
import secrets
import uuid
from typing import Any, Final

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.db.models import QuerySet
from django.utils import timezone

from shared.accounts.browsers import browser_label
from shared.accounts.models import Account, Session
from shared.accounts.sealing import digest
from shared.kernel.compiled import CompiledQuery

TOUCH_EVERY = datetime.timedelta(minutes=1)
_COLUMNS: Final = [field.attname for field in Session._meta.concrete_fields]
_OF_ACCOUNT: Final = [field.attname for field in Account._meta.concrete_fields]
_DIGEST, _HOST = "placeholder of a digest", "placeholder of a host"
_MOMENT: Final = datetime.datetime(1900, 1, 1, tzinfo=datetime.UTC)


def live_sessions(account: Account) -> QuerySet[Session]:
    """Where a person is signed in now, the latest used first."""
    return Session.objects.filter(account=account, expires_at__gt=timezone.now()).order_by("-last_seen_at")


def end_sessions(account: Account, *, besides: str = "", host: str = "") -> int:
    """End the sessions of an account, all but one, or those of one host; says how many."""
    ending = Session.objects.filter(account=account).exclude(digest=besides)
    return (ending.filter(host=host) if host else ending).delete()[0]


def _session(key: str, host: str) -> Session | None:
    """The live session with its account."""
    for row in _SESSIONS.rows(key, host, timezone.now()):
        facts, known = row[: len(_COLUMNS)], row[len(_COLUMNS) :]
        session = Session.from_db("default", _COLUMNS, facts)
        session.data = json.loads(session.data)
        session.account = Account.from_db("default", _OF_ACCOUNT, known) if session.account_id else None
        return session
    return None


def _sessions() -> QuerySet[Session, tuple[Any, ...]]:
    live = Session.objects.filter(digest=_DIGEST, host=_HOST, expires_at__gt=_MOMENT)
    return live.values_list(*_COLUMNS, *(f"account__{name}" for name in _OF_ACCOUNT))


_SESSIONS: Final = CompiledQuery(_sessions, _DIGEST, _HOST, _MOMENT)


class HostSession(SessionBase):
    """Django's session interface over one row; what changes is only noted here and written by closing.

    Its life is bounded twice: by a time without requests and by a time since the password was given. The cookie's value
    changes at sign-in and whenever the session may do more than before. Source: R-097, R-352.
    """

    def __init__(self, *, host: str, cookie: str | None, address: str | None = None, agent: str = "") -> None:
        super().__init__(cookie)
        self.host = host
        self.address, self.browser = address, browser_label(agent)
        self.account: Account | None = None
        self.grant_id: uuid.UUID | None = None
        self.signed_in_at: datetime.datetime | None = None
        self.factor_passed_at: datetime.datetime | None = None
        self.cookie_to_set: str | None = None
        self.is_ended = False
        self._is_fresh = False
        self._row: Session | None = None
        self._session_cache: dict[str, Any] = {}

    def open(self) -> None:
        """Read the row of this host; a value of another host, an expired or closed one is as good as none."""
        if not self.session_key:
            return
        self._row = _session(digest(self.session_key), self.host)
        if self._row is not None and (self._row.account is None or self._row.account.is_active):
            self.account, self.grant_id = self._row.account, self._row.grant_id
            self.signed_in_at, self.factor_passed_at = self._row.signed_in_at, self._row.factor_passed_at
            self._session_cache = dict(self._row.data)

    @property
    def seen_at(self) -> datetime.datetime | None:
        """When the session was last touched before this request; None if it has only begun."""
        return self._row.last_seen_at if self._row else None

    @property
    def row_key(self) -> str:
        """The key of the row this request came with; '' if it came with none."""
        return self._row.digest if self._row else ""

    def sign_in(
        self,
        account: Account,
        grant_id: uuid.UUID | None = None,
        *,
        signed_in_at: datetime.datetime | None = None,
        factor_passed_at: datetime.datetime | None = None,
    ) -> None:
        """From the next request on this browser is ``account``; nothing of the session before it remains."""
        self.account, self.grant_id = account, grant_id
        self.signed_in_at, self.factor_passed_at = signed_in_at or timezone.now(), factor_passed_at
        self._session_cache = {}
        self._is_fresh = True
        self._rotate()

    def pass_factor(self) -> None:
        """The second factor is passed: the session may do more, so its cookie changes."""
        self.factor_passed_at = timezone.now()
        self._rotate()

    def choose(self, grant_id: uuid.UUID) -> None:
        """Work from now on by another of the person's grants on this host."""
        self.grant_id = grant_id
        self._rotate()

    def sign_out(self) -> None:
        self.is_ended = True
        self.account = None
        self._session_cache = {}

    def _rotate(self) -> None:
        self.cookie_to_set = secrets.token_urlsafe(32)
        self.modified = True

    def close(self) -> None:
        """Write what changed. Called in the closing transaction."""
        if (self.is_ended or self.cookie_to_set) and self._row is not None:
            was_there, _ = Session.objects.filter(pk=self._row.pk).delete()
            if not was_there and not self._is_fresh:
                self.sign_out()  # ended from elsewhere meanwhile: a new cookie must not bring it back
        if self.is_ended:
            return
        if self.cookie_to_set is None and self._row is None and self.modified and self._session_cache:
            self.cookie_to_set = secrets.token_urlsafe(32)
        now = timezone.now()
        if self.cookie_to_set is not None:
            Session.objects.create(digest=digest(self.cookie_to_set), host=self.host, **self._facts(now))
            if self._is_fresh and self.account is not None:
                Account.objects.filter(pk=self.account.pk).update(last_entered_at=now)
        elif self._row is not None and (self.modified or now - self._row.last_seen_at > TOUCH_EVERY):
            Session.objects.filter(pk=self._row.pk).update(last_seen_at=now, **self._facts(now))

    def _facts(self, now: datetime.datetime) -> dict[str, Any]:
        policy = settings.ENVIRONMENT
        idle_end = now + datetime.timedelta(minutes=policy.session_idle_minutes)
        last_end = (self.signed_in_at or now) + datetime.timedelta(hours=policy.session_hours)
        return {
            "account": self.account,
            "grant_id": self.grant_id,
            "address": self.address,
            "browser": self.browser,
            "signed_in_at": self.signed_in_at,
            "factor_passed_at": self.factor_passed_at,
            "data": self._session_cache,
            "expires_at": min(idle_end, last_end),
        }

    def cycle_key(self) -> None:
        self._rotate()

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
