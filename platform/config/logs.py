"""Log lines: an event and its facts; never the text of an exception, which may hold personal data. Source: STYLE 6."""

from __future__ import annotations

import logging
import traceback
from types import TracebackType

_STANDARD = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "taskName"}
_NOT_FACTS = frozenset({"request", "server_time", "data"})


class LineFormatter(logging.Formatter):
    """Time, level, logger, event, then ``extra`` as ``name=value``; of an exception the place and the class."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:
        facts = record.__dict__.keys() - _STANDARD - _NOT_FACTS
        return " ".join([super().formatMessage(record), *(f"{name}={record.__dict__[name]}" for name in sorted(facts))])

    def formatException(
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None],
    ) -> str:
        kind, _, trace = ei
        frames = "".join(traceback.format_tb(trace)).rstrip()
        return f"{frames}\n{kind.__name__}" if kind else ""
