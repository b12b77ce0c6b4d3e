import random
import re
import string
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.metrics.overlap import contains, exact_match, rouge_l, token_f1
from tools.shapes import Language

CASES = 2000
LANGUAGES: tuple[Language, ...] = ("zh", "en")
ENGLISH = (
    "The the a an cat Cat sat on the-mat, U.S. 3.5 2,017 don't re-opened café “quoted” naïve İstanbul _x_ … [1]".split()
)
CHINESE = (
    "北 京 路 标 是 不 是 在 龘 㐀 , ， 。 ！ “ ” 《 》 ～ - 1 2 0 3.5 a b C abc CSSCI GB/T （ ） 、 … · カ é".split()
)


def random_texts(words: Sequence[str], joint: str, seed: int) -> Iterator[tuple[str, str]]:
    """Pairs that often share much, sometimes nothing, and sometimes hold nothing."""
    chance = random.Random(seed)
    for _ in range(CASES):
        one = chance.choices(words, k=chance.randint(0, 12))
        other = [word for word in one if chance.random() < 0.7] if chance.random() < 0.7 else []
        other += chance.choices(words, k=chance.randint(0, 6))
        yield joint.join(one), joint.join(other)


@pytest.mark.parametrize(
    ("answer", "gold", "match"),
    [
        ("The Eiffel Tower!", "eiffel tower", 1),
        ("an  Eiffel\nTower", "Eiffel Tower", 1),
        ("U.S.", "us", 1),
        ("theatre", "atre", 0),
        ("", "Paris", 0),
        ("“Paris”", "Paris", 0),  # the script knows ASCII's punctuation alone
    ],
)
def test_english_is_normalised_by_squads_rules(answer: str, gold: str, match: float) -> None:
    assert exact_match(answer, [gold], "en") == match


@pytest.mark.parametrize(
    ("answer", "gold", "match"),
    [
        ("《路标》。", "路标", 1),
        ("路 标", "路标", 1),
        ("CSSCI 期刊", "cssci期刊", 1),
        ("路標", "路标", 0),  # traditional characters are other ones
        ("２", "2", 0),
    ],
)
def test_chinese_is_normalised_by_characters_and_words(answer: str, gold: str, match: float) -> None:
    assert exact_match(answer, [gold], "zh") == match


def test_f1_counts_how_often_a_token_occurs() -> None:
    assert token_f1("cat cat", ["cat dog"], "en") == pytest.approx(0.5)
    assert token_f1("北京市", ["北京"], "zh") == pytest.approx(0.8)
    assert token_f1("GB 50378 标准", ["GB 50378"], "zh") == pytest.approx(2 / 3)


def test_the_best_of_several_gold_texts_counts() -> None:
    assert token_f1("red cat", ["dog", "cat", "red cat"], "en") == 1
    assert exact_match("cat", ["dog", "cat"], "en") == 1
    assert contains("a red cat", ["dog", "cat"], "en") == 1


@pytest.mark.parametrize("golds", [[], [""], ["the"], ["?!"]])
def test_where_no_gold_text_has_tokens_nothing_is_right(golds: list[str]) -> None:
    for measure in (exact_match, token_f1, contains):
        assert measure("", golds, "en") == 1
        assert measure("Paris", golds, "en") == 0


def test_a_gold_text_without_tokens_is_passed_over_beside_others() -> None:
    assert exact_match("", ["the", "Paris"], "en") == 0


@pytest.mark.parametrize(
    ("answer", "gold", "language", "found"),
    [
        ("It was built in 2017.", "17", "en", 0),
        ("It was built in 2017.", "The 2017", "en", 1),
        ("North Dakota", "North  dakota!", "en", 1),
        ("Dakota, North", "North Dakota", "en", 0),
        ("建于2017年。", "17", "zh", 0),
        ("建于2017年。", "2017年", "zh", 1),
        ("林郑月娥当选", "郑月", "zh", 1),
        ("见CSSCI期刊", "CSSCI", "zh", 1),
        ("见CSSCIX期刊", "CSSCI", "zh", 0),
        ("什么也没有", "北京", "zh", 0),
        ("全称是“SWIFT20”，SWIFT是缩写", "SWIFT20", "zh", 1),
        ("增长率为5.7%，GDP为22.99万亿", "5.7%", "zh", 1),
        ("圆周率是3.14", "14", "zh", 0),
        ("共3，000人", "3000", "zh", 1),
        ("9·11事件之后", "911事件", "zh", 1),
    ],
)
def test_a_gold_text_stands_in_an_answer_in_whole_words(
    answer: str, gold: str, language: Language, found: float
) -> None:
    assert contains(answer, [gold], language) == found


