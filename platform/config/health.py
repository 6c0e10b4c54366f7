"""Is the process alive, and is everything it stands on at this code's version. Source: INTERFACES 2."""

from __future__ import annotations

from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse, JsonResponse
from kombu import Connection

from config.version import expected_fingerprint, expected_public
from shared.access.declarations import public


@public()
def live(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"status": "ok"})


@public()
def ready(request: HttpRequest) -> HttpResponse:
    """503 with what is missing; an organization that is behind answers 503 on its own host only."""
    applied = {(row.app, row.name) for row in MigrationRecorder(connection).migration_qs.all()}
    organization = request.workspace.organization  # type: ignore[attr-defined]
    checks = {
        "database": True,
        "broker": _broker_answers(),
        "public_schema": expected_public() <= applied,
        "organization": organization is None or organization.fingerprint == expected_fingerprint(),
    }
    is_ready = all(checks.values())
    return JsonResponse({"status": "ok" if is_ready else "not ready", "checks": checks}, status=200 if is_ready else 503)


def _broker_answers() -> bool:
    options = getattr(settings, "CELERY_BROKER_TRANSPORT_OPTIONS", {})
    try:
        with Connection(settings.CELERY_BROKER_URL, transport_options=options, connect_timeout=2) as broker:
            broker.ensure_connection(max_retries=1, timeout=2)
    except OSError:
        return False
    return True
