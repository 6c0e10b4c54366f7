"""Achievements: recorded with a scan by who teaches the child, listed, corrected; their files open with them."""

from __future__ import annotations

import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tenants.files.models import StoredFile
from tenants.people.achievements import AchievementFacts, add_achievement
from tenants.people.models import Achievement
from tests.support import client_of
from tests.tenants import factories
from tests.tenants.appointing import employ

D = datetime.date
PDF = b"%PDF-1.4\n1 0 obj << >> endobj\ntrailer << >>\n%%EOF\n"
TYPED = {
    "kind": "olympiad",
    "title": "Олимпиада по математике",
    "level": "municipal",
    "gained_on": "12.11.2026",
    "result": "призёр",
    "document": "диплом № 7",
}


@pytest.fixture
def classes(school):
    with school.work():
        own, other = factories.group("5А"), factories.group("6Б")
        mine, foreign = factories.student(last_name="Рощин"), factories.student(last_name="Туманов")
        factories.enroll(mine, into=own)
        factories.enroll(foreign, into=other)
    employ("klara", "class_teacher", school, groups=[own])
    return {"mine": mine, "foreign": foreign}


@pytest.fixture
def klara(school, classes):
    return client_of(school.host, "klara")


@pytest.mark.proves("R-011", "R-127")
def test_a_class_teacher_records_one_with_its_scan(school, classes, klara):
    child = classes["mine"]
    scan = SimpleUploadedFile("диплом.pdf", PDF, content_type="application/pdf")
    answer = klara.post(f"/students/{child.pk}/achievements/add/", TYPED | {"scan": scan})
    assert answer.status_code == 302, answer.content.decode()
    with school.work():
        one = Achievement.objects.get()
        assert (one.kind, one.level, one.result, one.gained_on) == ("olympiad", "municipal", "призёр", D(2026, 11, 12))
    page = klara.get(f"/students/{child.pk}/").content.decode().replace("\u00a0", " ")
    assert "Олимпиада по математике" in page
    assert klara.get(f"/files/{one.file_id}/").content == PDF
    assert client_of(school.host, "secretary").get(f"/files/{one.file_id}/").status_code == 200


def test_another_class_does_not_exist_for_him(school, classes, klara):
    child = classes["foreign"]
    with school.work():
        theirs = add_achievement(
            student=child,
            facts=AchievementFacts(kind="merit", title="Чтецы", level="regional", gained_on=D(2026, 10, 1)),
            recorded_by="С",
        )
    assert klara.get(f"/students/{child.pk}/achievements/add/").status_code == 404
    assert klara.get(f"/achievements/{theirs.pk}/").status_code == 404
    assert klara.post(f"/achievements/{theirs.pk}/remove/").status_code == 404
    assert list(klara.get("/achievements/").context["page_obj"]) == []
    assert "Туманов" not in klara.post("/achievements/find/", {"q": "туманов"}).content.decode()


def test_a_correction_replaces_the_scan_and_a_removal_takes_it_away(school, classes, klara):
    child = classes["mine"]
    scan = SimpleUploadedFile("a.pdf", PDF, content_type="application/pdf")
    klara.post(f"/students/{child.pk}/achievements/add/", TYPED | {"scan": scan})
    with school.work():
        one = Achievement.objects.get()
    newer = SimpleUploadedFile("b.pdf", PDF + b" ", content_type="application/pdf")
    assert klara.post(f"/achievements/{one.pk}/", TYPED | {"result": "2 место", "scan": newer}).status_code == 302
    with school.work():
        changed = Achievement.objects.get()
        assert changed.result == "2 место"
        assert [stored.pk for stored in StoredFile.objects.all()] == [changed.file_id]
    assert klara.post(f"/achievements/{one.pk}/remove/").status_code == 302
    with school.work():
        assert not Achievement.objects.exists()
        assert not StoredFile.objects.exists()


def test_who_only_reads_changes_nothing(school, classes):
    anna = client_of(school.host, "anna")
    assert anna.get("/achievements/").status_code == 200
    assert anna.get(f"/students/{classes['mine'].pk}/achievements/add/").status_code == 403


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("kind=merit", ["Чтецы"]),
        ("level=municipal", ["Математика"]),
        ("day_from=01.11.2026", ["Математика"]),
        ("day_to=01.11.2026", ["Чтецы"]),
        ("sort=day", ["Чтецы", "Математика"]),
    ],
)
def test_filters_narrow_the_list(school, classes, query, expected):
    with school.work():
        for kind, title, level, day in (
            ("merit", "Чтецы", "regional", D(2026, 10, 1)),
            ("olympiad", "Математика", "municipal", D(2026, 11, 12)),
        ):
            facts = AchievementFacts(kind=kind, title=title, level=level, gained_on=day)
            add_achievement(student=classes["mine"], facts=facts, recorded_by="С")
    page = client_of(school.host, "anna").get(f"/achievements/?{query}")
    assert [one.title for one in page.context["page_obj"]] == expected


def test_the_list_costs_a_fixed_number_of_queries_and_gives_a_file(school, classes, django_assert_max_num_queries):
    with school.work():
        for number in range(20):
            facts = AchievementFacts(kind="merit", title=f"№ {number}", level="regional", gained_on=D(2026, 10, 1))
            add_achievement(student=classes["mine"], facts=facts, recorded_by="С")
    secretary = client_of(school.host, "secretary")
    with django_assert_max_num_queries(30):
        assert len(secretary.get("/achievements/").context["page_obj"]) == 20
    assert secretary.get("/achievements/export.xlsx").status_code == 200
