"""The region keeps common values, an organization its own; everybody else reads. Source: REGION 5, R-115, R-207."""

from __future__ import annotations

import contextlib
import datetime
import time

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from shared.classifiers.books import books
from shared.classifiers.catalog import load_catalog
from shared.classifiers.errors import (
    BookClosed,
    BookNotLocal,
    ChangedMeanwhile,
    EndTooEarly,
    LastValue,
    NameKnown,
    NameReplaced,
    NameTooEarly,
    SameName,
    SampleWanted,
    ValueEnded,
    ValueKnown,
)
from shared.classifiers.local import catalog_of
from shared.classifiers.models import ClassifierValue, Edition
from shared.classifiers.refreshing import refresh_catalog
from shared.classifiers.seeding import load_shipped
from shared.classifiers.services import rename_value, set_other_names, set_term
from shared.tenancy import scopes
from tests.shared.classifiers.keeping import YEAR, add, ministry, office, row, shown

DAY = datetime.timedelta(days=1)


@pytest.fixture
def today(school):
    return timezone.localdate()


@pytest.mark.proves("R-115", "R-207")
def test_a_value_of_the_region_is_in_every_form_and_is_taken_from_the_end_of_the_list(today):
    with ministry() as keeper:
        value = add(keeper, "social_status", "Дети переселенцев")
    catalog = shown()
    assert (value.code, value.origin) == ("r_deti_pereselentsev", "regional")
    assert catalog.choices("social_status")[-1] == (value.code, "Дети переселенцев")
    assert catalog.resolve("social_status", "дети  переселенцев") == value.code
    assert catalog.edition == 1


def test_a_value_stands_where_it_was_put_and_counts_as_its_sample(today):
    with ministry() as keeper:
        value = add(keeper, "staff_position", "Тьютор", like="teacher", after="teacher", other_names=["Тьютер"])
    codes = shown().codes("staff_position")
    assert codes[codes.index("teacher") + 1] == value.code
    assert load_catalog()["staff_position"][value.code].facts == {"category": "teaching"}
    assert load_catalog().resolve("staff_position", "тьютер") == value.code


def test_codes_of_like_labels_differ(today):
    with ministry() as keeper:
        codes = [add(keeper, "subject", label).code for label in ("Щука!", "Щука", "«…»1", "1")]
    assert len(set(codes)) == 4
    assert all(code.startswith("r_") and len(code) <= 32 for code in codes)


@pytest.mark.parametrize(
    ("name", "facts", "refusal", "words"),
    [
        ("sex", {"label": "Не указан"}, BookClosed, "закрыт для новых значений"),
        ("staff_position", {"label": "Тьютор"}, SampleWanted, "Выберите значение"),
        ("staff_position", {"label": "учитель", "like": "teacher"}, ValueKnown, "уже означает «Учитель»"),
        ("subject", {"label": "Новый", "other_names": ["изо"]}, NameKnown, "«изо» уже означает"),
    ],
)
def test_what_the_region_cannot_add_is_refused_in_words(today, name, facts, refusal, words):
    with ministry() as keeper, pytest.raises(refusal, match=words):
        add(keeper, name, **facts)


@pytest.mark.proves("R-207")
def test_an_organization_adds_only_where_it_is_allowed(school):
    with office(school) as keeper, pytest.raises(BookNotLocal, match="ведёт регион"):
        add(keeper, "staff_position", "Тьютор", like="teacher")


@pytest.mark.proves("R-207")
def test_a_value_of_one_organization_is_never_seen_by_another(school, other_school):
    with office(school) as keeper:
        value = add(keeper, "subject", "Азбука юнги")
        assert catalog_of(school.organization.pk).label("subject", value.code) == "Азбука юнги"
        assert catalog_of(other_school.organization.pk).codes("subject") == load_catalog().codes("subject")
    with office(other_school):
        assert "Азбука юнги" not in dict(catalog_of(other_school.organization.pk).choices("subject")).values()
        assert "Азбука юнги" not in dict(catalog_of(school.organization.pk).choices("subject")).values()
        assert ClassifierValue.objects.filter(origin="local").count() == 0
    with ministry():
        assert ClassifierValue.objects.filter(origin="local").count() == 0
    assert ClassifierValue.objects.filter(origin="local").count() == 0  # the login of the web
    assert value.code not in shown().codes("subject")


def test_two_organizations_may_have_the_same_value(school, other_school):
    for one in (school, other_school):
        with office(one) as keeper:
            assert add(keeper, "subject", "Азбука юнги").code == "l_azbuka_iungi"


