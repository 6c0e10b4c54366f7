"""Certificates: issue from the card, the paper, the register, annulment, repeated prints."""

from __future__ import annotations

import io

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tenants.consents.blocking import decide_blocked
from tenants.consents.services import withdraw
from tenants.papers.errors import AlreadyAnnulled, NeverStudied, NotStudying
from tenants.papers.models import Certificate, Printing
from tenants.papers.services import Wish, annul_certificate, issue_certificate, issue_certificates
from tenants.people.models import Student
from tenants.people.places import with_places
from tests.support import appoint_to, client_of
from tests.tenants import factories
from tests.tenants.appointing import employ
from tests.tenants.papers.conftest import asked, text_of

WISH = Wish(kind="study", signer_post="Директор", signer_name="О. Т. Лебедь")


def day():
    return timezone.localdate()


def issue(school, child, **facts: str) -> Certificate:
    with school.work():
        wish = Wish(kind=facts.pop("kind", "study"), signer_post="Директор", signer_name="О. Т. Лебедь", **facts)
        student = with_places(Student.objects.filter(pk=child.pk)).get()
        return issue_certificate(student, wish=wish, day=day(), issued_by="секретарь")


@pytest.mark.proves("R-171")
def test_a_certificate_is_issued_from_the_card_and_printed_with_the_name_in_the_dative(school, vera):
    clerk = client_of(school.host, "secretary")
    page = clerk.get(f"/papers/issue/{vera.pk}/").content.decode()
    assert "Антиповой Вере Романовне" in page
    answer = clerk.post(f"/papers/issue/{vera.pk}/", asked(dative="Антиповой Вере Романовне"))
    assert answer.status_code == 302
    with school.work():
        made = Certificate.objects.get()
    assert answer.headers["Location"] == f"/papers/{made.pk}/"
    assert "Действует" in clerk.get(f"/papers/{made.pk}/").content.decode()
    text = text_of(clerk.post(f"/papers/{made.pk}/print/"))
    assert "СПРАВКА ОБ ОБУЧЕНИИ" in text
    assert "Выдана Антиповой Вере Романовне, 05.05.2015 года рождения" in text
    assert "обучается в 5А классе" in text
    assert "приказ № 12-у от 01.09.2026" in text
    assert "для предъявления по месту требования" in text
    assert "Т. Anna" in text  # who signs
    assert "АСУ СО. Сформировано" in text
    assert "исполнитель: Secretary Тест" in text
    assert "Экз. " in text
    assert "Стр. 1 из 1" in text
    assert made.shown_code in text


def test_the_clerk_may_correct_the_dative(school, vera):
    clerk = client_of(school.host, "secretary")
    clerk.post(f"/papers/issue/{vera.pk}/", asked(dative="Антиповой Верочке"))
    with school.work():
        made = Certificate.objects.get()
    assert "Выдана Антиповой Верочке" in text_of(clerk.post(f"/papers/{made.pk}/print/"))


def test_who_has_left_gets_a_certificate_of_the_period_and_no_other(school):
    with school.work():
        child = factories.student(last_name="Шевченко", first_name="Павел", patronymic="Львович")
        factories.enroll(child, into=factories.group("5А"), number="12-у")
        factories.withdraw(child, day=factories.FIRST.replace(day=20), number="7-в")
    with pytest.raises(NotStudying, match="Выдайте справку о периоде обучения"):
        issue(school, child)
    made = issue(school, child, kind="period")
    text = text_of(client_of(school.host, "secretary").post(f"/papers/{made.pk}/print/"))
    assert "Шевченко Павлу Львовичу" in text
    assert "он обучался" in text
    assert "01.09.2026 — 20.09.2026" in text
    assert "№ 7-в от" in text


def test_who_was_never_enrolled_gets_nothing_and_the_page_says_why(school):
    with school.work():
        child = factories.student()
    with pytest.raises(NeverStudied):
        issue(school, child, kind="period")
    clerk = client_of(school.host, "secretary")
    refused = clerk.post(f"/papers/issue/{child.pk}/", asked(dative="Соколову"))
    assert refused.status_code == 422
    assert "сегодня не числится" in refused.content.decode()
    with school.work():
        assert not Certificate.objects.exists()


def test_numbers_go_on_without_gaps_also_after_a_refusal(school, vera):
    first = issue(school, vera)
    with school.work():
        child = factories.student()
    with pytest.raises(NotStudying):
        issue(school, child)
    second = issue(school, vera)
    assert (first.number, second.number, first.year) == (1, 2, day().year)


def test_many_certificates_cost_as_many_queries_as_two(school):
    with school.work():
        children = [factories.student() for _ in range(12)]
        factories.enroll(*children, into=factories.group("5А"))

    def queries(number: int) -> int:
        with school.work(), CaptureQueriesContext(connection) as caught:
            found = with_places(Student.objects.filter(pk__in=[one.pk for one in children[:number]]))
            issue_certificates(found, wish=WISH, day=day(), issued_by="секретарь")
        return len(caught)

    queries(1)  # the counter's row is made
    assert queries(2) == queries(12)


def test_a_repeated_print_is_a_duplicate_on_the_paper_and_in_both_registers(school, vera):
    made = issue(school, vera)
    clerk = client_of(school.host, "secretary")
    assert "Дубликат" not in text_of(clerk.post(f"/papers/{made.pk}/print/"))
    assert "Дубликат. Повторная печать" in text_of(clerk.post(f"/papers/{made.pk}/print/"))
    assert "Дубликат, печатей: 2" in clerk.get("/papers/").content.decode()
    with school.work():
        assert list(Printing.objects.order_by("number").values_list("is_repeat", flat=True)) == [False, True]
        assert Printing.objects.first().subjects == [vera.pk]


