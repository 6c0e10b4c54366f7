"""A run of a file against the real database: committed, repeated, doubled, killed."""

from __future__ import annotations

import csv
import os
import signal
import subprocess
import sys
import threading
import time
import uuid
from pathlib import Path

import pytest
from django.contrib.auth.hashers import check_password
from django.db import IntegrityError, connections

from fleet.onboarding import services
from fleet.onboarding.credentials import read_credentials
from fleet.onboarding.rows import Outcome
from shared.access.models import RoleGrant
from shared.accounts.models import Account
from shared.imports.tables import read_table
from shared.organizations.models import Organization
from tests.platform.fleet.onboarding.surroundings import GOOD, as_csv

ROOT = Path(__file__).resolve().parents[4]


@pytest.fixture
def mark() -> str:
    """Slugs of one test only: what is committed stays for the tests after it."""
    return f"on-{uuid.uuid4().hex[:8]}"


def school(mark: str, number: int, **facts: str) -> dict[str, str]:
    name = {"full_name": f"Школа {mark} № {number}", "short_name": f"Школа {number}", "slug": f"{mark}-{number}"}
    return {**GOOD, **name, **facts}


def run(source: Path) -> services.RunReport:
    preview = services.check(read_table(source), using="owner")
    return services.run(preview, source_name=source.name, output_dir=source.parent)


def connected(mark: str) -> list[str]:
    return list(Organization.objects.using("owner").filter(slug__startswith=mark).values_list("slug", flat=True))


def assert_whole(mark: str, sheet: Path) -> None:
    """Every organization has schema, host, role, administrator and a line whose password opens the account."""
    lines = {line.slug: line for line in read_credentials(sheet)}
    organizations = list(Organization.objects.using("owner").filter(slug__startswith=mark))
    assert set(lines) == {organization.slug for organization in organizations}
    with connections["owner"].cursor() as cursor:
        for organization in organizations:
            cursor.execute("select to_regclass(%s) is not null", [f"{organization.schema_name}.people_student"])
            assert cursor.fetchone() == (True,)
            assert organization.domains.using("owner").count() == 1
            account = Account.objects.using("owner").get(login=lines[organization.slug].login)
            assert check_password(lines[organization.slug].password, account.password)
            assert account.must_change_password
            grant = RoleGrant.objects.using("owner").get(account=account)
            assert (grant.role, grant.organization_id) == ("org_admin", organization.pk)
        cursor.execute("select nspname from pg_namespace where nspname ~ '^t[0-9]{4}'")
        kept = Organization.with_copies.using("owner").exclude(status="archived")
        assert {row[0] for row in cursor.fetchall()} == set(kept.values_list("schema_name", flat=True))


def test_new_rows_are_connected_and_refused_ones_written_beside(committed, mark, tmp_path, monkeypatch):
    monkeypatch.setattr(services, "RECONNECT_EVERY", 1)
    source = tmp_path / "list.csv"
    source.write_bytes(as_csv(school(mark, 1), school(mark, 2, inn="123"), school(mark, 3, urban_rural="")))
    report = run(source)
    assert (report.connected, len(report.refused)) == ([f"{mark}-1", f"{mark}-3"], 1)
    assert_whole(mark, report.credentials)
    with (tmp_path / "list.csv.rejected.csv").open(encoding="utf-8-sig", newline="") as file:
        refused = list(csv.DictReader(file))
    assert [(row["slug"], row["row"], row["field"]) for row in refused] == [(f"{mark}-2", "3", "inn")]
    assert "10 цифр" in refused[0]["reason"]


def test_a_corrected_refusal_is_imported_as_it_is(committed, mark, tmp_path):
    source = tmp_path / "list.csv"
    source.write_bytes(as_csv(school(mark, 1, type="x")))
    corrected = run(source).rejected
    corrected.write_text(corrected.read_text(encoding="utf-8-sig").replace(",x,", ",school,"), encoding="utf-8-sig")
    assert run(corrected).connected == [f"{mark}-1"]


def test_the_same_file_again_changes_nothing(committed, mark, tmp_path):
    source = tmp_path / "list.csv"
    source.write_bytes(as_csv(school(mark, 1), school(mark, 2)))
    first = run(source)
    sheet = first.credentials.read_bytes()
    second = run(source)
    assert (second.connected, second.already) == ([], first.connected)
    assert second.credentials.read_bytes() == sheet


