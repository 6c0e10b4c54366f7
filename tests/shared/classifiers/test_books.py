"""Titles and keepers of the classifiers."""

import pytest

from shared.classifiers.books import GENERAL_KNOWLEDGE, books, origin_text, shipped_blocks
from shared.classifiers.catalog import Catalog, Classifier, Item, shipped_catalog
from shared.classifiers.models import LONGEST_CODE, LONGEST_LABEL


def test_every_classifier_has_a_title_and_no_title_is_of_nothing():
    assert set(books()) == set(shipped_blocks())


def test_a_local_classifier_is_open_to_the_region_too():
    assert [book.name for book in books().values() if book.allows_local and not book.is_open] == []


def test_an_open_classifier_says_which_facts_a_new_value_takes_over():
    """Without them the program would meet a value that it cannot count."""
    kept = {"verify", "origin", "names", "act", "old_act"}
    catalog = shipped_catalog()
    missing = {
        book.name: found
        for book in books().values()
        if book.is_open
        and (found := {fact for item in catalog[book.name] for fact in item.facts} - kept - {*book.alike})
    }
    assert missing == {}


def test_shipped_values_fit_into_the_table():
    catalog = shipped_catalog()
    assert max(len(item.code) for name in catalog for item in catalog[name]) <= LONGEST_CODE
    assert max(len(item.label) for name in catalog for item in catalog[name]) <= LONGEST_LABEL


@pytest.mark.parametrize(
    ("marks", "text"),
    [
        ("seed", "регламент"),
        ("seed (field) + gk (values)", f"регламент, {GENERAL_KNOWLEDGE}"),
        ("web (order 196 of 24.03.2023)", "открытые источники"),
        ("", ""),
    ],
)
def test_the_origin_is_said_in_words(marks, text):
    assert origin_text(marks) == text


def test_a_copy_with_rows_of_an_unknown_classifier_is_the_same():
    """A classifier that this version no longer has stays in the table and in nobody's way."""
    catalog = Catalog({"sex": Classifier("sex", [Item("M", "Мужской", {})])})
    assert list(catalog.overlaid([])) == ["sex"]
