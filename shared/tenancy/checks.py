"""System checks: what would break three thousand schemas is refused before it is migrated. Source: TENANCY 3, 4."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.db import models
from django.db.migrations import Migration, RunPython
from django.db.migrations.loader import MigrationLoader


def register_all() -> None:
    """Called when the app is ready."""
    register(no_reference_across_schemas)
    register(no_python_in_tenant_migrations)


def no_reference_across_schemas(app_configs: object, **options: Any) -> list[CheckMessage]:
    """A foreign key between an organization's table and a public one costs triggers in every organization."""
    return list(foreign_references(apps.get_models(include_auto_created=True)))


def foreign_references(found: Iterable[type[models.Model]]) -> Iterator[CheckMessage]:
    """An error for each relation of ``found`` that leaves its schema."""
    for model in found:
        for field in model._meta.get_fields():
            if not isinstance(field, models.ForeignKey) or not getattr(field, "db_constraint", True):
                continue
            target: type[models.Model] = field.remote_field.model
            if _is_tenant(model) != _is_tenant(target):
                yield Error(
                    f"{model._meta.label}.{field.name} references {target._meta.label} in another schema",
                    hint="Keep the code or the UUID and check it in the service.",
                    obj=field,
                    id="tenancy.E001",
                )


def no_python_in_tenant_migrations(app_configs: object, **options: Any) -> list[CheckMessage]:
    """A migration is compiled once and replayed as SQL in every organization; Python cannot be."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    labels = {config.label for config in apps.get_app_configs() if config.name in settings.TENANT_APPS}
    return list(python_operations(item for key, item in loader.disk_migrations.items() if key[0] in labels))


def python_operations(migrations: Iterable[Migration]) -> Iterator[CheckMessage]:
    """An error for each migration that runs Python."""
    for migration in migrations:
        if any(isinstance(operation, RunPython) for operation in migration.operations):
            yield Error(
                f"{migration.app_label}.{migration.name} runs Python in a tenant migration",
                hint="Write it as set-based RunSQL.",
                id="tenancy.E002",
            )


def _is_tenant(model: type[models.Model]) -> bool:
    return apps.get_app_config(model._meta.app_label).name in settings.TENANT_APPS
