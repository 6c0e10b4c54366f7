"""The end of an organization: dump, second person, drop; counts of past days stay. Source: INTERFACES 3, R-179."""

from __future__ import annotations

import datetime
import hashlib
import json
import subprocess
import uuid

import pytest
from click.testing import CliRunner, Result
from django.db import connections
from django.utils import timezone

from config.cli import organizations as command
from config.cli.context import actor
from fleet import archive
from fleet.postgres import pg_dump_command
from fleet.tasks import carry_out_archive
from shared.access.approvals.models import Approval
from shared.access.models import RoleGrant
from shared.accounts.models import ApiToken, Session
from shared.audit.models import Mark
from shared.audit.sealing import seal_marked
from shared.contingent.counts import Territory, count
from shared.messaging.models import TaskOutbox
from shared.messaging.services import run_wanted, want_task
from shared.organizations.models import Organization
from shared.tenancy import scopes
from shared.tenancy.models import RoleScope
from shared.tenancy.names import role
from tenants.handup.projector import settle
from tests.support import School, client_of, connect, person
from tests.tenants import factories

LAST_WEEK = timezone.localdate() - datetime.timedelta(days=7)


@pytest.fixture
def place(committed, tmp_path, settings) -> School:
    """An organization with three learners in the registry and a director signed in."""
    settings.FILES_ROOT = tmp_path
    school = connect(f"end-{uuid.uuid4().hex[:8]}")
    with school.work():
        factories.enroll(*(factories.student() for _ in range(3)), into=factories.group("5А"), day=LAST_WEEK)
    settle(school.organization)
    person(f"d-{school.organization.slug}", "director", school=school)
    client_of(school.host, f"d-{school.organization.slug}")
    return school


@pytest.fixture
def second(monkeypatch):
    """Who presses: ``ivan`` asks, ``petr`` approves."""

    def become(name: str) -> None:
        monkeypatch.setattr(command, "actor", lambda: f"console:{name}")

    become("ivan")
    return become


def run(*arguments: object) -> Result:
    result = CliRunner().invoke(command.organizations, ["archive", *map(str, arguments), "--format", "json"])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def status_of(place: School) -> str:
    return Organization.objects.using("owner").get(pk=place.organization.pk).status


def counted(place: School, day: datetime.date) -> int:
    with scopes.enter(scopes.of_projector().reading()):
        territory = Territory(organization=place.organization.pk)
        return count(as_of=day, by=[], where={}, age_on=None, territory=territory).document()["total"]["enrollments"]


def schema_exists(place: School) -> bool:
    with connections["owner"].cursor() as cursor:
        cursor.execute("select to_regnamespace(%s) is not null", [place.organization.schema_name])
        return cursor.fetchone()[0]


def role_exists(place: School) -> bool:
    with connections["owner"].cursor() as cursor:
        cursor.execute("select count(*) from pg_roles where rolname = %s", [role(place.organization.schema_name)])
        return bool(cursor.fetchone()[0])


@pytest.mark.proves("R-179")
def test_an_organization_goes_when_a_second_person_agrees_and_not_before(place, second, tmp_path):
    slug = place.organization.slug
    asked = json.loads(run(slug).stdout)
    dump = tmp_path / "archives" / asked["dump"].rpartition("/")[2]
    assert hashlib.sha256(dump.read_bytes()).hexdigest() == asked["sha256"]
    assert dump.with_name(f"{dump.name}.sha256").read_text() == f"{asked['sha256']}  {dump.name}\n"
    assert dump.stat().st_mode & 0o077 == 0
    assert (status_of(place), schema_exists(place)) == ("suspended", True)
    assert client_of(place.host).get("/login/").status_code == 503

    own = run(slug, "--approve", asked["request"])
    assert (own.exit_code, "сделали вы сами" in own.stderr) == (1, True)
    assert schema_exists(place)

    second("petr")
    done = run(slug, "--approve", asked["request"])
    assert (done.exit_code, json.loads(done.stdout)["status"]) == (0, "archived")
    assert (status_of(place), schema_exists(place), role_exists(place)) == ("archived", False, False)
    assert client_of(place.host).get("/login/").status_code == 404
    assert not RoleScope.objects.using("owner").filter(organization_id=place.organization.pk).exists()
    again = run(slug, "--approve", asked["request"])
    assert (again.exit_code, "уже решён" in again.stderr) == (1, True)


