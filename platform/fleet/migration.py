"""Bringing the public schema, the template and every organization to this code's version. Source: ARCHITECTURE 4."""

from __future__ import annotations

from collections.abc import Callable

from django.core.management import call_command
from django.core.management.commands.migrate import Command as MigrateCommand
from django.db import transaction

from fleet.compiling import execute_leaves
from fleet.postgres import pg_dump_command
from fleet.upgrading import UpgradeReport, upgrade
from shared.classifiers.seeding import load_shipped
from shared.organizations.services import load_directories
from shared.statforms.services import load_layouts
from shared.tenancy import names, schemas
from shared.tenancy.connection import tenant_connection
from shared.tenancy.grants import apply_grants
from shared.tenancy.models import TemplateScript
from shared.tenancy.structure import FORM, structures


def migrate_all(
    *, progress: Callable[[str], None] = lambda line: None, jobs: int = 1, by: str = "console"
) -> UpgradeReport:
    """Public schema, template, then every organization; a failed one does not stop the rest.

    ``jobs`` is the number of connections that replay at the same time; two gain about 1.4 times on two cores.
    """
    progress("Общая схема")
    migrate_public()
    progress("Шаблон организации")
    return upgrade(migrate_template(), progress=progress, jobs=jobs, by=by)


def migrate_public() -> None:
    """Tables, rights and directories of the public schema."""
    tenant_connection("owner").set_schema_to_public()
    call_command(MigrateCommand(), database="owner", verbosity=0, interactive=False)
    apply_grants()
    load_directories()
    load_shipped()
    load_layouts(using="owner")


def migrate_template() -> str:
    """The template at this code's version and its script; returns its fingerprint."""
    connection = tenant_connection("owner")
    with transaction.atomic(using="owner"):
        schemas.create_template()
        connection.set_schema(names.TEMPLATE)
        try:
            execute_leaves(connection)
        finally:
            connection.set_schema_to_public()
        fingerprint = schemas.fingerprints([names.TEMPLATE])[names.TEMPLATE]
        structure = structures([names.TEMPLATE])[names.TEMPLATE]
    known = TemplateScript.objects.using("owner").filter(fingerprint=fingerprint)
    if not known.exists():
        ddl = schemas.dump_template(*pg_dump_command())
        TemplateScript.objects.using("owner").create(fingerprint=fingerprint, structure=structure, ddl=ddl)
    else:
        # Kept by a release that did not record it, or wrote it in another form.
        known.exclude(structure__startswith=FORM).update(structure=structure)
    return fingerprint
