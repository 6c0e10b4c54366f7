"""What lacks on a card: one rule in Python for one card and in the database for lists of them."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.cards.filling import due, empty, filled, has, missing, wanted
from shared.cards.kinds import CardKind
from shared.cards.layout import Absence, Field
from shared.cards.values import is_filled, value_of
from tenants.people.card import GUARDIAN_CARD, STUDENT_CARD
from tenants.people.models import Guardian, Student, StudentSpecial
from tenants.staff.card import STAFF_CARD
from tenants.staff.models import Diploma, StaffMember
from tests.tenants import factories
from tests.tenants.staff import making

pytestmark = pytest.mark.proves("R-203", "R-176", "R-177")

DAY = datetime.date(2020, 1, 31)
WORDS = {"date": DAY, "past_date": DAY, "choices": ["one"], "flag": False, "integer": 0, "decimal": 0}


def sample(field: Field) -> Any:
    """Something that may stand in a field and is an answer, however little it looks like one."""
    return WORDS.get(field.kind, "1")


def typed(kind: CardKind) -> list[Field]:
    """Soft fields that a card or the table beside it keeps."""
    return [one.field for one in wanted(kind) if one.field and one.need == "soft"]


def choice(kind: CardKind) -> st.SearchStrategy[tuple[set[str], set[str]]]:
    codes = st.sets(st.sampled_from([field.code for field in typed(kind)]))
    return st.tuples(codes, st.sets(st.sampled_from([one.code for one in wanted(kind)])))


def described(kind: CardKind, codes: set[str]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Values of these fields: of the card's own columns, and of the table beside it."""
    own, beside = {}, {}
    for field in typed(kind):
        value = sample(field) if field.code in codes else ([] if field.kind == "choices" else WORDS.get(field.kind))
        place = beside if "__" in field.path else own
        text = "" if field.kind not in WORDS else None if field.kind != "choices" else []
        place[field.path.rpartition("__")[2]] = value if field.code in codes else text
    return own, beside


def compare(kind: CardKind, key: object) -> None:
    """The database and Python say the same of one card."""
    card = kind.model._default_manager.annotate(held=filled(kind), empty_codes=empty(kind)).get(pk=key)
    expected = [one.code for one in missing(kind, card)]
    assert [code for code in card.empty_codes if code not in card.absences] == expected
    assert card.held == due(kind) - len(expected)
    assert card.empty_codes == [one.code for one in wanted(kind) if not _stands(card, one)]
    for one in wanted(kind):
        assert kind.model._default_manager.filter(has(kind, one), pk=key).exists() == (one.code not in expected)


def _stands(card: Any, one: Any) -> bool:
    return getattr(card, one.rows.rows).exists() if one.rows else is_filled(value_of(card, one.field))


EVERY_RUN = settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@EVERY_RUN
@given(chosen=choice(STUDENT_CARD), has_special=st.booleans())
def test_the_database_and_python_agree_on_learners(school, chosen, has_special):
    codes, absences = chosen
    own, beside = described(STUDENT_CARD, codes)
    with school.work():
        child = factories.student()
        Student.objects.filter(pk=child.pk).update(
            **own | {"absences": dict.fromkeys(absences, Absence.NOT_GIVEN.value)}
        )
        if has_special:
            StudentSpecial.objects.create(student=child, updated_by="медсестра", **beside)
        compare(STUDENT_CARD, child.pk)
        transaction.set_rollback(True)


@EVERY_RUN
@given(chosen=choice(GUARDIAN_CARD))
def test_the_database_and_python_agree_on_representatives(school, chosen):
    codes, absences = chosen
    own, _ = described(GUARDIAN_CARD, codes)
    own |= {"sex": "F" if "sex" in codes else "", "absences": dict.fromkeys(absences, "absent")}
    with school.work():
        parent = Guardian.objects.create(last_name="Котова", first_name="Анна", phone="1")
        Guardian.objects.filter(pk=parent.pk).update(**own)
        compare(GUARDIAN_CARD, parent.pk)
        transaction.set_rollback(True)


@EVERY_RUN
@given(chosen=choice(STAFF_CARD), diplomas=st.integers(0, 2), is_annulled=st.booleans())
def test_the_database_and_python_agree_on_employees_and_their_rows(school, chosen, diplomas, is_annulled):
    codes, absences = chosen
    own, _ = described(STAFF_CARD, codes)
    with school.work():
        person = making.member()
        StaffMember.objects.filter(pk=person.pk).update(**own | {"absences": dict.fromkeys(absences, "absent")})
        for _ in range(diplomas):
            Diploma.objects.create(member=person, institution="КубГУ", is_annulled=is_annulled)
        compare(STAFF_CARD, person.pk)
        transaction.set_rollback(True)


def test_an_explained_gap_counts_as_filled_and_an_answer_of_no_is_an_answer(school):
    with school.work():
        child = factories.student(patronymic="", home_pc=False)
        assert "patronymic" in [one.code for one in missing(STUDENT_CARD, child)]
        assert "home_pc" not in [one.code for one in missing(STUDENT_CARD, child)]
        child.absences = {"patronymic": "absent"}
        child.save()
        assert "patronymic" not in [one.code for one in missing(STUDENT_CARD, child)]
        card = Student.objects.annotate(held=filled(STUDENT_CARD)).get(pk=child.pk)
        assert card.held == due(STUDENT_CARD) - len(missing(STUDENT_CARD, child))


def test_an_empty_special_fact_is_marked_as_one_for_few_eyes():
    special = {one.code for one in wanted(STUDENT_CARD) if one.is_special}
    assert {"health_group", "social_statuses"} <= special
    assert "phone" not in special
