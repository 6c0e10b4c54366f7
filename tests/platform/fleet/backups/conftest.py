"""An organization with a little of everything that a backup must bring back."""

from __future__ import annotations

import datetime
import hashlib
import json
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.db import connections
from django.test import override_settings

from config.cli import fleet as command
from fleet.backups.writing import back_up
from shared.access.models import RightChange
from shared.audit.logs import Log
from shared.audit.sealing import seal
from shared.documents.uploads import CheckedUpload
from shared.organizations.models import Organization
from tenants.files.services import store_upload
from tenants.handup.projector import settle
from tests.support import School, connect
from tests.tenants import factories

SCAN = b"%PDF-1.7 scan %%EOF"


@dataclass(frozen=True)
class Ran:
    """What a command answered."""

    code: int
    rows: Any
    said: str


Run = Callable[..., Ran]


@pytest.fixture
def run() -> Run:
    """The command as the operator types it."""

    def run(*arguments: object) -> Ran:
        result = CliRunner().invoke(command.fleet, [str(one) for one in arguments])
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        is_json = result.stdout.startswith(("{", "["))
        return Ran(result.exit_code, json.loads(result.stdout) if is_json else result.stdout, result.stderr)

    return run


@pytest.fixture
def mark() -> str:
    """Addresses of one test only: what is committed stays for the tests after it."""
    return f"b-{uuid.uuid4().hex[:8]}"


@pytest.fixture(scope="module", autouse=True)
def _own_files(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with override_settings(FILES_ROOT=tmp_path_factory.mktemp("files")):
        yield


@pytest.fixture(scope="module")
def lasting(world: object, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> tuple[School, Path]:
    """An organization that no test changes, and a backup of it."""
    with django_db_blocker.unblock():
        school = _furnished(f"b-{uuid.uuid4().hex[:8]}")
        record = back_up(school.organization, folder := tmp_path_factory.mktemp("copies"), by="tests")
        connections.close_all()
    return school, folder / record.file


@pytest.fixture
def place(committed: object, lasting: tuple[School, Path]) -> School:
    """The organization that stays as it is."""
    return lasting[0]


@pytest.fixture
def file(lasting: tuple[School, Path]) -> Path:
    """Its backup."""
    return lasting[1]


@pytest.fixture
def own(committed: object, mark: str) -> School:
    """An organization of one test, to be replaced."""
    return _furnished(mark)


@pytest.fixture
def own_file(own: School, run: Run, tmp_path: Path) -> Path:
    """A backup of it, made as the operator makes one."""
    done = run("backup", "--organization", own.organization.slug, "--to", tmp_path / "copies")
    assert done.code == 0, done.said
    return Path(done.rows["rows"][0]["file"])


def sha_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _furnished(slug: str) -> School:
    """Three learners in the registry, one beside it, a file, a changed right, a sealed log."""
    school = connect(slug, ogrn=f"1{slug[2:]:0>12}"[:13], kpp="230301001", inn="2303010010")
    with school.work():
        factories.enroll(*(factories.student() for _ in range(3)), into=factories.group("5А"))
        # Everything that the format of COPY writes in another way.
        factories.student(last_name="О\\'Нил\tТаб", first_name="Строка\nдругая", patronymic="")
        upload = CheckedUpload(SCAN, "скан.pdf", "application/pdf", sha_of(SCAN))
        store_upload(upload, purpose="consent", uploaded_by=None, made_by="секретарь")
    RightChange.objects.using("owner").create(
        organization=school.organization,
        row="students.list",
        role="teacher",
        level="П",
        reason="проверка",
        valid_from=datetime.date(2026, 1, 1),
        decided_by="директор",
    )
    settle(school.organization)
    seal(Log(school.organization.schema_name))
    return School(Organization.objects.using("owner").get(pk=school.organization.pk))
