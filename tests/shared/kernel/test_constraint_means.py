"""``constraint_means``: the database decides, the person gets a sentence, the transaction stays usable."""

from __future__ import annotations

from contextlib import AbstractContextManager

import pytest
from django.db import IntegrityError

from shared.kernel.rules import RuleViolation, constraint_means
from tenants.people.models import Student
from tests.tenants import factories


class SnilsTaken(RuleViolation):
    code = "snils_taken"
    text = "СНИЛС {snils} уже записан у другого ученика. Проверьте номер."
    field = "snils"


class SexUnknown(RuleViolation):
    text = "Пол указан неверно. Выберите мужской или женский."


def one_per_snils(snils: str = "") -> AbstractContextManager[None]:
    return constraint_means("student_one_per_snils", SnilsTaken(snils=snils))


def test_a_breach_of_the_named_constraint_becomes_the_refusal(school):
    with school.work():
        factories.student(snils="11223344595")
        with pytest.raises(SnilsTaken, match="112-233-445 95 уже записан"), one_per_snils("112-233-445 95"):
            factories.student(snils="11223344595")
        assert Student.objects.filter(snils="11223344595").count() == 1


def test_a_breach_of_another_constraint_passes_unchanged(school):
    with school.work():
        with (
            pytest.raises(IntegrityError, match="student_sex_known"),
            constraint_means("student_one_per_snils", SnilsTaken()),
        ):
            factories.student(sex="X")
        assert not Student.objects.filter(sex="X").exists()


def test_nested_uses_each_name_their_own_constraint(school):
    with school.work(), pytest.raises(SexUnknown), constraint_means("student_sex_known", SexUnknown()), one_per_snils():
        factories.student(sex="X")


def test_nothing_happens_when_nothing_is_broken(school):
    with school.work(), one_per_snils():
        factories.student(snils="11223344595")
