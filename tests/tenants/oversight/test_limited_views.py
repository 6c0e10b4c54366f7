"""The levels above see exactly the fields of MUNICIPALITY 2 and nobody whose consent is withdrawn."""

from __future__ import annotations

import datetime

import pytest
from django.apps import apps
from django.db import DatabaseError, ProgrammingError, connection, transaction

from shared.organizations.models import AuthorityBody
from shared.tenancy import scopes
from tenants.consents.models import Consent
from tenants.consents.services import SignedPaper, record_guardian_consent, withdraw
from tenants.oversight.views_catalog import OVERSIGHT_VIEWS
from tenants.people.models import Guardian, GuardianLink
from tests.support import client_of
from tests.tenants import factories

D = datetime.date
PLACE = {"program_kind", "form_of_study", "form_of_education", "enrolled_on", "left_on", "shift"}
GROUP = {"group_id", "group_name", "grade", "placed_from", "placed_to"}
PERSON = {"last_name", "first_name", "patronymic", "sort_name", "birth_date", "sex", "health_limits"}
PARENTS = {"guardians_count", "guardian_consents_count"}
FIELDS = {
    "oversight_learner": {"id", "student_id"} | PERSON | PLACE | GROUP | PARENTS,
    "oversight_group": {
        *("id", "kind", "academic_year", "name", "grade", "program", "direction", "class_type", "age_band"),
        "stay_regime",
    },
    "oversight_movement": {
        *("id", "student_id", "last_name", "first_name", "patronymic", "birth_date", "movement_type", "effective_on"),
        *("group_name", "kind", "order_number", "order_date", "note"),
    },
}


@pytest.fixture
def office(school):
    return AuthorityBody.objects.get(code="office-03608000")


@pytest.fixture
def child(school):
    with school.work():
        one = factories.student(
            last_name="Ёлкина", snils="11223344595", registration_address="ул. Тайная", phone="+79001112233"
        )
        factories.enroll(one, into=factories.group("5А"), day=D(2026, 9, 1))
        for name, has_consent in (("Ольга", True), ("Инна", False)):
            guardian = Guardian.objects.create(last_name="Канарейкина", first_name=name, phone="+79009998877")
            GuardianLink.objects.create(student=one, guardian=guardian, relation="mother")
            if has_consent:
                paper = SignedPaper(signed_on=D(2026, 8, 20), recorded_by="с")
                record_guardian_consent(guardian=guardian, paper=paper)
        return one


def columns_of(school, office, view: str) -> set[str]:
    with scopes.enter(scopes.of_oversight(office.pk, school.organization.schema_name)), connection.cursor() as cursor:
        cursor.execute(f"select * from {view} limit 0")
        return {column.name for column in cursor.description}


@pytest.mark.parametrize("view", OVERSIGHT_VIEWS)
def test_a_view_holds_exactly_the_approved_fields(school, office, view):
    """Source: MUNICIPALITY 2."""
    assert columns_of(school, office, view) == FIELDS[view]


@pytest.mark.proves("R-169")
def test_an_authority_selects_nothing_but_the_views(school, office):
    tables = sorted(
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if apps.get_app_config(model._meta.app_label).name.startswith("tenants.") and model._meta.managed
    )
    assert len(tables) > 15
    with scopes.enter(scopes.of_oversight(office.pk, school.organization.schema_name)), connection.cursor() as cursor:
        for table in tables:
            with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
                cursor.execute(f"select 1 from {table} limit 1")
        for view in OVERSIGHT_VIEWS:
            cursor.execute(f"select 1 from {view} limit 1")
            with pytest.raises(DatabaseError), transaction.atomic():
                cursor.execute(f"delete from {view}")


def test_an_office_of_another_territory_reads_none_of_them(school):
    stranger = AuthorityBody.objects.get(code="office-03601000")
    with scopes.enter(scopes.of_oversight(stranger.pk, school.organization.schema_name)), connection.cursor() as cursor:
        for view in OVERSIGHT_VIEWS:
            with pytest.raises(ProgrammingError), transaction.atomic():
                cursor.execute(f"select 1 from {view}")


def test_parents_are_two_numbers_and_nothing_else(school, office, child):
    with scopes.enter(scopes.of_oversight(office.pk, school.organization.schema_name)), connection.cursor() as cursor:
        cursor.execute("select guardians_count, guardian_consents_count from oversight_learner")
        assert cursor.fetchall() == [(2, 1)]


@pytest.mark.parametrize("page", ["", "learners/", "movement/"])
def test_the_pages_of_the_office_show_no_hidden_field(school, child, page):
    boris = client_of("municipality.localhost", "boris")
    text = boris.get(f"/organizations/school-1/{page}").content.decode()
    for hidden in ("11223344595", "112-233-445", "Тайная", "79001112233", "Канарейкина", child.doc_number):
        assert hidden not in text, hidden
    if page:
        assert "Ёлкина" in text


@pytest.mark.proves("R-205")
def test_a_learner_whose_consent_is_withdrawn_is_in_no_view_and_on_no_page(school, office, child):
    with school.work():
        consent = Consent.objects.current().processing_of_learners().get(student=child)
        withdraw(consent=consent, withdrawn_on=D(2026, 10, 1), reason="заявление", recorded_by="с")
    with scopes.enter(scopes.of_oversight(office.pk, school.organization.schema_name)), connection.cursor() as cursor:
        for view in ("oversight_learner", "oversight_movement"):
            cursor.execute(f"select count(*) from {view}")
            assert cursor.fetchone() == (0,), view
    boris = client_of("municipality.localhost", "boris")
    for page in ("learners/", "movement/"):
        assert "Ёлкина" not in boris.get(f"/organizations/school-1/{page}").content.decode()


def test_rights_on_a_replaced_view_stay(committed):
    """An upgrade replaces the view and grants nothing again."""
    from django.db import connections

    schema = committed.school.organization.schema_name
    office = AuthorityBody.objects.using("owner").get(code="office-03608000")
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "select has_table_privilege(r.rolname, %s, 'select') from pg_roles r where r.rolname like %s",
            [f"{schema}.oversight_learner", f"%\\_au\\_{office.pk}"],
        )
        assert cursor.fetchone() == (True,)