def test_a_rerun_appends_and_drops_lines_of_organizations_that_never_came_to_be(committed, mark, tmp_path):
    source = tmp_path / "list.csv"
    source.write_bytes(as_csv(school(mark, 1)))
    sheet = run(source).credentials
    with sheet.open("a") as file:
        file.write(f"{mark}-ghost,host,login,password\n")
    source.write_bytes(as_csv(school(mark, 1), school(mark, 2)))
    run(source)
    assert [line.slug for line in read_credentials(sheet)] == [f"{mark}-1", f"{mark}-2"]
    assert_whole(mark, sheet)


def test_an_address_taken_between_check_and_run_gets_a_suffix(committed, mark, tmp_path):
    table = read_table(as_csv(school(mark, 1, slug="", short_name=mark)), "a.csv")
    other = read_table(as_csv(school(mark, 2, slug="", short_name=mark)), "b.csv")
    first, second = services.check(table, using="owner"), services.check(other, using="owner")
    assert services.run(first, source_name="a.csv", output_dir=tmp_path).connected == [mark]
    third = services.check(read_table(as_csv(school(mark, 3, slug="", short_name=mark)), "c.csv"), using="owner")
    assert services.run(second, source_name="b.csv", output_dir=tmp_path).connected == [f"{mark}-belorechensk"]
    assert services.run(third, source_name="c.csv", output_dir=tmp_path).connected == [f"{mark}-belorechensk-2"]


def test_two_runs_of_one_file_at_once_give_one_result(committed, mark, tmp_path):
    source = tmp_path / "list.csv"
    source.write_bytes(as_csv(*(school(mark, number) for number in range(3))))
    reports: list[services.RunReport] = []

    def one() -> None:
        try:
            reports.append(run(source))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(len(report.connected) for report in reports) == [0, 3]
    assert_whole(mark, tmp_path / "list.csv.credentials.csv")


def test_two_runs_of_one_list_under_two_names_connect_each_organization_once(committed, mark, tmp_path):
    sources = [tmp_path / "a.csv", tmp_path / "b.csv"]
    for source in sources:
        source.write_bytes(as_csv(*(school(mark, number) for number in range(3))))
    previews = [services.check(read_table(source), using="owner") for source in sources]
    done: list[int] = []

    def one(index: int) -> None:
        try:
            report = services.run(previews[index], source_name=sources[index].name, output_dir=tmp_path)
            done.append(len(report.connected))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one, args=(index,)) for index in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(done) == 3
    assert len(connected(mark)) == 3


def test_a_check_writes_nothing(committed, mark):
    preview = services.check(read_table(as_csv(school(mark, 1)), "a.csv"), using="owner")
    assert preview.rows[0].outcome == Outcome.NEW
    assert connected(mark) == []


@pytest.mark.parametrize("after", [0.0, 0.12, 0.31])
def test_a_run_killed_at_any_moment_leaves_nothing_half_done_and_is_continued(committed, mark, tmp_path, after):
    source = tmp_path / "list.csv"
    source.write_bytes(as_csv(*(school(mark, number) for number in range(8))))
    sheet = tmp_path / "list.csv.credentials.csv"
    process = subprocess.Popen(
        [sys.executable, "-m", "config", "organizations", "import", str(source)],
        cwd=ROOT,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings.test",
            "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "platform")]),
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    for line in process.stderr:
        if "подключена" in line:
            break
    time.sleep(after)
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stderr.close()
    run(source)
    assert len(connected(mark)) == 8
    assert_whole(mark, sheet)


def test_a_row_that_the_database_will_not_take_does_not_stop_the_rest(committed, mark, tmp_path, monkeypatch):
    source = tmp_path / "list.csv"
    source.write_bytes(as_csv(*(school(mark, number) for number in range(3))))
    provision = services.provision

    def refuse_one(new):
        if new.slug.endswith("-1"):
            raise IntegrityError("constraint")
        return provision(new)

    monkeypatch.setattr(services, "provision", refuse_one)
    report = run(source)
    assert (len(report.connected), [row.slug for row in report.refused]) == (2, [f"{mark}-1"])
    assert report.rejected.exists()
    monkeypatch.undo()
    assert run(source).connected == [f"{mark}-1"]
