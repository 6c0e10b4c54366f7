"""Kept files: who opens them, how they are given out, and what becomes of contents nobody names."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from shared.documents import store
from shared.documents.uploads import DOCUMENT_SCAN, check_upload
from tenants.files import keepers
from tenants.files.errors import FileGone
from tenants.files.models import StoredFile
from tenants.files.services import SWEEP_TASK, open_file, remove_file, store_upload, sweep
from tenants.files.tasks import sweep_files
from tests.support import client_of

SCAN = b"%PDF-1.7\n1 0 obj\nendobj\n%%EOF\n"
PURPOSE = "scan_of_the_tests"


@pytest.fixture(autouse=True)
def folder(settings, tmp_path) -> Path:
    settings.FILES_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def kept(monkeypatch):
    """A keeper that lets whoever may sign orders."""
    monkeypatch.setitem(keepers._keepers, PURPOSE, lambda actor, stored: actor.may("orders.sign"))


def stored_in(school, content: bytes = SCAN, name: str = "Согласие «1».pdf", purpose: str = PURPOSE) -> StoredFile:
    with school.work():
        upload = check_upload(content, name, DOCUMENT_SCAN)
        return store_upload(upload, purpose=purpose, uploaded_by=None, made_by="Анна")


def contents(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.proves("R-178", "R-179")
def test_a_file_is_given_as_an_attachment_that_can_run_nothing(school, kept):
    stored = stored_in(school)
    answer = client_of(school.host, "anna").get(f"/files/{stored.pk}/")
    assert answer.status_code == 200
    assert answer.content == SCAN
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer.headers["Cache-Control"] == "private, no-store"


@pytest.mark.proves("R-031")
def test_a_file_exists_only_for_whom_its_keeper_lets(school, other_school, kept):
    stored = stored_in(school)
    path = f"/files/{stored.pk}/"
    assert client_of(school.host, "anna").get(path).status_code == 200
    assert client_of(school.host, "teacher").get(path).status_code == 404
    assert client_of(other_school.host, "vera").get(path).status_code == 404
    assert client_of(school.host).get(path).status_code == 302
    assert client_of(school.host, "vera").get(path).status_code == 403


@pytest.mark.proves("R-031")
def test_a_purpose_without_a_keeper_opens_for_nobody(school):
    stored = stored_in(school, purpose="nobody_keeps_it")
    assert client_of(school.host, "anna").get(f"/files/{stored.pk}/").status_code == 404


def test_equal_contents_are_one_file_and_organizations_share_none(school, other_school, folder):
    first, second = stored_in(school), stored_in(school, name="Копия.pdf")
    stored_in(other_school)
    assert first.sha256 == second.sha256
    found = contents(folder)
    assert len(found) == 2
    assert all(path.name == first.sha256 and path.stat().st_mode & 0o777 == 0o600 for path in found)
    assert len({path.parent.parent for path in found}) == 2


def test_a_content_that_was_changed_on_disk_is_not_given_out(school, folder):
    stored = stored_in(school)
    contents(folder)[0].write_bytes(SCAN + b"x")
    with school.work(), pytest.raises(FileGone, match=str(stored.pk)):
        open_file(StoredFile.objects.get(pk=stored.pk))
    contents(folder)[0].unlink()
    with school.work(), pytest.raises(FileGone):
        open_file(StoredFile.objects.get(pk=stored.pk))


def test_the_sweep_removes_only_old_contents_that_no_row_names(school, folder):
    named = stored_in(school)
    orphan = stored_in(school, SCAN + b"1%%EOF")
    young = stored_in(school, SCAN + b"2%%EOF")
    with school.work():
        remove_file(orphan)
        remove_file(young)
    day_ago = time.time() - store.GRACE_SECONDS - 60
    for path in contents(folder):
        if path.name != young.sha256:
            os.utime(path, (day_ago, day_ago))
    torn = contents(folder)[0].with_name("abc.part")
    torn.write_bytes(b"half")
    os.utime(torn, (day_ago, day_ago))
    with school.work():
        assert sweep() == 2
        assert sweep() == 0
        assert open_file(named) == SCAN
    assert {path.name for path in contents(folder)} == {named.sha256, young.sha256}


def test_the_sweep_is_a_task_of_each_organization(school, folder):
    stored = stored_in(school, SCAN + b"3%%EOF")
    path = contents(folder)[0]
    os.utime(path, (0, 0))
    with school.work():
        remove_file(stored)
        sweep_files.run()
    assert not path.exists()
    assert sweep_files.name == SWEEP_TASK
    assert not sweep_files.is_global


def test_the_store_keeps_nothing_outside_the_schemas_of_this_system(folder):
    for schema in ("template", "../t0001", ""):
        with pytest.raises(ValueError, match="not a schema of ours"):
            store.put(schema, "a" * 64, b"x")
    assert contents(folder) == []
