"""Requests for groups by an order, the operator's queue with its term, decisions, change of job."""

from __future__ import annotations

import datetime
import uuid
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections, transaction
from django.utils import timezone

from region.training.claims import confirm, refuse, sweep_scans
from region.training.errors import AlreadyDecided, AlreadyRegistered
from region.training.models import Claim
from shared.access.actors import Actor
from shared.documents import store
from shared.kernel.rules import RuleViolation
from shared.kernel.workdays import working_days_after
from shared.organizations.models import AuthorityBody
from shared.tenancy import scopes
from shared.tenancy.names import PUBLIC
from tests.region.training.people import HOST, SCAN, ask, claim_id, claims, hire, register, roles
from tests.support import client_of

GROUPS = [
    ("ministry_worker", "ministry-03", "training_ministry"),
    ("territory_worker", "office-03608000", "training_territory"),
    ("city_worker", "office-03608000", "training_city"),
    ("agency_worker", "culture-03", "training_agency"),
    ("provider", "", "training_provider"),
    ("org_responsible", "", "training_responsible"),
]


def said(answer) -> str:
    return " ".join(answer.content.decode().replace("\xa0", " ").split())


def decider(login: str = "inspector") -> Actor:
    return Actor(
        account_id=uuid.uuid4(),
        login=login,
        full_name=login,
        must_change_password=False,
        grants=(),
        here=(),
    )


def confirm_now(login: str, subject: str = "employment") -> None:
    key = claim_id(login, subject)
    with scopes.enter(scopes.of_accounts()):
        confirm(claim_id=key, by=decider())


@pytest.fixture
def operator(school):
    hire("inspector", "training_operator")
    return client_of(HOST, "inspector")


@pytest.mark.proves("R-272", "R-283", "R-286")
@pytest.mark.parametrize(("subject", "authority", "role"), GROUPS)
def test_every_group_is_asked_for_by_an_order_and_given_by_the_operator(school, operator, subject, authority, role):
    register("mila", school.organization)
    confirm_now("mila")
    browser = client_of(HOST, "mila")
    body = AuthorityBody.objects.get(code=authority) if authority else None
    assert ask(browser, subject, **({"authority": body.pk} if body else {})).url == "/"
    assert "На проверке" in said(browser.get("/"))
    assert role not in {code for code, _ in roles("mila")}
    address = f"/queue/{claim_id('mila', subject)}/"
    page = said(operator.get(address))
    assert "№ 15-к от 01.09.2026" in page
    scan = operator.get(f"{address}scan/")
    assert scan.content == SCAN
    assert scan.headers["Content-Disposition"].startswith("attachment")
    assert operator.post(f"{address}confirm/").url == "/queue/"
    assert (role, "" if authority else "school-1") in roles("mila")
    assert claims("mila")[-1].decided_by == "Inspector Тест"
    home = said(client_of(HOST, "mila").get("/"))
    assert "Подтверждено" in home
    assert "приказ № 15-к" in home


def test_a_request_without_an_order_scan_or_with_a_wrong_body_is_refused(school):
    register("mila", school.organization)
    browser = client_of(HOST, "mila")
    answer = browser.post("/groups/new/", {"subject": "provider", "order_number": "1", "order_date": "01.09.2026"})
    assert answer.status_code == 422
    assert "Файл не выбран" in said(answer)
    office = AuthorityBody.objects.get(code="office-03608000")
    assert "орган управления подходящего вида" in said(ask(browser, "ministry_worker", authority=office.pk))
    assert "Приказ из будущего" in said(ask(browser, "provider", order_date="01.01.2099"))
    ask(browser, "provider")
    assert "уже на проверке" in said(ask(browser, "provider"))


def test_a_group_of_an_organization_is_not_for_a_place_outside_the_catalog(school):
    register("mila")
    refused = ask(client_of(HOST, "mila"), "org_responsible")
    assert refused.status_code == 422
    assert "место работы выбрано не из списка" in said(refused)


