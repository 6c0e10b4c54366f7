"""Every way people write a class gives one class."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.kernel.classlabel import ClassLabel, group_name, parse_class_label

LETTERS = st.text(alphabet="АБВГДЕЁЖЗИКЛМ", min_size=1, max_size=3)


@pytest.mark.parametrize(
    ("written", "label"),
    [
        ("5А", ClassLabel(5, "А", "5А")),
        ("5-А", ClassLabel(5, "А", "5А")),
        ("5 «А»", ClassLabel(5, "А", "5А")),
        ('5 "а"', ClassLabel(5, "А", "5А")),
        ("10 Б", ClassLabel(10, "Б", "10Б")),
        ("11 гум.", ClassLabel(11, "ГУМ.", "11ГУМ.")),
        ("7", ClassLabel(7, "", "7")),
        ("05 А", ClassLabel(5, "А", "5А")),
        ("5-1", ClassLabel(5, "1", "5-1")),
        ("5A", ClassLabel(5, "А", "5А")),
        ("5b", ClassLabel(5, "В", "5В")),
        ("10 IT", ClassLabel(10, "IT", "10IT")),
        ("12 А", ClassLabel(12, "А", "12А")),
    ],
)
def test_a_class_is_a_grade_and_a_letter(written: str, label: ClassLabel) -> None:
    assert parse_class_label(written) == label


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("  Группа   «Солнышко» ", "Группа «Солнышко»"),
        ("13 А", "13 А"),
        ("0 А", "0 А"),
        ("123А", "123А"),
        ("А5", "А5"),
        ("5 лет и старше, вечерняя группа", "5 лет и старше, вечерняя группа"),
    ],
)
def test_anything_else_is_the_name_of_a_group(written: str, name: str) -> None:
    assert parse_class_label(written) == ClassLabel(None, "", name)


@pytest.mark.parametrize("written", ["", "  ", "\u200b"])
def test_an_empty_label_is_refused_with_an_example(written: str) -> None:
    with pytest.raises(ValueError, match="Не указан класс или группа"):
        parse_class_label(written)


def test_a_kindergarten_group_may_begin_with_a_digit() -> None:
    assert group_name(" 5-6  лет ") == "5-6 лет"


@settings(deadline=None)  # cores are shared; a pause is not a failure
@given(
    st.integers(1, 12),
    LETTERS,
    st.sampled_from(["{}{}", "{}-{}", "{} {}", "{} «{}»", '{}"{}"', " {} – {} "]),
    st.booleans(),
)
def test_all_writings_of_a_class_are_one_class(grade: int, letter: str, writing: str, small: bool) -> None:
    written = writing.format(grade, letter.lower() if small else letter)
    assert parse_class_label(written) == ClassLabel(grade, letter, f"{grade}{letter}")


@settings(deadline=None)  # cores are shared; a pause is not a failure
@given(st.text(alphabet=st.sampled_from('0123456789АБЁёабABXxIq «»"-–. \u200b'), max_size=25))
def test_reading_a_name_again_gives_the_same_label(written: str) -> None:
    try:
        label = parse_class_label(written)
    except ValueError:
        return
    assert parse_class_label(label.name) == label
    assert len(label.letter) <= 15
