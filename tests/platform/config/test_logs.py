"""Log lines: constant events, facts, numbers; nothing that a library or an exception quotes. Pure: no database."""

from __future__ import annotations

import logging
import sys

import pytest
from django.test import RequestFactory

from config.logs import LineFormatter
from shared.kernel.trace import Trace, tracing

CANARY = "Канарейкина"


def line(name: str, message: object, *args: object, **extra: object) -> str:
    record = logging.getLogger(name).makeRecord(name, logging.ERROR, "f.py", 1, message, args, None, extra=extra)
    return LineFormatter().format(record)


def test_our_event_keeps_its_facts_in_order():
    written = line("shared.messaging.services", "task failed", task="files.sweep", attempt=2)
    assert written.endswith("ERROR shared.messaging.services task failed attempt=2 task=files.sweep")


def test_a_fact_can_neither_end_a_line_nor_look_like_another():
    assert line("config", "event", fact="a\nERROR forged x=1").endswith('fact="a\\nERROR forged x=1"')
    assert "\n" not in line("config", "event", fact="a\r\nb")


@pytest.mark.parametrize(
    ("name", "message", "args"),
    [
        ("django.request", "%s: %s", ("Not Found", f"/{CANARY}/")),
        ("django.security.DisallowedHost", f"Invalid HTTP_HOST header: '{CANARY}'", ()),
        ("django.security.csrf", "Forbidden (%s): %s", ("reason", f"/{CANARY}/")),
        ("django.db.backends", "(%.3f) %s; args=%s", (0.1, f"select '{CANARY}'", [CANARY])),
        ("gunicorn.error", "Error handling request %s", (f"/?q={CANARY}",)),
        ("gunicorn.error", f"Invalid request from ip=127.0.0.1: Invalid HTTP request line: '{CANARY}'", ()),
        ("gunicorn.error", ValueError(CANARY), ()),
        ("celery.app.trace", "Task %(name)s raised: %(exc)s", ({"name": "x", "exc": CANARY},)),
        ("somebody", "%s %s", (CANARY,)),
        ("somebody", f"value {{'name': {CANARY}}}", ()),
    ],
)
def test_what_a_library_quotes_is_not_written(name, message, args):
    assert CANARY not in line(name, message, *args, data=CANARY, password=CANARY)


def test_a_librarys_line_keeps_its_template_and_numbers():
    assert line("urllib3", "retry %d of %s after %.1f s", 2, CANARY, 0.5).endswith("retry 2 of <str> after 0.5 s")
    assert line("psycopg.pool", "error connecting in %r: %s", "pool-1", "refused").endswith("in 'pool-1': refused")


def test_an_exception_is_its_class_and_its_place():
    try:
        raise ValueError(CANARY)
    except ValueError:
        record = logging.getLogger("config").makeRecord("config", 40, "f.py", 1, "failed", (), sys.exc_info())
    record.exc_text = f"somebody else has written {CANARY} here"
    record.stack_info = f"and {CANARY} there"
    written = LineFormatter().format(record)
    assert "ValueError" in written
    assert "test_logs.py" in written
    assert CANARY not in written


def test_a_line_names_the_request_or_the_task_that_is_served():
    request = RequestFactory().get(f"/{CANARY}/")
    request.request_id = "abc1"
    with tracing(Trace(request)):
        assert line("config", "event").endswith("event request_id=abc1")
    with tracing(Trace(task_number="abc2", task_schema="t0001")):
        assert line("config", "event").endswith("event request_id=abc2 schema=t0001")
    after = line("django.request", "%s: %s", "Not Found", request.path, request=request, status_code=404)
    assert after.endswith("answered with a failure request_id=abc1 status=404")
    assert "request_id" not in line("config", "event")
