"""``asuso organizations``, ``users`` and ``token`` as a person at a terminal meets them."""

from __future__ import annotations

import json
import uuid

import pytest
from click.testing import CliRunner, Result

from config.cli.organizations import organizations
from config.cli.users import token, users
from shared.accounts.models import Account, ApiToken
from shared.organizations.models import Organization
from tests.platform.fleet.onboarding.surroundings import GOOD, as_csv
from tests.support import client_of, connect


@pytest.fixture
def mark(committed) -> str:
    return f"cl-{uuid.uuid4().hex[:8]}"


def run(group, *arguments: object) -> Result:
    result = CliRunner().invoke(group, [str(argument) for argument in arguments])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def source_of(folder, mark: str):
    path = folder / "list.csv"
    row = {**GOOD, "full_name": f"Школа {mark}", "slug": mark}
    path.write_bytes(as_csv(row, {**row, "slug": "api"}))
    return path


def test_a_dry_run_says_everything_and_writes_nothing(mark, tmp_path):
    result = run(organizations, "import", source_of(tmp_path, mark), "--dry-run", "--format", "json")
    answer = json.loads(result.stdout)
    assert (result.exit_code, answer["connected"], answer["refused"], answer["dry_run"]) == (1, 1, 1, True)
    assert answer["refusals"][0] | {"reason": ""} == {"row": 3, "field": "slug", "reason": ""}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["list.csv"]
    assert not Organization.objects.filter(slug=mark).exists()


def test_an_import_with_refused_rows_ends_with_one_and_files_go_where_asked(mark, tmp_path):
    output = tmp_path / "out"
    result = run(organizations, "import", source_of(tmp_path, mark), "--output", output, "--format", "json")
    answer = json.loads(result.stdout)
    assert (result.exit_code, answer["connected"], answer["refused"]) == (1, 1, 1)
    assert sorted(path.name for path in output.iterdir()) == ["list.csv.credentials.csv", "list.csv.rejected.csv"]
    assert f"{mark} — подключена" in result.stderr
    again = json.loads(
        run(organizations, "import", tmp_path / "list.csv", "--output", output, "--format", "json").stdout
    )
    assert (again["connected"], again["already"]) == (0, 1)


def test_the_list_is_rows(mark):
    rows = json.loads(run(organizations, "list", "--format", "json").stdout)["rows"]
    assert {"school-1", "school-2"} <= {row["slug"] for row in rows}


def test_suspend_and_resume_change_the_host_and_an_unknown_slug_is_wrong_usage(mark):
    connect(mark)
    assert run(organizations, "suspend", mark).exit_code == 0
    assert client_of(f"{mark}.localhost").get("/login/").status_code == 503
    assert run(organizations, "resume", mark).exit_code == 0
    assert client_of(f"{mark}.localhost").get("/login/").status_code == 200
    refused = run(organizations, "suspend", f"{mark}-none")
    assert (refused.exit_code, "нет среди подключённых" in refused.stderr) == (2, True)


def test_a_person_with_a_one_time_password_signs_in_and_must_change_it(mark):
    result = run(
        users, "create", "--login", mark, "--last-name", "Иванова", "--role", "secretary",
        "--organization", "school-1", "--format", "json",
    )  # fmt: skip
    access = json.loads(result.stdout)
    assert (access["host"], access["one_time"]) == ("school-1.localhost", True)
    answer = client_of(access["host"]).post("/login/", {"login": mark, "password": access["password"]})
    assert answer.headers["Location"] == "/password/"
    assert run(users, "create", "--login", mark, "--last-name", "Н", "--role", "operator").exit_code == 1


def test_a_permanent_password_is_held_to_the_policy(mark):
    base = ("create", "--login", mark, "--last-name", "Иванов", "--role", "mun_specialist")
    place = ("--authority", "office-03608000")
    assert run(users, *base, *place, "--password", "1234").exit_code == 1
    assert run(users, *base, *place, "--password", "долгий-пароль-42").exit_code == 0
    assert Account.objects.get(login=mark).must_change_password is False


@pytest.mark.parametrize(
    "place",
    [
        ("--role", "director"),
        ("--role", "director", "--organization", "none"),
        ("--role", "mun_specialist", "--authority", "ministry-03"),
        ("--role", "ministry_specialist", "--authority", "office-03608000"),
        ("--role", "operator", "--organization", "school-1"),
    ],
)
def test_a_role_in_a_place_that_does_not_fit_it_is_refused(mark, place):
    assert run(users, "create", "--login", mark, "--last-name", "И", *place).exit_code == 2
    assert not Account.objects.filter(login=mark).exists()


def test_another_role_is_added_once_and_a_password_is_issued_again(mark):
    connect(mark)
    run(users, "create", "--login", mark, "--last-name", "И", "--role", "org_admin", "--organization", mark)
    assert run(users, "grant", "--login", mark, "--role", "teacher", "--organization", "school-1").exit_code == 0
    assert run(users, "grant", "--login", mark, "--role", "teacher", "--organization", "school-1").exit_code == 1
    access = json.loads(run(users, "reissue", mark, "--format", "json").stdout)
    assert access["login"] == mark
    answer = client_of(f"{mark}.localhost").post("/login/", {"login": mark, "password": access["password"]})
    assert answer.status_code == 302
    assert run(users, "reissue", mark, "anna").exit_code == 2
    nowhere = run(users, "reissue", f"{mark}-none")
    assert (nowhere.exit_code, f"{mark}-none" in nowhere.stderr) == (2, True)


def test_access_is_recovered_for_a_person_of_any_place(mark):
    connect(mark)
    office = ("--role", "mun_specialist", "--authority", "office-03608000")
    run(users, "create", "--login", mark, "--last-name", "И", "--role", "teacher", "--organization", mark)
    run(users, "grant", "--login", mark, *office)
    access = json.loads(run(users, "recover", "--login", mark, "--format", "json").stdout)
    answer = client_of(f"{mark}.localhost").post("/login/", {"login": mark, "password": access["password"]})
    assert answer.headers["Location"] == "/password/"
    assert run(users, "recover", "--login", f"{mark}-none").exit_code == 2


def test_a_token_is_printed_alone_and_only_for_a_host_of_its_person(mark):
    result = run(token, "create", "--host", "school-1.localhost", "--user", "anna", "--days", 5)
    assert result.exit_code == 0
    assert len(result.stdout.split()) == 1
    assert ApiToken.objects.filter(host="school-1.localhost", account__login="anna").exists()
    assert run(token, "create", "--host", "school-2.localhost", "--user", "anna").exit_code == 2
    assert run(token, "create", "--host", "nowhere.localhost", "--user", "anna").exit_code == 2