def test_agrees_with_squads_script() -> None:
    squad = pytest.importorskip("transformers.data.metrics.squad_metrics")
    for answer, gold in random_texts(ENGLISH, " ", seed=1):
        golds = [gold] if squad.normalize_answer(gold) else [""]
        assert exact_match(answer, [gold], "en") == squad.compute_exact(golds[0], answer)
        assert token_f1(answer, [gold], "en") == pytest.approx(squad.compute_f1(golds[0], answer), abs=1e-9)


def segments(text: str) -> list[str]:
    """The rules of CMRC 2018's and MLQA's scripts, written once more: one character after the other."""
    found: list[str] = []
    word = ""
    for character in text.lower().strip():
        if character in string.punctuation + "～" or unicodedata.category(character)[0] == "P":
            continue
        is_chinese = "CJK UNIFIED" in unicodedata.name(character, "")
        if is_chinese or character.isspace():
            found += [word] if word else []
            word = ""
        if is_chinese:
            found.append(character)
        elif not character.isspace():
            word += character
    return [*found, word] if word else found


def test_agrees_with_the_rules_of_chinese_scripts() -> None:
    for answer, gold in random_texts(CHINESE, "", seed=2):
        said, wanted = segments(answer), segments(gold)
        left = Counter(wanted)
        common = 0
        for token in said:
            common += left[token] > 0
            left[token] -= 1
        expected = 2 * common / (len(said) + len(wanted)) if said and wanted else float(said == wanted)
        assert token_f1(answer, [gold], "zh") == pytest.approx(expected, abs=1e-9), (answer, gold)
        assert exact_match(answer, [gold], "zh") == float(said == wanted)
        assert rouge_l(answer, gold, "zh") == pytest.approx(rouge_by_table(said, wanted), abs=1e-9)


def rouge_by_table(said: Sequence[str], wanted: Sequence[str]) -> float:
    """ROUGE-L with the textbook's table of the longest common subsequence."""
    row = [0] * (len(wanted) + 1)
    for token in said:
        before = row
        row = [0]
        for place, other in enumerate(wanted):
            row.append(before[place] + 1 if token == other else max(before[place + 1], row[place]))
    return 2 * row[-1] / (len(said) + len(wanted)) if row[-1] else 0.0


def test_agrees_with_rouge_score() -> None:
    rouge_scorer = pytest.importorskip("rouge_score.rouge_scorer")
    scorer = rouge_scorer.RougeScorer(["rougeL"], use_stemmer=False)
    for answer, reference in random_texts(ENGLISH, " ", seed=3):
        expected = scorer.score(reference, answer)["rougeL"].fmeasure
        assert rouge_l(answer, reference, "en") == pytest.approx(expected, abs=1e-9), (answer, reference)


def test_order_matters_to_rouge_l_and_not_to_f1() -> None:
    assert token_f1("b a c d", ["d c a b"], "en") > rouge_l("b a c d", "d c a b", "en")
    assert rouge_l("路标", "标路", "zh") == pytest.approx(0.5)


@given(st.text(), st.text(), st.sampled_from(LANGUAGES))
def test_all_lie_from_0_to_1_and_agree_with_one_another(one: str, other: str, language: Language) -> None:
    scores = [measure(one, [other], language) for measure in (exact_match, token_f1, contains)]
    assert all(0 <= score <= 1 for score in [*scores, rouge_l(one, other, language)])
    assert scores[0] <= scores[1]
    assert scores[0] <= scores[2]
    assert contains(one, [one], language) == exact_match(one, [one], language) == token_f1(one, [one], language) == 1


@given(st.text(), st.text(), st.sampled_from(LANGUAGES))
def test_f1_and_rouge_l_are_symmetric(one: str, other: str, language: Language) -> None:
    assert rouge_l(one, other, language) == pytest.approx(rouge_l(other, one, language))
    assert token_f1(one, [other], language) == pytest.approx(token_f1(other, [one], language))


@given(st.text(), st.lists(st.text(), max_size=4), st.sampled_from(LANGUAGES))
def test_f1_is_that_of_the_best_gold_text_with_tokens(answer: str, golds: list[str], language: Language) -> None:
    with_tokens = [gold for gold in golds if token_f1("", [gold], language) == 0]
    best = max((token_f1(answer, [gold], language) for gold in with_tokens), default=token_f1(answer, [], language))
    assert token_f1(answer, golds, language) == best


@given(st.text(), st.text(), st.sampled_from(LANGUAGES))
def test_a_longer_answer_still_contains(answer: str, more: str, language: Language) -> None:
    assert contains(f"{more} {answer} {more}", [answer], language) == 1 or not re.search(r"[^\W_]", answer)
