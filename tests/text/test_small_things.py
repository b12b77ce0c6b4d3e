"""Language, cleaning, small talk, prompts."""

import re
from importlib.resources import files
from string import Formatter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.text.clean import clean, one_line
from tools.text.language import detect_language
from tools.text.prompts import prompt_text, prompt_texts
from tools.text.small_talk import direct_kind


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("二标段的合同金额是多少？", "zh"),
        ("DZ-2024-017合同金额", "zh"),
        ("什么是 EIA？", "zh"),
        ("What does 纳统 mean?", "en"),
        ("When does it open?", "en"),
        ("", "en"),
        ("12345", "en"),
    ],
)
def test_language(text: str, language: str) -> None:
    assert detect_language(text) == language


@given(st.text())
def test_cleaned_text_can_be_encoded_and_stays_clean(text: str) -> None:
    cleaned = clean(text)
    cleaned.encode("utf-8")
    assert clean(cleaned) == cleaned
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f]", cleaned)


def test_clean_keeps_what_is_read() -> None:
    assert clean("甲\r\n乙\r丙\t丁\x00\u202e") == "甲\n乙\n丙\t丁"
    assert clean("职务\x1b[2J是\x1b]0;pwn\x07什么") == "职务是什么"
    assert one_line(" a\n\n b ") == "a b"


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("你好！", "greeting"),
        ("Hello there", "greeting"),
        ("谢谢你", "thanks"),
        ("bye", "farewell"),
        ("你能做什么？", "about"),
        ("12*7=?", "needs_model"),
        ("Please write a poem", "needs_model"),
        ("请把“早上好”翻译成英文", "needs_model"),
        ("hi, what is the budget?", None),
        ("翻译费用是多少？", None),
        ("写一份合同需要谁审批？", None),
        ("改写后的第三条是什么？", None),
        ("Draft budget: what is the total?", None),
        ("Write access to the archive: who approves it?", None),
        ("2024-017", None),
        ("2024", None),
        ("3*(4+5)等于多少？", "needs_model"),
        ("Translate this sentence", "needs_model"),
        ("你好，二标段的合同金额是多少？", None),
        ("谢谢，那二标段呢？", None),
        ("二标段的合同金额是多少？", None),
    ],
)
def test_direct_questions(question: str, kind: str | None) -> None:
    assert direct_kind(question) == kind


def test_prompts_say_the_same_things_in_each_language() -> None:
    languages = sorted(entry.name for entry in (files("prompts")).iterdir() if entry.name in ("en", "zh"))
    assert languages == ["en", "zh"]
    names = {
        language: sorted(entry.name for entry in (files("prompts") / language).iterdir()) for language in languages
    }
    assert all(name.endswith(".md") for name in names["en"])
    assert names["en"] == names["zh"]
    assert names["en"]
    for name in (each.removesuffix(".md") for each in names["en"]):
        english, chinese = prompt_texts("en", name), prompt_texts("zh", name)
        assert list(english) == list(chinese)
        for heading in english:
            assert placeholders(english[heading]) == placeholders(chinese[heading])
            assert english[heading]
            assert re.search("[\u4e00-\u9fff]", chinese[heading]) or "{" in chinese[heading]


def placeholders(text: str) -> set[str]:
    return {field for _, field, _, _ in Formatter().parse(text) if field}


def test_placeholders_are_filled() -> None:
    assert "{" not in prompt_text("zh", "ask", "permission", query="{x}").replace("{x}", "")
