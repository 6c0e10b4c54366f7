"""What this code's migrations amount to."""

from __future__ import annotations

import hashlib
from functools import cache

from django.apps import apps
from django.db import connections
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from shared.organizations.models import Organization
from shared.tenancy.models import TemplateScript


@cache
def _migrations() -> frozenset[tuple[str, str]]:
    return frozenset(MigrationLoader(None, ignore_no_migrations=True).disk_migrations)


def _is_tenant(label: str) -> bool:
    return apps.get_app_config(label).name.startswith("tenants.")


def expected_public() -> frozenset[tuple[str, str]]:
    """Migrations that the public schema must have."""
    return frozenset(key for key in _migrations() if not _is_tenant(key[0]))


@cache
def expected_fingerprint() -> str:
    """Fingerprint of an organization's schema at this code's version, as the database computes it."""
    keys = sorted(key for key in _migrations() if _is_tenant(key[0]))
    return hashlib.md5(",".join(f"{app}.{name}" for app, name in keys).encode(), usedforsecurity=False).hexdigest()


def is_current() -> bool:
    """Whether the database is at this code's version: public schema, template, and every organization."""
    recorder = MigrationRecorder(connections["owner"])
    if not expected_public() <= set(recorder.applied_migrations()):
        return False
    digest = expected_fingerprint()
    has_template = TemplateScript.objects.using("owner").filter(fingerprint=digest).exists()
    behind = Organization.with_copies.using("owner").exclude(status="archived").exclude(fingerprint=digest)
    return has_template and not behind.exists()
