"""A learner whose card has something to hide, something to fill in and a place."""

from __future__ import annotations

import pytest

from tenants.people.models import Student
from tests.tenants import factories
from tests.tenants.cards.pages import ADDRESS, SNILS


@pytest.fixture
def child(school) -> Student:
    with school.work():
        one = factories.student(last_name="Ёлкина", snils=SNILS, registration_address=ADDRESS, sex="F", patronymic="")
        factories.enroll(one, into=factories.group("5А"))
        return one
