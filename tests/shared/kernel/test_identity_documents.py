"""Series and numbers of identity documents: normal form, or a refusal that names the field."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.classifiers.catalog import shipped_catalog
from shared.kernel.identity_documents import SHAPES, DocumentRefused, check_document

KINDS = st.sampled_from(sorted(SHAPES))
TYPED = st.text(alphabet="IVXLCІУХПШС1АГABаг059- –№\u200b", max_size=12)


def test_every_kind_of_the_classifier_has_a_shape_and_no_other() -> None:
    assert set(SHAPES) == set(shipped_catalog().codes("document_type"))


@pytest.mark.parametrize("kind", sorted(SHAPES))
def test_the_example_of_a_shape_is_accepted_as_it_is_written(kind: str) -> None:
    series, _, number = SHAPES[kind].example.rpartition(" ")
    assert check_document(kind, series, number) == (series, number)
    assert SHAPES[kind].source


@pytest.mark.parametrize("typed", ["II-АГ", "ii-аг", "ІІ-АГ", "11-АГ", "П-АГ", "ПАГ", "II AГ", " II – АГ ", "IІАГ"])
def test_a_birth_certificate_series_of_any_keyboard_is_one(typed: str) -> None:
    assert check_document("birth_certificate", typed, "512 345") == ("II-АГ", "512345")


@pytest.mark.parametrize(("typed", "stored"), [("Х1УЖО", "XIV-ЖО"), ("Ш-МЮ", "III-МЮ"), ("ХС-ДН", "XC-ДН")])
def test_roman_numerals_typed_in_cyrillic_become_latin(typed: str, stored: str) -> None:
    assert check_document("birth_certificate", typed, "512345").series == stored


@pytest.mark.parametrize("typed", ["АГ", "-АГ", "IIII-АГ", "2-АГ", "II-А", "II-А5", "II-АГД", "IC-АГ"])
def test_what_is_not_a_roman_number_and_two_letters_is_refused(typed: str) -> None:
    with pytest.raises(DocumentRefused, match="римское число и две русские буквы") as refusal:
        check_document("birth_certificate", typed, "512345")
    assert refusal.value.field == "doc_series"


@pytest.mark.parametrize(
    ("kind", "series", "number", "field"),
    [
        ("passport_rf", "031", "345678", "doc_series"),
        ("passport_rf", "0312", "34567", "doc_number"),
        ("passport_rf", "", "345678", "doc_series"),
        ("passport_rf", "0312", "", "doc_number"),
        ("passport_rf", "٠٣١٢", "345678", "doc_series"),
        ("birth_certificate", "II-АГ", "51234", "doc_number"),
        ("passport_rf_foreign", "7", "1234567", "doc_series"),
        ("military_id", "A1", "1234567", "doc_series"),
        ("foreign_passport", "", "без номера", "doc_number"),
        ("foreign_passport", "AA", "", "doc_number"),
        ("other", "1" * 21, "1", "doc_series"),
        ("other", "", "1" * 31, "doc_number"),
    ],
)
def test_a_wrong_part_is_named(kind: str, series: str, number: str, field: str) -> None:
    with pytest.raises(DocumentRefused) as refusal:
        check_document(kind, series, number)
    assert refusal.value.field == field
    assert "окумент" in str(refusal.value)


@pytest.mark.parametrize(
    ("kind", "typed", "stored"),
    [
        ("passport_rf", ("03 12", "№ 345-678"), ("0312", "345678")),
        ("military_id", ("AH", "1234567"), ("АН", "1234567")),
        ("foreign_passport", ("", "c01x00t47"), ("", "C01X00T47")),
        ("unheard_of", ("ab", "12 34"), ("AB", "1234")),
    ],
)
def test_other_documents_are_put_in_order(kind: str, typed: tuple[str, str], stored: tuple[str, str]) -> None:
    assert check_document(kind, *typed) == stored


def test_nothing_typed_is_nothing_to_refuse() -> None:
    assert check_document("passport_rf", " ", "") == ("", "")


@settings(deadline=None)
@given(KINDS, TYPED, TYPED)
def test_a_normal_document_is_normal_again(kind: str, series: str, number: str) -> None:
    try:
        stored = check_document(kind, series, number)
    except DocumentRefused:
        return
    assert check_document(kind, *stored) == stored
