"""Files in a bucket: the product's own storage settings against a real S3-compatible server, over HTTP."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from django.core.files.storage import storages
from django.core.signals import setting_changed

from config.settings.files import bucket, folder_of, is_bucket
from devdb import EnvironmentNotReady
from shared.documents import relay, store
from shared.documents.uploads import DOCUMENT_SCAN, check_upload
from tenants.files import keepers
from tenants.files.errors import FileGone
from tenants.files.models import StoredFile
from tenants.files.services import open_file, remove_file, store_upload, sweep
from tests.ops.conftest import _listens
from tests.running import ROOT, free_port, wait_until
from tests.support import client_of

SCAN = b"%PDF-1.7\n1 0 obj\nendobj\n%%EOF\n"
NAME = hashlib.sha256(SCAN).hexdigest()
PURPOSE = "scan_of_the_tests"
SECOND = 1.1  # the store tells ages in whole seconds


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    port = free_port()
    log = (tmp_path_factory.mktemp("s3") / "log").open("wb")
    process = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)], stdout=log, stderr=log
    )
    try:
        wait_until(lambda: _listens(port), what="moto")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)


@pytest.fixture
def objects(server, settings, tmp_path):
    """The product pointed at a fresh bucket; what stands in it, seen by another client."""
    name = f"files-{time.monotonic_ns()}"
    outside = boto3.resource(
        "s3", endpoint_url=server, region_name="us-east-1", aws_access_key_id="key", aws_secret_access_key="secret"
    )
    there = outside.create_bucket(Bucket=name)
    url = f"s3://{name}/asuso?endpoint={server}&region=us-east-1"
    assert is_bucket(url)
    settings.STORAGES = {**settings.STORAGES, "default": bucket(url, "key", "secret")}
    settings.FILES_IN_BUCKET = True
    settings.FILES_ROOT = tmp_path
    setting_changed.send(sender=None, setting="STORAGES", value=settings.STORAGES, enter=True)
    assert storages["default"].location == "asuso"
    return there


def keys(objects) -> list[str]:
    return sorted(one.key for one in objects.objects.all())


def day_later() -> float:
    """The moment when everything that stands in the bucket now is a day old, and what follows is younger."""
    time.sleep(SECOND)
    moment = time.time() + store.GRACE_SECONDS
    time.sleep(SECOND)
    return moment


def stored_in(school, content: bytes = SCAN, name: str = "Согласие «1».pdf") -> StoredFile:
    with school.work():
        upload = check_upload(content, name, DOCUMENT_SCAN)
        return store_upload(upload, purpose=PURPOSE, uploaded_by=None, made_by="Анна")


def test_a_content_comes_back_whole_and_equal_ones_are_one_object_of_their_organization(objects):
    for schema in ("t0001", "t0001", "t0002"):
        store.put(schema, NAME, SCAN)
    assert keys(objects) == [f"asuso/kept/{schema}/{NAME[:2]}/{NAME}" for schema in ("t0001", "t0002")]
    assert store.take("t0001", NAME) == SCAN
    assert store.take("t0003", NAME) is None


def test_a_content_that_was_changed_in_the_bucket_is_not_given_out(objects, school):
    stored = stored_in(school)
    objects.Object(keys(objects)[0]).put(Body=SCAN + b"x")
    with school.work(), pytest.raises(FileGone, match=str(stored.pk)):
        open_file(StoredFile.objects.get(pk=stored.pk))


def test_a_file_goes_up_and_comes_down_through_the_page(objects, school, monkeypatch):
    monkeypatch.setitem(keepers._keepers, PURPOSE, lambda actor, stored: actor.may("orders.sign"))
    stored = stored_in(school)
    answer = client_of(school.host, "anna").get(f"/files/{stored.pk}/")
    assert (answer.status_code, answer.content) == (200, SCAN)
    assert client_of(school.host, "vera").get(f"/files/{stored.pk}/").status_code == 403


def test_the_sweep_removes_only_old_contents_that_no_row_names(objects, school):
    named, orphan = stored_in(school), stored_in(school, SCAN + b"1%%EOF")
    with school.work():
        remove_file(orphan)
        assert sweep() == 0  # both are young
    schema = school.organization.schema_name
    assert store.sweep(schema, {named.sha256}, now=day_later()) == 1
    assert [key.split("/")[1] for key in keys(objects)] == ["kept", "swept"]
    assert store.sweep(schema, {named.sha256}) == 0
    assert len(keys(objects)) == 2
    assert store.sweep(schema, {named.sha256}, now=day_later()) == 0
    assert [key.rpartition("/")[2] for key in keys(objects)] == [named.sha256]
    with school.work():
        assert open_file(named) == SCAN


def test_a_content_uploaded_again_while_it_is_swept_is_not_lost(objects):
    store.put("t0001", NAME, SCAN)
    # The sweep has listed the old object; the upload comes before the deletion and is deleted with it.
    assert store.sweep("t0001", set(), now=day_later()) == 1
    assert store.take("t0001", NAME) == SCAN
    store.sweep("t0001", {NAME}, now=day_later())
    assert [key.split("/")[1] for key in keys(objects)] == ["kept"]
    assert store.take("t0001", NAME) == SCAN


def test_a_dropped_schema_leaves_nothing(objects):
    store.put("t0001", NAME, SCAN)
    assert store.sweep("t0001", (), now=time.time() + store.GRACE_SECONDS + 60) == 1
    assert keys(objects) == []


def test_a_store_that_is_away_keeps_no_row(school, settings, tmp_path):
    away = f"s3://files?endpoint=http://127.0.0.1:{free_port()}&region=us-east-1"
    entry = bucket(away, "key", "secret")
    settings.STORAGES = {**settings.STORAGES, "default": entry}
    settings.FILES_IN_BUCKET = True
    with pytest.raises(Exception, match="Could not connect"):
        stored_in(school)
    with school.work():
        assert not StoredFile.objects.filter(purpose=PURPOSE).exists()


def test_a_sheet_made_by_the_worker_is_opened_by_the_web_of_another_machine(objects, settings, tmp_path):
    worker, web = tmp_path / "worker", tmp_path / "web"
    settings.FILES_ROOT = worker
    sheet = worker / "onboarding" / "1" / "organizations.csv.credentials.csv"
    sheet.parent.mkdir(parents=True)
    sheet.write_text("slug,host,login,password\n")
    relay.hand_over(sheet)
    settings.FILES_ROOT = web
    found = relay.fetch(web / sheet.relative_to(worker))
    assert found.read_text() == "slug,host,login,password\n"
    assert found.stat().st_mode & 0o777 == 0o600
    settings.FILES_ROOT = worker
    sheet.unlink()
    relay.hand_over(sheet)
    settings.FILES_ROOT = web
    assert not relay.fetch(found).exists()


def test_the_settings_of_an_installation_say_the_bucket(objects, server, tmp_path):
    """A process of its own with production settings; no database is asked for."""
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}",
        "DATA_DIR": str(tmp_path),
        "DATABASE_URL": "postgresql://edu_app@127.0.0.1:1/edu",
        "SECRET_KEY": "a-secret-of-the-tests-that-is-long-enough-for-django",
        "BASE_DOMAIN": "edu.example",
        "BROKER_URL": "redis://127.0.0.1:1/0",
        "FILES_URL": f"s3://{objects.name}/prod?endpoint={server}&region=us-east-1",
        "FILES_ACCESS_KEY": "key",
        "FILES_SECRET_KEY": "secret",
        "DJANGO_SETTINGS_MODULE": "config.settings.prod",
    }
    code = f"import django; django.setup(); from shared.documents import store; store.put('t0001', '{NAME}', b'x')"
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert keys(objects) == [f"prod/kept/t0001/{NAME[:2]}/{NAME}"]


@pytest.mark.parametrize(
    "url",
    ["s3://", "s3://key:secret@files", "s3://files?endpoin=http://x", "s3:///prefix"],
)
def test_a_malformed_address_of_a_bucket_is_named(url):
    with pytest.raises(EnvironmentNotReady, match="FILES_URL"):
        bucket(url, None, None)


def test_half_of_the_keys_is_refused_and_a_folder_must_be_absolute():
    with pytest.raises(EnvironmentNotReady, match="FILES_SECRET_KEY"):
        bucket("s3://files", "key", None)
    with pytest.raises(EnvironmentNotReady, match="FILES_URL"):
        folder_of("files")
    assert folder_of("file:///srv/files") == Path("/srv/files")
