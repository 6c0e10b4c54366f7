"""Another address: the new host at once, the former one redirects until it is given up, nothing else knows of it."""

from __future__ import annotations

import csv
import json
import uuid

import pytest
from click.testing import CliRunner, Result
from django.utils import timezone

from config.cli import organizations as command
from fleet import addresses
from fleet.errors import AddressHeld, AddressMalformed, AddressReserved, AddressSame, CopyStays, FormerAddressUnknown
from fleet.onboarding import services
from fleet.onboarding.credentials import HEADER, credentials_path
from fleet.tasks import leave_hosts
from shared.access.services import issue_token
from shared.access.workspaces import forget_workspaces
from shared.accounts.models import ApiToken, Session
from shared.imports.tables import read_table
from shared.messaging.models import TaskOutbox
from shared.organizations.models import Domain, Organization
from shared.tenancy import scopes
from tests.platform.fleet.onboarding.surroundings import GOOD, as_csv
from tests.support import School, client_of, connect, person


@pytest.fixture
def mark() -> str:
    return f"rn-{uuid.uuid4().hex[:8]}"


@pytest.fixture
def place(committed, mark) -> School:
    return connect(mark)


def rename(slug: str, new: str) -> Organization:
    with scopes.enter(scopes.of_operator().by("oleg")):
        return addresses.rename(slug, new)


def run_wishes(of: School) -> None:
    wishes = TaskOutbox.objects.using("owner").filter(
        name=addresses.TASK, arguments__organization=str(of.organization.pk)
    )
    for wish in wishes:
        for _ in range(2):
            leave_hosts.run(**wish.arguments)
    wishes.delete()


def test_the_new_host_works_at_once_and_the_former_one_leads_to_it(place, mark):
    person(f"d-{mark}", "director", school=place)
    inside = client_of(place.host, f"d-{mark}")
    assert inside.get("/").status_code == 200
    rename(mark, f"{mark}-b")
    run_wishes(place)

    assert client_of(f"{mark}-b.localhost", f"d-{mark}").get("/").status_code == 200
    led = inside.get("/people/?q=%D0%98%D0%B2&page=2")
    assert led.status_code == 308
    assert led.headers["Location"] == f"http://{mark}-b.localhost/people/?q=%D0%98%D0%B2&page=2"
    assert led.headers["Cache-Control"] == "no-store"
    assert inside.post("/login/", {"login": "x"}).status_code == 308
    assert inside.get("/api/v1/students/").status_code == 308
    fragment = inside.get("/people/", headers={"HX-Request": "true"})
    assert (fragment.status_code, fragment.headers["HX-Redirect"]) == (204, f"http://{mark}-b.localhost/people/")
    assert not Session.objects.filter(host=place.host).exists()  # signed in anew: a session belongs to its host


def test_a_token_goes_over_with_the_organization(place, mark):
    account = person(f"d-{mark}", "director", school=place)
    with scopes.enter(scopes.of_accounts()):
        token = issue_token(account=account, host=place.host, days=5)
    rename(mark, f"{mark}-b")
    run_wishes(place)
    asked = client_of(f"{mark}-b.localhost").get(
        "/api/v1/students/", headers={"Authorization": f"Bearer {token}", "X-Purpose": "contingent"}
    )
    assert asked.status_code == 200
    with scopes.enter(scopes.of_accounts()):
        assert ApiToken.objects.get(account=account).host == f"{mark}-b.localhost"


def test_schema_number_and_version_tell_that_it_is_the_same_organization(place, mark):
    before = Organization.objects.get(slug=mark)
    renamed = rename(mark, f"{mark}-b")
    after = Organization.objects.get(slug=f"{mark}-b")
    assert (after.pk, after.schema_name, after.number) == (before.pk, before.schema_name, before.number)
    assert renamed.version == before.version
    assert after.version == before.version + 1
    hosts = Domain.objects.filter(tenant=after).values_list("domain", "is_primary")
    assert set(hosts) == {(f"{mark}.localhost", False), (f"{mark}-b.localhost", True)}
    run_wishes(place)


def test_back_to_its_own_former_address(place, mark):
    rename(mark, f"{mark}-b")
    rename(f"{mark}-b", mark)
    run_wishes(place)
    assert client_of(place.host).get("/login/").status_code == 200
    assert client_of(f"{mark}-b.localhost").get("/login/").status_code == 308


@pytest.mark.parametrize(
    ("new", "refusal"),
    [
        ("region", AddressReserved),
        ("www", AddressReserved),
        ("Школа", AddressMalformed),
        ("-a", AddressMalformed),
        ("a.b", AddressMalformed),
        ("a" * 41, AddressMalformed),
        ("school-1", AddressHeld),
    ],
)
def test_what_cannot_be_an_address_is_refused_in_words(place, mark, new, refusal):
    with pytest.raises(refusal, match=new):
        rename(mark, new)
    assert client_of(place.host).get("/login/").status_code == 200


def test_its_own_address_is_no_other_one(place, mark):
    with pytest.raises(AddressSame):
        rename(mark, mark)


