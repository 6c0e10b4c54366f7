"""Before an organization goes it leaves an archive that is read without the system, whole, special facts included."""

from __future__ import annotations

import uuid

from fleet.archive import approve_archive, ask_for_archive
from shared.access.approvals.services import Signer
from shared.archive.models import Package
from shared.organizations.models import Organization
from tenants.archive.registry import PARTS
from tests.support import connect
from tests.tenants.archive import filling
from tests.tenants.archive.filling import ILLNESS, Archive, verify

IVAN, PETR = (Signer(f"console:{name}", f"console:{name}") for name in ("ivan", "petr"))


def test_the_archive_outlives_the_schema_and_verifies(committed, folder, tmp_path):
    school = connect(f"archive-end-{uuid.uuid4().hex[:8]}")
    with school.work():
        filling.fill()
    slug, schema = school.organization.slug, school.organization.schema_name
    asked = ask_for_archive(slug, by=IVAN, reason="ликвидация")
    approve_archive(slug, asked.number, by=PETR, reason="согласен")
    assert Organization.objects.using("owner").get(slug=slug).status == Organization.Status.ARCHIVED
    path = folder / "sealed" / schema / asked.arguments["sealed"]
    (kept,) = Package.objects.using("owner").filter(organization_id=school.organization.pk)
    assert (kept.file, kept.sha256, kept.kind) == (path.name, asked.arguments["sealed_sha256"], "whole")
    found = Archive(path.read_bytes())
    assert {part["code"] for part in found.manifest["parts"]} == set(PARTS)
    assert found.manifest["left_out"] == []
    assert ILLNESS in str(found.table("learner_special"))
    (tmp_path / "verify.py").write_bytes(found.file.read("verify.py"))
    assert verify(path, program=tmp_path / "verify.py").returncode == 0
