"""The first page shows what waits for this person, and nothing he may not open."""

from __future__ import annotations

import datetime

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tenants.handup.projector import project
from tenants.orders.services import add_enrollment_row, draft_order, send_for_signature
from tenants.quality.handing_up import hand_up_quality
from tests.support import appoint_to, client_of
from tests.tenants import factories


def drafted(number="7-у", *, is_sent=True):
    today = timezone.localdate()
    order = draft_order(kind="enrollment", number=number, issued_on=today, drafted_by="секретарь")
    add_enrollment_row(
        order=order,
        student=factories.student(),
        group=factories.group(),
        movement_type="enroll_other",
        effective_on=today,
    )
    return send_for_signature(order=order) if is_sent else order


def test_the_director_sees_orders_to_sign(school):
    with school.work():
        drafted("7-у")
        drafted("8-у", is_sent=False)
    page = client_of(school.host, "anna").get("/")
    assert [order.number for order in page.context["digest"].to_sign] == ["7-у"]
    assert "Подписать выбранные" in page.content.decode()
    assert "/orders/new/" not in page.content.decode()


def test_the_secretary_sees_unfinished_drafts_and_starts_new_orders(school):
    with school.work():
        drafted("8-у", is_sent=False)
    page = client_of(school.host, "secretary").get("/")
    assert [order.number for order in page.context["digest"].drafts] == ["8-у"]
    assert "/orders/new/enrollment/" in page.content.decode()
    assert "Подписать выбранные" not in page.content.decode()


def test_a_teacher_sees_numbers_and_classes_only(school):
    with school.work():
        drafted()
        factories.enroll(factories.student(), into=factories.group("6Б"), day=timezone.localdate())
    page = client_of(school.host, "teacher").get("/").content.decode()
    assert "Контингент" in page
    assert "Ждут подписи" not in page
    assert "/orders/" not in page
    assert "/movement/" not in page


def test_the_numbers_of_the_month_and_the_time_of_the_registry(school):
    today = timezone.localdate()
    with school.work():
        child = factories.student()
        factories.enroll(child, factories.student(), into=factories.group("5А"), day=datetime.date(2025, 9, 1))
        factories.withdraw(child, day=today)
    before = client_of(school.host, "anna").get("/").content.decode()
    assert "в реестр ещё ничего не передано" in before
    project(school.organization)
    page = client_of(school.host, "anna").get("/")
    digest = page.context["digest"]
    assert (digest.learners, digest.total.left) == (1, 1)
    assert "в реестре данные на" in page.content.decode()


def test_the_home_page_asks_a_fixed_number_of_queries(school):
    client = client_of(school.host, "secretary")

    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/").status_code == 200
        return len(captured)

    with school.work():
        drafted("1-у")
        factories.enroll(factories.student(), into=factories.group("6Б"), day=timezone.localdate())
    few = queries()
    with school.work():
        for number in range(2, 6):
            drafted(f"{number}-у", is_sent=number % 2 == 0)
        factories.enroll(*[factories.student() for _ in range(9)], into=factories.group("7А"), day=timezone.localdate())
    assert queries() == few


def test_the_palette_finds_learners_and_classes_by_post_only(school):
    with school.work():
        child, group = factories.student(last_name="Ёлкина"), factories.group("5А")
        factories.enroll(child, into=group)
    client = client_of(school.host, "secretary")
    found = client.post("/find/", {"q": "елк"}).content.decode()
    assert f"/students/{child.pk}/" in found
    assert client.get("/find/?q=елк").status_code == 405
    assert "/groups/" in client.post("/find/", {"q": "5а"}).content.decode()
    assert "Ёлкин" not in client_of(school.host, "teacher").post("/find/", {"q": "елк"}).content.decode()
    appoint_to("teacher", group)
    teacher = client_of(school.host, "teacher").post("/find/", {"q": "елк"}).content.decode()
    assert "Ёлкин" in teacher
    assert f"/students/{child.pk}/" not in teacher
    assert "Ёлкина" in teacher


def test_who_leads_sees_the_quality_of_data_and_remarks_that_wait(school):
    with school.work():
        factories.enroll(factories.student(), into=factories.group("5А"))
        hand_up_quality()
    page = client_of(school.host, "anna").get("/")
    assert {one.kind for one in page.context["quality"].summaries} == {"student", "organization"}
    assert "/quality/" in page.content.decode()
    assert client_of(school.host, "teacher").get("/").context["quality"] is None
