"""A seal depends on every field, on the number, the schema, the record before it and the key."""

from __future__ import annotations

import pytest

from shared.audit.chain import FIRST, is_same, seal_of

FIELDS = [
    "1",
    "1790000000.000001",
    "anna",
    "Анна",
    "r",
    "changed",
    "people_student",
    "7",
    '{"a": [1, 2]}',
    "1",
    "",
    "{}",
]


def sealed(schema="t0001", number=1, previous=FIRST, fields=FIELDS) -> bytes:
    return seal_of(schema, number, previous, fields)


def test_the_same_record_has_the_same_seal():
    assert is_same(sealed(), sealed())
    assert len(sealed()) == 32


@pytest.mark.parametrize("place", range(len(FIELDS)))
def test_another_value_of_any_field_is_another_seal(place):
    other = [*FIELDS]
    other[place] += "0"
    assert sealed(fields=other) != sealed()


def test_a_field_that_is_absent_is_not_an_empty_one():
    assert sealed(fields=[*FIELDS[:-1], None]) != sealed(fields=[*FIELDS[:-1], ""])


def test_a_value_cannot_slip_into_the_next_field():
    assert sealed(fields=["ab", "c"]) != sealed(fields=["a", "bc"])


@pytest.mark.parametrize("moved", [{"schema": "t0002"}, {"number": 2}, {"previous": bytes(31) + b"1"}])
def test_a_record_moved_elsewhere_has_another_seal(moved):
    assert sealed(**moved) != sealed()


def test_who_has_another_key_makes_another_seal(settings):
    before = sealed()
    settings.AUDIT_KEY = "another key of the installation, as long as it should be"
    assert sealed() != before
