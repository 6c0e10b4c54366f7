"""Every failure has a number to quote: on the page, in the problem document, in the header and in the log line."""

from __future__ import annotations

import logging
import re
import sys
from dataclasses import replace

import pytest
from django.core.exceptions import SuspiciousOperation
from django.test import Client
from django.urls import clear_url_caches, path

from config.logs import LineFormatter
from config.urls import organization
from config.urls.common import handler400, handler403, handler404, handler500  # noqa: F401
from shared.access.declarations import public, requires
from shared.access.workspaces import workspace_of
from tests.support import client_of

SECRET = "Тайнопись"


@public()
def suspicious(request):
    raise SuspiciousOperation(SECRET)


@public()
def faulty(request):
    raise RuntimeError(SECRET)


@requires("nobody.may")
def closed(request):
    raise AssertionError


urlpatterns = [
    *(path(f"{prefix}suspicious/", suspicious) for prefix in ("", "api/")),
    *(path(f"{prefix}faulty/", faulty) for prefix in ("", "api/")),
    *(path(f"{prefix}closed/", closed) for prefix in ("", "api/")),
    *organization.urlpatterns,
]
FAILURES = [("suspicious/", 400), ("closed/", 403), ("absent/", 404), ("faulty/", 500)]


@pytest.fixture
def lines():
    """Log lines as the product writes them, the line of each request included."""
    kept: list[str] = []

    class Keeping(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            kept.append(LineFormatter().format(record))

    handler, requests = Keeping(), logging.getLogger("asuso.request")
    logging.root.addHandler(handler)
    requests.setLevel("INFO")
    yield kept
    requests.setLevel("NOTSET")
    logging.root.removeHandler(handler)


@pytest.fixture
def anna(school, monkeypatch) -> Client:
    monkeypatch.setitem(sys.modules, "config.urls.organization", sys.modules[__name__])
    clear_url_caches()
    client = client_of(school.host, "anna")
    client.raise_request_exception = False
    yield client
    clear_url_caches()


@pytest.mark.parametrize(("address", "status"), FAILURES)
def test_a_page_of_failure_quotes_its_number_and_nothing_of_the_cause(anna, lines, address, status):
    answer = anna.get(f"/{address}")
    number = answer.headers["X-Request-ID"]
    assert answer.status_code == status
    page = answer.content.decode()
    assert number in page
    assert SECRET not in page
    assert "Traceback" not in page
    logged = [line for line in lines if f"request_id={number}" in line]
    assert any("django." in line for line in logged)
    assert any(line.split(" ", 2)[2].startswith("INFO asuso.request answered") for line in logged)
    assert SECRET not in "".join(lines)


@pytest.mark.parametrize(("address", "status"), FAILURES)
def test_a_problem_document_quotes_it_too(anna, lines, address, status):
    answer = anna.get(f"/api/{address}")
    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    document = answer.json()
    assert document["facts"]["number"] == answer.headers["X-Request-ID"]
    assert SECRET not in answer.content.decode()
    assert any(document["facts"]["number"] in line for line in lines)


def test_a_suspended_organization_is_a_503_with_a_number(school, monkeypatch):
    known = workspace_of(school.host)
    stopped = replace(known, organization=replace(known.organization, status="suspended"))
    monkeypatch.setattr("shared.access.middleware.workspace_of", lambda host: stopped)
    client = client_of(school.host)
    page, problem = client.get("/login/"), client.get("/api/v1/me/")
    assert page.status_code == problem.status_code == 503
    assert page.headers["X-Request-ID"] in page.content.decode()
    assert problem.json()["facts"]["number"] == problem.headers["X-Request-ID"]


def test_an_unknown_host_has_a_number_and_its_address_is_not_written(db, lines):
    answer = Client(headers={"host": f"{'x' * 20}.localhost"}).get(f"/{SECRET}/?q={SECRET}")
    assert answer.status_code == 404
    assert re.fullmatch(r"[0-9a-f]{32}", answer.headers["X-Request-ID"])
    assert answer.headers["X-Request-ID"] in answer.content.decode()
    assert any(answer.headers["X-Request-ID"] in line for line in lines)
    assert SECRET not in "".join(lines)
