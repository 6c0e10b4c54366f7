"""Making an archive: one at a time, whole or not there, the same bytes of the same contents, of one moment."""

from __future__ import annotations

import datetime
import io
import json
import os
import signal
import subprocess
import sys
import threading
import tracemalloc
import uuid
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.db import close_old_connections, connections
from django.utils import timezone

from config.cli import organizations, sealing
from shared.archive import writing
from shared.archive.errors import ArchiveUnderWay
from shared.archive.models import Package
from shared.archive.parts import Span
from shared.documents.columns import Column
from shared.messaging.models import TaskOutbox
from shared.messaging.services import want_task
from shared.organizations.models import Organization
from tenants.archive import making
from tenants.archive.making import manifest_of, path_of
from tenants.archive.registry import PARTS
from tenants.archive.services import PATIENCE, TASK, By, choose, new_package, order_package
from tenants.people.models import Student
from tests.platform.fleet.backups.test_kills import ROOT, locked, waits
from tests.running import wait_until
from tests.support import School, connect
from tests.tenants import factories
from tests.tenants.archive import filling

EVERYTHING = choose(lambda right: True, with_special=True)
BY = By(account_id=None, signature="Лебедь О. Т.")
SPAN = Span.of_year(2026, datetime.date(2026, 11, 22))


@pytest.fixture
def small(committed, folder) -> School:
    """An organization of its own with one learner."""
    school = connect(f"archive-small-{uuid.uuid4().hex[:8]}")
    with school.work():
        factories.enroll(factories.student(), into=factories.group("5А"))
    return school


def order(school: School) -> Package:
    with school.work():
        return order_package(span=SPAN, choice=EVERYTHING, term=25, by=BY)


def state(school: School) -> Package:
    with school.work():
        return Package.objects.latest("number")


def standing(school: School) -> list[str]:
    """Files of archives that anybody could take."""
    folder = path_of(Package(file="x"), school.organization.schema_name).parent
    return sorted(path.name for path in folder.glob("*")) if folder.exists() else []


def test_of_two_orders_at_once_one_is_refused_in_words(small):
    gate = threading.Barrier(2)

    def press(_: int) -> str:
        close_old_connections()
        try:
            with small.work():
                gate.wait()
                try:
                    return str(order_package(span=SPAN, choice=EVERYTHING, term=25, by=BY).number)
                except ArchiveUnderWay as refusal:
                    return str(refusal)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        said = sorted(pool.map(press, range(2)))
    assert said[0] == "1"
    assert "Архив уже собирается" in said[1]
    with small.work():
        assert Package.objects.count() == 1
    assert TaskOutbox.objects.filter(organization_id=small.organization.pk, name=TASK).count() == 1
    assert filling.work(small)
    with small.work():
        assert new_package(span=SPAN, choice=EVERYTHING, term=25, by=BY).number == 2


