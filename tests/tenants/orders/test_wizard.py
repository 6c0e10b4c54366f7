"""The wizard: a draft saved after each step, search before create, refusals that lose nothing."""

from __future__ import annotations

import datetime

import pytest

from tenants.orders.models import Enrollment, Order
from tenants.people.models import Guardian, Student
from tests.support import client_of
from tests.tenants import factories

D = datetime.date


@pytest.fixture
def secretary(school):
    return client_of(school.host, "secretary")


def start(client, kind="enrollment", number="7-у"):
    answer = client.post(f"/orders/new/{kind}/", {"number": number, "issued_on": "20.11.2026", "basis": "заявление"})
    assert answer.status_code == 302, answer.content.decode()
    return answer["Location"]


def group_of(school, name="5А"):
    with school.work():
        return factories.group(name)


def card(into, **changes):
    usual = {
        "do": "create",
        "group": str(into.pk),
        "effective_on": "20.11.2026",
        "movement_type": "enroll_transfer",
        "form_of_study": "full_time",
        "last_name": "Новиков",
        "first_name": "Артём",
        "birth_date": "01.02.2015",
        "sex": "M",
        "citizenship": "RUS",
        "consent_on": "10.11.2026",
        "guardians-TOTAL_FORMS": "2",
        "guardians-INITIAL_FORMS": "0",
        "guardians-0-last_name": "Новикова",
        "guardians-0-first_name": "Ольга",
        "guardians-0-relation": "mother",
        "guardians-1-last_name": "Новиков",
        "guardians-1-first_name": "Олег",
        "guardians-1-relation": "father",
    }
    return {**usual, **changes}


def test_number_and_day_are_proposed(school, secretary):
    page = secretary.get("/orders/new/enrollment/").content.decode()
    assert 'value="1-у"' in page
    assert secretary.get("/orders/new/holiday/").status_code == 404


def test_a_child_with_two_guardians_is_enrolled_in_three_posts(school, secretary):
    learners = start(secretary)
    answer = secretary.post(learners, card(group_of(school)))
    check = answer["Location"]
    page = secretary.get(check)
    assert (page.context["check"].before, page.context["check"].after) == (0, 1)
    answer = secretary.post(check)
    assert answer.status_code == 302
    with school.work():
        order = Order.objects.get(number="7-у")
        assert order.sent_at is not None
        assert order.status == Order.Status.DRAFT
        assert Guardian.objects.count() == 2
        assert order.rows.get().student.guardian_links.count() == 2


