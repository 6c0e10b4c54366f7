"""``asuso audit verify`` finds whatever was done to a log past its triggers, and names the first such record.

Each tampering is done by the owner of the tables in committed data of an organization of its own. Source: R-032, R-179.
"""

from __future__ import annotations

import json
from itertools import count

import pytest
from click.testing import CliRunner
from django.db import connections

from config.cli import audit
from shared.audit.logs import PUBLIC_LOG
from shared.audit.models import Chain
from shared.audit.sealing import seal
from shared.audit.verifying import verify
from tests.shared.audit.tampering import ask, log_of, tamper, write_records
from tests.support import School, connect

_numbers = count(1)
COLUMNS = "at, actor, actor_name, request_id, action, object_kind, object_id, changes, rows, reason, facts"


@pytest.fixture
def place(committed) -> School:
    """An organization with a sealed log of five records: its card, made with it, and four groups."""
    connected = connect(f"tampered-{next(_numbers)}")
    write_records(connected, 4)
    seal(log_of(connected))
    return connected


def command(*arguments: str) -> tuple[int, dict, str]:
    done = CliRunner().invoke(audit.audit, ["verify", "--format", "json", *arguments])
    return done.exit_code, json.loads(done.stdout), done.stderr


def test_an_untouched_log_holds(place):
    code, found, _ = command("--organization", place.organization.slug)
    (row,) = found["rows"]
    head = Chain.objects.using("owner").get(pk=place.organization.schema_name)
    assert (code, row["breach"], row["records"]) == (0, "", 5)
    assert row["last_seal"] == bytes(head.last_seal).hex()


def test_the_command_covers_the_public_log_and_every_organization(place):
    code, found, _ = command()
    assert code == 0
    assert {"public", "school-1", "school-2", place.organization.slug} <= {row["log"] for row in found["rows"]}


def test_what_was_written_meanwhile_is_sealed_first(place):
    write_five_more(place)
    assert command("--organization", place.organization.slug)[1]["rows"][0]["records"] == 10


def write_five_more(place: School) -> None:
    from tests.tenants import factories

    for number in range(5):
        with place.work("anna"):
            factories.group(f"{number + 1}Б")


TAMPERINGS = {
    "an edited author": (["update {log} set actor = 'vera' where seal_no = 3"], 3, "изменена"),
    "an edited value": (["update {log} set changes = '{{\"a\": [1, 2]}}' where seal_no = 3"], 3, "изменена"),
    "an edited time": (["update {log} set at = at + interval '1 microsecond' where seal_no = 2"], 2, "изменена"),
    "an edited seal": (["update {log} set seal = decode(repeat('00', 32), 'hex') where seal_no = 4"], 4, "изменена"),
    "a deletion in the middle": (["delete from {log} where seal_no = 2"], 2, "удалена запись"),
    "a deletion closed up": (
        ["delete from {log} where seal_no = 2", "update {log} set seal_no = seal_no - 1 where seal_no > 2"],
        2,
        "изменена, переставлена",
    ),
    "the first one deleted": (["delete from {log} where seal_no = 1"], 1, "удалена запись"),
    "a cut tail": (["delete from {log} where seal_no > 3"], 4, "удалены последние"),
    "everything deleted": (["delete from {log}"], 1, "удалены последние"),
    "everything deleted and the head with it": (
        ["delete from {log} where seal_no < 5", "delete from public.audit_chain where schema_name = '{schema}'"],
        1,
        "удалена запись",
    ),
    "a head taken away": (
        ["delete from public.audit_chain where schema_name = '{schema}'"],
        5,
        "удалена голова",
    ),
    "a head set back": (
        ["update public.audit_chain set last_no = 4 where schema_name = '{schema}'"],
        5,
        "голова цепочки не подходит",
    ),
    "two records swapped": (
        [
            "update {log} set seal_no = 100 where seal_no = 2",
            "update {log} set seal_no = 2 where seal_no = 4",
            "update {log} set seal_no = 4 where seal_no = 100",
        ],
        2,
        "переставлена",
    ),
    "two objects swapped": (
        [
            "update {log} a set object_id = b.object_id from {log} b "
            "where (a.seal_no, b.seal_no) in (values (2::bigint, 4::bigint), (4, 2))"
        ],
        2,
        "изменена",
    ),
    "a forged record at the end": (
        [
            f"insert into {{log}} ({COLUMNS}, seal_no, seal) select {COLUMNS}, 6, seal from {{log}} where seal_no = 3",
            "update public.audit_chain set last_no = 6 where schema_name = '{schema}'",
        ],
        6,
        "вставлена",
    ),
    "a forged record in the middle": (
        [
            "update {log} set seal_no = seal_no + 100 where seal_no >= 3",
            "update {log} set seal_no = seal_no - 99 where seal_no > 100",
            f"insert into {{log}} ({COLUMNS}, seal_no, seal) select {COLUMNS}, 3, seal from {{log}} where seal_no = 4",
        ],
        3,
        "вставлена",
    ),
}


