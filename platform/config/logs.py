"""Log lines: an event and its facts, never personal data. Source: STYLE 6, R-179.

Our own events are constant words and their facts ids and counts. The texts of libraries hold what they were given
(addresses, values, statements), so of a library's line the template is kept and the values are named by their types.
Of an exception the place and the class are kept, never the text.
"""

from __future__ import annotations

import json
import logging
import re
import traceback
from types import TracebackType
from typing import Any, Final

from django.http import HttpRequest

from shared.kernel.trace import Trace, current

_STANDARD: Final = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "taskName"}
_FACT: Final = (int, float, bool)
OURS: Final = ("api", "asuso", "config", "devdb", "fleet", "municipality", "region", "shared", "tenants")
# Their texts quote addresses and headers, which hold what a person typed.
EVENTS: Final = {"django.request": "answered with a failure", "django.security": "suspicious request"}
# They tell of servers and connections, not of people.
PLAIN: Final = ("psycopg.pool", "celery.worker.consumer")
_QUOTE: Final = re.compile(r"[:='\"?«(\[{<\n]")


class LineFormatter(logging.Formatter):
    """Time, level, logger, event, then facts as ``name=value``, the number and the schema of what is served."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        """One line, or one line and the places of an exception; what other handlers made of the record is not used."""
        line = logging.makeLogRecord({**record.__dict__, "msg": event_of(record), "args": None, "exc_text": None})
        return super().format(line)

    def formatMessage(self, record: logging.LogRecord) -> str:
        facts = [f"{name}={_written(value)}" for name, value in sorted(facts_of(record).items())]
        return " ".join([super().formatMessage(record), *facts])

    def formatException(
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None],
    ) -> str:
        kind, _, trace = ei
        frames = [f"  {frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)]
        return "\n".join([*frames, kind.__name__]) if kind else ""

    def formatStack(self, stack_info: str) -> str:
        return ""


def event_of(record: logging.LogRecord) -> str:
    """What happened, in words that no user chose."""
    if _is_of(record.name, OURS):
        return str(record.msg)
    for root, event in EVENTS.items():
        if _is_of(record.name, (root,)):
            return event
    return record.getMessage() if _is_of(record.name, PLAIN) else _bare(record)


def facts_of(record: logging.LogRecord) -> dict[str, Any]:  # Any: whatever a line says of ids and counts
    """``extra`` of our own lines; of a library's only the status of an answer; and what is being served."""
    trace = current()
    if trace.request is None and isinstance(request := getattr(record, "request", None), HttpRequest):
        trace = Trace(request)  # Django notes a failed answer when every middleware has ended
    match = trace.request.resolver_match if trace.request else None
    served = {"request_id": trace.number, "schema": trace.schema, "route": f"/{match.route}" if match else ""}
    facts: dict[str, Any] = {name: value for name, value in served.items() if value}
    if isinstance(status := getattr(record, "status_code", None), int):
        facts["status"] = status
    if _is_of(record.name, OURS):
        facts |= {name: record.__dict__[name] for name in record.__dict__.keys() - _STANDARD}
    return facts


def _is_of(name: str, roots: tuple[str, ...]) -> bool:
    return any(name == root or name.startswith(f"{root}.") for root in roots)


def _bare(record: logging.LogRecord) -> str:
    """A library's template with numbers kept and everything else named by its type.

    A text that the library has filled in itself is cut where it could begin to quote.
    """
    if not isinstance(record.msg, str):
        return type(record.msg).__name__
    if not record.args:
        return _QUOTE.split(record.msg, maxsplit=1)[0].strip()
    args = record.args
    try:
        if isinstance(args, dict):
            return record.msg % {name: _shown(value) for name, value in args.items()}
        return record.msg % tuple(map(_shown, args))
    except (TypeError, ValueError):
        return _QUOTE.split(record.msg, maxsplit=1)[0].strip()


def _shown(value: object) -> object:
    return value if isinstance(value, _FACT) else f"<{type(value).__name__}>"


def _written(value: object) -> str:
    """A fact that can neither end its line nor look like two."""
    text = str(value)
    return text if text.isprintable() and " " not in text else json.dumps(text, ensure_ascii=False)
