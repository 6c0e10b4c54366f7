"""Data destroyed by act are left nowhere beside the card: drafts, files, changes of many, merges, imports."""

from __future__ import annotations

import datetime

import pytest
from django.apps import apps

from tenants.cards.errors import MergeNotUndone
from tenants.cards.merging import merge, undo_merge
from tenants.cards.models import Batch, BatchChange, CardFile, SectionDraft
from tenants.consents.blocking import decide_blocked
from tenants.consents.models import BlockedDecision, Consent
from tenants.consents.services import withdraw
from tenants.intake.models import ImportChange, ImportRun, SealedDraft
from tenants.people.card import GUARDIAN_CARD, STUDENT_CARD
from tenants.people.models import Guardian, GuardianLink, Student
from tests.support import client_of
from tests.tenants import factories
from tests.tenants.cards.files.bringing import CHILD, bring, csv_of, upload
from tests.tenants.cards.pages import HTMX, opened

D = datetime.date
SECRETS = ("Канарейкин", "11223344595", "112-233-445 95", "Канареечная", "512345", "канареечный суд", "Одинокая")
ROOMS = ("cards", "consents", "intake", "people", "files", "papers")


@pytest.fixture
def child(school):
    """Brought by a file, changed by another, half typed by a clerk, once two cards, with a mother once two cards."""
    secretary = client_of(school.host, "secretary")
    named = {**CHILD, "Фамилия": "Канарейкин", "СНИЛС": "112-233-445 95"}
    bring(secretary, "student", named)
    with school.work():
        one = Student.objects.get()
    key = {"Ключ": str(one.pk), "Фамилия": "Канарейкин", "Имя": CHILD["Имя"]}
    bring(secretary, "student", {**key, "Адрес места жительства": "г. Анапа, ул. Канареечная, д. 1"})
    left = bring(secretary, "student", {**key, "Эл. почта": "file@example.ru"})
    with school.work():
        Student.objects.update(email="later@example.ru")
    secretary.post(f"{left}undo/")
    upload(secretary, "student", csv_of({**key, "Адрес места жительства": "г. Анапа, ул. Канареечная, д. 2"}))
    wrong = csv_of(
        {**key, "СНИЛС": "112-233-445 95", "Пол": "?", "Адрес места жительства": "г. Анапа, ул. Канареечная, д. 3"}
    )
    upload(secretary, "student", wrong)
    typed = opened(secretary, "student", one, "contacts") | {"address": "г. Анапа, ул. Канареечная, д. 4"}
    secretary.post(f"/cards/student/{one.pk}/contacts/draft/", typed, headers=HTMX)
    with school.work():
        second = factories.student(last_name="Канарейкин", first_name="Пётр", doc_number="")
        mothers = [Guardian.objects.create(last_name="Одинокая", phone=f"+7900{number}") for number in (1, 2)]
        restricted = {"rights_restriction": "restricted", "restriction_document": "канареечный суд"}
        for mother, more in zip(mothers, ({}, restricted), strict=True):
            GuardianLink.objects.create(student=one, guardian=mother, relation="mother", **more)
        first, other = (mother.pk for mother in mothers)
        merge(kind=GUARDIAN_CARD, stays=first, goes=other, taken=(), by="С")
        merge(kind=STUDENT_CARD, stays=one.pk, goes=second.pk, taken=("first_name",), by="С")
        plan = {"keys": [str(one.pk)], "old": {str(one.pk): "Канареечная"}}
        SectionDraft.objects.create(account_id=one.pk, kind="student", section="group", texts=plan)
        run = ImportRun.objects.create(file_name="f", checksum="0", made_by="С")
        values = {"last_name": "Канарейкин"}
        ImportChange.objects.create(run=run, subject="people.Student", key=one.pk, old=values, new=values)
        kept = {"birth_date": one.birth_date, "patronymic": one.patronymic, "first_name": "Пётр", "run": run}
        SealedDraft.objects.create(
            **kept, learner_key="1", place_key="1", last_name="Канарейкин", values=values, opened_on=D(2026, 9, 1)
        )
    return one


def held() -> str:
    """Everything that the rooms hold, as text."""
    models = [model for room in ROOMS for model in apps.get_app_config(room).get_models()]
    return "\n".join(f"{model._meta.label}: {row}" for model in models for row in model._base_manager.values())


def destroy(child) -> None:
    paper = Consent.objects.current().processing_of_learners().get(student=child)
    withdraw(consent=paper, withdrawn_on=D(2026, 11, 10), reason="заявление", recorded_by="С")
    facts = {"ground": "нет основания", "act_number": "6", "decided_on": D(2026, 11, 20), "decided_by": "С"}
    decide_blocked(student=child, decision=BlockedDecision.Decision.DESTROY, **facts)


@pytest.mark.proves("R-359")
def test_nothing_of_him_is_left_in_any_room(school, child):
    with school.work():
        before = held()
        assert "Канарейкин" in str(CardFile.objects.get(status=CardFile.Status.UNDONE).summary)
        assert [secret for secret in SECRETS if secret not in before] == []
        destroy(child)
        after = held()
        assert [line for line in after.splitlines() if any(secret in line for secret in SECRETS)] == []
        assert BatchChange.objects.filter(card_id=child.pk).count() == 4, "that he was changed is still known"


def test_what_was_changed_is_not_brought_back_after_that(school, child):
    with school.work():
        destroy(child)
        batch = Batch.objects.get(origin=Batch.Origin.MERGE, kind="student")
        with pytest.raises(MergeNotUndone, match="уничтожены по акту"):
            undo_merge(kind=STUDENT_CARD, batch=batch, by="С")
        run = CardFile.objects.get(batch__changed=1, status=CardFile.Status.APPLIED)
    secretary = client_of(school.host, "secretary")
    assert secretary.post(f"/cards/files/student/{run.pk}/undo/").status_code == 302
    with school.work():
        staged = list(CardFile.objects.filter(status=CardFile.Status.STAGED))
    for run in staged:
        assert secretary.post(f"/cards/files/student/{run.pk}/apply/").status_code == 422
    with school.work():
        assert Student.objects.get(pk=child.pk).address == ""