@pytest.mark.parametrize("name", TAMPERINGS)
@pytest.mark.proves("R-032", "R-179", "R-204")
def test_a_tampering_is_found_and_the_first_broken_record_named(place, name):
    statements, number, what = TAMPERINGS[name]
    tamper(place, *statements)
    code, found, said = command("--organization", place.organization.slug)
    (row,) = found["rows"]
    assert code == 1
    assert row["number"] == number, row
    assert what in row["breach"]
    assert f"№ {number}" in said


def test_of_an_edited_record_its_time_action_and_object_are_told(place):
    tamper(place, "update {log} set actor = 'vera' where seal_no = 3")
    ((at, key),) = ask(
        place, "select to_char(at at time zone 'utc', 'YYYY-MM-DD HH24:MI:SS'), object_id from {log} where seal_no = 3"
    )
    (row,) = command("--organization", place.organization.slug)[1]["rows"]
    assert (row["at"], row["action"], row["object"]) == (at, "created", f"groups_group {key}")


def test_a_record_put_in_with_a_time_of_the_past_is_never_sealed_and_is_named(place):
    tamper(
        place,
        f"insert into {{log}} ({COLUMNS}) select at - interval '2 hours', 'vera', actor_name, request_id, 'revealed',"
        " 'student', '7', null, rows, reason, facts from {log} where seal_no = 1",
    )
    seal(log_of(place))
    code, found, said = command("--organization", place.organization.slug)
    (row,) = found["rows"]
    assert (code, row["number"], row["action"], row["object"]) == (1, None, "revealed", "student 7")
    assert "задним числом" in said
    assert "не присвоен" in said


def test_a_number_given_twice_is_found(place):
    tamper(
        place,
        "drop index {schema}.history_event_number",
        f"insert into {{log}} ({COLUMNS}, seal_no, seal) select {COLUMNS}, 3, seal from {{log}} where seal_no = 3",
    )
    found = verify(log_of(place)).breach
    assert (found.number, found.what) == (3, "вставлена запись с занятым номером")


def test_a_chain_of_another_key_does_not_hold(place, settings):
    settings.AUDIT_KEY = "a key that was never used here, as long as it should be"
    assert verify(log_of(place)).breach.number == 1


def test_an_unknown_organization_is_a_wrong_question(committed):
    done = CliRunner().invoke(audit.audit, ["verify", "--organization", "nowhere"])
    assert done.exit_code == 2
    assert "nowhere" in done.stderr


def test_the_public_log_is_found_tampered_with_too(committed):
    """In a transaction of its own that is undone: the public log is everybody's."""
    from django.db import transaction

    connect(f"tampered-{next(_numbers)}")
    seal(PUBLIC_LOG)
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute("alter table audit_event disable trigger user")
        cursor.execute("update audit_event set actor = 'vera' where seal_no = 2")
        number, _, breach = _walk(PUBLIC_LOG)
        transaction.set_rollback(True, using="owner")
    assert (number, breach.number) == (1, 2)


def _walk(log):
    from shared.audit.chain import FIRST
    from shared.audit.verifying import _walk as walk

    return walk(log, FIRST)
