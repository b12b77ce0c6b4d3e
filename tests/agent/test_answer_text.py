from typing import Any

import pytest

from agent.answer_text import brief_line, citation_lines, footnotes, receipt_lines
from tools.text.prompts import prompt_texts


def answer(**changes: Any) -> dict[str, Any]:
    citation = {
        "number": 1,
        "quote": "a {brace}\nand more",
        "source": "vector",
        "document": {"id": "d", "title": "Plan\x1b[2J", "uri": "/plan.pdf"},
        "chunk_id": "c",
        "page": 3,
        "box": None,
        "section": "2 Noise",
        "score": 1.0,
    }
    receipt = {
        "routes": [{"route": "calculator", "confidence": 0.5, "why": "sums"}],
        "rounds": [
            {
                "queries": [{"text": "q", "source": "web"}],
                "sources": [{"source": "web", "status": "timeout", "hits": 0, "ms": 1234.5}],
                "band": "weak",
            }
        ],
        "verdict": {"supported": 1, "unsupported": 0},
        "degraded": [{"component": "web", "reason": "timeout"}, {"component": "ledger", "reason": "KeyError"}],
        "llm_calls": 0,
        "tokens": {"input": 0, "output": 0},
        "ms": {"total": 3.21},
    }
    values = {
        "question": "q",
        "answer": "a[1]",
        "language": "en",
        "status": "answered",
        "confidence": 0.85,
        "citations": [citation],
        "receipt": receipt,
    }
    return {**values, **changes}


def test_a_citation_names_document_page_section_and_quote() -> None:
    assert citation_lines(answer()) == ["[1] Plan · p. 3 · 2 Noise", "    “a {brace} and more”"]


def test_a_page_of_the_web_names_its_address_and_facts_are_shown() -> None:
    changed = answer(language="zh")
    changed["citations"][0] |= {
        "source": "web",
        "page": None,
        "section": "",
        "facts": [{"head": "甲", "relation": "属于", "tail": "乙", "sentence": "甲属于乙。"}],
    }
    assert citation_lines(changed) == [
        "[1] Plan · /plan.pdf",
        "    “a {brace} and more”",
        "    事实：甲 – 属于 – 乙",
    ]


@pytest.mark.parametrize(
    ("language", "uri", "page", "section", "told"),
    [
        ("en", "/book.xlsx", 3, "Staff > Crew", "[1] Plan · sheet Staff · Crew"),
        ("zh", "/台账.XLS", 1, "员工", "[1] Plan · 工作表“员工”"),
        ("en", "/book.ods", 3, "", "[1] Plan · sheet 3"),
        ("en", "/book.xls", None, "Prices", "[1] Plan · Prices"),  # a web page under this name
        ("en", "/deck.pptx", 3, "Pump > Notes", "[1] Plan · slide 3 · Pump > Notes"),
        ("zh", "/deck.odp", 3, "", "[1] Plan · 第 3 张幻灯片"),
    ],
)
def test_sheets_and_slides_are_no_pages(language: str, uri: str, page: int | None, section: str, told: str) -> None:
    changed = answer(language=language)
    changed["citations"][0] |= {
        "document": {"id": "d", "title": "Plan", "uri": uri},
        "page": page,
        "section": section,
    }
    assert footnotes(changed) == [told]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_codes_that_have_no_word_are_shown_as_they_are(language: str) -> None:
    text = "\n".join(receipt_lines(answer(language=language)))
    assert "calculator" in text
    assert "sums" in text
    assert "KeyError" in text
    assert "timeout" not in text  # this one has a word
    assert "1,23" in text


def test_the_brief_line_tells_an_answer_from_a_refusal() -> None:
    assert brief_line(reached(answer())) == "Found by: web · 3.2 ms"
    assert brief_line(reached(answer(status="refused"))) == "No answer · tried: web · 3.2 ms"


def test_the_brief_line_says_what_could_not_be_reached() -> None:
    assert brief_line(answer()) == "Found by: – · not reachable: web · 3.2 ms"
    assert brief_line(answer(status="refused")) == "No answer · tried: – · not reachable: web · 3.2 ms"


def reached(given: dict[str, Any]) -> dict[str, Any]:
    """The same, but what was searched answered."""
    for source in given["receipt"]["rounds"][0]["sources"]:
        source["status"] = "ok"
    return given


@pytest.mark.parametrize("status", ["answered", "refused"])
def test_the_brief_line_names_what_was_searched_and_nothing_that_was_only_planned(status: str) -> None:
    planned = answer(status=status)
    planned["receipt"]["routes"] = [{"route": "web", "confidence": 0.9, "why": "fresh"}]
    planned["receipt"]["rounds"] = []
    assert brief_line(planned) == ""


def test_both_languages_have_the_same_texts() -> None:
    assert prompt_texts("zh", "receipt").keys() == prompt_texts("en", "receipt").keys()


def test_copies_of_a_passage_are_named_beside_it() -> None:
    citation = answer()["citations"][0]
    document = {**citation["document"], "file": "plan.pdf"}
    copies = [{**document, "id": "e", "file": "old.pdf"}, {"id": "f", "title": "Draft", "uri": "/draft.md"}]
    named = answer(citations=[{**citation, "document": document, "also_in": copies}])
    assert citation_lines(named)[0].endswith("(plan.pdf) · p. 3 · 2 Noise · also in old.pdf, Draft")
    assert citation_lines({**named, "language": "zh"})[0].endswith("也见于 old.pdf、Draft")
