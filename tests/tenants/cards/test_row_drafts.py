"""What is typed into the form of a row is not lost either: a new row, a row being corrected, forms of rooms."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tenants.cards.drafts import Place, draft_of
from tenants.cards.merging import merge
from tenants.cards.models import SectionDraft
from tenants.groups.models import Group
from tenants.history.models import HistoryEvent
from tenants.people.models import Achievement, FormerDocument, Guardian, Student
from tenants.staff.card import STAFF_CARD
from tenants.staff.models import Diploma, MethodicalWork
from tests.support import client_of
from tests.tenants.appointing import employ
from tests.tenants.cards.pages import HTMX, base_in, page_of
from tests.tenants.staff import making

TYPED = {"institution": "КубГУ", "issued_on": "01.06.2007"}


@pytest.fixture
def worker(school):
    with school.work():
        return making.member()


@pytest.fixture
def klara(school, child):
    """The class teacher: achievements are hers."""
    with school.work():
        group = Group.objects.get()
    employ("klara", "class_teacher", school, groups=[group])
    return client_of(school.host, "klara")


@pytest.fixture
def rows(worker) -> str:
    return f"/cards/staff/{worker.pk}/diplomas/rows/"


@pytest.fixture
def secretary(school):
    return client_of(school.host, "secretary")


def sent(client, address: str, **texts: str) -> dict[str, str]:
    """The form as a browser would send it back with these texts."""
    answer = client.get(address, headers=HTMX)
    shown = {bound.html_name: bound.value() for bound in answer.context["form"] if bound.value() is not None}
    return {**shown, "base": answer.context["base"], **texts}


def keep(client, address: str, **texts: str):
    return client.post(f"{address}draft/", sent(client, address, **texts), headers=HTMX)


def diploma(school, client, rows: str) -> Diploma:
    assert client.post(rows, TYPED, headers=HTMX).status_code == 200
    with school.work():
        return Diploma.objects.get()


def drafts(school) -> int:
    with school.work():
        return SectionDraft.objects.count()


def test_a_new_row_is_kept_said_and_restored_at_the_next_sign_in(school, secretary, worker, rows):
    answer = keep(secretary, rows, institution="Недописанный")
    assert "Черновик сохранён в" in answer.content.decode()
    again = client_of(school.host, "secretary")
    assert "не сохранён в карточке" in page_of(again, f"/cards/staff/{worker.pk}/")
    page = page_of(again, rows)
    assert "Восстановлен черновик от" in page
    assert 'value="Недописанный"' in page
    with school.work():
        assert not Diploma.objects.exists()
        kept = HistoryEvent.objects.filter(object_kind="cards_sectiondraft")
        assert "Недописанный" not in str(list(kept.values_list("changes", flat=True)))


def test_the_form_keeps_what_is_typed_by_itself(secretary, rows):
    """The same trigger as in a section: two seconds after the last key."""
    page = page_of(secretary, rows)
    assert f'hx-post="{rows}draft/"' in page
    assert 'hx-trigger="input delay:2s from:closest form' in page
    keeping = re.search(r'<span class="save-state"[^>]*>', page)
    assert keeping is not None
    assert 'hx-target="this"' in keeping[0]  # the form hands its own target down, and would be replaced by the answer


def test_an_untouched_row_is_no_draft_and_one_typed_back_is_none_any_more(school, secretary, rows):
    assert keep(secretary, rows).content == b""
    assert drafts(school) == 0
    keep(secretary, rows, institution="Опечатка")
    assert drafts(school) == 1
    data = sent(secretary, rows) | {"institution": ""}
    secretary.post(f"{rows}draft/", data, headers=HTMX)
    assert drafts(school) == 0


def test_a_corrected_row_has_a_draft_of_its_own_beside_that_of_a_new_one(school, secretary, worker, rows):
    row = diploma(school, secretary, rows)
    one = f"{rows}{row.pk}/"
    keep(secretary, one, institution="КубГТУ")
    keep(secretary, rows, institution="Другой институт")
    assert drafts(school) == 2
    assert 'value="КубГТУ"' in page_of(secretary, one)
    assert 'value="Другой институт"' in page_of(secretary, rows)
    assert page_of(secretary, f"/cards/staff/{worker.pk}/diplomas/shown/").count("не сохранён в карточке") == 2
    with school.work():
        assert Diploma.objects.get().institution == "КубГУ"


def test_saving_takes_the_draft_of_this_row_alone_away(school, secretary, rows):
    row = diploma(school, secretary, rows)
    one = f"{rows}{row.pk}/"
    keep(secretary, one, institution="КубГТУ")
    keep(secretary, rows, institution="Другой институт")
    restored = sent(secretary, one)
    assert restored["institution"] == "КубГТУ"
    assert secretary.post(one, restored, headers=HTMX).status_code == 200
    with school.work():
        assert Diploma.objects.get().institution == "КубГТУ"
        assert [draft.row_id for draft in SectionDraft.objects.all()] == [None]
    assert secretary.post(rows, TYPED, headers=HTMX).status_code == 200
    assert drafts(school) == 0


def test_a_refused_row_keeps_its_draft(school, secretary, rows):
    keep(secretary, rows, institution="Недописанный")
    assert secretary.post(rows, sent(secretary, rows, issued_on="1.1.1"), headers=HTMX).status_code == 422
    assert drafts(school) == 1


def test_closing_keeps_and_discarding_forgets(school, secretary, worker, rows):
    page = keep(secretary, rows, institution="Недописанный", close="1").content.decode()
    assert "data-asuso-section-form" not in page
    assert "Отбросить" in page
    assert drafts(school) == 1
    page = secretary.post(f"{rows}draft/", {"discard": "form"}, headers=HTMX).content.decode()
    assert "data-asuso-section-form" in page
    assert "Недописанный" not in page
    assert drafts(school) == 0


def test_a_draft_of_a_row_that_somebody_changed_writes_nothing_over_him(school, secretary, rows):
    """The draft brings the values that its author saw, so the change of another is noticed."""
    row = diploma(school, secretary, rows)
    one = f"{rows}{row.pk}/"
    keep(secretary, one, institution="КубГТУ")
    with school.work():
        Diploma.objects.filter(pk=row.pk).update(institution="КубГАУ")
    answer = secretary.post(one, sent(secretary, one), headers=HTMX)
    assert answer.status_code == 422
    assert "набранное останется в черновике" in answer.content.decode().replace("\u00a0", " ")
    with school.work():
        assert Diploma.objects.get().institution == "КубГАУ"
    assert drafts(school) == 1


def test_a_row_taken_away_takes_its_drafts_along(school, secretary, rows):
    row = diploma(school, secretary, rows)
    keep(secretary, f"{rows}{row.pk}/", institution="КубГТУ")
    assert secretary.post(f"{rows}{row.pk}/withdraw/", {"reason": "чужая"}, headers=HTMX).status_code == 200
    assert drafts(school) == 0


def test_a_draft_of_a_row_belongs_to_its_author_and_to_who_may_write(school, other_school, secretary, worker, rows):
    keep(secretary, rows, institution="Недописанный")
    with school.work():
        SectionDraft.objects.update(account_id=worker.pk)
    assert "Недописанный" not in page_of(secretary, rows)
    data = {**TYPED, "base": base_in(page_of(secretary, rows))}
    assert client_of(school.host, "coordinator").post(f"{rows}draft/", data, headers=HTMX).status_code == 403
    assert client_of(other_school.host, "vera").post(f"{rows}draft/", data, headers=HTMX).status_code in (403, 404)
    forged = secretary.post(f"{rows}draft/", {**data, "base": "forged"}, headers=HTMX)
    assert forged.status_code == 422
    assert drafts(school) == 1


def test_drafts_cost_a_card_no_query_more(school, secretary, worker, rows, django_assert_num_queries):
    address = f"/cards/staff/{worker.pk}/"
    page_of(secretary, address)
    with CaptureQueriesContext(connection) as before:
        page_of(secretary, address)
        asked = len(before)
    keep(secretary, rows, institution="Недописанный")
    with django_assert_num_queries(asked):
        page_of(secretary, address)


DOCUMENT = {"doc_type": "passport_rf", "doc_series": "0315", "doc_number": "112233", "replaced_on": "01.06.2026"}
ROOMS = [
    ("secretary", "document/new/", {"doc_number": "112233"}),
    ("secretary", "address/new/", {"address": "г. Анапа, ул. Морская, д. 1"}),
    ("secretary", "guardians/add/", {"last_name": "Кольцова"}),
    ("klara", "achievements/add/", {"title": "Олимпиада по истории"}),
]


@pytest.mark.parametrize(("login", "path", "typed"), ROOMS, ids=[path for _, path, _ in ROOMS])
def test_forms_of_the_room_keep_restore_and_discard_in_the_same_place(school, klara, child, login, path, typed):
    address = f"/students/{child.pk}/{path}"
    clerk, ((field, text),) = client_of(school.host, login), typed.items()
    page = clerk.get(address)
    assert page.status_code == 200
    shown = {bound.html_name: bound.value() for bound in page.context["form"] if bound.value() is not None}
    assert 'hx-trigger="input delay:2s from:closest form' in page.content.decode()
    answer = clerk.post(address, {**typed, "draft": "keep"}, headers=HTMX)
    assert "Черновик сохранён в" in answer.content.decode()
    again = client_of(school.host, login).get(address)
    assert "Восстановлен черновик от" in again.content.decode().replace("\u00a0", " ")
    assert again.context["form"][field].value() == text != shown.get(field)
    with school.work():
        assert SectionDraft.objects.get().card_id == child.pk
        assert not FormerDocument.objects.exists()
        assert not Guardian.objects.exists()
        assert not Achievement.objects.exists()
    gone = clerk.post(address, {"draft": "discard"}, headers=HTMX)
    assert gone.headers["HX-Redirect"] == address
    assert drafts(school) == 0


def test_a_form_of_the_room_that_is_saved_forgets_its_draft_and_one_that_is_refused_does_not(school, secretary, child):
    address = f"/students/{child.pk}/document/new/"
    secretary.post(address, {**DOCUMENT, "draft": "keep"}, headers=HTMX)
    assert secretary.post(address, DOCUMENT | {"doc_number": ""}).status_code == 422
    assert drafts(school) == 1
    answer = secretary.post(address, DOCUMENT)
    assert answer.status_code == 302, answer.context["form"].errors
    assert drafts(school) == 0
    with school.work():
        assert Student.objects.get(pk=child.pk).doc_number == "112233"


def test_an_achievement_being_corrected_has_a_draft_of_its_own(school, klara, child):
    new = {"kind": "olympiad", "level": "municipal", "title": "Олимпиада", "gained_on": "01.10.2026"}
    answer = klara.post(f"/students/{child.pk}/achievements/add/", new)
    assert answer.status_code == 302, answer.context["form"].errors
    with school.work():
        one = Achievement.objects.get()
    address = f"/achievements/{one.pk}/"
    assert klara.post(address, {**new, "draft": "keep"}, headers=HTMX).content == b""
    assert drafts(school) == 0
    klara.post(address, {**new, "title": "Олимпиада по праву", "draft": "keep"}, headers=HTMX)
    with school.work():
        assert SectionDraft.objects.get().row_id == one.pk
    assert 'value="Олимпиада по праву"' in klara.get(address).content.decode()
    assert "Восстановлен" not in klara.get(f"/students/{child.pk}/achievements/add/").content.decode()
    klara.post(f"{address}remove/")
    assert drafts(school) == 0


STAFF_ROOMS = [("document/", {"doc_number": "112233"}), ("works/add/", {"title": "Сборник задач"})]


@pytest.mark.parametrize(("path", "typed"), STAFF_ROOMS, ids=[path for path, _ in STAFF_ROOMS])
def test_forms_of_an_employee_keep_and_restore_too(school, secretary, worker, path, typed):
    address, ((field, text),) = f"/staff/{worker.pk}/{path}", typed.items()
    assert 'hx-trigger="input delay:2s from:closest form' in secretary.get(address).content.decode()
    secretary.post(address, {**typed, "draft": "keep"}, headers=HTMX)
    page = client_of(school.host, "secretary").get(address)
    assert "Восстановлен черновик от" in page.content.decode().replace("\u00a0", " ")
    assert page.context["form"][field].value() == text


def test_a_work_that_is_saved_or_taken_away_forgets_its_draft(school, secretary, worker):
    address = f"/staff/{worker.pk}/works/add/"
    page = secretary.get(address).context["form"]
    chosen = {
        name: [code for code, _ in getattr(one.widget, "choices", ()) if code] for name, one in page.fields.items()
    }
    typed = {name: codes[0] for name, codes in chosen.items() if codes}
    typed |= {"title": "Сборник задач", "year": "2025", "draft": "keep"}
    secretary.post(address, typed, headers=HTMX)
    assert drafts(school) == 1
    typed.pop("draft")
    assert secretary.post(address, typed).status_code == 302
    assert drafts(school) == 0
    with school.work():
        work = MethodicalWork.objects.get()
    one = f"/staff/{worker.pk}/works/{work.pk}/"
    secretary.post(one, {**typed, "title": "Другой сборник", "draft": "keep"}, headers=HTMX)
    assert drafts(school) == 1
    assert secretary.post(f"{one}annul/", {"reason": "чужая"}).status_code == 302
    assert drafts(school) == 0


def test_without_the_right_to_the_page_nothing_is_kept(school, child):
    coordinator = client_of(school.host, "coordinator")
    for _, path, typed in ROOMS:
        answer = coordinator.post(f"/students/{child.pk}/{path}", {**typed, "draft": "keep"}, headers=HTMX)
        assert answer.status_code in (403, 404), path
    assert drafts(school) == 0


def test_drafts_of_rows_go_where_the_rows_go_when_two_cards_become_one(school, secretary):
    with school.work():
        stays, goes = making.member(last_name="Дубов"), making.member(last_name="Дуббов")
    keep(secretary, f"/cards/staff/{goes.pk}/diplomas/rows/", institution="Недописанный")
    with school.work():
        account = SectionDraft.objects.get().account_id
        SectionDraft.objects.create(account_id=account, kind="staff", card_id=goes.pk, section="identity")
        merge(kind=STAFF_CARD, stays=stays.pk, goes=goes.pk, taken=(), by="секретарь")
        kept = draft_of(Place(account_id=account, kind="staff", card_id=stays.pk, section="diplomas"))
        assert kept is not None
        assert SectionDraft.objects.count() == 1
    assert 'value="Недописанный"' in page_of(secretary, f"/cards/staff/{stays.pk}/diplomas/rows/")
