"""The list and the page of an order: who may sign, what signing does, how it is undone."""

from __future__ import annotations

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tenants.orders.errors import OwnDraft
from tenants.orders.models import Order
from tenants.orders.services import add_enrollment_row, draft_order, send_for_signature, sign_order
from tests.support import client_of
from tests.tenants import factories

D = datetime.date


def sent(school, number="7-у", *students, drafted_by="секретарь"):
    with school.work():
        order = draft_order(kind="enrollment", number=number, issued_on=D(2026, 9, 1), drafted_by=drafted_by)
        for one in students or [factories.student()]:
            add_enrollment_row(
                order=order,
                student=one,
                group=factories.group(),
                movement_type="enroll_other",
                effective_on=D(2026, 9, 1),
            )
        return send_for_signature(order=order)


def state_of(school, order):
    with school.work():
        return Order.objects.get(pk=order.pk).status


def test_the_director_sees_the_effect_and_signs(school):
    order = sent(school)
    client = client_of(school.host, "anna")
    page = client.get(f"/orders/{order.pk}/")
    assert (page.context["check"].before, page.context["check"].after) == (0, 1)
    assert client.post(f"/orders/{order.pk}/sign/").status_code == 302
    assert state_of(school, order) == "signed"


@pytest.mark.parametrize(
    ("login", "status"), [("deputy_uvr", 403), ("coordinator", 302), ("secretary", 403), ("org_admin", 403)]
)
def test_who_may_sign(school, login, status):
    assert client_of(school.host, login).post(f"/orders/{sent(school).pk}/sign/").status_code == status


def test_nobody_signs_his_own_draft(school):
    order = sent(school, drafted_by="Anna Тест")
    answer = client_of(school.host, "anna").post(f"/orders/{order.pk}/sign/")
    assert answer.status_code == 422
    assert "подготовили вы" in answer.content.decode()
    with school.work(), pytest.raises(OwnDraft):
        sign_order(order=order, signed_by="Anna Тест")


def test_a_refused_signature_says_why_and_leaves_a_draft(school):
    with school.work():
        child = factories.student(last_name="Рощин")
        factories.enroll(child, into=factories.group("6Б"))
    order = sent(school, "7-у", child)
    answer = client_of(school.host, "anna").post(f"/orders/{order.pk}/sign/")
    assert answer.status_code == 422
    assert "Рощин" in answer.content.decode()
    assert "уже числится" in answer.content.decode()
    assert state_of(school, order) == "draft"


def test_a_batch_signs_what_it_can_and_names_what_it_cannot(school):
    with school.work():
        child = factories.student()
    good, first, second = sent(school, "1-у"), sent(school, "2-у", child), sent(school, "3-у", child)
    client = client_of(school.host, "anna")
    answer = client.post("/orders/sign/", {"order": [str(one.pk) for one in (good, first, second)]}, follow=True)
    page = answer.content.decode().replace("\u00a0", " ")
    assert "Подписано: 2 приказа." in page
    assert "Приказ № 3-у не подписан" in page
    assert [state_of(school, one) for one in (good, first, second)] == ["signed", "signed", "draft"]


def test_an_unfinished_draft_is_not_in_a_batch(school):
    with school.work():
        order = draft_order(kind="enrollment", number="1-у", issued_on=D(2026, 9, 1), drafted_by="с")
    client_of(school.host, "anna").post("/orders/sign/", {"order": [str(order.pk), "бред"]})
    assert state_of(school, order) == "draft"


def test_an_annulment_needs_a_reason_and_undoes_the_order(school):
    order = sent(school)
    client = client_of(school.host, "anna")
    client.post(f"/orders/{order.pk}/sign/")
    refused = client.post(f"/orders/{order.pk}/annul/", {"reason": ""})
    assert refused.status_code == 422
    assert "Поле «Причина отмены» пустое" in refused.content.decode()
    assert client.post(f"/orders/{order.pk}/annul/", {"reason": "ошибка в классе"}).status_code == 302
    assert "ошибка в классе" in client.get(f"/orders/{order.pk}/").content.decode()
    assert state_of(school, order) == "annulled"


def test_an_annulment_that_later_facts_forbid_keeps_the_reason_typed(school):
    with school.work():
        child = factories.student(last_name="Рощин")
        order = factories.enroll(child, into=factories.group())
        factories.withdraw(child, day=D(2026, 10, 1))
    answer = client_of(school.host, "anna").post(f"/orders/{order.pk}/annul/", {"reason": "опечатка"})
    assert answer.status_code == 422
    assert "Рощин" in answer.content.decode()
    assert 'value="опечатка"' in answer.content.decode()


def test_an_order_of_another_school_does_not_exist(school, other_school):
    order = sent(school)
    assert client_of(other_school.host, "vera").get(f"/orders/{order.pk}/").status_code == 404
    assert client_of(school.host, "teacher").get(f"/orders/{order.pk}/").status_code == 403


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {"1-у", "2-в", "3-у"}),
        ("kind=departure", {"2-в"}),
        ("state=sent", {"3-у"}),
        ("state=signed", {"1-у", "2-в"}),
        ("state=draft", set()),
        ("q=2", {"2-в"}),
        ("issued_from=02.09.2026", {"2-в"}),
        ("issued_to=бред", {"1-у", "2-в", "3-у"}),
    ],
)
def test_filters_narrow_the_list(school, query, expected):
    with school.work():
        child = factories.student()
        factories.enroll(child, into=factories.group(), number="1-у")
        factories.withdraw(child, day=D(2026, 10, 1), number="2-в")
    sent(school, "3-у")
    page = client_of(school.host, "anna").get(f"/orders/?{query}")
    assert {order.number for order in page.context["page_obj"]} == expected


def test_the_list_and_the_page_ask_a_fixed_number_of_queries(school):
    client = client_of(school.host, "anna")

    def queries(url):
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url).status_code == 200
        return len(captured)

    with school.work():
        small, big = [factories.student() for _ in range(2)], [factories.student() for _ in range(20)]
    one, many = sent(school, "1-у", *small), sent(school, "2-у", *big)
    few = queries("/orders/")
    for number in range(3, 12):
        sent(school, f"{number}-у")
    assert queries("/orders/") == few
    assert queries(f"/orders/{many.pk}/") == queries(f"/orders/{one.pk}/")


def test_the_printed_order_names_organization_number_and_children(school):
    order = sent(school, "7-у")
    page = client_of(school.host, "anna").get(f"/orders/{order.pk}/").content.decode()
    assert "Средняя школа № 1 города Белореченска".replace("№ ", "№\u00a0") in page
    assert "О зачислении" in page
    assert "в 5А с 01.09.2026" in page
