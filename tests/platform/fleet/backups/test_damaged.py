"""A file that is not what was written is refused in one sentence, before anything is touched."""

from __future__ import annotations

import gzip
import io
import json
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connections

from fleet.backups.errors import BackupDamaged, BackupTooNew
from fleet.backups.manifest import CHECKSUM, MANIFEST
from fleet.backups.reading import open_package
from shared.organizations.models import Organization
from tests.platform.fleet.backups.conftest import sha_of

Members = dict[str, bytes]


def rewritten(file: Path, to: Path, change: Callable[[Members], None]) -> Path:
    """The same archive with its members changed, packed as carefully as ours."""
    with tarfile.open(file) as archive:
        members = {one.name: archive.extractfile(one).read() for one in archive}
    change(members)
    with gzip.open(to, "wb") as packed, tarfile.open(fileobj=packed, mode="w|") as archive:
        for name, content in members.items():
            header = tarfile.TarInfo(name)
            header.size = len(content)
            archive.addfile(header, io.BytesIO(content))
    return to


def describe(members: Members, change: Callable[[dict[str, object]], None]) -> None:
    """Change the manifest and its checksum with it."""
    manifest = json.loads(members[MANIFEST])
    change(manifest)
    members[MANIFEST] = json.dumps(manifest).encode()
    members[CHECKSUM] = f"{sha_of(members[MANIFEST])}  {MANIFEST}\n".encode()


def edit_a_row(members: Members) -> None:
    members["tables/people_student"] = members["tables/people_student"].replace("Иван".encode(), "Пётр".encode(), 1)


def edit_a_row_and_its_sum(members: Members) -> None:
    edit_a_row(members)
    changed = members["tables/people_student"]

    def agree(manifest: dict[str, dict[str, dict[str, object]]]) -> None:
        manifest["tables"]["people_student"] |= {"sha256": sha_of(changed), "bytes": len(changed)}

    describe(members, agree)


def edit_the_manifest(members: Members) -> None:
    members[MANIFEST] = members[MANIFEST].replace(b'"format": 1', b'"format": 2')


def drop_a_table(members: Members) -> None:
    del members["tables/orders_order"]


def add_a_table(members: Members) -> None:
    members["tables/history_event_2"] = b""


def drop_the_manifest(members: Members) -> None:
    del members[MANIFEST]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (edit_a_row, "контрольная сумма не сходится: tables/people_student"),
        (edit_a_row_and_its_sum, "не та, что записана при копировании"),
        (edit_the_manifest, "опись изменена"),
        (drop_a_table, "не сходится: tables/orders_order"),
        (add_a_table, "не сходится: tables/history_event_2"),
        (drop_the_manifest, "нет описи"),
    ],
)
def test_an_edited_file_is_refused(place, file, tmp_path, change, sentence):
    edited = rewritten(file, tmp_path / "edited.asuso", change)
    with pytest.raises(BackupDamaged, match=sentence), open_package(edited):
        pass


@pytest.mark.parametrize("lost", [1, 7, 9, 2000, 0.5, 1.0])
def test_a_truncated_file_is_refused(place, file, tmp_path, lost):
    whole = file.read_bytes()
    cut = tmp_path / "cut.asuso"
    cut.write_bytes(whole[: len(whole) - (int(lost * len(whole)) if isinstance(lost, float) else lost)])
    with pytest.raises(BackupDamaged), open_package(cut):
        pass


def test_a_flipped_bit_is_refused(place, file, tmp_path):
    damaged = bytearray(file.read_bytes())
    damaged[len(damaged) // 2] ^= 1
    path = tmp_path / "flipped.asuso"
    path.write_bytes(damaged)
    with pytest.raises(BackupDamaged), open_package(path):
        pass


def test_the_command_says_it_in_one_sentence_and_makes_nothing(place, file, tmp_path, run, mark):
    cut = tmp_path / "cut.asuso"
    cut.write_bytes(file.read_bytes()[:-100])
    refused = run("restore", place.organization.slug, "--from", cut, "--as", f"{mark}-k")
    assert (refused.code, refused.rows) == (1, "")
    assert refused.said.splitlines()[-1] == (
        "Файл cut.asuso не восстановлен: файл оборван или изменён. Возьмите другую копию."
    )
    assert not Organization.with_copies.using("owner").filter(slug=f"{mark}-k").exists()


def test_a_file_of_an_unknown_version_is_refused_and_leaves_nothing(place, file, tmp_path, run, mark):
    def of_the_future(members: Members) -> None:
        describe(members, lambda manifest: manifest.update(fingerprint="f" * 32, taken_at="2026-01-01T00:00:00+00:00"))

    other = rewritten(file, tmp_path / "other.asuso", of_the_future)
    refused = run("restore", place.organization.slug, "--from", other, "--as", f"{mark}-k")
    assert refused.code == 1
    assert str(BackupTooNew(name="other.asuso", fingerprint="ffffffff")) in refused.said
    assert not Organization.with_copies.using("owner").filter(slug=f"{mark}-k").exists()
    with connections["owner"].cursor() as cursor:
        cursor.execute("select count(*) from organizations_domain where domain like %s", [f"{mark}%"])
        assert cursor.fetchone() == (0,)