def test_a_refused_card_answers_422_and_keeps_everything_typed(school, secretary):
    learners = start(secretary)
    answer = secretary.post(learners, card(group_of(school), consent_on="", last_name="Незабываемый"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Укажите дату согласия" in page
    assert 'value="Незабываемый"' in page
    assert 'value="Олег"' in page
    with school.work():
        assert not Student.objects.exists()
        assert Order.objects.filter(number="7-у").exists()  # the draft of step 1 stays


def test_a_card_and_its_row_are_made_together_or_not_at_all(school, secretary):
    learners = start(secretary)
    answer = secretary.post(learners, card(group_of(school), group=""))
    assert answer.status_code == 422
    with school.work():
        assert not Student.objects.exists()


def test_a_namesake_is_asked_about_and_then_added(school, secretary):
    with school.work():
        factories.student(last_name="Новиков", first_name="Артём", patronymic="", birth_date=D(2015, 2, 1))
    learners, group = start(secretary), group_of(school)
    answer = secretary.post(learners, card(group))
    assert answer.status_code == 422
    assert 'name="is_namesake"' in answer.content.decode()
    assert secretary.post(learners, card(group, is_namesake="on")).status_code == 302


def test_the_search_finds_those_who_left_and_says_from_where(school, secretary):
    with school.work():
        gone = factories.student(last_name="Туманов")
        factories.enroll(gone, into=factories.group("5А"))
        factories.withdraw(gone, day=D(2026, 10, 10))
    learners = start(secretary)
    page = secretary.post(f"{learners}find/", {"q": "туман"}).content.decode()
    assert "Туманов" in page
    assert "выбыл 10.10.2026 из 5А" in page
    assert "Заведите карточку" in secretary.post(f"{learners}find/", {"q": "никто"}).content.decode()


def test_a_known_learner_is_added_with_one_button(school, secretary):
    with school.work():
        gone = factories.student(last_name="Туманов")
        factories.enroll(gone, into=factories.group("5А"))
        factories.withdraw(gone, day=D(2026, 10, 10))
    learners = start(secretary)
    answer = secretary.post(learners, card(group_of(school), do=f"add:{gone.pk}", last_name=""))
    assert answer.status_code == 302
    with school.work():
        assert Order.objects.get(number="7-у").rows.get().student == gone
    again = secretary.post(learners, card(group_of(school), do=f"add:{gone.pk}"))
    assert again.status_code == 422
    assert "уже есть в этом приказе" in again.content.decode()


def test_searching_without_scripts_keeps_the_half_typed_card(school, secretary):
    answer = secretary.post(start(secretary), card(group_of(school), do="find", q="кто-то"))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert 'value="Новиков"' in page
    assert 'class="error-summary"' not in page


def test_a_departure_names_several_by_class(school, secretary):
    with school.work():
        group = factories.group("5А")
        factories.enroll(factories.student(last_name="Рощин"), factories.student(last_name="Лосев"), into=group)
        places = list(Enrollment.objects.values_list("pk", flat=True))
    learners = start(secretary, "departure", "1-в")
    found = secretary.post(f"{learners}find/", {"q": "", "group": str(group.pk)}).content.decode()
    assert "Рощин" in found
    assert "Лосев" in found
    facts = {"do": "marked", "movement_type": "leave_move", "effective_on": "21.11.2026", "note": "Казань"}
    assert secretary.post(learners, facts).status_code == 422
    answer = secretary.post(learners, {**facts, "place": [str(key) for key in places]})
    page = secretary.get(answer["Location"])
    assert (page.context["check"].before, page.context["check"].after) == (2, 0)


def test_a_departure_before_the_enrollment_is_refused_in_words(school, secretary):
    with school.work():
        factories.enroll(factories.student(), into=factories.group("5А"))
        place = Enrollment.objects.get()
    learners = start(secretary, "departure", "1-в")
    facts = {"movement_type": "leave_move", "effective_on": "01.09.2026", "note": "Казань"}
    answer = secretary.post(learners, {**facts, "do": f"add:{place.pk}"})
    assert answer.status_code == 422
    assert "выбыть раньше следующего дня нельзя" in answer.content.decode()
    assert 'value="Казань"' in answer.content.decode()


def test_an_order_with_a_hopeless_row_is_not_sent(school, secretary):
    with school.work():
        child = factories.student()
        factories.enroll(child, into=factories.group("5А"))
    learners = start(secretary)
    secretary.post(learners, card(group_of(school, "6Б"), do=f"add:{child.pk}"))
    check = learners.replace("learners", "check")
    assert "уже числится" in secretary.get(check).content.decode()
    answer = secretary.post(check)
    assert answer.status_code == 422
    assert "На подпись не передан" in answer.content.decode()


def test_a_change_takes_a_sent_draft_back(school, secretary):
    learners = start(secretary)
    secretary.post(learners, card(group_of(school)))
    secretary.post(learners.replace("learners", "check"))
    head = {"number": "8-у", "issued_on": "20.11.2026", "basis": "решение"}
    assert secretary.post(learners.replace("learners", "head"), head).status_code == 302
    with school.work():
        assert Order.objects.get().sent_at is None


def test_a_taken_number_is_refused_at_its_field(school, secretary):
    start(secretary)
    answer = secretary.post("/orders/new/enrollment/", {"number": "7-у", "issued_on": "20.11.2026"})
    assert answer.status_code == 422
    assert "уже есть" in answer.content.decode()


def test_a_row_is_removed_and_a_draft_discarded_with_the_card_kept(school, secretary):
    learners = start(secretary)
    secretary.post(learners, card(group_of(school)))
    with school.work():
        row = Order.objects.get().rows.get()
    order = learners.removesuffix("learners/")
    assert secretary.post(f"{order}rows/{row.pk}/remove/").status_code == 302
    assert secretary.post(f"{order}discard/").status_code == 302
    with school.work():
        assert not Order.objects.exists()
        assert Student.objects.count() == 1


@pytest.mark.parametrize("login", ["anna", "teacher", "coordinator"])
def test_only_the_secretary_drafts(school, login):
    assert client_of(school.host, login).get("/orders/new/enrollment/").status_code == 403


def test_a_signed_order_is_not_edited_by_the_wizard(school, secretary):
    with school.work():
        order = factories.enroll(factories.student(), into=factories.group())
    for step in ("head", "learners", "check"):
        assert secretary.get(f"/orders/{order.pk}/{step}/")["Location"] == f"/orders/{order.pk}/"