def test_the_dump_holds_the_learners(place, second, tmp_path):
    asked = json.loads(run(place.organization.slug).stdout)
    restore = pg_dump_command()[0][0].replace("pg_dump", "pg_restore")
    listed = subprocess.run([restore, "--data-only", "--table=people_student", "-f", "-", asked["dump"]],
                            check=True, capture_output=True, text=True)  # fmt: skip
    assert listed.stdout.count("Соколов-") >= 3


def test_past_days_are_counted_as_before_and_today_nobody(place, second):
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    assert [counted(place, day) for day in (LAST_WEEK, yesterday, timezone.localdate())] == [3, 3, 3]
    number = json.loads(run(place.organization.slug).stdout)["request"]
    second("petr")
    run(place.organization.slug, "--approve", number)
    assert [counted(place, day) for day in (LAST_WEEK, yesterday, timezone.localdate())] == [3, 3, 0]


def test_nothing_of_it_is_left_to_trip_over(place, second):
    with place.work():
        want_task("tenants.intake.apply", run_id="x")
    number = json.loads(run(place.organization.slug).stdout)["request"]
    second("petr")
    run(place.organization.slug, "--approve", number)
    schema, pk = place.organization.schema_name, place.organization.pk
    assert not Mark.objects.using("owner").filter(schema_name=schema).exists()
    assert not TaskOutbox.objects.using("owner").filter(organization_id=pk).exists()
    assert not Session.objects.using("owner").filter(host=place.host).exists()
    assert not ApiToken.objects.using("owner").filter(host=place.host).exists()
    today = timezone.localdate()
    assert not RoleGrant.objects.using("owner").filter(organization=pk).on(today).exists()
    seal_marked()


@pytest.mark.proves("R-179")
def test_by_the_console_of_the_operator_the_worker_carries_it_out(place, second):
    asked = json.loads(run(place.organization.slug).stdout)
    approval = Approval.objects.using("owner").get(number=asked["request"])
    oleg = client_of("operator.localhost", "oleg")
    assert place.organization.slug in oleg.get("/approvals/").content.decode()
    answer = oleg.post(f"/approvals/{approval.pk}/decide/", {"decision": "approved", "reason": "закрыта"})
    assert answer.status_code == 302
    assert schema_exists(place)
    wish = TaskOutbox.objects.using("owner").get(name=archive.TASK, arguments__approval_id=str(approval.pk))
    assert run_wanted(wish)
    assert (status_of(place), schema_exists(place)) == ("archived", False)
    carry_out_archive.run(str(approval.pk))  # twice is once
    assert "Выполнено" in oleg.get(f"/approvals/{approval.pk}/").content.decode()


@pytest.mark.parametrize("damage", ["file", "gone", "data", "resumed"])
def test_what_is_not_as_it_was_dumped_is_not_dropped(place, second, damage):
    slug = place.organization.slug
    asked = json.loads(run(slug).stdout)
    path = archive.archives_folder() / asked["dump"].rpartition("/")[2]
    if damage == "file":
        path.write_bytes(path.read_bytes()[:-1] + b"?")
    elif damage == "gone":
        path.unlink()
    elif damage == "data":
        with place.work():
            factories.student()
    else:
        CliRunner().invoke(command.organizations, ["resume", slug])
    second("petr")
    refused = run(slug, "--approve", asked["request"])
    assert (refused.exit_code, "не удалена" in refused.stderr) == (1, True)
    assert schema_exists(place)
    approval = Approval.objects.using("owner").get(number=asked["request"])
    assert approval.executed_at is None
    assert "Сделайте новый архив" in approval.outcome
    again = run(slug)
    assert again.exit_code == 0, again.stderr


def test_a_wrong_question_is_told(place, second, committed):
    slug = place.organization.slug
    number = json.loads(run(slug).stdout)["request"]
    asked_again = run(slug)
    assert (asked_again.exit_code, f"№ {number}" in asked_again.stderr) == (1, True)
    assert run(f"{slug}-none").exit_code == 2
    second("petr")
    assert run("school-1", "--approve", number).exit_code == 2, "the number is another organization's"
    assert run(slug, "--approve", 10**9).exit_code == 2


def test_the_actor_is_the_account_of_the_process_whatever_the_environment_says(monkeypatch):
    honest = actor()
    monkeypatch.setenv("USER", "petr")
    monkeypatch.setenv("LOGNAME", "petr")
    assert actor() == honest