@pytest.mark.proves("R-286")
def test_the_queue_has_a_term_of_five_working_days_and_marks_the_overdue(school, operator):
    register("mila", school.organization)
    claim = claims("mila")[0]
    assert claim.due_on == working_days_after(timezone.localdate(), 5)
    assert working_days_after(datetime.date(2026, 11, 20), 5) == datetime.date(2026, 11, 27)
    assert "просрочено" not in said(operator.get("/queue/"))
    with scopes.enter(scopes.of_accounts()):
        Claim.objects.filter(pk=claim.pk).update(due_on=timezone.localdate() - datetime.timedelta(days=1))
    assert "просрочено, срок был" in said(operator.get("/queue/"))
    assert "Mila" in said(operator.get("/queue/?state=overdue"))
    assert "Просрочено" in said(operator.get("/"))


@pytest.mark.proves("R-286")
def test_the_place_of_work_is_confirmed_before_a_group_is_given(school, operator):
    register("mila", school.organization)
    ask(client_of(HOST, "mila"), "org_responsible")
    group, job = (f"/queue/{claim_id('mila', one)}/confirm/" for one in ("org_responsible", "employment"))
    refused = operator.post(group)
    assert refused.status_code == 422
    assert "Место работы этого человека ещё не подтверждено" in said(refused)
    assert operator.post(job).status_code == 302
    assert roles("mila") == {("education_worker", "school-1")}
    assert operator.post(group).status_code == 302


@pytest.mark.proves("R-286")
def test_a_refusal_has_a_reason_that_the_person_reads(school, operator):
    register("mila", school.organization)
    address = f"/queue/{claim_id('mila')}/refuse/"
    assert operator.post(address, {"reason": " "}).status_code == 422
    assert operator.post(address, {"reason": "Такой работницы в школе нет."}).status_code == 302
    assert "Такой работницы в школе нет." in said(client_of(HOST, "mila").get("/"))
    late = operator.post(f"/queue/{claim_id('mila')}/confirm/")
    assert late.status_code == 422
    assert "уже рассмотрен: отказано, решил Inspector Тест" in said(late)


def test_nobody_decides_his_own_request(school, operator):
    hire("self", "training_operator")
    browser = client_of(HOST, "self")
    sent = {"born_on": "17.05.1984", "email": "s@example.org", "position": "Методист", "consent": "on"}
    browser.post("/profile/new/", {**sent, "organization": str(school.organization.pk)})
    refused = browser.post(f"/queue/{claim_id('self')}/confirm/")
    assert refused.status_code == 422
    assert "Свой запрос не рассматривают" in said(refused)


@pytest.mark.proves("R-288")
def test_another_job_is_a_change_checked_again_and_kept_as_history(school, other_school, operator):
    register("mila", school.organization)
    confirm_now("mila")
    browser = client_of(HOST, "mila")
    ask(browser, "org_responsible")
    confirm_now("mila", "org_responsible")
    assert ("training_responsible", "school-1") in roles("mila")
    same = browser.post("/profile/", {"organization": str(school.organization.pk), "position": "Учитель"})
    assert same.status_code == 422
    assert "уже указаны" in said(same)
    changed = {"organization": str(other_school.organization.pk), "position": "Завуч"}
    assert browser.post("/profile/", changed).url == "/profile/"
    assert ("training_responsible", "school-1") in roles("mila")
    operator.post(f"/queue/{claim_id('mila')}/confirm/")
    assert roles("mila") == {("education_worker", "school-2")}
    page = said(browser.get("/profile/"))
    assert "СОШ № 1" in page
    assert "СОШ № 2, Завуч" in page
    assert browser.get("/workers/").status_code == 403


@pytest.mark.proves("R-372")
def test_a_plain_worker_sees_no_queue_and_nothing_of_others(school):
    register("mila", school.organization)
    register("drugaya", school.organization)
    browser, key = client_of(HOST, "mila"), claim_id("drugaya")
    paths = ["/queue/", "/queue/export.xlsx", f"/queue/{key}/", f"/queue/{key}/scan/"]
    assert {browser.get(path).status_code for path in paths} == {403}
    posts = [f"/queue/{key}/{act}/" for act in ("confirm", "refuse", "password")]
    assert {browser.post(path).status_code for path in posts} == {403}
    assert all("Drugaya" not in said(browser.get(path)) for path in ("/", "/profile/", "/account/"))
    assert {client_of(HOST).get(path).status_code for path in paths} == {302}


