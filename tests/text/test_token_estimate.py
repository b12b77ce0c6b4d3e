from hypothesis import given
from hypothesis import strategies as st

from tools.text.token_estimate import estimate_tokens


def test_by_script() -> None:
    assert estimate_tokens("") == 0
    assert estimate_tokens("工" * 400) == 300
    assert estimate_tokens("word " * 240) == 300
    assert estimate_tokens("工程 project") == 4  # 1.5 + 2


@given(st.text(), st.text())
def test_a_text_has_about_the_tokens_of_its_parts(first: str, second: str) -> None:
    assert abs(estimate_tokens(first + second) - estimate_tokens(first) - estimate_tokens(second)) <= 1
