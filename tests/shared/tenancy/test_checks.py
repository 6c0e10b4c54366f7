"""The system checks find what they are for, and nothing in the product as it is."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command, get_commands, load_command_class
from django.db import models
from django.db.migrations import Migration, RunPython, RunSQL

from shared.organizations.models import Organization
from shared.tenancy import checks
from shared.tenancy.management.refused import HINT
from tenants.people.models import Student


def test_the_product_has_no_reference_across_schemas():
    assert checks.no_reference_across_schemas(None) == []


def test_a_tenant_model_that_references_a_public_one_is_found():
    class Stray(models.Model):
        organization = models.ForeignKey(Organization, models.PROTECT)
        student = models.ForeignKey(Student, models.PROTECT)
        kept = models.ForeignKey(Organization, models.PROTECT, db_constraint=False, related_name="+")

        class Meta:
            app_label = "people"
            managed = False

    try:
        messages = list(checks.foreign_references([Stray]))
        assert [message.obj.name for message in messages] == ["organization"]
    finally:
        del Stray._meta.apps.all_models["people"]["stray"]
        Stray._meta.apps.clear_cache()


def test_the_product_runs_no_python_in_tenant_migrations():
    assert checks.no_python_in_tenant_migrations(None) == []


def test_a_tenant_migration_that_runs_python_is_found():
    plain, stray = Migration("0002_sql", "people"), Migration("0003_python", "people")
    plain.operations = [RunSQL("select 1")]
    stray.operations = [RunPython(RunPython.noop)]
    assert [message.id for message in checks.python_operations([plain, stray])] == ["tenancy.E002"]


@pytest.mark.parametrize("name", ["migrate", "migrate_schemas"])
def test_stock_migration_commands_say_what_to_run_instead(name, capsys):
    assert get_commands()[name] == "shared.tenancy"
    with pytest.raises(CommandError, match="asuso migrate"):
        call_command(name)
    with pytest.raises(SystemExit) as ended:
        load_command_class("shared.tenancy", name).run_from_argv(["manage", name, "--schema=t0001", "--fake"])
    assert ended.value.code == 2
    assert HINT in capsys.readouterr().err
