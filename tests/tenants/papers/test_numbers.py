"""Two clerks at once get two numbers; a refusal gives its number back."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, connections, transaction
from django.utils import timezone

from shared.documents.codes import new_code
from shared.kernel.ids import new_id
from tenants.papers.models import Certificate, Numbering
from tenants.papers.numbering import take_numbers
from tenants.papers.services import Wish, issue_certificates
from tenants.people.models import Student
from tenants.people.places import with_places
from tests.support import connect
from tests.tenants import factories

WISH = Wish(kind="study", signer_post="Директор", signer_name="О. Т. Лебедь")


def test_clerks_at_the_same_moment_get_numbers_of_their_own(committed):
    school = connect("papers-race")
    with school.work():
        children = [factories.student() for _ in range(6)]
        factories.enroll(*children, into=factories.group("5А"))
    start = threading.Barrier(2)

    def clerk(mine: list[Student]) -> None:
        try:
            with school.work():
                found = list(with_places(Student.objects.filter(pk__in=[one.pk for one in mine])))
                start.wait(timeout=20)  # neither has a number yet, the register has no row
                issue_certificates(found, wish=WISH, day=timezone.localdate(), issued_by="секретарь")
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(clerk, [children[:3], children[3:]]))
    with school.work():
        numbers = sorted(Certificate.objects.values_list("number", flat=True))
        codes = set(Certificate.objects.values_list("code", flat=True))
    assert numbers == [1, 2, 3, 4, 5, 6]
    assert len(codes) == 6


def test_a_rolled_back_issue_leaves_no_gap(school):
    def fail() -> None:
        with school.work():
            assert take_numbers(Numbering.Register.CERTIFICATES, 2026, 5) == range(1, 6)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with school.work():
        assert take_numbers(Numbering.Register.CERTIFICATES, 2026, 1) == range(1, 2)


def test_each_register_and_each_year_counts_from_one(school):
    with school.work():
        for register in Numbering.Register:
            for year in (2026, 2027):
                assert take_numbers(register, year, 2) == range(1, 3)
        assert take_numbers(Numbering.Register.PRINTINGS, 2027, 1) == range(3, 4)


def test_the_database_itself_refuses_a_number_given_twice(school):
    with school.work():
        child = factories.student()
        factories.enroll(child, into=factories.group("5А"))
        found = with_places(Student.objects.filter(pk=child.pk))
        made = issue_certificates(found, wish=WISH, day=timezone.localdate(), issued_by="секретарь").certificates[0]
        made.pk, made.code = new_id(), new_code()
        with pytest.raises(IntegrityError, match="certificate_number_once"), transaction.atomic():
            made.save(force_insert=True)
