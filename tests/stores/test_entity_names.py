from hypothesis import given
from hypothesis import strategies as st

from tools.stores.entity_names import fold_name, lookup_key, lookup_keys, outermost_names, spans_in


def found(text: str, *names: str) -> list[str]:
    return outermost_names(spans_in(fold_name(text), [fold_name(name) for name in names]))


def test_spellings_of_one_name_fold_alike() -> None:
    assert fold_name("Ｃｈｉｎａ　Railway") == fold_name(" china railway ") == "china railway"
    assert fold_name("GB/T 50378—2019") == fold_name("gb / t 50378-2019")
    assert fold_name("中 国\n铁路") == fold_name("中国铁路")
    assert fold_name("waterproof") != fold_name("water proof")
    assert fold_name(" \t") == ""


def test_partly_overlapping_names_are_both_kept() -> None:
    assert found("东站建设公司法", "建设公司", "公司法") == ["建 设 公 司", "公 司 法"]


def test_the_same_place_twice_is_one_name() -> None:
    assert found("东站和东站", "东站") == ["东 站"]


def test_nothing_stands_in_nothing() -> None:
    assert found("", "东站") == found("东站") == found("东站", "") == []


@given(st.text(max_size=30), st.text(max_size=10), st.text(max_size=30))
def test_a_name_between_spaces_is_always_found(before: str, name: str, after: str) -> None:
    folded = fold_name(name)
    text = fold_name(f"{before} {folded} {after}")
    if folded and folded in text:
        assert lookup_key(folded) in lookup_keys(text)
        assert [span.name for span in spans_in(text, [folded])].count(folded) >= 1


@given(st.text(), st.lists(st.text(alphabet="ab东站 1", max_size=6), max_size=6))
def test_what_is_found_stands_in_the_text_and_in_no_longer_match(text: str, names: list[str]) -> None:
    folded = fold_name(text + "ab东站1 a东")
    spans = spans_in(folded, {name for name in map(fold_name, names) if name})
    units = folded.split(" ")
    for span in spans:
        assert " ".join(units[span.start : span.end]) == span.name
    kept = outermost_names(spans)
    for name in kept:
        outside = [
            span
            for span in spans
            if span.name == name
            and not any(other.start <= span.start and span.end <= other.end and other != span for other in spans)
        ]
        assert outside
    assert [len(name) for name in kept] == sorted((len(name) for name in kept), reverse=True)
