"""Is the process alive, and is everything it stands on at this code's version. Source: INTERFACES 2."""

from __future__ import annotations

import os
from collections.abc import Callable

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse, JsonResponse
from kombu.connection import Connection
from kombu.exceptions import OperationalError

from config.version import expected_fingerprint, expected_public
from shared.access.declarations import public
from shared.tenancy.models import TemplateScript

LIVE, READY = "/healthz", "/readyz"


@public()
def live(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"status": "ok"})


@public()
def ready(request: HttpRequest) -> HttpResponse:
    """503 with what is missing; an organization that is behind answers 503 on its own host only."""
    applied = {(row.app, row.name) for row in MigrationRecorder(connection).migration_qs.all()}
    organization = request.workspace.organization  # type: ignore[attr-defined]
    return _answer(
        {
            "database": True,
            "broker": broker_answers(),
            "public_schema": expected_public() <= applied,
            "template": TemplateScript.objects.filter(fingerprint=expected_fingerprint()).exists(),
            "organization": organization is None or organization.fingerprint == expected_fingerprint(),
        }
    )


class DatabaseAwayMiddleware:
    """Answers the two probes while the database is away: every other request begins with a query and fails.

    A live process must not be restarted for it, and a process that is not ready must say why.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != 500 or request.path not in (LIVE, READY) or database_answers():
            return response
        return live(request) if request.path == LIVE else _answer({"database": False})


def _answer(checks: dict[str, bool]) -> HttpResponse:
    is_ready = all(checks.values())
    return JsonResponse(
        {"status": "ok" if is_ready else "not ready", "checks": checks}, status=200 if is_ready else 503
    )


def database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        connection.close()
        return False
    return True


def broker_answers() -> bool:
    """Whether messages can be sent; of the file-system transport, whether its folder takes files."""
    options = getattr(settings, "CELERY_BROKER_TRANSPORT_OPTIONS", {})
    folder = options.get("data_folder_out")
    if folder is not None:
        return os.access(folder, os.W_OK)
    try:
        with Connection(settings.CELERY_BROKER_URL, transport_options=options, connect_timeout=2) as broker:
            broker.ensure_connection(max_retries=1, timeout=2)
    except (OSError, OperationalError):
        return False
    return True