def test_a_lost_password_is_issued_anew_unless_the_person_works_elsewhere(school, operator):
    register("mila", school.organization)
    answer = operator.post(f"/queue/{claim_id('mila')}/password/")
    assert answer.headers["Content-Type"] == "application/pdf"
    browser = client_of(HOST, "secretary")
    sent = {"born_on": "17.05.1984", "email": "s@example.org", "position": "Секретарь", "consent": "on"}
    browser.post("/profile/new/", {**sent, "organization": str(school.organization.pk)})
    refused = operator.post(f"/queue/{claim_id('secretary')}/password/")
    assert refused.status_code == 422
    assert "есть роли вне системы «Кадры»" in said(refused)


def test_lists_cost_the_same_however_long_and_become_a_table(school, operator, django_assert_max_num_queries):
    for number in range(12):
        register(f"worker{number}", school.organization)
    for path, most in (("/queue/", 22), ("/", 26)):
        with django_assert_max_num_queries(most):
            operator.get(path)
    found = operator.post("/queue/", {"q": "worker11", "state": ""})
    assert "worker11" not in found.url
    assert "Worker11" in said(operator.get(found.url))
    assert "Worker10" not in said(operator.get(found.url))
    table = operator.get("/queue/export.xlsx")
    assert table.status_code == 200
    assert "spreadsheetml" in table.headers["Content-Type"]


def test_a_scan_that_no_request_names_is_swept(school):
    register("mila", school.organization)
    ask(client_of(HOST, "mila"), "provider")
    kept = claims("mila")[-1].scan_sha256
    sweep_scans()
    assert store.take(PUBLIC, kept) == SCAN


@pytest.mark.proves("R-286")
def test_every_decision_is_recorded_without_the_birth_date_and_the_address(committed):
    login = f"log-{uuid.uuid4().hex[:8]}"
    register(login)
    confirm_now(login)
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute(
            "select object_kind, action, changes::text from audit_event where object_id = %s order by at",
            [str(claim_id(login))],
        )
        found = cursor.fetchall()
        cursor.execute(
            "select changes::text from audit_event where object_kind = 'training_registration' and changes is not null"
        )
        texts = " ".join(row[0] for row in cursor.fetchall())
    assert [(kind, action) for kind, action, _ in found] == [
        ("training_claim", "created"),
        ("training_claim", "changed"),
    ]
    assert "confirmed" in found[1][2]
    assert f"{login}@example.org" not in texts
    assert "1984" not in texts


def at_once(*acts) -> list[object]:
    """What each of the threads got: its result, or the refusal."""
    together = Barrier(len(acts))

    def run(act) -> object:
        together.wait()
        try:
            with scopes.enter(scopes.of_accounts()):
                return act()
        except RuleViolation as violation:
            return violation
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


@pytest.mark.proves("R-286")
def test_two_operators_at_once_give_one_result_and_one_clear_sentence(committed):
    login = f"race-{uuid.uuid4().hex[:8]}"
    register(login)
    key = claim_id(login)
    results = at_once(
        lambda: confirm(claim_id=key, by=decider("Первый")),
        lambda: refuse(claim_id=key, reason="Нет такого.", by=decider("Второй")),
    )
    refused = [one for one in results if isinstance(one, AlreadyDecided)]
    assert len(refused) == 1
    assert "Ваше решение не записано" in str(refused[0])
    assert claims(login)[0].state in ("confirmed", "refused")


@pytest.mark.proves("R-288")
def test_the_same_person_sent_twice_at_once_is_registered_once(committed):
    from region.training.claims import Job
    from region.training.registering import Person, register_self
    from shared.kernel.ids import new_id
    from tests.support import PASSWORD

    name = uuid.uuid4().hex[:8]
    person = Person(name, "Тест", "", datetime.date(1984, 5, 17), f"{name}@example.org")

    def act(login: str):
        return lambda: register_self(
            person=person, job=Job("Учитель", None, "Школа"), login=login, password=PASSWORD, key=new_id()
        )

    results = at_once(act(f"{name}-a"), act(f"{name}-b"))
    assert sorted(isinstance(one, AlreadyRegistered) for one in results) == [False, True]
