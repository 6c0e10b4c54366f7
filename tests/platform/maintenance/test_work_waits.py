"""Tasks, the hand-up and commands during a break: they wait or refuse, nothing fails and nothing is lost. R-279"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from contextlib import nullcontext

import pytest
from celery import current_app
from celery.contrib.testing.worker import start_worker
from click.testing import CliRunner, Result

from config.cli import context
from config.cli.contingent import contingent
from config.cli.fleet import fleet
from config.cli.maintenance import maintenance
from config.cli.migrate import migrate
from config.cli.organizations import organizations
from config.cli.registry import registry
from config.cli.users import users
from config.worker import WRITING
from devdb import EnvironmentNotReady
from shared.contingent.models import Outbox, RegistryEnrollment
from shared.maintenance.current import outside_breaks
from shared.maintenance.models import MaintenanceBreak, Stage
from shared.messaging.models import TaskOutbox
from shared.messaging.services import run_wanted, take_wanted, want_task
from shared.tenancy import scopes, tasks
from tenants.handup.projector import project_pending
from tenants.people.models import Student
from tests.platform.fleet.onboarding.surroundings import GOOD, as_csv
from tests.platform.maintenance.breaks import committed_break, take_away
from tests.running import wait_until
from tests.support import School, connect, person
from tests.tenants import factories

SENTENCE = "сведения можно смотреть, но не менять"
CHILD = "Ёлкин;Пётр;05.05.2015;М;5А;01.09.2026;1-у;01.09.2026\n"
DONE: list[str] = []


@current_app.task(name="tests.mark_during_breaks")
def mark(*, word: str) -> None:
    Student.objects.update(first_name=word)
    DONE.append(word)


@current_app.task(name="tests.of_the_operator", is_global=True, is_exempt=True)
def operators(*, word: str) -> None:
    DONE.append(word)


@pytest.fixture
def place(committed) -> Iterator[School]:
    DONE.clear()
    TaskOutbox.objects.all().delete()
    yield connect(f"mb-{uuid.uuid4().hex[:8]}")
    take_away()
    TaskOutbox.objects.all().delete()


def run(group, *arguments: object) -> Result:
    return CliRunner().invoke(group, [str(argument) for argument in arguments])


def refused(group, *arguments: object) -> None:
    """The environment is not ready: exit code 3 with the sentence. INTERFACES 3."""
    result = run(group, *arguments)
    assert isinstance(result.exception, EnvironmentNotReady), result.output
    assert SENTENCE in str(result.exception)


@pytest.mark.proves("R-279")
def test_a_wanted_task_waits_for_the_end_and_is_then_done(place):
    with place.work():
        want_task("tests.mark_during_breaks", word="после")
    want_task("tests.of_the_operator", word="сейчас")
    with committed_break():
        (wish,) = take_wanted(10)
        assert run_wanted(wish)
        assert take_wanted(10) == []
    (wish,) = take_wanted(10)
    assert run_wanted(wish)
    assert DONE == ["сейчас", "после"]


def test_a_task_taken_in_the_moment_of_the_start_is_put_back_without_a_failure(place, caplog):
    with place.work():
        want_task("tests.mark_during_breaks", word="после")
    (wish,) = take_wanted(1)
    with committed_break():
        assert not run_wanted(wish)
        left = TaskOutbox.objects.get()
        assert (left.attempts, left.not_before) == (0, None)
        assert caplog.records == []
    assert run_wanted(take_wanted(1)[0])
    assert DONE == ["после"]


def test_a_break_of_one_organization_holds_its_tasks_alone(place, committed):
    for school in (place, committed.other):
        with school.work():
            want_task("tests.mark_during_breaks", word=school.organization.slug)
    with committed_break(place):
        assert [wish.organization_id for wish in take_wanted(10)] == [committed.other.organization.pk]


def test_a_message_of_the_broker_is_tried_again(place, monkeypatch):
    monkeypatch.setattr(tasks, "HELD_PAUSE_SECONDS", 0.2)
    with start_worker(current_app, pool="threads", perform_ping_check=False, shutdown_timeout=20):
        with committed_break():
            with scopes.enter(scopes.of_organization(place.organization.schema_name).exempt().by("anna")):
                mark.delay_on_commit(word="по сообщению")
            assert DONE == []
        wait_until(lambda: DONE == ["по сообщению"], seconds=20, what="the message after the break")


@pytest.mark.proves("R-279")
def test_the_registry_follows_after_the_break(place):
    with place.work():
        factories.enroll(factories.student(), into=factories.group("5А"))
    mine = {"organization_id": place.organization.pk}
    with committed_break():
        project_pending()
        assert not _of_registry(RegistryEnrollment, **mine)
        assert _of_registry(Outbox, **mine)
    project_pending()
    assert _of_registry(RegistryEnrollment, **mine)
    assert not _of_registry(Outbox, **mine)


def test_polls_of_the_worker_that_write_do_nothing_meanwhile(committed):
    asked: list[str] = []
    with committed_break():
        for name, *_ in WRITING:
            outside_breaks(lambda name=name: asked.append(name))()
    assert asked == []
    outside_breaks(lambda: asked.append("again"))()
    assert asked == ["again"]


@pytest.mark.proves("R-279")
def test_commands_that_change_data_refuse_and_the_operators_own_work(place, tmp_path, monkeypatch):
    monkeypatch.setattr(context, "database", nullcontext)
    slug = place.organization.slug
    children = tmp_path / "children.csv"
    children.write_text("Фамилия;Имя;Дата рождения;Пол;Класс;Дата зачисления;№ приказа;Дата приказа\n" + CHILD)
    login = person(f"director-{slug}", "director", school=place).login
    schools = tmp_path / "schools.csv"
    schools.write_bytes(as_csv({**GOOD, "full_name": f"Школа {slug}", "slug": f"{slug}-new"}))
    with committed_break():
        refused(contingent, "import", "--organization", slug, children)
        refused(organizations, "import", schools, "--output", tmp_path)
        refused(users, "reissue", slug, login)
        assert run(registry, "verify", "--organization", slug).exit_code == 0
        assert run(migrate).exit_code == 0
        kept = run(fleet, "backup", "--organization", slug, "--to", tmp_path / "copies", "--format", "json")
        assert kept.exit_code == 0, kept.output
        file = json.loads(kept.stdout)["rows"][0]["file"]
        back = run(fleet, "restore", slug, "--from", file, "--confirm", slug)
        assert back.exit_code == 0, back.output
    assert run(contingent, "import", "--organization", slug, children).exit_code == 0


def test_a_break_is_led_from_the_command_line_when_the_console_is_what_failed(place, monkeypatch):
    monkeypatch.setattr(context, "database", nullcontext)
    begun = run(maintenance, "start", "--reason", "Отказ консоли")
    assert begun.exit_code == 0, begun.output
    one = MaintenanceBreak.objects.get()
    assert one.stage == Stage.RUNNING
    assert one.started_by.startswith("console:")
    late = run(maintenance, "announce-end", one.pk, "--at", "2020-01-01T00:00")
    assert late.exit_code == 1
    assert "не позднее чем за 15 минут" in late.stderr
    assert run(maintenance, "end", one.pk).exit_code == 1
    rows = json.loads(run(maintenance, "list", "--format", "json").stdout)["rows"]
    assert [(row["number"], row["stage"]) for row in rows] == [(one.pk, "running")]
    assert run(maintenance, "start").exit_code == 2


def _of_registry(model, **facts: object) -> bool:
    with scopes.enter(scopes.of_projector().reading()):
        return model.objects.filter(**facts).exists()
