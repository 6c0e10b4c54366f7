"""Names are stored, sorted and matched the same whatever keyboard they were typed on."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.kernel.names import LOOK_ALIKE, clean_name, match_key, sort_key

TYPED = st.text(
    alphabet=st.sampled_from("АБВЁаеёйопр ABCEHKMOPTXYaceopxyJqz--–—\u00a0\u200b\u0306\u0308\t'"), max_size=30
)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("  Иванов ", "Иванов"),
        ("Хворостьянов - Задунайский", "Хворостьянов-Задунайский"),
        ("Хворостьянов—Задунайский", "Хворостьянов-Задунайский"),
        ("Гасан   оглы", "Гасан оглы"),
        ("Анна\u00a0Мария", "Анна Мария"),
        ("Тимофей", "Тимофей"),
        ("Тимофеи\u0306", "Тимофей"),
        ("Со\u00adлов\u200bьёв", "Соловьёв"),
        ("д'Артаньян", "д'Артаньян"),
        ("", ""),
    ],
)
def test_spaces_hyphens_and_invisible_characters_are_put_in_order_silently(typed: str, stored: str) -> None:
    assert clean_name(typed) == (stored, False)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [("Cоколов", "Соколов"), ("СОКОЛOВ", "СОКОЛОВ"), ("Сeмëнов-Шанский", "Семёнов-Шанский")],
)
def test_latin_look_alikes_in_a_cyrillic_word_are_corrected_and_reported(typed: str, stored: str) -> None:
    assert clean_name(typed) == (stored, True)


@pytest.mark.parametrize("typed", ["John", "MAX", "Müller", "Ким John", "Иваnов"])
def test_a_latin_word_is_left_as_it_is(typed: str) -> None:
    assert clean_name(typed) == (typed, False)


@settings(deadline=None)  # cores are shared; a pause is not a failure
@given(TYPED)
def test_cleaning_twice_changes_nothing_more(typed: str) -> None:
    once = clean_name(typed).value
    assert clean_name(once) == (once, False)


@settings(deadline=None)  # cores are shared; a pause is not a failure
@given(st.text(max_size=30))
def test_a_clean_name_has_no_loose_spaces_in_any_alphabet(typed: str) -> None:
    value = clean_name(typed).value
    assert value == " ".join(value.split())


@settings(deadline=None)  # cores are shared; a pause is not a failure
@given(st.text(alphabet="АБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯабвгдеёжзийклмнопрстуфхцчшщъыьэюя", min_size=2), st.data())
def test_one_letter_typed_in_latin_does_not_hide_a_person(name: str, data: st.DataObject) -> None:
    latin = {cyrillic: letter for letter, cyrillic in LOOK_ALIKE.items()}
    places = [place for place, letter in enumerate(name) if letter in latin]
    if not places:
        return
    place = data.draw(st.sampled_from(places))
    typed = name[:place] + latin[name[place]] + name[place + 1 :]
    assert clean_name(typed) == (name, True)
    assert match_key(typed) == match_key(name)


def test_sort_key_lowers_and_takes_yo_for_ye_as_the_database_does() -> None:
    assert sort_key("Ёлкин Пётр") == "елкин петр"
    assert sort_key("ΟΔΟΣ") == "οδοσ"
    assert sort_key("İ") == "i"
    assert sort_key("Петров-Водкин ") == "петров-водкин "


def test_match_key_is_the_same_for_every_way_of_writing_a_name() -> None:
    assert match_key(" Семёнов –  тян") == match_key("СЕМЕНОВ-Тян") == "СЕМЕНОВ-ТЯН"


@settings(deadline=None)  # cores are shared; a pause is not a failure
@given(TYPED)
def test_match_key_does_not_depend_on_cleaning_or_case(typed: str) -> None:
    assert match_key(clean_name(typed).value) == match_key(typed)
