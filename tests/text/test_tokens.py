import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.text.tokens import document_vector, fold, query_vector, search_tokens, token_id


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("依据GB/T 50378-2019", "gb/t50378-2019"),
        ("合同编号：DZ-2024-017", "dz-2024-017"),
        ("金额 1,234.5 万元", "1234.5"),
        ("長度7.5km", "7.5"),
        ("东站综合交通枢纽", "交通枢纽"),
        ("纳统", "纳统"),
        ("二标段", "二标"),
        ("The contractors' budgets", "contractor"),
        ("ＡＢＣ１２３", "123"),
    ],
)
def test_what_a_text_is_found_by(text: str, expected: str) -> None:
    assert expected in search_tokens(text)


def test_spellings_of_a_code_are_one() -> None:
    assert "dz-2024-017" in search_tokens("DZ—2024—017")
    assert fold("１，２３４") == fold("1,234") == "1234"


@given(st.text())
def test_any_text_has_tokens_that_are_not_empty(text: str) -> None:
    tokens = search_tokens(text)
    assert all(tokens)
    assert all(0 <= token_id(token) < 2**32 for token in tokens)


@given(st.text(alphabet=st.characters(), max_size=50))
def test_vectors_are_sorted_and_positive(text: str) -> None:
    vector = document_vector(search_tokens(text))
    assert list(vector.indices) == sorted(set(vector.indices))
    assert all(value > 0 for value in vector.values)


def test_more_of_a_term_weighs_more_but_less_than_in_proportion() -> None:
    once = document_vector(["a", "b"])
    thrice = document_vector(["a", "a", "a", "b"])
    weight = dict(zip(once.indices, once.values, strict=True))[token_id("a")]
    more = dict(zip(thrice.indices, thrice.values, strict=True))[token_id("a")]
    assert weight < more < 3 * weight


def test_query_terms_count_once() -> None:
    assert query_vector(["a", "a"]).values == (1.0,)


def test_lone_surrogates_do_no_harm() -> None:
    assert search_tokens("纳统\ud800") == search_tokens("纳统")


def test_threads_share_one_dictionary() -> None:
    failed: list[BaseException] = []

    def work() -> None:
        try:
            for _ in range(30):
                assert "枢纽" in search_tokens("东站综合交通枢纽" * 20)
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
