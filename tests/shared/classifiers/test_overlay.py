"""Rows of the region over the shipped files: whatever was ended is still named. Pure: no database."""

from __future__ import annotations

import datetime
import itertools
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.classifiers.catalog import load_catalog, shipped_catalog

DAYS = st.dates(datetime.date(2000, 1, 1), datetime.date(2040, 12, 31))
# A busy machine draws slowly; the files are read once, before the first draw.
UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
SHIPPED = shipped_catalog()
BOOKS = ("sex", "subject", "country", "movement_type", "curriculum_component")


def value(classifier: str, code: str, label: str, **facts: Any) -> SimpleNamespace:
    known = {"facts": {}, "position": 1000, "valid_from": None, "valid_to": None, "origin": "shipped"}
    return SimpleNamespace(classifier=classifier, code=code, label=label, other_names=[], **{**known, **facts})


@UNHURRIED
@given(st.sampled_from(BOOKS), st.lists(DAYS, min_size=1, max_size=4, unique=True), DAYS, st.data())
def test_a_value_renamed_and_ended_any_number_of_times_is_labeled_on_every_day(name, cuts, day, data):
    code = data.draw(st.sampled_from(SHIPPED.codes(name)))
    ends = sorted(cuts)
    spans = [(None, ends[0]), *itertools.pairwise(ends)]
    rows = [
        value(name, code, f"Имя {number}", valid_from=first, valid_to=last, origin="regional" if number else "shipped")
        for number, (first, last) in enumerate(spans)
    ]
    catalog = shipped_catalog().overlaid(data.draw(st.permutations(rows)), edition=3)
    item = catalog[name][code]
    assert catalog.label(name, code)
    assert item.label_on(day)
    assert (code in catalog.valid(name, day)) == (day < ends[-1])
    within = [row for row in rows if (row.valid_from or datetime.date.min) <= day < row.valid_to]
    if within and within[0].origin == "regional":
        assert item.label_on(day) == within[0].label
    assert code in catalog.codes(name)
    assert all(catalog.resolve(name, wording.label) is not None for wording in item.wordings)
    assert (code in dict(catalog.choices(name))) == (timezone.localdate() < ends[-1])
    assert code in dict(catalog.choices(name, keep=[code]))


@UNHURRIED
@given(st.sampled_from(BOOKS), st.text(min_size=1, max_size=20).filter(str.strip), DAYS, DAYS)
def test_a_code_of_the_region_is_known_on_its_days_and_printed_afterwards(name, label, one, other):
    first, last = sorted((one, other))
    row = value(name, "r_new", label, valid_from=first, valid_to=last, origin="regional")
    catalog = shipped_catalog().overlaid([row])
    assert catalog.label(name, "r_new") == label
    for day in (first, last, first - datetime.timedelta(days=1)):
        assert ("r_new" in catalog.valid(name, day)) == (first <= day < last)
    assert catalog[name]["r_new"].origin == "regional"


def test_the_copy_leaves_the_original_alone():
    row = value("sex", "M", "Мужской", valid_to=datetime.date(2020, 1, 1))
    assert shipped_catalog().overlaid([row]).choices("sex") == [("F", "Женский")]
    assert load_catalog().choices("sex") == [("M", "Мужской"), ("F", "Женский")]


def test_of_two_values_with_one_name_the_valid_one_is_meant():
    row = value("subject", "r_new", "Русский язык", valid_from=datetime.date(2020, 1, 1), origin="regional")
    ended = value("subject", "russian", "Русский язык", valid_to=datetime.date(2020, 1, 1))
    assert shipped_catalog().overlaid([ended, row]).resolve("subject", "русский  ЯЗЫК") == "r_new"


@pytest.mark.parametrize("day", ["2021-08-31", "2021-09-01"])
def test_a_value_whose_last_day_is_shipped_ends_after_it(day):
    valid = shipped_catalog().valid("curriculum_component", datetime.date.fromisoformat(day))
    assert ("regional" in valid) == (day == "2021-08-31")
    assert shipped_catalog().label("curriculum_component", "regional") == "Региональный компонент"
