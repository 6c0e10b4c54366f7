"""How far a right reaches: a class teacher his class, a teacher his groups, nobody anything without an appointment."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone

from shared.access.models import RoleGrant
from shared.access.services import give_role
from shared.accounts.models import Account
from shared.tenancy import scopes
from tenants.people.models import Student
from tests.support import SINCE, appoint_to, client_of
from tests.tenants import factories


@pytest.fixture
def classes(school):
    with school.work():
        own, other = factories.group("5А"), factories.group("6Б")
        mine, foreign = factories.student(last_name="Рощин"), factories.student(last_name="Туманов")
        factories.enroll(mine, into=own)
        factories.enroll(foreign, into=other)
        return {"own": own, "other": other, "mine": mine, "foreign": foreign}


@pytest.fixture
def class_teacher(school, classes):
    """The teacher is also the class teacher of 5А, by another appointment of the same person."""
    with scopes.enter(scopes.of_accounts()):
        account = Account.objects.get(login="teacher")
        give_role(account=account, role="class_teacher", organization_id=school.organization.pk, valid_from=SINCE)
        RoleGrant.objects.filter(account=account, role="class_teacher").update(group_ids=[classes["own"].pk])
    return client_of(school.host, "teacher")


def listed(client) -> list[str]:
    return [line.student.last_name for line in client.get("/students/").context["lines"]]


def test_without_a_named_class_a_teacher_reaches_nobody(school, classes):
    assert listed(client_of(school.host, "teacher")) == []


@pytest.mark.proves("R-072", "R-169")
def test_a_class_teacher_opens_the_cards_of_his_class_and_no_other_exists(class_teacher, classes):
    assert listed(class_teacher) == ["Рощин"]
    assert class_teacher.get(f"/students/{classes['mine'].pk}/").status_code == 200
    for page in ("", "peek/", "guardians/add/"):
        assert class_teacher.get(f"/students/{classes['foreign'].pk}/{page}").status_code == 404
    assert class_teacher.get(f"/cards/student/{classes['foreign'].pk}/identity/").status_code == 404


def test_documents_stay_closed_to_a_class_teacher(class_teacher, classes):
    assert class_teacher.post(f"/cards/student/{classes['mine'].pk}/reveal/snils/").status_code == 403


def test_the_api_reaches_as_far_as_the_screen(class_teacher, classes):
    rows = class_teacher.get("/api/v1/students/").json()["results"]
    assert [row["last_name"] for row in rows] == ["Рощин"]
    assert class_teacher.get(f"/api/v1/students/{classes['foreign'].pk}/").status_code == 404
    assert class_teacher.get(f"/api/v1/students/{classes['mine'].pk}/").json()["identity"] is None


def test_the_list_of_another_class_is_hidden_but_its_number_is_known(class_teacher, classes):
    own = class_teacher.get(f"/groups/{classes['own'].pk}/").content.decode()
    other = class_teacher.get(f"/groups/{classes['other'].pk}/").content.decode()
    assert "Рощин" in own
    assert "Туманов" not in other
    assert "Список класса скрыт" in other
    assert class_teacher.get(f"/groups/{classes['other'].pk}/export.xlsx").status_code == 403


def test_a_learner_who_changed_his_class_leaves_the_reach_of_the_old_class_teacher(school, class_teacher, classes):
    today = timezone.localdate()
    with school.work():
        factories.withdraw(classes["mine"], day=today)
        factories.enroll(classes["mine"], into=classes["other"], day=today)
    assert listed(class_teacher) == []
    assert class_teacher.get(f"/students/{classes['mine'].pk}/").status_code == 404


def test_rights_to_a_class_end_by_themselves_on_their_day(school, classes):
    appoint_to("teacher", classes["own"])
    with scopes.enter(scopes.of_accounts()):
        RoleGrant.objects.filter(account__login="teacher").update(valid_to=timezone.localdate())
    client = client_of(school.host, "teacher")
    assert client.get("/students/").status_code == 403
    with scopes.enter(scopes.of_accounts()):
        tomorrow = timezone.localdate() + datetime.timedelta(days=1)
        RoleGrant.objects.filter(account__login="teacher").update(valid_to=tomorrow)
    assert listed(client_of(school.host, "teacher")) == ["Рощин"]


def test_a_list_costs_the_same_with_a_narrow_reach(school, class_teacher, classes, django_assert_max_num_queries):
    with school.work():
        factories.enroll(*[factories.student() for _ in range(12)], into=classes["own"])
    with django_assert_max_num_queries(30):
        assert len(listed(class_teacher)) == 13
    with school.work():
        assert Student.objects.count() == 14
