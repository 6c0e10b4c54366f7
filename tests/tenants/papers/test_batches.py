"""Certificates for classes: a short order at once, a long one by the worker, the file for one person alone."""

from __future__ import annotations

import datetime
import itertools
import re

import pytest
from django.db import transaction
from django.utils import timezone

from shared.messaging.models import TaskOutbox
from shared.messaging.services import run_wanted
from tenants.files.models import StoredFile
from tenants.history.models import HistoryEvent
from tenants.papers import batches, tasks
from tenants.papers.models import Certificate, Printing, PrintJob
from tenants.people.models import Student
from tests.support import client_of, connect, person
from tests.tenants import factories
from tests.tenants.papers.conftest import asked, pages

SCHOOLS = itertools.count(1)  # committed ones stay till the end of the tests


@pytest.fixture
def group(school):
    """5А of three; in 6Б there is one more."""
    with school.work():
        children = [factories.student(last_name=name) for name in ("Антипов", "Борисов", "Волков")]
        found = factories.group("5А")
        factories.enroll(*children, into=found)
        factories.enroll(factories.student(last_name="Мухин"), into=factories.group("6Б"))
        return found


def test_a_class_gets_its_certificates_in_one_file_at_once(school, group):
    clerk = client_of(school.host, "secretary")
    page = clerk.get("/papers/batch/").content.decode()
    assert "5А" in page
    answer = clerk.post("/papers/batch/", asked(group=str(group.pk)))
    assert answer.status_code == 302, answer.content.decode()
    page = clerk.get(answer.headers["Location"]).content.decode()
    assert "Выдано справок: 3" in page
    with school.work():
        job = PrintJob.objects.get()
        assert [one.holder[:7] for one in Certificate.objects.order_by("number")] == ["Антипов", "Борисов", "Волков "]
        printing = Printing.objects.get()
        assert (printing.title, printing.rows) == ("Справка об обучении: № 1–3", 3)
    file = clerk.get(f"/files/{job.file_id}/")
    texts = [" ".join(page.extract_text().split()) for page in pages(file.content)]
    assert len(texts) == 3
    assert "Антипову Ивану Петровичу" in texts[0]
    assert f"Экз. {printing.copy}/3" in texts[2]


def test_the_file_is_for_who_ordered_it(school, other_school, group):
    clerk = client_of(school.host, "secretary")
    clerk.post("/papers/batch/", asked(group=str(group.pk)))
    with school.work():
        job = PrintJob.objects.get()
    for host, login in ((school.host, "anna"), (school.host, "deputy_uvr"), (other_school.host, "vera")):
        other = client_of(host, login)
        assert other.get(f"/files/{job.file_id}/").status_code == 404
        assert other.get(f"/papers/batch/{job.pk}/").status_code in (403, 404)


def test_of_one_class_learners_are_chosen_by_name(school, group):
    clerk = client_of(school.host, "secretary")
    address = f"/papers/batch/?group={group.pk}"
    assert "Борисов" in clerk.get(address).content.decode()
    with school.work():
        chosen = group.placements.get(enrollment__student__last_name="Борисов").enrollment.student_id
    assert clerk.post(address, asked(student=str(chosen))).status_code == 302
    with school.work():
        assert Certificate.objects.get().holder == "Борисов Иван Петрович"


def test_a_choice_of_nobody_and_of_a_stranger_is_refused(school, group):
    clerk = client_of(school.host, "secretary")
    nobody = clerk.post("/papers/batch/", asked())
    assert nobody.status_code == 422
    assert "Никто не выбран" in nobody.content.decode()
    with school.work():
        stranger = group.placements.model.objects.get(enrollment__student__last_name="Мухин").enrollment.student_id
    assert clerk.post(f"/papers/batch/?group={group.pk}", asked(student=str(stranger))).status_code == 422
    with school.work():
        assert not Certificate.objects.exists()


def test_those_who_left_are_counted_and_not_certified(school, group):
    with school.work():
        gone = group.placements.get(enrollment__student__last_name="Волков").enrollment.student
        keys = list(group.placements.values_list("enrollment__student", flat=True))
        factories.withdraw(gone, day=datetime.date(2026, 10, 1))
        wish = batches.Wish(kind="study", signer_post="Директор", signer_name="О. Т. Лебедь")
        by = batches.Printer(account_id=keys[0], signature="секретарь")
        job = batches.order_batch(students=keys, wish=wish, check_address="http://h/check/", by=by)
        assert (job.done_count, job.skipped_count) == (2, 1)


def test_only_who_issues_orders_and_the_limit_holds(school, group, monkeypatch):
    assert client_of(school.host, "deputy_uvr").post("/papers/batch/", asked()).status_code == 403
    monkeypatch.setattr(batches, "MOST", 2)
    refused = client_of(school.host, "secretary").post("/papers/batch/", asked(group=str(group.pk)))
    assert "Выбрано 3, за один раз печатается до 2" in refused.content.decode()


def test_a_file_a_week_old_is_forgotten_with_the_next_order(school, group):
    clerk = client_of(school.host, "secretary")
    clerk.post("/papers/batch/", asked(group=str(group.pk)))
    with school.work():
        PrintJob.objects.update(ordered_at=timezone.now() - datetime.timedelta(days=8))
    clerk.post("/papers/batch/", asked(group=str(group.pk)))
    with school.work():
        assert StoredFile.objects.filter(purpose=batches.PRINTED).count() == 1
        old = PrintJob.objects.order_by("ordered_at").first()
        assert old.file is None
    assert "Файл уже убран" in clerk.get(f"/papers/batch/{old.pk}/").content.decode()


