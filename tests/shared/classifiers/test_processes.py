"""Real transactions: two officers at once, and a change that another process has made."""

from __future__ import annotations

import datetime
import threading

import pytest
from django.db import connections
from django.test import Client
from django.utils import timezone

from shared.classifiers import seeding
from shared.classifiers.catalog import load_catalog
from shared.classifiers.errors import ChangedMeanwhile, ValueKnown
from shared.classifiers.models import ClassifierValue, Edition
from shared.classifiers.refreshing import ask_again, forget_catalog
from shared.classifiers.seeding import load_shipped
from shared.classifiers.services import rename_value, set_term
from shared.kernel.rules import RuleViolation
from tests.shared.classifiers.keeping import add, ministry, row


@pytest.fixture
def kept(committed):
    """What a test commits is taken out again by the owner of the tables."""
    yield committed
    owned = ClassifierValue.objects.using("owner")
    owned.exclude(origin="shipped").delete()
    owned.filter(origin="shipped").update(valid_to=None, authority=None, version=1, updated_by="")
    owned.filter(code="regional", classifier="curriculum_component").update(valid_to="2021-09-01")
    Edition.objects.using("owner").update(number=0)
    forget_catalog()


def together(*acts) -> list[RuleViolation | None]:
    """Each act in a thread of its own; the refusal it met, or None."""
    outcomes: list[RuleViolation | None] = []
    start = threading.Barrier(len(acts))

    def run(act) -> None:
        start.wait()
        try:
            with ministry() as keeper:
                act(keeper)
            outcomes.append(None)
        except RuleViolation as violation:
            outcomes.append(violation)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


@pytest.mark.proves("R-207")
def test_of_two_officers_who_add_the_same_value_at_once_one_is_told_that_it_exists(kept):
    outcomes = together(*[lambda keeper: add(keeper, "subject", "Новый предмет")] * 2)
    assert sorted(map(type, outcomes), key=str) == sorted([type(None), ValueKnown], key=str)
    assert ClassifierValue.objects.filter(classifier="subject", origin="regional").count() == 1


def test_of_two_officers_who_rename_at_once_the_later_sees_who_was_first(kept):
    value, today = row("subject", "physics"), timezone.localdate()

    def rename(label: str):
        return lambda keeper: rename_value(
            keeper=keeper, value_id=value.pk, version=1, label=label, valid_from=today + datetime.timedelta(days=1)
        )

    outcomes = together(rename("Физика А"), rename("Физика Б"))
    assert sorted(map(type, outcomes), key=str) == sorted([type(None), ChangedMeanwhile], key=str)
    assert ClassifierValue.objects.filter(classifier="subject", code="physics").count() == 2
    assert Edition.objects.get().number == 1


@pytest.mark.proves("R-115")
def test_a_request_works_with_what_another_process_has_committed(kept):
    forget_catalog()
    browser = Client(headers={"host": kept.school.host})
    browser.get("/login/")
    assert "r_novyi_predmet" not in load_catalog()["subject"]
    assert together(lambda keeper: add(keeper, "subject", "Новый предмет")) == [None]
    ask_again()  # five seconds have passed
    browser.get("/login/")
    assert load_catalog().label("subject", "r_novyi_predmet") == "Новый предмет"


def test_a_value_that_a_later_version_drops_is_ended_and_still_named(kept, monkeypatch):
    rows = [one for one in seeding._rows() if one["code"] != "kuban_studies"]
    monkeypatch.setattr(seeding, "_rows", lambda: rows)
    load_shipped()
    dropped = ClassifierValue.objects.get(classifier="subject", code="kuban_studies")
    assert dropped.valid_to is not None
    assert Edition.objects.get().number == 1
    load_shipped()
    assert Edition.objects.get().number == 1
    monkeypatch.undo()
    load_shipped()
    dropped.refresh_from_db()
    assert dropped.valid_to is None


def test_the_end_the_region_gave_outlives_an_upgrade(kept):
    day = timezone.localdate()
    with ministry() as keeper:
        value = row("subject", "kuban_studies")
        set_term(keeper=keeper, value_id=value.pk, version=1, valid_to=day)
    ClassifierValue.objects.using("owner").filter(pk=value.pk).update(label="Прежнее имя")
    load_shipped()
    value.refresh_from_db()
    assert (value.valid_to, value.label) == (day, "Кубановедение")
