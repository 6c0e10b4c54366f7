"""Old and new code run side by side during a roll-out, so a migration adds first and takes away a release later.

Migrations of releases that are out stand in ``released_migrations.txt``. A newer one may not take away, rename or
narrow what the code before it reads or writes, unless its class says ``contracts = "…"``: since which release nothing
uses it any more. Source: ARCHITECTURE 4.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db import migrations, models
from django.db.migrations import Migration
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.models import NOT_PROVIDED

from tests.architecture.files import ROOT

RELEASED = Path(__file__).with_name("released_migrations.txt")
TAKING_AWAY = (migrations.RemoveField, migrations.DeleteModel, migrations.RenameField, migrations.RenameModel)
TABLES = (migrations.AlterModelTable, migrations.AlterUniqueTogether)


def ours() -> Iterator[tuple[str, Migration]]:
    loader = MigrationLoader(None, ignore_no_migrations=True)
    for (label, name), migration in sorted(loader.disk_migrations.items()):
        if (
            Path(apps.get_app_config(label).path).is_relative_to(ROOT)
            and ".venv" not in apps.get_app_config(label).path
        ):
            yield f"{label}.{name}", migration


def refused(migration: Migration) -> list[str]:
    """What code of the release before would stumble over."""
    if getattr(migration, "contracts", ""):
        return []
    made = {one.name.lower() for one in migration.operations if isinstance(one, migrations.CreateModel)}
    return [said for one in migration.operations if (said := _refused(one, made))]


def _refused(operation: Operation, made: set[str] | frozenset[str]) -> str:
    if isinstance(operation, migrations.SeparateDatabaseAndState):
        return "; ".join(filter(None, (_refused(one, made) for one in operation.database_operations)))
    if isinstance(operation, TAKING_AWAY + TABLES):
        return f"{operation.describe()}: the release before still uses it"
    if not isinstance(operation, migrations.AddField) or operation.model_name.lower() in made:
        return ""
    if _is_fillable(operation.field):
        return ""
    return f"{operation.describe()}: the release before inserts rows without it; give it null or db_default"


def _is_fillable(field: models.Field) -> bool:
    return (
        field.null or field.db_default is not NOT_PROVIDED or field.many_to_many or bool(getattr(field, "generated", 0))
    )


def test_a_migration_after_the_last_release_only_adds() -> None:
    released = set(RELEASED.read_text().split())
    found = {name: said for name, migration in ours() if name not in released and (said := refused(migration))}
    assert found == {}


def test_what_is_released_is_not_changed_away() -> None:
    """A released migration stays: organizations have it in their records."""
    assert set(RELEASED.read_text().split()) <= {name for name, _ in ours()}


@pytest.mark.parametrize(
    ("operation", "is_refused"),
    [
        (migrations.RemoveField("student", "phone"), True),
        (migrations.RenameField("student", "phone", "telephone"), True),
        (migrations.DeleteModel("Student"), True),
        (migrations.AddField("student", "motto", models.CharField(max_length=9, default="")), True),
        (migrations.AddField("student", "motto", models.CharField(max_length=9, default="", db_default="")), False),
        (migrations.AddField("student", "born", models.DateField(null=True)), False),
        (migrations.AddIndex("student", models.Index(name="one", fields=["phone"])), False),
    ],
)
def test_the_linter_tells_what_takes_away_from_what_adds(operation: Operation, is_refused: bool) -> None:
    class Later(Migration):
        operations = [operation]

    assert bool(refused(Later("later", "people"))) is is_refused
    Later.contracts = "nothing reads it since 2026.12"
    assert refused(Later("later", "people")) == []
