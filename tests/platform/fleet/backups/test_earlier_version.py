"""A backup of an earlier release comes back at its own version and is upgraded in the same transaction."""

from __future__ import annotations

import pytest
from django.db import connections

from fleet.backups.reading import open_package
from fleet.backups.restoring import restore_beside, restore_over
from fleet.migration import migrate_template
from shared.audit.logs import Log
from shared.audit.verifying import verify
from shared.contingent.models import RegistryEnrollment
from shared.organizations.models import Organization
from shared.tenancy import schemas
from tests.platform.fleet.test_migration import release, undone

__all__ = ["release", "undone"]


@pytest.fixture
def later(own, own_file, release, undone):
    """The template is a release ahead of the file."""
    release()
    return migrate_template()


def test_rows_of_an_earlier_version_are_upgraded_beside_and_over(own, own_file, later, mark):
    with open_package(own_file) as package:
        assert package.manifest.fingerprint != later
        restore_beside(package, f"{mark}-k", of=mark, is_live=False, by="tests")
        restore_over(package, mark, confirm=mark, by="tests")
    for slug in (mark, f"{mark}-k"):
        organization = Organization.with_copies.using("owner").get(slug=slug)
        assert organization.fingerprint == later
        assert schemas.fingerprints([organization.schema_name])[organization.schema_name] == later
        with connections["owner"].cursor() as cursor:
            cursor.execute(f'select count(motto), max(motto) from "{organization.schema_name}".groups_group')
            assert cursor.fetchone() == (1, "")
        assert verify(Log(organization.schema_name)).breach is None
    assert RegistryEnrollment.objects.using("owner").filter(organization_id=own.organization.pk).count() == 3
