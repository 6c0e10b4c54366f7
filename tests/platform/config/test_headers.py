"""Headers that no answer may lack, whatever page, file or failure it is, on every host."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.test import Client

from tests.architecture.addresses import KINDS, addresses_of
from tests.architecture.test_every_address import HOSTS
from tests.running import ROOT
from tests.support import PASSWORD, client_of

pytestmark = pytest.mark.proves("R-178", "R-179")
PEOPLE = {"organization": "anna", "municipality": "boris", "region": "marina", "operator": "oleg", "training": "anna"}
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
STRICT = {
    "default-src": "'self'",
    "script-src": "'self'",
    "script-src-attr": "'none'",
    "style-src": "'self'",
    "style-src-elem": "'self'",
    "style-src-attr": "'unsafe-inline'",
    "connect-src": "'self'",
    "font-src": "'self'",
    "img-src": "'self' data:",
    "object-src": "'none'",
    "frame-src": "'none'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
}


def policy_of(response) -> dict[str, str]:
    parts = (part.strip().partition(" ") for part in response.headers["Content-Security-Policy"].split(";"))
    return {name: value for name, _, value in parts}


def assert_covered(response, where: str) -> None:
    assert {name: response.headers.get(name) for name in ALWAYS} == ALWAYS, where
    assert len(response.headers["X-Request-ID"]) == 32, where
    permitted = response.headers["Permissions-Policy"].split(", ")
    assert {one for one in permitted if not one.endswith("=()")} == {
        "publickey-credentials-get=(self)",
        "publickey-credentials-create=(self)",
        "clipboard-write=(self)",
    }, where
    policy = policy_of(response)
    if "sandbox" not in policy:
        assert {name: policy.get(name) for name in STRICT} == STRICT, where
    assert "unsafe-eval" not in response.headers["Content-Security-Policy"], where


@pytest.mark.parametrize("kind", KINDS)
def test_every_address_of_every_host_answers_with_all_headers(school, other_school, kind):
    visitors = [Client(headers={"host": HOSTS[kind]}, raise_request_exception=False)]
    if kind in PEOPLE:
        visitors.append(client_of(HOSTS[kind], PEOPLE[kind]))
    for address in addresses_of(kind):
        path = address.path({"slug": "school-1"})
        for client in visitors:
            for method in ("get", "post"):
                assert_covered(getattr(client, method)(path), f"{method} {kind} {path}")


@pytest.mark.parametrize("path", ["/nonsense/", "/api/v1/nonsense/", "/api/schema/", "/static/nothing.css"])
@pytest.mark.parametrize("host", ["school-1.localhost", "localhost", "nobody.localhost", "example.org"])
def test_failures_have_them_too(school, host, path):
    assert_covered(Client(headers={"host": host}).get(path), f"{host} {path}")


def test_static_files_have_them_too(school, settings, tmp_path):
    (tmp_path / "note.txt").write_text("a static file")
    settings.STATIC_ROOT = tmp_path
    answer = Client(headers={"host": "localhost"}).get("/static/note.txt")
    assert answer.status_code == 200
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert_covered(answer, "static")


def test_a_body_over_the_limit_is_refused_by_its_announced_length(school):
    client = client_of(school.host)
    for length in (django_settings.LARGEST_BODY + 1, "many", "-1"):
        answer = client.post("/login/", CONTENT_LENGTH=str(length))
        assert answer.status_code == 413, length
        assert_covered(answer, "413")
    refused = client.post("/api/v1/me/", CONTENT_LENGTH=str(django_settings.LARGEST_BODY + 1))
    assert refused.json()["code"] == "too_large"


def test_a_fault_before_the_workspace_is_known_has_them_and_a_number(school, monkeypatch):
    def away(*args: object) -> None:
        raise RuntimeError("the database is away")

    monkeypatch.setattr("shared.access.middleware.workspace_of", away)
    answer = Client(headers={"host": "localhost"}, raise_request_exception=False).get("/")
    assert answer.status_code == 500
    assert_covered(answer, "500")
    assert answer.headers["X-Request-ID"] in answer.content.decode()


def test_cookies_are_not_for_scripts_and_not_for_other_sites(school):
    client = client_of(school.host)
    client.get("/login/")
    client.post("/login/", {"login": "anna", "password": PASSWORD})
    for name in (django_settings.SESSION_COOKIE_NAME, django_settings.CSRF_COOKIE_NAME):
        cookie = client.cookies[name]
        assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["domain"]) == (True, "Lax", "/", "")


PRINTED = """
import json
from django.conf import settings
from django.http import HttpResponse
from django.middleware.security import SecurityMiddleware
from django.test import RequestFactory
import django
django.setup()
request = RequestFactory().get("/", secure=True)
answer = SecurityMiddleware(lambda request: HttpResponse())(request)
plain = SecurityMiddleware(lambda request: HttpResponse())(RequestFactory().get("/", HTTP_HOST="edu.example"))
names = ("SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE",
         "CSRF_COOKIE_HTTPONLY", "DEBUG", "THROTTLE_SCALE")
print(json.dumps({
    "hsts": answer.headers["Strict-Transport-Security"],
    "plain": [plain.status_code, plain["Location"]],
    "csp": settings.CONTENT_SECURITY_POLICY["DIRECTIVES"].get("upgrade-insecure-requests"),
    **{name: getattr(settings, name) for name in names},
}))
"""


def test_production_adds_tls_only_and_cookies_of_one_host(tmp_path: Path):
    surroundings = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}",
        "DJANGO_SETTINGS_MODULE": "config.settings.prod",
        "DATA_DIR": str(tmp_path),
        "DATABASE_URL": "postgresql://edu_app@127.0.0.1:1/edu",
        "SECRET_KEY": "a-secret-of-the-tests-that-is-long-enough-for-django",
        "BASE_DOMAIN": "edu.example",
        "BROKER_URL": "redis://127.0.0.1:1/0",
        "FILES_URL": f"file://{tmp_path}/files",
    }
    done = subprocess.run([sys.executable, "-c", PRINTED], env=surroundings, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {
        "hsts": "max-age=31536000; includeSubDomains",
        "plain": [301, "https://edu.example/"],
        "csp": True,
        "SESSION_COOKIE_NAME": "__Host-asuso_session",
        "CSRF_COOKIE_NAME": "__Host-asuso_csrf",
        "SESSION_COOKIE_SECURE": True,
        "CSRF_COOKIE_SECURE": True,
        "CSRF_COOKIE_HTTPONLY": True,
        "DEBUG": False,
        "THROTTLE_SCALE": 1.0,
    }