def kill_in_the_middle(school: School, folder: Path) -> None:
    """A command that is killed while it waits for the learners, with the first parts already written."""
    table = f"{school.organization.schema_name}.people_student"
    command = ["organizations", "seal", school.organization.slug, "--to", str(folder), "--year", "2026"]
    with locked(table):
        process = subprocess.Popen(
            [sys.executable, "-m", "config", *command],
            cwd=ROOT,
            env={
                **os.environ,
                "DJANGO_SETTINGS_MODULE": "config.settings.test",
                "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "platform")]),
            },
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            wait_until(lambda: waits(table) or process.poll() is not None, what="the command to wait")
            assert process.poll() is None
        finally:
            process.send_signal(signal.SIGKILL)
            process.wait(30)


def test_a_run_that_is_killed_leaves_nothing_to_be_seen_and_the_next_one_makes_the_whole(small, tmp_path, settings):
    settings.FILES_ROOT = Path(settings.DATA_DIR) / "files"  # where a process of its own keeps files
    kill_in_the_middle(small, tmp_path / "carrier")
    cut = state(small)
    assert (cut.status, cut.file) == ("running", "")
    (left,) = standing(small)
    assert (left[0], left.endswith(".part")) == (".", True)
    assert not (tmp_path / "carrier").exists()
    with small.work():  # as the worker that takes over the order of a killed one
        want_task(TASK, package_id=str(cut.pk))
    assert filling.work(small)
    done = state(small)
    assert (done.number, done.status, standing(small)) == (1, "done", [done.file])
    assert zipfile.ZipFile(path_of(done, small.organization.schema_name)).testzip() is None


def test_an_archive_that_was_cut_off_for_good_holds_up_no_other_one(small):
    order(small)
    with small.work():
        with pytest.raises(ArchiveUnderWay):
            new_package(span=SPAN, choice=EVERYTHING, term=25, by=BY)
        Package.objects.update(status="running", moved_at=timezone.now() - PATIENCE * 2)
    assert order(small).number == 2
    with small.work():
        first = Package.objects.get(number=1)
        assert (first.status, "прервалась" in first.failure) == ("failed", True)
    assert filling.work(small)  # the wish of the first: nothing is to be done about it
    assert state(small).status == "queued"


def test_a_fault_is_said_without_its_text_and_another_archive_may_be_ordered(small, monkeypatch):
    order(small)

    def torn(part: object, span: Span) -> None:
        raise ValueError("Соколов Иван")

    monkeypatch.setattr(writing._Packing, "add_part", torn)
    assert not filling.work(small)
    failed = state(small)
    assert (failed.status, "Соколов" in failed.failure, "ValueError" in failed.failure) == ("failed", False, True)
    assert standing(small) == []
    monkeypatch.undo()
    assert order(small).number == 2


def test_the_archive_is_of_one_moment(small, monkeypatch):
    """A learner who comes while the parts are being read is in none of them."""
    add_part, seen = writing._Packing.add_part, []

    def slow(self: writing._Packing, part: object) -> None:
        if not seen:
            seen.append(part)
            with ThreadPoolExecutor(1) as pool:
                pool.submit(come).result()
        add_part(self, part)

    def come() -> None:
        with small.work():
            factories.enroll(factories.student(), into=factories.group("5А"))
        connections.close_all()

    monkeypatch.setattr(writing._Packing, "add_part", slow)
    order(small)
    assert filling.work(small)
    with small.work():
        assert Student.objects.count() == 2
    rows = {part["code"]: part["rows"] for part in state(small).contents}
    assert (rows["learners"], rows["orders"], rows["class_lists"], rows["consents"]) == (1, 1, 1, 1)


def test_progress_is_seen_while_it_is_made(small, monkeypatch):
    seen: list[tuple[str, int, str]] = []
    progress = making.Recorder.progress

    def noted(self: making.Recorder, package: Package, done: int, current: str) -> None:
        progress(self, package, done, current)
        with ThreadPoolExecutor(1) as pool:
            seen.append(pool.submit(look).result())

    def look() -> tuple[str, int, str]:
        try:
            found = state(small)
            return found.status, found.percent, found.current
        finally:
            connections.close_all()

    monkeypatch.setattr(making.Recorder, "progress", noted)
    order(small)
    assert filling.work(small)
    assert seen[0] == ("running", 0, PARTS[EVERYTHING.parts[0].code].title)
    assert [one[1] for one in seen] == sorted(one[1] for one in seen)
    assert seen[-1][2] == "Опись, акт, подпись"
    assert state(small).percent == 100


def test_equal_contents_of_one_moment_are_equal_bytes(school, tmp_path):
    with school.work() as organization:
        factories.enroll(factories.student(), factories.student(), into=factories.group("5А"))
        organization = Organization.objects.select_related("municipality", "region").get(pk=organization.pk)
        made = []
        for number in range(2):
            package = Package(number=1, kind=SPAN.kind, first_on=SPAN.first, last_on=SPAN.last, made_by="С")
            package.kept_until, package.left_out = datetime.date(2051, 12, 31), []
            moment = timezone.make_aware(datetime.datetime(2026, 11, 22, 12))
            path = tmp_path / f"{number}.zip"
            writing.write_archive(
                path,
                EVERYTHING.parts,
                manifest_of(package, organization, moment.isoformat()),
                SPAN,
                made_at=moment,
                take=lambda digest: None,
                say=lambda done, title: None,
            )
            made.append(path.read_bytes())
    assert made[0] == made[1]
    entries = zipfile.ZipFile(io.BytesIO(made[0])).infolist()
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
    assert {entry.compress_type for entry in entries} == {zipfile.ZIP_STORED}


def test_a_long_table_costs_no_memory(tmp_path, monkeypatch):
    """Twenty megabytes of rows; what is printed goes in volumes, and a table waits on the disk."""
    part = writing.Part(
        app="people",
        code="long",
        title="Длинная",
        needs=(),
        columns=(Column("Текст"),),
        rows=lambda span: ([f"{number} {'а' * 5000}"] for number in range(2000)),
    )
    package = Package(number=1, kind=SPAN.kind, first_on=SPAN.first, last_on=SPAN.last, made_by="С")
    package.kept_until, package.left_out = datetime.date(2051, 12, 31), []
    manifest = _manifest()
    monkeypatch.setattr(writing, "VOLUME", 100)
    monkeypatch.setattr(writing, "IN_MEMORY", 1_000_000)
    tracemalloc.start()
    try:
        sealed = writing.write_archive(
            tmp_path / "long.zip",
            [part],
            manifest,
            SPAN,
            made_at=timezone.localtime(),
            take=lambda digest: None,
            say=lambda done, title: None,
        )
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert sealed.bytes > 20_000_000
    assert sealed.rows == 2000
    assert peak < 8_000_000  # a volume and its neighbor, not the table


def _manifest() -> writing.Manifest:
    organization = {"full_name": "Школа", "inn": "", "kpp": "", "ogrn": "", "address": ""}
    return writing.Manifest(
        system={},
        organization=organization,
        number=1,
        period={"words": str(SPAN)},
        made_at="",
        made_by="С",
        kept_until="31.12.2051",
        key=bytes(32),
    )


def test_the_operator_seals_an_organization_by_one_command(small, tmp_path):
    arguments = [
        "seal",
        small.organization.slug,
        "--to",
        str(tmp_path / "carrier"),
        "--year",
        "2026",
        "--format",
        "json",
    ]
    answer = CliRunner().invoke(organizations.organizations, arguments)
    assert answer.exit_code == 0, answer.output
    told = json.loads(answer.stdout)
    found = filling.Archive((tmp_path / "carrier" / os.path.basename(told["file"])).read_bytes())
    assert {part["code"]: part["rows"] for part in found.manifest["parts"]}["learners"] == 1
    assert "learner_special" in {one["code"] for one in found.manifest["left_out"]}
    assert found.manifest["made_by"].startswith("console:")
    assert state(small).sha256 == told["sha256"]
    assert os.stat(told["file"]).st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("more", "said", "code"),
    [
        (["--special"], "--reason", 2),
        (["--year", "2026", "--day", "2026-11-01"], "что-то одно", 2),
    ],
)
def test_a_question_put_wrongly_is_refused(small, tmp_path, more, said, code):
    arguments = ["seal", small.organization.slug, "--to", str(tmp_path), *more]
    answer = CliRunner().invoke(organizations.organizations, arguments)
    assert (answer.exit_code, said in answer.output) == (code, True)
    assert [organizations.organizations] == sealing.COMMANDS
