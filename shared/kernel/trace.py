"""The number of the request or task that is being served, and whose it is: what pages quote and log lines repeat."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class Trace:
    """Of a request everything is read when asked for: the workspace is found while the trace is already open."""

    request: HttpRequest | None = None
    task_number: str = ""
    task_schema: str = ""

    @property
    def number(self) -> str:
        return self.task_number or str(getattr(self.request, "request_id", ""))

    @property
    def schema(self) -> str:
        """Schema of the organization; of another workspace its kind; '' outside both."""
        workspace = getattr(self.request, "workspace", None)
        if workspace is None:
            return self.task_schema
        return str(workspace.organization.schema if workspace.organization else workspace.kind)


NOTHING = Trace()
_current: ContextVar[Trace] = ContextVar("asuso_trace", default=NOTHING)


def current() -> Trace:
    """What this thread is serving now."""
    return _current.get()


@contextmanager
def tracing(trace: Trace) -> Iterator[Trace]:
    """Serve a request or a task under its number."""
    token = _current.set(trace)
    try:
        yield trace
    finally:
        _current.reset(token)
