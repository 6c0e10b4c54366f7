"""The lock of a maintenance break is the database's; nothing begun before it commits after it. Source: R-279."""

from __future__ import annotations

import datetime
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone
from psycopg.errors import ReadOnlySqlTransaction

from shared.maintenance import services
from shared.maintenance.current import forget_breaks
from shared.maintenance.models import MaintenanceBreak, Stage
from shared.tenancy import scopes
from shared.tenancy.bulk import copy_rows
from shared.tenancy.gate import HeldByBreak, is_writing
from tenants.people.models import Student
from tests.support import School, connect
from tests.tenants import factories

SOON = datetime.timedelta(hours=1)


@pytest.fixture
def place(committed) -> Iterator[School]:
    """An organization of this test; no break is open after it."""
    yield connect(f"mb-{uuid.uuid4().hex[:8]}")
    MaintenanceBreak.objects.using("owner").all().delete()
    forget_breaks()
    connections["owner"].close()


def begun(school: School | None = None) -> MaintenanceBreak:
    """A break in force, of everything or of one organization, committed where transactions are real."""
    with scopes.enter(scopes.of_operator().by("oleg")):
        organization = school.organization if school else None
        one = services.start_at_once(reason="Отказ диска", expected_end=None, by="Олег", organization=organization)
    with scopes.enter(scopes.of_operator().by("oleg")):
        return services.settle(one.pk)


def write(school: School) -> None:
    with school.work():
        factories.student()


def count(school: School) -> int:
    with scopes.enter(scopes.of_organization(school.organization.schema_name).reading()):
        return Student.objects.count()


@pytest.mark.proves("R-279")
def test_during_a_break_an_organization_reads_and_does_not_write(school):
    begun()
    with pytest.raises(HeldByBreak, match="сведения можно смотреть, но не менять"):
        write(school)
    assert count(school) >= 0


@pytest.mark.proves("R-279")
def test_the_database_has_the_last_word(school):
    """A statement that no courtesy of ours looked at is refused by the server, in the same words."""
    begun()
    with pytest.raises(HeldByBreak), school.work(), connection.cursor() as cursor:
        cursor.execute("do $$ begin delete from people_student; end $$")
    with school.work():
        Student.objects.count()
        with pytest.raises(ReadOnlySqlTransaction):
            connection.connection.execute("delete from people_student")
        transaction.set_rollback(True)


def test_copy_is_refused_like_any_other_write(school):
    begun()
    with pytest.raises(HeldByBreak), school.work():
        copy_rows(Student, [{"id": uuid.uuid4()}])


def test_a_refused_statement_is_not_sent_so_the_page_can_still_read(school):
    begun()
    with school.work():
        with pytest.raises(HeldByBreak):
            Student.objects.update(last_name="Иванов")
        with pytest.raises(HeldByBreak):
            list(Student.objects.select_for_update())
        assert Student.objects.count() >= 0


@pytest.mark.parametrize(
    ("scope", "is_held"),
    [
        (lambda: scopes.of_accounts(), True),
        (lambda: scopes.of_accounts().exempt(), False),
        (lambda: scopes.of_operator(), False),
        (lambda: scopes.of_projector(), True),
        (lambda: scopes.IDENTITY.by("anna"), True),
        (lambda: scopes.IDENTITY.exempt().by("anna"), False),
    ],
)
def test_everything_is_held_but_entering_and_the_operator(school, scope: Callable[[], scopes.Scope], is_held):
    begun()
    with scopes.enter(scope()), connection.cursor() as cursor:
        cursor.execute("select current_setting('transaction_read_only')")
        assert cursor.fetchone() == ("on" if is_held else "off",)


def test_a_break_of_one_organization_holds_only_it(school, other_school):
    begun(school)
    with pytest.raises(HeldByBreak):
        write(school)
    with pytest.raises(HeldByBreak), scopes.enter(scopes.of_projector(school.organization.schema_name)):
        Student.objects.update(last_name="Иванов")
    write(other_school)


def test_without_a_break_a_transaction_is_asked_once_and_writes(school, django_assert_num_queries):
    with school.work():
        Student.objects.count()
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            _ = 1 / 0
        with django_assert_num_queries(1):
            Student.objects.count()
    write(school)