def test_an_annulled_certificate_keeps_its_number_and_is_not_printed(school, vera):
    made = issue(school, vera)
    clerk = client_of(school.host, "secretary")
    empty = clerk.post(f"/papers/{made.pk}/annul/", {"reason": ""})
    assert empty.status_code == 422
    assert "Поле «Причина» пустое" in empty.content.decode()
    assert clerk.post(f"/papers/{made.pk}/annul/", {"reason": "ошибка в фамилии"}).status_code == 302
    assert clerk.post(f"/papers/{made.pk}/print/").status_code == 422
    page = clerk.get("/papers/").content.decode()
    assert "Аннулирована" in page
    assert "ошибка в фамилии" in page
    with school.work(), pytest.raises(AlreadyAnnulled):
        annul_certificate(made, reason="снова", day=day(), annulled_by="секретарь")
    assert issue(school, vera).number == made.number + 1


def test_the_register_is_searched_by_name_and_number_without_a_name_in_the_address(school, vera):
    with school.work():
        other = factories.student(last_name="Мухин")
        factories.enroll(other, into=factories.group("5А"))
    issue(school, vera)
    issue(school, other)
    clerk = client_of(school.host, "secretary")
    for text, seen, unseen in (("антипова", "Антипова", "Мухин"), ("2", "Мухин", "Антипова")):
        answer = clerk.post("/papers/", {"q": text, "kind": "study"})
        assert "антипова" not in answer.headers["Location"]
        page = clerk.get(answer.headers["Location"]).content.decode()
        assert seen in page
        assert unseen not in page
    assert "Таких справок нет" in clerk.get("/papers/?status=annulled").content.decode()


def test_the_register_goes_to_files_with_its_imprint(school, vera):
    issue(school, vera, purpose="для пособия")
    clerk = client_of(school.host, "secretary")
    sheet = openpyxl.load_workbook(io.BytesIO(clerk.get("/papers/register.xlsx").content)).active
    cells = [cell.value for row in sheet.iter_rows() for cell in row]
    assert "Антипова Вера Романовна" in cells
    assert "для пособия" in cells
    assert any("исполнитель: Secretary Тест" in str(cell) for cell in cells)
    text = text_of(clerk.get("/papers/register.pdf?kind=study"))
    assert "Антипова Вера Романовна" in text
    assert "Отбор: Справка об обучении" in text
    assert clerk.get("/papers/register.exe").status_code == 404


def test_the_page_of_the_register_asks_a_fixed_number_of_questions(school, vera):
    clerk = client_of(school.host, "secretary")

    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            assert clerk.get("/papers/").status_code == 200
        return len(caught)

    issue(school, vera)
    queries()
    one = queries()
    for _ in range(5):
        issue(school, vera)
    assert queries() == one


def test_a_learner_whose_consent_is_withdrawn_has_no_name_in_the_register(school, vera):
    made = issue(school, vera)
    with school.work():
        withdraw(consent=vera.consents.get(), withdrawn_on=day(), reason="заявление", recorded_by="С")
    clerk = client_of(school.host, "secretary")
    page = clerk.get("/papers/").content.decode()
    assert "Антипова" not in page
    assert "Заблокировано" in page
    assert clerk.get(f"/papers/{made.pk}/").status_code == 404
    assert clerk.post(f"/papers/{made.pk}/print/").status_code == 404
    assert clerk.get(f"/papers/issue/{vera.pk}/").status_code == 404


def test_destroyed_data_leave_no_name_on_a_certificate(school, vera):
    made = issue(school, vera)
    with school.work():
        withdraw(consent=vera.consents.get(), withdrawn_on=day(), reason="заявление", recorded_by="С")
        act = {"ground": "нет иного основания", "act_number": "1", "decided_on": day(), "decided_by": "С"}
        decide_blocked(student=vera, decision="destroy", **act)
        made.refresh_from_db()
        assert (made.holder, made.holder_dative) == ("", "")


def test_reading_is_not_issuing_and_a_stranger_sees_nothing(school, other_school, vera):
    made = issue(school, vera)
    deputy = client_of(school.host, "deputy_uvr")
    assert "Антипова" in deputy.get("/papers/").content.decode()
    for path in (f"/papers/issue/{vera.pk}/", f"/papers/{made.pk}/print/", f"/papers/{made.pk}/annul/"):
        assert deputy.post(path, asked()).status_code == 403
    stranger = client_of(other_school.host, "vera")
    assert "Антипова" not in stranger.get("/papers/").content.decode()
    assert stranger.get(f"/papers/{made.pk}/").status_code == 404
    assert client_of(school.host, "teacher").get("/papers/").status_code == 403


def test_a_class_teacher_sees_certificates_of_his_class_only(school, vera):
    with school.work():
        other = factories.student(last_name="Мухин")
        factories.enroll(other, into=factories.group("6Б"))
        own = factories.group("5А")
    issue(school, vera)
    hidden = issue(school, other)
    employ("classy", "class_teacher", school)
    appoint_to("classy", own)
    teacher = client_of(school.host, "classy")
    page = teacher.get("/papers/").content.decode()
    assert "Антипова" in page
    assert "Мухин" not in page
    assert teacher.get(f"/papers/{hidden.pk}/").status_code == 404
    assert teacher.post(f"/papers/{hidden.pk}/print/").status_code == 403
