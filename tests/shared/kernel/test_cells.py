from hypothesis import given
from hypothesis import strategies as st

from shared.kernel.cells import FORMULA_STARTS, neutralized, original

texts = st.text(max_size=8) | st.builds(
    "".join, st.tuples(st.sampled_from(["", "'", "''"]), st.sampled_from(FORMULA_STARTS), st.text(max_size=5))
)


@given(texts)
def test_what_is_neutralized_comes_back_and_computes_nothing(text):
    safe = neutralized(text)
    assert not safe.startswith(FORMULA_STARTS)
    assert original(safe) == text


def test_an_ordinary_text_with_an_apostrophe_is_left_alone():
    for text in ("'тисяча", "О'Нил", "'", "", "5А"):
        assert neutralized(text) == text == original(text)