@pytest.mark.parametrize(
    "text",
    [
        "update classifiers_classifiervalue set label = 'x' where origin = 'shipped'",
        "update classifiers_classifiervalue set organization_id = null, origin = 'regional'",
        "update classifiers_edition set number = 9",
        "delete from classifiers_classifiervalue",
        "insert into classifiers_classifiervalue select gen_random_uuid(), 'subject', 'x', 'x', '{}', '{}', 1, null,"
        " null, 'regional', '', 1, '', now(), 1, null",
    ],
)
def test_an_organization_cannot_touch_common_values_by_hand(school, text):
    with office(school) as keeper:
        add(keeper, "subject", "Азбука юнги")
        before = list(ClassifierValue.objects.order_by("pk").values_list("label", "organization"))
        with contextlib.suppress(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(text)
        assert list(ClassifierValue.objects.order_by("pk").values_list("label", "organization")) == before


@pytest.mark.parametrize("code", ["office-03608000", "culture-03"])
def test_only_a_ministry_of_education_keeps_common_values(school, code):
    with pytest.raises(Edition.DoesNotExist), ministry(code) as keeper:
        add(keeper, "subject", "Новый предмет")
    with pytest.raises(DatabaseError, match="row-level security"), ministry(code) as keeper:
        ClassifierValue.objects.create(
            classifier="subject", code="r_x", label="x", origin="regional", authority_id=keeper.authority_id
        )
    with ministry(code):
        assert ClassifierValue.objects.filter(classifier="sex").update(label="x") == 0


@pytest.mark.proves("R-115")
def test_a_new_name_begins_on_its_day_and_the_old_one_stays_before_it(today):
    with ministry() as keeper:
        value = row("marital_status", "married")
        rename_value(keeper=keeper, value_id=value.pk, version=value.version, label="В браке", valid_from=today)
    catalog = shown()
    item = catalog["marital_status"]["married"]
    assert catalog.label("marital_status", "married") == "В браке"
    assert item.label_on(today - DAY) == "Состоит в браке"
    assert {catalog.resolve("marital_status", text) for text in ("состоит в браке", "в браке")} == {"married"}
    assert len(catalog.choices("marital_status")) == 4


def test_a_planned_name_waits_for_its_day_and_may_be_taken_back(today):
    with ministry() as keeper:
        value = row("marital_status", "married")
        planned = rename_value(
            keeper=keeper, value_id=value.pk, version=1, label="В браке", valid_from=today + 10 * DAY
        )
        assert shown().label("marital_status", "married") == "Состоит в браке"
        assert load_catalog()["marital_status"]["married"].label_on(today + 10 * DAY) == "В браке"
        with pytest.raises(NameReplaced, match="«В браке»"):
            set_term(keeper=keeper, value_id=value.pk, version=2, valid_to=None)
        set_term(keeper=keeper, value_id=planned.pk, version=1, valid_to=planned.valid_from)
        set_term(keeper=keeper, value_id=value.pk, version=2, valid_to=None)
    assert shown()["marital_status"]["married"].label_on(today + YEAR) == "Состоит в браке"


def test_a_name_of_the_region_is_corrected_in_place_on_its_first_day(today):
    with ministry() as keeper:
        value = add(keeper, "subject", "Кубановеденье 2", today)
        rename_value(keeper=keeper, value_id=value.pk, version=1, label="Кубановедение 2", valid_from=today)
    assert [wording.label for wording in shown()["subject"][value.code].wordings] == ["Кубановедение 2"]


@pytest.mark.proves("R-115")
def test_an_ended_value_leaves_the_forms_and_still_prints(today):
    with ministry() as keeper:
        value = row("social_status", "chernobyl")
        set_term(keeper=keeper, value_id=value.pk, version=1, valid_to=today, act="Приказ № 5")
    catalog = shown()
    assert "chernobyl" not in dict(catalog.choices("social_status"))
    assert "chernobyl" in dict(catalog.choices("social_status", keep=["chernobyl"]))
    assert catalog.label("social_status", "chernobyl").startswith("Из семей")
    assert "chernobyl" in catalog.valid("social_status", today - DAY)
    assert "chernobyl" not in catalog.valid("social_status", today)
    with ministry() as keeper:
        set_term(keeper=keeper, value_id=value.pk, version=2, valid_to=None)
    assert "chernobyl" in dict(shown().choices("social_status"))


def test_the_region_returns_to_use_what_the_product_ended(today):
    with ministry() as keeper:
        value = row("curriculum_component", "regional")
        set_term(keeper=keeper, value_id=value.pk, version=1, valid_to=None)
    assert "regional" in dict(shown().choices("curriculum_component"))


def test_days_that_contradict_each_other_are_refused_in_words(today):
    with ministry() as keeper:
        value = add(keeper, "subject", "Новый предмет", today)
        known = {"keeper": keeper, "value_id": value.pk}
        with pytest.raises(NameTooEarly, match=f"{today:%d.%m.%Y}"):
            rename_value(**known, version=1, label="Другой", valid_from=today - DAY)
        with pytest.raises(EndTooEarly, match="не может быть раньше"):
            set_term(**known, version=1, valid_to=today - DAY)
        set_term(**known, version=1, valid_to=today + DAY)
        with pytest.raises(ValueEnded, match="Верните его"):
            rename_value(**known, version=2, label="Другой", valid_from=today + DAY)
        with pytest.raises(SameName, match="уже называется"):
            rename_value(**known, version=2, label="Новый предмет", valid_from=today)


def test_the_last_value_in_use_is_not_ended(today):
    with ministry() as keeper:
        man, woman = row("sex", "M"), row("sex", "F")
        set_term(keeper=keeper, value_id=man.pk, version=1, valid_to=today)
        with pytest.raises(LastValue, match="ни одного"):
            set_term(keeper=keeper, value_id=woman.pk, version=1, valid_to=today)


def test_other_names_are_kept_with_the_value_and_mean_it(today):
    with ministry() as keeper:
        value = row("subject", "physics")
        set_other_names(keeper=keeper, value_id=value.pk, version=1, other_names=["Физика и астрономия"])
        other = row("subject", "chemistry")
        with pytest.raises(NameKnown, match="«Физика»"):
            set_other_names(keeper=keeper, value_id=other.pk, version=1, other_names=["физика и астрономия"])
    assert shown().resolve("subject", "физика и АСТРОНОМИЯ") == "physics"


@pytest.mark.proves("R-207")
def test_of_two_officers_at_one_form_the_second_is_told_who_was_first(today):
    with ministry() as keeper:
        value = row("social_status", "chernobyl")
        set_term(keeper=keeper, value_id=value.pk, version=1, valid_to=today)
        with pytest.raises(ChangedMeanwhile, match="Ольга Ким") as refused:
            set_other_names(keeper=keeper, value_id=value.pk, version=1, other_names=["Чернобыльцы"])
    assert "Проверьте" in str(refused.value)


def test_a_change_of_an_organization_does_not_move_the_edition(school):
    with office(school) as keeper:
        add(keeper, "subject", "Азбука юнги")
    assert Edition.objects.get().number == 0


def test_a_process_asks_at_most_every_five_seconds(today, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr("shared.classifiers.refreshing.CACHE_SECONDS", 5.0)
    shown()
    with ministry() as keeper:
        value = add(keeper, "subject", "Новый предмет")
    with django_assert_num_queries(0):
        refresh_catalog()
    assert value.code not in load_catalog()["subject"]
    now = time.monotonic()
    monkeypatch.setattr("shared.classifiers.refreshing.time.monotonic", lambda: now + 5.1)
    with django_assert_num_queries(2):
        refresh_catalog()
    assert value.code in load_catalog()["subject"]
    monkeypatch.setattr("shared.classifiers.refreshing.time.monotonic", lambda: now + 11)
    with django_assert_num_queries(1):
        refresh_catalog()


def test_a_name_of_tomorrow_is_the_name_at_midnight(today, monkeypatch):
    with ministry() as keeper:
        value = row("marital_status", "married")
        rename_value(keeper=keeper, value_id=value.pk, version=1, label="В браке", valid_from=today + DAY)
    assert shown().label("marital_status", "married") == "Состоит в браке"
    monkeypatch.setattr(timezone, "localdate", lambda *args: today + DAY)
    assert shown().label("marital_status", "married") == "В браке"


def test_reading_costs_no_query(school, django_assert_num_queries):
    with django_assert_num_queries(0):
        load_catalog().label("country", "RUS")
        load_catalog().choices("country")
    with school.work(), django_assert_num_queries(1):
        catalog_of(school.organization.pk).choices("subject")


def test_migrating_again_keeps_what_the_region_decided_and_writes_nothing_else(committed):
    """The seed ran before; run again it changes no row."""
    before = list(ClassifierValue.objects.order_by("pk").values_list("pk", "updated_at"))
    load_shipped()
    assert list(ClassifierValue.objects.order_by("pk").values_list("pk", "updated_at")) == before
    assert {value.classifier for value in ClassifierValue.objects.all()} == set(books())
    with scopes.enter(scopes.IDENTITY):
        assert ClassifierValue.objects.filter(origin="shipped").count() == len(before)