@pytest.mark.proves("R-279")
def test_a_write_begun_before_the_break_ends_before_it_starts(place):
    """The door closes at once; the break has started when the last one let in has left."""
    written, go = threading.Event(), threading.Event()

    def slow_writer() -> None:
        try:
            with place.work():
                factories.student()
                written.set()
                assert go.wait(20)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        writer = pool.submit(slow_writer)
        assert written.wait(20)
        one = begun()
        assert one.stage == Stage.CLOSING
        assert services.writing_now(one) == 1
        with pytest.raises(HeldByBreak):
            write(place)
        go.set()
        writer.result()
    with scopes.enter(scopes.of_operator()):
        assert services.settle(one.pk).stage == Stage.RUNNING
    assert count(place) == 1


@pytest.mark.proves("R-279")
def test_nothing_changes_from_the_start_whoever_writes_in_the_same_moment(place):
    """Writers in a loop, a break in the middle: what is there when it starts is there when it ends."""
    write(place)
    stop, accepted, held = threading.Event(), [], []

    def writer() -> None:
        try:
            while not stop.is_set():
                try:
                    with place.work():
                        factories.student()
                        time.sleep(0.01)
                    accepted.append(time.monotonic())
                except HeldByBreak:
                    held.append(time.monotonic())
                    time.sleep(0.01)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        writers = [pool.submit(writer) for _ in range(4)]
        _until(lambda: len(accepted) > 20)
        one = begun()
        while one.stage == Stage.CLOSING:
            with scopes.enter(scopes.of_operator()):
                one = services.settle(one.pk)
        at_start, found = len(accepted), count(place)
        _until(lambda: len(held) > 40)
        after = count(place)
        stop.set()
        for each in writers:
            each.result()
    assert found == after == count(place)
    assert 0 <= found - 1 - at_start <= 4  # committed, not yet noted by their threads
    assert len(accepted) == found - 1


def test_two_operators_at_once_begin_one_break(place):
    with scopes.enter(scopes.of_operator()):
        one = services.announce(
            reason="Замена диска", planned_start=timezone.now() + SOON, planned_end=timezone.now() + 2 * SOON, by="Олег"
        )
    barrier = threading.Barrier(2)

    def press(by: str) -> str:
        try:
            barrier.wait(10)
            with scopes.enter(scopes.of_operator()):
                services.start(one.pk, by=by)
            return ""
        except services.errors.AlreadyStarted as refusal:
            return str(refusal)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        first, second = sorted(pool.map(press, ["Олег", "Ольга"]))
    assert first == ""
    assert second.startswith(f"Перерыв № {one.pk} уже начат: Ол")


def test_two_operators_at_once_announce_one_failure(place):
    barrier = threading.Barrier(2)

    def press(by: str) -> str:
        try:
            barrier.wait(10)
            with scopes.enter(scopes.of_operator()):
                services.start_at_once(reason="Отказ диска", expected_end=None, by=by)
            return ""
        except services.errors.AlreadyRunning as refusal:
            return str(refusal)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        outcomes = sorted(pool.map(press, ["Олег", "Ольга"]))
    assert outcomes == ["", "Технологический перерыв уже идёт. Второй одновременно с ним не начинают."]
    assert MaintenanceBreak.objects.using("owner").count() == 1


@pytest.mark.parametrize(
    ("statement", "is_refused"),
    [
        ('INSERT INTO "people_student" ("id") VALUES (%s)', True),
        ("  update x set y = 1", True),
        ("with taken as (delete from x returning *) select * from taken", True),
        ('SELECT "x"."id" FROM "x" WHERE "x"."id" = %s FOR UPDATE OF "x"', True),
        ('SELECT "x"."updated_at" FROM "x" ORDER BY "x"."updated_at"', False),
        ("with a as (select 1) select * from a", False),
        ("SAVEPOINT s1", False),
        (b"delete from x", False),
    ],
)
def test_what_a_read_only_transaction_refuses_is_known_beforehand(statement, is_refused):
    assert is_writing(statement) is is_refused


def _until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.01)
