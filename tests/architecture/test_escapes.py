"""SQL injected into a statement of one organization reads and changes nothing of another's. Source: TENANCY 5, 0.7.

Everything runs through Django's cursor of the login ``app`` in the scope of school 1, as a careless view would.
"""

from __future__ import annotations

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from shared.organizations.models import AuthorityBody
from shared.tenancy import names, scopes
from tenants.people.models import Student
from tests.architecture import escape_attempts as table
from tests.tenants import factories

NO_RIGHT = "42501"
VULNERABLE_VALUE = "select last_name from people_student where last_name = '{0}'"
VULNERABLE_IDENTIFIER = "select last_name, {0} from people_student"


@pytest.fixture
def facts(school, other_school) -> dict[str, str]:
    """A learner in each school, and the names an attacker would need."""
    for place, name in ((school, "Свой"), (other_school, table.SECRET)):
        with place.work():
            factories.student(last_name=name)
    schema = other_school.organization.schema_name
    return {"foreign": schema, "role": names.role(schema), "organization": str(other_school.organization.pk)}


@pytest.fixture(autouse=True)
def _nothing_changed(school, other_school, facts):
    """After every attempt the other school has what it had, and the connection is what it was."""
    yield
    with other_school.work(), connection.cursor() as cursor:
        cursor.execute("select last_name from people_student")
        assert cursor.fetchall() == [(table.SECRET,)]
    with school.work(), connection.cursor() as cursor:
        cursor.execute("select current_user, session_user")
        assert cursor.fetchone() == (names.role(school.organization.schema_name), names.role("app"))


def answers(text: str, parameters: list[object] | None = None) -> str:
    """Everything a statement returns, as text."""
    with connection.cursor() as cursor:
        cursor.execute(text, parameters)
        return str(cursor.fetchall()) if cursor.description else ""


def attempt(school, text: str, parameters: list[object] | None = None) -> str:
    """What an attempt brings home; a refusal by the database brings nothing."""
    try:
        with school.work():
            return answers(text, parameters)
    except DatabaseError:
        return ""


@pytest.mark.parametrize("name", table.IN_A_VALUE)
def test_a_value_glued_into_a_statement(school, facts, name):
    payload = table.IN_A_VALUE[name].format(**facts)
    brought = attempt(school, VULNERABLE_VALUE.format(payload))
    assert table.SECRET not in brought
    with_parameters = attempt(school, VULNERABLE_VALUE.format(payload) + " limit %s", [5])
    assert table.SECRET not in with_parameters


@pytest.mark.parametrize("name", table.IN_A_VALUE)
def test_a_value_passed_as_a_parameter_is_a_value(school, facts, name):
    payload = table.IN_A_VALUE[name].format(**facts)
    assert attempt(school, "select last_name from people_student where last_name = %s", [payload]) == "[]"


@pytest.mark.parametrize("name", table.IN_AN_IDENTIFIER)
def test_an_identifier_glued_into_a_statement(school, facts, name):
    assert table.SECRET not in attempt(
        school, VULNERABLE_IDENTIFIER.format(table.IN_AN_IDENTIFIER[name].format(**facts))
    )


@pytest.mark.parametrize("name", table.REFUSED)
def test_a_statement_the_role_has_no_right_to(school, facts, name):
    with pytest.raises(DatabaseError) as refusal, school.work():
        answers(table.REFUSED[name].format(**facts))
    assert refusal.value.__cause__.sqlstate == NO_RIGHT, refusal.value


@pytest.mark.parametrize("name", table.EMPTY_HANDED)
def test_a_statement_that_shows_only_ones_own(school, facts, name):
    brought = attempt(school, table.EMPTY_HANDED[name].format(**facts))
    assert table.SECRET not in brought
    assert facts["organization"] not in brought
    assert facts["role"] not in brought


def test_after_reset_role_the_login_owns_nothing(school, facts):
    with school.work():
        answers("reset role")
        foreign = f"select last_name from {facts['foreign']}.people_student"
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            answers(foreign)


@pytest.mark.parametrize("name", [name for name in table.IN_A_VALUE if name.startswith("stacked")])
def test_a_stacked_statement_through_executemany(school, facts, name):
    text = VULNERABLE_VALUE.format(table.IN_A_VALUE[name].format(**facts))
    with pytest.raises(DatabaseError), school.work(), connection.cursor() as cursor:
        cursor.executemany(text.replace("--", "") + " -- %s", [["a"], ["b"]])


@pytest.mark.parametrize("name", [name for name in table.IN_A_VALUE if name.startswith("stacked")])
def test_a_stacked_statement_through_a_server_side_cursor(school, facts, name):
    text = VULNERABLE_VALUE.format(table.IN_A_VALUE[name].format(**facts))
    with pytest.raises(DatabaseError), school.work(), connection.chunked_cursor() as cursor:
        cursor.execute(text)


@pytest.mark.parametrize(
    "text",
    [
        "copy (select last_name from {foreign}.people_student) to stdout",
        "copy (select 1) to stdout; set local role {role}",
        "copy (select set_config('role', '{role}', true)) to stdout",
    ],
)
def test_copy_through_the_driver(school, facts, text):
    with pytest.raises(psycopg.Error), school.work(), connection.cursor() as cursor:  # noqa: SIM117
        with cursor.copy(text.format(**facts)) as copy:
            assert table.SECRET.encode() not in b"".join(bytes(block) for block in copy)


def test_the_orm_escapes_what_it_is_given(school, facts):
    for payload in table.IN_A_VALUE.values():
        with school.work():
            assert not Student.objects.filter(last_name=payload.format(**facts)).exists()
            assert not Student.objects.named_like(payload.format(**facts)).filter(last_name=table.SECRET).exists()


@pytest.mark.parametrize("name", table.STILL_ALLOWED)
def test_a_whole_statement_of_an_attacker_is_what_remains(school, facts, name):
    """Not a hole that a test can close: the guard is that the application executes no text it did not compose."""
    with school.work():
        *before, last = [text.format(**facts) for text in table.STILL_ALLOWED[name]]
        for text in before:
            answers(text)
        assert table.SECRET in answers(last)


def test_an_authority_reads_views_and_no_table(school, other_school, facts):
    office = AuthorityBody.objects.get(code="office-03608000")
    own, foreign = school.organization.schema_name, facts["foreign"]
    with scopes.enter(scopes.of_oversight(office.pk, own)):
        assert "Свой" not in answers("select last_name from oversight_learner")  # no place yet, so not listed
    for text in (
        f"select * from {own}.people_student",
        f"select * from {foreign}.oversight_learner",
        "select snils from oversight_learner",
        "delete from oversight_learner",
    ):
        with pytest.raises(DatabaseError), scopes.enter(scopes.of_oversight(office.pk, own)):
            answers(text)


def test_the_prefix_of_the_tests_is_the_one_in_the_table():
    assert f"set role {names.role('owner')}" == table.REFUSED["role of the owner"]
