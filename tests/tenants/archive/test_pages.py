"""Pages of the archive: who may order and take one, its copies on carriers, what is said when something is wrong."""

from __future__ import annotations

import datetime
import hashlib
import io

import pytest
from django.utils import timezone
from pypdf import PdfReader

from shared.archive.models import Copy, Package
from shared.archive.parts import Span
from tenants.archive.making import path_of
from tenants.archive.registry import PARTS
from tenants.archive.services import By, choose, new_package
from tests.support import client_of
from tests.tenants.archive.filling import YEAR

BY = By(account_id=None, signature="Лебедь О. Т.")


def waiting(special: bool = True) -> Package:
    """In an organization's scope: an order that nobody has carried out."""
    span = Span.of_year(2026, timezone.localdate())
    return new_package(span=span, choice=choose(lambda right: True, with_special=special), term=25, by=BY)


def test_the_empty_list_says_what_to_do_and_the_help_how_to_verify(school):
    page = client_of(school.host, "anna").get("/archive/")
    text = page.content.decode()
    assert page.status_code == 200
    assert "Архивов ещё нет" in text
    assert "python verify.py" in text
    assert "sha256sum -c SHA256SUMS" in text
    assert 'name="special"' in text


@pytest.mark.parametrize(("login", "status"), [("secretary", 200), ("deputy_uvr", 200), ("teacher", 403)])
def test_who_keeps_the_archive_sees_it(school, login, status):
    assert client_of(school.host, login).get("/archive/").status_code == status


def test_an_archive_is_of_its_organization_alone(school, other_school):
    with school.work():
        package = waiting()
    vera = client_of(other_school.host, "vera")
    assert vera.get(f"/archive/{package.pk}/").status_code == 404
    assert vera.get(f"/archive/{package.pk}/file/").status_code == 404
    with other_school.work():
        assert not Package.objects.exists()


def test_a_wrong_order_is_refused_in_words(school):
    clerk = client_of(school.host, "secretary")
    ahead = f"{timezone.localdate() + datetime.timedelta(days=1):%Y-%m-%d}"
    for wish, said in (
        ({"kind": "day", "term": "25"}, "Укажите день"),
        ({"kind": "day", "term": "25", "day": ahead}, "ещё не наступил"),
        ({"kind": "year", "term": "25"}, "Выберите учебный год"),
        ({**YEAR, "special": "on"}, "на каком основании"),
    ):
        answer = clerk.post("/archive/", wish)
        assert (answer.status_code, said in answer.content.decode()) == (422, True)
    assert clerk.post("/archive/", YEAR).status_code == 302
    again = clerk.post("/archive/", YEAR)
    assert (again.status_code, "Архив уже собирается" in again.content.decode()) == (422, True)


def test_until_it_is_made_there_is_progress_and_no_file(school):
    clerk = client_of(school.host, "anna")
    with school.work():
        package = waiting()
    place = f"/archive/{package.pk}/"
    assert 'hx-trigger="every 1s"' in clerk.get(place).content.decode()
    with school.work():
        Package.objects.filter(pk=package.pk).update(status="running", done=3, current="Книга движения")
    middle = clerk.get(f"{place}progress/")
    assert "Книга движения" in middle.content.decode()
    assert "HX-Refresh" not in middle.headers
    for address in ("file/", "act/", f"copies/{package.pk}/act/"):
        assert clerk.get(f"{place}{address}").status_code == 404
    assert clerk.post(f"{place}copies/", {}).status_code == 404
    with school.work():
        Package.objects.filter(pk=package.pk).update(status="failed", failure="При сборке произошла ошибка.")
    assert clerk.get(f"{place}progress/").headers["HX-Refresh"] == "true"
    assert "Архив не собран" in clerk.get(place).content.decode()


def test_the_file_is_what_the_row_says_and_the_act_is_the_one_inside(place, page, director, archive):
    with place.work():
        package = Package.objects.get(number=1)
    assert hashlib.sha256(archive.content).hexdigest() == package.sha256
    assert (package.bytes, package.people) == (len(archive.content), 6)
    assert director.get(f"{page}act/").content == archive.file.read("act.pdf")
    text = director.get(page).content.decode()
    for part in archive.manifest["parts"]:
        assert part["title"] in text
    assert package.digest in text.replace(" ", "")
    assert package.kept_until == datetime.date(timezone.localdate().year + 25, 12, 31)


@pytest.mark.proves("R-053")
def test_what_the_director_took_with_his_rights_the_administrator_does_not_get(place, page):
    admin = client_of(place.host, f"org_admin-{place.organization.slug}")
    shown = admin.get(page).content.decode()
    assert "Скачать архив" not in shown
    refused = admin.get(f"{page}file/")
    assert (refused.status_code, "Особые сведения" in refused.content.decode()) == (403, True)


@pytest.mark.proves("R-053")
def test_many_people_leave_after_a_second_signature(place, page, director, settings):
    settings.BULK_EXPORT_PERSONS = 5
    answer = director.get(f"{page}file/")
    assert (answer.status_code, "Нужна вторая подпись" in answer.content.decode()) == (403, True)


def test_the_second_copy_is_noted_with_its_carrier_and_its_act(place, page, director):
    today = timezone.localdate()
    note = {"carrier": "СН-12", "copied_on": f"{today:%Y-%m-%d}", "place": "сейф приёмной"}
    early = director.post(f"{page}copies/", {**note, "copied_on": "2020-01-01"})
    assert (early.status_code, "раньше архива" in early.content.decode()) == (422, True)
    assert director.post(f"{page}copies/", note).status_code == 302
    again = director.post(f"{page}copies/", note)
    assert (again.status_code, "уже отмечена" in again.content.decode()) == (422, True)
    with place.work():
        copy = Copy.objects.get()
        digest = Package.objects.get(number=1).digest
    shown = director.get(page).content.decode()
    assert "СН-12" in shown
    assert "сейф приёмной" in shown
    act = director.get(f"{page}copies/{copy.pk}/act/")
    said = " ".join(one.extract_text() for one in PdfReader(io.BytesIO(act.content)).pages)
    assert "СН-12" in said
    assert f"{today:%d.%m.%Y}" in said
    assert digest in said.replace(" ", "").replace("\n", "")


def test_a_file_that_is_gone_is_404_and_a_term_that_is_over_is_said(school, folder):
    clerk = client_of(school.host, "anna")
    with school.work():
        package = waiting()
        facts = {"file": "gone.zip", "sha256": "0" * 64, "finished_at": timezone.now()}
        Package.objects.filter(pk=package.pk).update(
            status="done", kept_until=timezone.localdate() - datetime.timedelta(days=1), **facts
        )
        package.refresh_from_db()
    assert not path_of(package, school.organization.schema_name).exists()
    assert clerk.get(f"/archive/{package.pk}/file/").status_code == 404
    assert "Срок хранения истёк" in clerk.get(f"/archive/{package.pk}/").content.decode()


def test_the_list_asks_a_fixed_number_of_queries(school, django_assert_max_num_queries):
    clerk = client_of(school.host, "anna")
    with school.work():
        for number in range(1, 8):
            package = waiting()
            Package.objects.filter(pk=package.pk).update(status="failed")
            assert package.number == number
    with django_assert_max_num_queries(14):
        assert "№ 7" in clerk.get("/archive/").content.decode()
    assert len(PARTS) > 20
