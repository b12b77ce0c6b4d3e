"""The page of a report: whole in itself, and safe with whatever records hold."""

import sys
from dataclasses import replace
from typing import Any

import pytest
from lxml import html

from evals.records import RowFault
from evals.reports.html import as_html
from evals.reports.report import Report, WorstRow
from tests.evals.reports.pages import outside
from tests.evals.reports.samples import HOSTILE, question_record, report, routing_report


def page_of(told: Report) -> html.HtmlElement:
    return html.document_fromstring(as_html(told).encode("utf-8"))


def text_of(element: html.HtmlElement) -> str:
    return " ".join(" ".join(element.itertext()).split())


def worst_of(record: Any) -> html.HtmlElement:
    """What the page says of a row."""
    page = page_of(replace(report(), worst=(WorstRow("right", 0.0, record),)))
    (details,) = page.xpath("//h2[@id='worst']/following-sibling::details")
    return details


@pytest.fixture(autouse=True)
def without_matplotlib(monkeypatch: pytest.MonkeyPatch) -> None:
    """It may not be there, and takes its time; tests/evals/reports/test_plots.py draws."""
    for name in [name for name in sys.modules if name.split(".")[0] == "matplotlib"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "matplotlib", None)


def test_the_page_asks_nothing_of_the_network() -> None:
    assert outside(as_html(report())) == []
    page = page_of(report())
    (policy,) = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert policy.startswith("default-src 'none'")


def test_it_is_readable_in_the_dark_and_on_a_phone() -> None:
    text = as_html(report())
    assert "prefers-color-scheme: dark" in text
    assert page_of(report()).xpath("//meta[@name='viewport']")


def test_a_task_shows_its_figures_and_what_is_missing() -> None:
    (details,) = page_of(report()).xpath("//details[.//span[@class='name' and .='questions']]")
    rows = [[text_of(cell) for cell in row.xpath("./td")] for row in details.xpath(".//tbody/tr")]
    assert rows[0][0] == "right rows that are right / rows"
    assert rows[0][3:] == ["43.4 to 90.3", "11", "1 failed: TimeoutError"]
    assert rows[0][1].startswith("72.7 %")
    assert rows[1][5] == "11 no judge model, 1 failed: TimeoutError"
    assert "line 7 (x7): has no answer" in text_of(details)
    assert "1 failed" in text_of(details.xpath("./summary")[0])


def test_many_faults_are_counted_after_the_first() -> None:
    told = report()
    faults = tuple(RowFault(number, "", "not JSON") for number in range(1, 31))
    page = page_of(replace(told, tasks=(replace(told.tasks[0], faults=faults),)))
    items = [text_of(item) for item in page.xpath("//details/ul/li")]
    assert len(items) == 21
    assert items[-1] == "and 10 more"


def test_a_fault_of_the_whole_file_is_no_row() -> None:
    faults = (RowFault(0, "", "holds no usable row"), RowFault(4, "", "not JSON"))
    page = page_of(replace(report(), tasks=(replace(report().tasks[0], faults=faults),)))
    assert [text_of(item) for item in page.xpath("//details/ul/li")] == [
        "the file: holds no usable row",
        "line 4: not JSON",
    ]
    assert "Rows that could not be used: 1" in text_of(page)


def test_the_header_tells_what_was_run_and_spent() -> None:
    page = page_of(report())
    (told,) = page.xpath("//header")
    assert "新的切分 <b>" in text_of(told)
    assert "1 h 2 min" in text_of(told)
    facts = dict(zip(map(text_of, told.xpath(".//dt")), map(text_of, told.xpath(".//dd")), strict=True))
    assert (facts["rows"], facts["rows that failed"], facts["rows not usable"]) == ("15", "1", "1")
    assert (facts["input tokens"], facts["money"]) == ("12,000", "0.25")
    assert "code abc" in text_of(page.xpath("//h2[@id='versions']/following-sibling::div")[0])


def test_the_worst_questions_show_the_way_taken() -> None:
    told = text_of(worst_of(question_record(9, right=0.0, confidence=0.95)))
    for part in (
        "第9条规定了什么？",
        "养护不少于十四天。[1]",
        "fourteen days",
        "confidence 0.95",
        "十四天",
        "route vector 0.7 documents",
        "round 1 vector ok 10 hits 3.8 ms first query 9",
        "round 1 evidence weak",
        "round 2 graph timeout 0 hits 3,000 ms second query 9",
        "verdict 1 supported, 2 unsupported",
        "degraded graph timeout",
        "1 model calls, 900 + 40 tokens",
    ):
        assert part in told


def test_what_records_hold_is_text_and_nothing_else() -> None:
    record = question_record(1, right=0.0, question=HOSTILE)
    answer = record["observed"]["answer"]
    answer["answer"] = answer["citations"][0]["quote"] = answer["citations"][0]["document"]["title"] = HOSTILE
    answer["citations"][0]["document"]["uri"] = "javascript:alert(1)"
    answer["receipt"]["rounds"][0]["queries"][0]["text"] = answer["receipt"]["rounds"][0]["band"] = HOSTILE
    record = {**record, "gold": {HOSTILE: HOSTILE}, "judged": {"x": {"missing": HOSTILE}}, "id": HOSTILE}
    details = worst_of(record)
    assert details.xpath(".//script") == []
    assert details.text_content().count("<script>alert('混凝土')</script>") >= 9
    text = as_html(replace(report(), worst=(WorstRow("right", 0.0, record),)))
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "javascript:" not in text


def test_names_and_reasons_are_text_too() -> None:
    told = report()
    task = told.tasks[0]
    measure = replace(task.measures[0], metric=HOSTILE, missing={HOSTILE: 1})
    task = replace(task, name=HOSTILE, about=HOSTILE, measures=(measure,), faults=(RowFault(1, HOSTILE, HOSTILE),))
    header = replace(told.header, label=HOSTILE, versions={HOSTILE: HOSTILE})
    routing = routing_report([(HOSTILE, "web")])
    page = page_of(replace(told, header=header, tasks=(task, routing)))
    assert page.xpath("//script") == []
    assert HOSTILE.split(" ")[0] in text_of(page.xpath("//h1")[0])


@pytest.mark.parametrize(
    "observed",
    [
        {},
        {"answer": None},
        {"answer": "a text"},
        {"answer": {"receipt": None, "citations": 3, "confidence": "high"}},
        {"answer": {"receipt": {"rounds": [{"sources": "x", "queries": None}, 4], "routes": {"a": 1}}}},
        {"answer": {"citations": [{"number": "one", "document": None}], "receipt": {"tokens": [], "verdict": 2}}},
    ],
)
def test_a_record_may_lack_anything(observed: Any) -> None:
    record = {**question_record(1, right=0.0), "observed": observed, "given": {}}
    assert "q1" in text_of(worst_of(record))


def test_a_long_value_is_cut_and_its_length_told() -> None:
    record = {**question_record(1, right=0.0), "gold": {"reference": "x" * 50_000}}
    told = text_of(worst_of(record))
    assert "x" * 100 in told
    assert "x" * 10_000 not in told
    assert "(50,000 characters)" in told


def test_without_matplotlib_the_page_says_how_to_install_it() -> None:
    page = page_of(report())
    assert "pip install '.[eval]'" in text_of(page.xpath("//main")[0])
    assert page.xpath("//details//td")
    assert page.xpath("//*[contains(@class, 'figure ') or @class='figure']") == []