@pytest.fixture
def long_order(committed, folder, monkeypatch):
    """25 learners of one class, ordered by a clerk; a step of the worker prints ten."""
    monkeypatch.setattr(batches, "PORTION", 10)
    monkeypatch.setattr(batches, "STEP_SECONDS", 0)
    place = f"papers-long-{next(SCHOOLS)}"
    school = connect(place)
    person(f"clerk-{place}", "secretary", school=school)
    person(f"head-{place}", "director", school=school)
    with school.work():
        children = [factories.student() for _ in range(25)]
        group = factories.group("5А")
        factories.enroll(*children, into=group)
    clerk = client_of(school.host, f"clerk-{place}")
    answer = clerk.post("/papers/batch/", asked(f"head-{place}", group=str(group.pk)))
    assert answer.status_code == 302, answer.content.decode()
    return school, clerk, answer.headers["Location"]


def work(school) -> bool:
    """The worker takes the next task of the school; False when there is none."""
    with transaction.atomic():
        wish = TaskOutbox.objects.filter(organization_id=school.organization.pk, name=tasks.print_batch.name).first()
    return wish is not None and run_wanted(wish)


def said(clerk, place: str) -> str:
    """What the fragment says of the progress."""
    page = clerk.get(f"{place}progress/").content.decode().replace("\u00a0", " ")
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_a_long_order_is_printed_by_the_worker_and_says_how_far_it_is(long_order):
    school, clerk, place = long_order
    assert 'hx-trigger="every 1s"' in clerk.get(place).content.decode()
    assert "HX-Refresh" not in clerk.get(f"{place}progress/").headers
    assert "Выдаются номера" in said(clerk, place)
    seen = []
    while work(school):
        answer = clerk.get(f"{place}progress/")
        job = answer.context["job"]
        seen.append((job.percent, job.printed))
        assert ("HX-Refresh" in answer.headers) is job.is_over
    assert seen == [(0, 0), (40, 10), (80, 20), (100, 25)]
    assert "Выдано справок: 25" in clerk.get(place).content.decode()
    with school.work():
        job = PrintJob.objects.get()
        batches.print_batch(job)  # the worker took it twice
        assert Certificate.objects.filter(print_count=1).count() == Certificate.objects.count() == 25
        assert job.parts == []
    file = pages(clerk.get(f"/files/{job.file_id}/").content)
    texts = [" ".join(page.extract_text().split()) for page in file]
    assert [f"/{number} · Стр." in text for number, text in enumerate(texts, start=1)] == [True] * 25


def test_the_share_is_what_is_printed_of_what_is_issued(long_order):
    school, clerk, place = long_order
    for _ in range(2):
        work(school)
    assert "Номера выданы. Напечатано 10 из 25 справок" in said(clerk, place)
    assert "40 %" in said(clerk, place)
    assert "Печатается" in clerk.get("/papers/batch/").content.decode()


def test_between_the_steps_another_clerk_gets_the_next_number_and_is_not_in_the_file(long_order):
    school, clerk, _ = long_order
    work(school)
    with school.work():
        child = Certificate.objects.order_by("number").first().student_id
    wish = asked(f"head-{school.organization.slug}", dative="Соколову")
    assert clerk.post(f"/papers/issue/{child}/", wish).status_code == 302
    while work(school):
        pass
    with school.work():
        job = PrintJob.objects.select_related("printing").get()
        assert sorted(Certificate.objects.values_list("number", flat=True)) == list(range(1, 27))
        assert (job.done_count, job.printing.title) == (25, "Справка об обучении: № 1–25")


def test_a_part_that_was_swept_meanwhile_is_printed_again(long_order, monkeypatch):
    school, _, _ = long_order
    for _ in range(3):
        work(school)
    take = batches.store.take
    with school.work():
        lost = PrintJob.objects.get().parts[0]
    monkeypatch.setattr(batches.store, "take", lambda schema, digest: None if digest == lost else take(schema, digest))
    assert work(school)
    with school.work():
        assert (PrintJob.objects.get().status, PrintJob.objects.get().printed) == ("printing", 0)
    monkeypatch.setattr(batches.store, "take", take)
    while work(school):
        pass
    with school.work():
        assert (PrintJob.objects.get().status, PrintJob.objects.get().printed) == ("done", 25)


def test_the_progress_asks_a_fixed_number_of_queries_and_leaves_no_trace_in_the_history(
    long_order, django_assert_max_num_queries
):
    school, clerk, place = long_order
    work(school)
    with django_assert_max_num_queries(12):
        clerk.get(f"{place}progress/")
    with school.work():
        told = HistoryEvent.objects.filter(object_kind="papers_printjob").count()
    work(school)
    with school.work():
        assert HistoryEvent.objects.filter(object_kind="papers_printjob").count() == told


def test_an_order_for_nobody_is_refused_in_words(long_order):
    school, clerk, place = long_order
    with school.work():
        Student.objects.update(consent_withdrawn_on=datetime.date(2026, 11, 1))
    assert work(school)
    assert "Справки не выданы" in said(clerk, place)
    assert not work(school)
