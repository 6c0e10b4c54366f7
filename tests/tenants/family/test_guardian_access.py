"""Parents get access by class: accounts made, slips printed, the organization told; each teacher for his own class."""

from __future__ import annotations

import io

import pytest
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader

from shared.accounts.models import Account, CredentialIssue
from shared.accounts.passwords import one_time_password
from shared.kernel.days import academic_year_of
from shared.messaging.models import TaskOutbox
from shared.messaging.services import run_wanted
from shared.tenancy import scopes
from tenants.family import tasks
from tenants.people.models import Guardian, GuardianLink
from tests.shared.credentials.test_issuing import PASSWORD_ON_SLIP, sign_in, text_of
from tests.support import appoint_to, client_of
from tests.tenants import factories

pytestmark = pytest.mark.proves("R-019", "R-100", "R-238", "R-287")


def guardian(student, last_name: str, relation: str = "mother") -> Guardian:
    found, _ = Guardian.objects.get_or_create(last_name=last_name, first_name="Инна", patronymic="Юрьевна")
    GuardianLink.objects.create(student=student, guardian=found, relation=relation)
    return found


@pytest.fixture
def group(school):
    """Class 5А: two sisters with one mother, a boy with a father, a grandmother who is only a contact."""
    year = academic_year_of(timezone.localdate())
    with school.work():
        group = factories.group("5А", year=year)
        first, second, third = factories.student(), factories.student(), factories.student()
        factories.enroll(first, second, third, into=group, day=timezone.localdate())
        guardian(first, "Ильина")
        guardian(second, "Ильина")
        guardian(third, "Зотов", "father")
        guardian(third, "Бабушкина", "grandmother")
    return group


def names(page) -> list[str]:
    return [str(one) for one in page.context["known"].people]


def give(client: Client, group, *last_names: str):
    page = client.get(f"/credentials/guardians/{group.pk}/")
    keys = [str(one.id) for one in page.context["known"].people if not last_names or one.last_name in last_names]
    return client.post(f"/credentials/guardians/{group.pk}/", {"guardian": keys})


def do_wanted() -> None:
    for wish in TaskOutbox.objects.filter(name=tasks.link_guardian_accounts.name):
        assert run_wanted(wish)


def test_from_the_class_page_two_presses_print_slips_for_every_legal_representative(school, group):
    admin = client_of(school.host, "org_admin")
    assert f"/credentials/guardians/{group.pk}/" in admin.get(f"/groups/{group.pk}/").content.decode()
    page = admin.get(f"/credentials/guardians/{group.pk}/")
    assert names(page) == ["Зотов Инна Юрьевна", "Ильина Инна Юрьевна"]
    assert page.context["waiting"] == 2
    text = text_of(give(admin, group))
    assert text.index("Зотов") < text.index("Ильина")
    assert "5А" in text
    passwords = PASSWORD_ON_SLIP.findall(text)
    with scopes.enter(scopes.of_accounts()):
        mother = Account.objects.get(last_name="Ильина")
    assert mother.login.startswith("ilina-i")
    entered = [sign_in(school.host, mother.login, one) for one in passwords]
    assert sorted(answer.status_code for answer in entered) == [302, 422]
    with scopes.enter(scopes.of_accounts()):
        assert mother.grants.get().role == "guardian"
        line = CredentialIssue.objects.get(account=mother)
        assert (line.group_id, line.group_name) == (group.pk, "5А")


def test_the_account_reaches_the_card_by_a_task_and_is_never_made_twice(school, group):
    admin = client_of(school.host, "org_admin")
    give(admin, group, "Ильина")
    again = admin.get(f"/credentials/guardians/{group.pk}/")
    assert again.context["waiting"] == 1, "known at once, before the task has run"
    give(admin, group, "Ильина")
    do_wanted()
    with school.work():
        kept = Guardian.objects.get(last_name="Ильина").account_id
    with scopes.enter(scopes.of_accounts()):
        assert Account.objects.get(last_name="Ильина").pk == kept
        assert CredentialIssue.objects.filter(account=kept, guardian_id__isnull=False).count() == 2
        assert Account.objects.get(pk=kept).grants.count() == 1


def test_a_class_teacher_issues_for_his_class_only_and_never_to_staff(school, group):
    with scopes.enter(scopes.of_accounts()):
        Account.objects.get(login="teacher").grants.update(role="class_teacher")
    with school.work():
        other = factories.group("7Б", year=group.academic_year)
    appoint_to("teacher", group)
    teacher = client_of(school.host, "teacher")
    assert "7Б" not in teacher.get("/credentials/guardians/").content.decode()
    assert teacher.get(f"/credentials/guardians/{other.pk}/").status_code == 404
    assert teacher.post(f"/credentials/guardians/{other.pk}/", {"guardian": []}).status_code == 404
    assert len(PASSWORD_ON_SLIP.findall(text_of(give(teacher, group)))) == 2
    anna = Account.objects.get(login="anna").pk
    with school.work():
        Guardian.objects.filter(last_name="Зотов").update(account_id=anna)
    refused = give(teacher, group, "Зотов")
    assert refused.status_code == 422
    assert "это работники организации" in refused.content.decode()
    for address in ("/credentials/", "/credentials/issue/"):
        with scopes.enter(scopes.of_accounts()):
            key = str(Account.objects.get(login="secretary").pk)
        assert teacher.post(address, {"account": key}).status_code in (302, 404)


def test_a_class_teacher_sees_only_his_lines_of_the_register(school, group):
    admin = client_of(school.host, "org_admin")
    give(admin, group)
    with scopes.enter(scopes.of_accounts()):
        Account.objects.get(login="teacher").grants.update(role="class_teacher")
        CredentialIssue.objects.filter(account__last_name="Зотов").update(group_id=school.organization.pk)
    appoint_to("teacher", group)
    page = client_of(school.host, "teacher").get("/credentials/register/").content.decode()
    assert "Ильина" in page
    assert "Зотов" not in page


def test_a_parent_who_works_in_another_place_is_refused(school, other_school, group):
    vera = Account.objects.get(login="vera").pk
    with school.work():
        Guardian.objects.filter(last_name="Зотов").update(account_id=vera)
    refused = give(client_of(school.host, "org_admin"), group, "Зотов")
    assert refused.status_code == 422
    assert "есть роли и в других местах" in refused.content.decode()
    with scopes.enter(scopes.of_accounts()):
        assert not Account.objects.get(login="vera").must_change_password


def test_nothing_chosen_and_strangers_chosen_print_nothing(school, group):
    admin = client_of(school.host, "org_admin")
    for chosen in ([], [one_time_password()], ["\x00"]):
        answer = admin.post(f"/credentials/guardians/{group.pk}/", {"guardian": chosen})
        assert answer.status_code == 422
        assert "Никто не выбран" in answer.content.decode()


def test_a_longer_class_asks_no_more_of_the_database(school, group, django_assert_max_num_queries):
    admin = client_of(school.host, "org_admin")
    admin.get(f"/credentials/guardians/{group.pk}/")
    with django_assert_max_num_queries(28):
        admin.get(f"/credentials/guardians/{group.pk}/")


def test_eight_slips_fill_a_sheet(school, group):
    with school.work():
        for number in range(9):
            guardian(factories_student_of(group), f"Петрова-{number}")
    answer = give(client_of(school.host, "org_admin"), group)
    assert len(PdfReader(io.BytesIO(answer.content)).pages) == 2


def factories_student_of(group):
    student = factories.student()
    factories.enroll(student, into=group, day=timezone.localdate())
    return student
