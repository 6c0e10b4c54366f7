"""What the reader lets through fits into the columns it goes to."""

import pytest

from shared.contingent.models import PersonIdentity, RegistryEnrollment, RegistryMovement
from tenants.groups.models import Group
from tenants.intake import fields as f
from tenants.intake.known import GROUP_ATTRIBUTES, PERSONAL
from tenants.intake.models import SealedDraft
from tenants.orders.models import Order, OrderRow
from tenants.people.models import Guardian, Student
from tests.tenants.intake.bringing import bring, counts, learner

COLUMNS = [
    *((header, Student, column) for column, (_, header) in PERSONAL.items()),
    *((header, Group, column) for column, header in GROUP_ATTRIBUTES.items() if header == f.CLASS_SET),
    *((header, model, "order_number") for header in f.DEPARTURE[2:3] for model in (RegistryMovement,)),
    *((f.ORDER_NUMBER, model, name) for model, name in ((Order, "number"), (RegistryEnrollment, "order_number"))),
    *((f.CLASS, model, name) for model, name in ((Group, "name"), (SealedDraft, "group_name"))),
    *((f.PROGRAM, model, "program") for model in (Group, RegistryEnrollment)),
    *((header, PersonIdentity, name) for header, name in ((f.DOC_SERIES, "doc_series"), (f.DOC_NUMBER, "doc_number"))),
    (f.CLASS_SET, RegistryEnrollment, "class_set"),
    (f.DEPARTURE_REASON, OrderRow, "note"),
    (f.GUARDIAN_SURNAME, Guardian, "last_name"),
    (f.GUARDIAN_PHONE, Guardian, "phone"),
]
CODED = (f.SNILS, f.SEX, f.CITIZENSHIP, f.DOC_TYPE)


@pytest.mark.parametrize(("header", "model", "column"), COLUMNS)
def test_a_column_is_as_long_as_the_longest_text(header, model, column):
    limit = model._meta.get_field(column).max_length
    assert header in CODED or limit is None or f.MAX_LENGTHS.get(header, f.MAX_LENGTH) <= limit


@pytest.mark.django_db
def test_the_longest_texts_and_strangest_signs_are_no_fault(school):
    long = dict.fromkeys(
        ("phone", "email", "home_address", "doc_issued_by", "doc_series", "doc_number", "class_set"), "ß" * 900
    )
    with school.work():
        run = bring(
            learner(**long, guardian_surname="Ё" * 90, guardian_phone="9" * 90),
            learner(name="Олег", home_address="ул. Мира 🏠"),
            learner(name="Лев", enrolled_on="31.12.9999", order_date="31.12.9999"),
        )
        assert counts(run) == {"accepted": 3}
