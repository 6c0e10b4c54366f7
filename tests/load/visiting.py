"""One visitor's requests: a connection for each, cookies made beforehand, every answer written down."""

from __future__ import annotations

import http.client
import json
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.load.ledger import ACCEPTED, REFUSED, SENT, UNANSWERED, Ledger, Write
from tests.load.scenes import form_of

TIMEOUT = 30.0
CSRF = "abcdefghijklmnopqrstuvwxyz012345"
FAULT = 500


@dataclass(frozen=True)
class Answer:
    """``status`` 0: there was none."""

    status: int
    is_good: bool
    location: str = ""
    body: bytes = b""


class Journal:
    """Every request with its moment, time and answer; one line each, so percentiles are exact."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("a", encoding="utf-8", buffering=1)

    def note(self, name: str, started: float, milliseconds: float, status: int, fault: str) -> None:
        line = {"name": name, "at": started, "ms": round(milliseconds, 2), "status": status, "fault": fault}
        self._file.write(json.dumps(line, ensure_ascii=False) + "\n")


@dataclass
class Visit:
    """A visit to one organization."""

    place: dict[str, Any]
    day: str
    address: tuple[str, int]
    ledger: Ledger
    journal: Journal
    told: Callable[[str, float, int, str], None]
    wait: Callable[[float], None]

    @property
    def slug(self) -> str:
        return str(self.place["slug"])

    @property
    def day_written(self) -> str:
        return ".".join(reversed(self.day.split("-")))

    def pick(self, what: str) -> str:
        return str(random.choice(self.place[what]))

    def get(self, path: str, *, name: str, login: str = "director", headers: Mapping[str, str] | None = None) -> Answer:
        return self._ask("GET", path, None, name, login, headers or {}, (200,))

    def post(
        self,
        path: str,
        body: dict[str, str] | str,
        *,
        name: str,
        login: str,
        expect: tuple[int, ...],
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """A form, or a body that says by itself what it is."""
        if isinstance(body, dict):
            body, headers = form_of(body), {"Content-Type": "application/x-www-form-urlencoded", **(headers or {})}
        return self._ask("POST", path, body.encode(), name, login, headers or {}, expect)

    def noted(self, write: Write) -> None:
        self.ledger.note(write, SENT)

    def settle(self, write: Write, answer: Answer, *, made: str = "") -> bool:
        """Note what was answered; whether that is an answer at all."""
        is_unknown = answer.status == 0 or answer.status >= FAULT
        event = ACCEPTED if answer.is_good else UNANSWERED if is_unknown else REFUSED
        self.ledger.note(write, event, made=made, status=answer.status)
        return not is_unknown

    def _ask(
        self,
        method: str,
        path: str,
        body: bytes | None,
        name: str,
        login: str,
        headers: Mapping[str, str],
        expect: tuple[int, ...],
    ) -> Answer:
        wall, started = time.time(), time.perf_counter()
        status, location, content, fault = 0, "", b"", ""
        connection = http.client.HTTPConnection(*self.address, timeout=TIMEOUT)
        try:
            connection.request(method, path, body, {**self._identity(login), **headers, "Connection": "close"})
            response = connection.getresponse()
            content, location = response.read(), response.headers.get("Location", "")
            status = response.status
        except (OSError, http.client.HTTPException) as error:  # an answer cut short is none
            fault = type(error).__name__
        finally:
            connection.close()
        milliseconds = (time.perf_counter() - started) * 1000
        is_good = status in expect and not location.startswith("/login/")
        if not is_good:
            fault = fault or f"{status}{' to sign in' if location.startswith('/login/') else ''}"
        self.journal.note(name, wall, milliseconds, status, fault)
        self.told(name, milliseconds, len(content), fault)
        return Answer(status, is_good, location, content)

    def _identity(self, login: str) -> dict[str, str]:
        host = {"Host": str(self.place["host"])}
        if login == "token":
            return host | {"Authorization": f"Bearer {self.place['token']}"}
        cookies = f"asuso_session={self.place['sessions'][login]}; asuso_csrf={CSRF}"
        return host | {"Cookie": cookies, "X-CSRFToken": CSRF}