def test_a_former_address_is_held_until_it_is_given_up(place, mark):
    other = connect(f"{mark}-o")
    rename(mark, f"{mark}-b")
    with pytest.raises(AddressHeld):
        rename(f"{mark}-o", mark)
    with pytest.raises(FormerAddressUnknown), scopes.enter(scopes.of_operator()):
        addresses.forget_address(f"{mark}-b", f"{mark}-b.localhost")  # the present one is none
    with scopes.enter(scopes.of_operator()):
        addresses.forget_address(f"{mark}-b", f"{mark}.localhost")
    assert client_of(f"{mark}.localhost").get("/login/").status_code == 404
    rename(f"{mark}-o", mark)
    run_wishes(place)
    run_wishes(other)
    assert "Организация" in client_of(f"{mark}.localhost").get("/login/").content.decode()


def test_a_host_given_to_another_keeps_the_sessions_of_its_new_owner(place, mark):
    other = connect(f"{mark}-o")
    rename(mark, f"{mark}-b")
    with scopes.enter(scopes.of_operator()):
        addresses.forget_address(f"{mark}-b", place.host)
    rename(f"{mark}-o", mark)
    person(f"d-{mark}", "director", school=other)
    inside = client_of(place.host, f"d-{mark}")
    run_wishes(place)  # late: the host is another's by now
    assert inside.get("/").status_code == 200
    run_wishes(other)


def test_a_copy_keeps_its_address(place, mark):
    own = Organization.with_copies.using("owner").filter(pk=place.organization.pk)
    own.update(copied_at=timezone.now())
    with pytest.raises(CopyStays):
        rename(mark, f"{mark}-b")
    own.update(copied_at=None)


def test_a_suspended_organization_explains_itself_on_its_new_address(place, mark):
    Organization.objects.using("owner").filter(pk=place.organization.pk).update(status="suspended")
    rename(mark, f"{mark}-b")
    run_wishes(place)
    forget_workspaces()
    assert client_of(f"{mark}.localhost").get("/login/").status_code == 308
    assert client_of(f"{mark}-b.localhost").get("/login/").status_code == 503
    Organization.objects.using("owner").filter(pk=place.organization.pk).update(status="archived")
    forget_workspaces()
    assert client_of(f"{mark}.localhost").get("/login/").status_code == 404
    Organization.objects.using("owner").filter(pk=place.organization.pk).update(status="active")  # its schema is here


def test_the_file_it_was_connected_from_and_its_sheet_still_know_it(committed, mark, tmp_path):
    row = {**GOOD, "full_name": f"Школа {mark}", "short_name": mark, "slug": mark}
    table = read_table(as_csv(row), "list.csv")
    services.run(services.check(table, using="owner"), source_name="list.csv", output_dir=tmp_path)
    rename(mark, f"{mark}-b")

    again = services.check(table, using="owner")
    assert [(one.outcome, one.slug) for one in again.rows] == [("known", f"{mark}-b")]
    report = services.run(again, source_name="list.csv", output_dir=tmp_path)
    assert (report.connected, report.already) == ([], [f"{mark}-b"])
    with credentials_path("list.csv", tmp_path).open(encoding="utf-8") as file:
        lines = list(csv.reader(file))
    assert [line[:3] for line in lines] == [[*HEADER[:3]], [mark, f"{mark}.localhost", f"admin-{mark}"]]
    TaskOutbox.objects.using("owner").filter(name=addresses.TASK).delete()


def run(*arguments: object) -> Result:
    result = CliRunner().invoke(command.organizations, [*map(str, arguments), "--format", "json"])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def test_the_command_renames_ends_sessions_by_itself_and_says_the_former_host(place, mark):
    person(f"d-{mark}", "director", school=place)
    client_of(place.host, f"d-{mark}")
    done = run("rename", mark, f"{mark}-b")
    assert (done.exit_code, json.loads(done.stdout)) == (
        0,
        {"slug": f"{mark}-b", "host": f"{mark}-b.localhost", "former": f"{mark}.localhost"},
    )
    assert not Session.objects.filter(host=place.host).exists()
    assert run("rename", f"{mark}-b", "region").exit_code == 2
    assert run("rename", "nobody", "somebody").exit_code == 2
    assert run("rename", f"{mark}-b", f"{mark}-b").exit_code == 1
    run_wishes(place)


def test_the_command_moves_plans_and_undoes(place, mark):
    today = timezone.localdate()
    done = run("move", mark, "--oktmo", "03601000", "--from", today.isoformat(), "--ground", "Приказ № 1")
    assert json.loads(done.stdout) == {
        "slug": mark, "from": today.isoformat(), "oktmo": "03601000", "founder": "office-03601000", "state": "done",
    }  # fmt: skip
    ahead = today.replace(year=today.year + 1)
    planned = run("move", mark, "--founder", "culture-03", "--from", f"{ahead:%d.%m.%Y}")
    assert json.loads(planned.stdout)["state"] == "planned"
    assert run("move", mark, "--oktmo", "03608000", "--from", today.isoformat()).exit_code == 1
    assert run("move", mark, "--undo", "--from", today.isoformat()).exit_code == 1
    assert json.loads(run("move", mark, "--undo", "--from", ahead.isoformat()).stdout)["state"] == "undone"
    for wrong in (["--from", ahead.isoformat()], ["--oktmo", "1", "--from", "вчера"], ["--oktmo", "03608000"]):
        assert run("move", mark, *wrong).exit_code == 2
    assert run("move", mark, "--oktmo", "99999999", "--from", today.isoformat()).exit_code == 2
    TaskOutbox.objects.using("owner").filter(name="fleet.subordination.carry_out").delete()
