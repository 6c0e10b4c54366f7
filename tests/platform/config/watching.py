"""Everything that leaves the work of a request besides its page: log lines, events, cache keys, addresses."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import unquote

import sentry_sdk
from django.core.cache.backends.locmem import LocMemCache
from django.http import HttpResponse
from sentry_sdk.envelope import Envelope
from sentry_sdk.transport import Transport

from config.logs import LineFormatter
from config.observability import start_sentry

CACHE_KEYS: list[str] = []
_ADDRESS = re.compile(r"""(?:href|src|action|hx-\w+|data-asuso-(?:peek|url))="([^"]*)\"""")


class RecordingCache(LocMemCache):
    """A cache that remembers every key it was ever asked about."""

    def make_key(self, key: str, version: int | None = None) -> str:
        CACHE_KEYS.append(str(key))
        return super().make_key(key, version)


class Catching(Transport):
    """Keeps events instead of sending them."""

    def __init__(self) -> None:
        super().__init__({"dsn": "http://key@localhost/1"})
        self.events: list[dict[str, object]] = []
        self.sent: list[str] = []

    def capture_envelope(self, envelope: Envelope) -> None:
        event = envelope.get_event()
        if event is not None:
            self.events.append(event)
        self.sent.append(envelope.serialize().decode("utf-8", "replace"))


class _Lines(logging.Handler):
    """Every record as the product writes it, and as another program would."""

    def __init__(self, kept: list[str], bare: list[str]) -> None:
        super().__init__(logging.DEBUG)
        self.kept, self.bare = kept, bare

    def emit(self, record: logging.LogRecord) -> None:
        self.kept.append(LineFormatter().format(record))
        self.bare.append(logging.Formatter().format(record))


@dataclass
class Watch:
    """What was seen; ``answers`` are given by the test."""

    lines: list[str] = field(default_factory=list)
    unscrubbed: list[str] = field(default_factory=list)
    transport: Catching = field(default_factory=Catching)
    addresses: list[str] = field(default_factory=list)

    def look(self, answer: HttpResponse) -> HttpResponse:
        """Note the addresses that an answer gives out."""
        self.addresses += [answer.headers.get(name, "") for name in ("Location", "HX-Redirect", "HX-Push-Url", "Link")]
        if answer.headers.get("Content-Type", "").startswith("text/html"):
            self.addresses += _ADDRESS.findall(answer.content.decode())
        elif answer.headers.get("Content-Type", "").startswith("application/json"):
            self.addresses.append(str(answer.json().get("next")))
        return answer

    def everything(self) -> dict[str, str]:
        """All that was seen, by where."""
        return {
            "log": "\n".join(self.lines),
            "sentry": "\n".join(_both(text) for text in self.transport.sent),
            "cache keys": "\n".join(CACHE_KEYS),
            "addresses": "\n".join(map(unquote, self.addresses)),
        }


def _both(text: str) -> str:
    """JSON as sent, and with its escapes of Russian letters undone."""
    return text + re.sub(r"\\u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), text)


@contextmanager
def watching() -> Iterator[Watch]:
    """Log of every library at its most talkative, Sentry as in production."""
    watch = Watch()
    CACHE_KEYS.clear()
    handler, level = _Lines(watch.lines, watch.unscrubbed), logging.root.level
    logging.root.addHandler(handler)
    logging.root.setLevel(logging.DEBUG)
    start_sentry("http://key@localhost/1", transport=watch.transport)
    try:
        yield watch
    finally:
        sentry_sdk.get_client().close()
        sentry_sdk.get_global_scope().set_client(None)
        logging.root.setLevel(level)
        logging.root.removeHandler(handler)
