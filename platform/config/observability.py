"""Faults sent to Sentry: where they happened and under which number, nothing of what was being done. Source: STYLE 6.

An event is not cleaned of what is known to be personal but rebuilt from what is known not to be: a new version of the
library may add fields, and none of them leaves the installation before it is named here.
"""

from __future__ import annotations

import logging
from typing import Any, Final

import sentry_sdk
from sentry_sdk.integrations.logging import ignore_logger
from sentry_sdk.transport import Transport

from config.logs import event_of
from shared.kernel.trace import current

KEPT: Final = ("event_id", "timestamp", "level", "logger", "platform", "release", "environment", "server_name", "sdk")
FRAME: Final = ("filename", "module", "function", "lineno", "in_app")
Event = dict[str, Any]  # Any: the protocol is JSON
# Not even collected: what is never gathered cannot be sent by a mistake in ``rebuilt``.
NOTHING: Final[Event] = {
    "user_info": False,
    "cookies": {"mode": "off"},
    "http_headers": {"request": {"mode": "off"}},
    "http_bodies": [],
    "url_query_params": {"mode": "off"},
    "graphql": {"document": False, "variables": False},
    "gen_ai": {"inputs": False, "outputs": False},
    "database_query_data": False,
    "queues": False,
    "stack_frame_variables": False,
    "frame_context_lines": 0,
}


def start_sentry(dsn: str, *, transport: type[Transport] | Transport | None = None) -> None:
    """Send faults of this process; ``transport`` is for tests, which catch the events."""
    # Django's own line for every answer that failed; the fault behind it is an event already.
    ignore_logger("django.request")
    sentry_sdk.init(
        dsn=dsn,
        transport=transport,
        data_collection=NOTHING,  # type: ignore[arg-type]
        max_breadcrumbs=0,
        auto_session_tracking=False,
        before_send=rebuilt,  # type: ignore[arg-type]
        before_breadcrumb=lambda crumb, hint: None,
        before_send_transaction=lambda event, hint: None,
    )


def rebuilt(event: Event, hint: dict[str, Any]) -> Event:
    """The event that may leave: the classes and places of the exception, a constant word, and two tags."""
    kept: Event = {name: event[name] for name in KEPT if name in event}
    trace = current()
    kept["tags"] = {"schema": trace.schema or "-", "request_id": trace.number or "-"}
    if isinstance(record := hint.get("log_record"), logging.LogRecord):
        kept["logentry"] = {"message": event_of(record)}
    if "exception" in event:
        kept["exception"] = {"values": [_exception(one) for one in event["exception"].get("values") or []]}
    return kept


def _exception(found: Event) -> Event:
    """Class and frames; the text of an exception quotes values, as a database names the row it refused."""
    trace = (found.get("stacktrace") or {}).get("frames") or []
    frames = [{name: frame[name] for name in FRAME if name in frame} for frame in trace]
    return {"type": found.get("type"), "module": found.get("module"), "stacktrace": {"frames": frames}}
