"""Addresses get one writing without a change of meaning."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from shared.kernel.addresses import normalize_address, same_address

VOCABULARY = """
    г г. город Краснодар Kраснодар п. пос. п.г.т. р.п. рп пгт ст-ца ст. станица Динская ул ул. УЛИЦА Красная Город
    пр-т пер. д д. дом 5 5А 12A д5 к кв кв. кв3 корп. 2 стр № №5 350000 индекс Россия край район р-н им. им.Ленина
    40 лет 33/1 5-12 с/п с. х Юг - – , ; . .. ,, Литера г.Сочи,ул.Мира,д.3кв.4 с.п. XX съезда
"""
WORDS = st.sampled_from([*VOCABULARY.split(), "\u0306", "\u200b"])
TYPED = st.lists(WORDS, max_size=12).map(" ".join) | st.lists(WORDS, max_size=8).map("".join)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("г Краснодар,ул.Красная д5 кв 3, 350000", "350000, г. Краснодар, ул. Красная, д. 5, кв. 3"),
        (
            "350000 Краснодарский край, город Краснодар, улица Красная, дом 12A, корпус 2, квартира 45",
            "350000, Краснодарский край, г. Краснодар, ул. Красная, д. 12А, корп. 2, кв. 45",
        ),
        ("станица Динская, пер.Пушкина,д.3", "ст-ца Динская, пер. Пушкина, д. 3"),
        ("г. Краснодар ул. 40 лет Победы 33/1", "г. Краснодар, ул. 40 лет Победы 33/1"),
        ("пр-т Чекистов 12 кв.7", "пр-кт Чекистов 12, кв. 7"),
        ("п.Южный , ул Мира", "пос. Южный, ул. Мира"),
        ("п.г.т. Ильский, ул Мира", "пгт Ильский, ул. Мира"),
        ("р.п. Южный", "рп Южный"),
        ("республика Адыгея, г Майкоп", "Респ. Адыгея, г. Майкоп"),
        ("Г. Kраснодар, УЛ. Красная, Д. 5", "г. Краснодар, ул. Красная, д. 5"),
        ("г.Краснодар, ул.им.Тургенева, д.№138", "г. Краснодар, ул. им. Тургенева, д. 138"),
        ("Краснодар, индекс 350000, Красная ул., 5", "350000, Краснодар, Красная ул., 5"),
        ("", ""),
        (" , . ", ""),
    ],
)
def test_usual_writings_become_one(typed: str, stored: str) -> None:
    assert normalize_address(typed) == stored


@pytest.mark.parametrize(
    "text",
    [
        "ст. Динская, ул. Ленина, 5",  # a station or a village: not ours to say
        "пос. Южный, ул. Новый Город, д. 1",
        "пос. Дом Отдыха, 5",
        "д. Ивановка, д. 5",
        "с/п Южное, х. Ленина",
        "г. Москва, 1-я ул. Строителей, д. 25",
        "ул. Дзержинского, 5-12",
        "ул. XX съезда, д. 1",
        "London, 5 Baker st",
    ],
)
def test_what_may_mean_something_else_stays_as_it_is(text: str) -> None:
    assert normalize_address(text) == text


def test_digits_alone_are_not_an_address() -> None:
    with pytest.raises(ValueError, match="В адресе нет названий"):
        normalize_address("350000, 5-12")


@settings(deadline=None)
@given(TYPED)
@example("г г г, п п. Юг, 350000 350001")
def test_a_normal_address_is_normal_again(typed: str) -> None:
    try:
        stored = normalize_address(typed)
    except ValueError:
        return
    assert normalize_address(stored) == stored


@settings(deadline=None)
@given(TYPED)
def test_no_digit_and_no_name_is_lost(typed: str) -> None:
    try:
        stored = normalize_address(typed)
    except ValueError:
        return
    assert sorted(filter(str.isdigit, stored)) == sorted(filter(str.isdigit, typed))
    assert stored.lower().count("красная") == typed.lower().count("красная")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("350000, Россия, г. Краснодар, ул. Красная, д. 5, кв. 3", "краснодар, улица красная, 5, кв 3", True),
        ("г. Королёв, ул. Мира, 5", "г Королев ул Мира, дом 5", True),
        ("ул. Красная, д. 5, кв. 3", "ул. Красная, д. 5, корп. 3", False),
        ("ул. Красная, д. 5", "ул. Красная, д. 5, кв. 3", False),
        ("ул. Мира, 5", "пер. Мира, 5", False),
        ("", "", False),
        ("5", "5", False),
    ],
)
def test_one_address_in_two_writings_is_recognized(one: str, other: str, same: bool) -> None:
    assert same_address(one, other) is same
