"""Plots: text that can be read and found, figures that are those of the report, the same on each machine."""

import re
from dataclasses import replace

import pytest
from lxml import etree, html

from evals.reports.html import as_html
from evals.reports.plots import Plot, plots
from evals.reports.report import Header, Report, TaskReport
from tests.evals.reports.pages import outside
from tests.evals.reports.samples import HOSTILE, report, routing_report

pytest.importorskip("matplotlib")


def plot(told: Report, title: str) -> Plot:
    (found,) = [each for each in plots(told) if each.title == title]
    return found


def texts(drawn: Plot) -> list[str]:
    return [text.text or "" for text in etree.fromstring(drawn.svg).iter("{*}text")]


def only(task: TaskReport) -> Report:
    return Report(Header("2026-01-02"), (task,))


def test_quality_names_each_task_and_its_main_figure() -> None:
    assert {"questions", "72.7 % right", "routing", "66.7 % accuracy"} <= set(texts(plot(report(), "Quality")))


def test_latency_shows_the_median() -> None:
    assert {"routing", "2 ms"} <= set(texts(plot(report(), "Latency")))


def test_cost_is_the_dearest_kind_that_there_was() -> None:
    drawn = plot(report(), "Cost and quality")
    assert "model calls a row" in texts(drawn)
    assert drawn.key == ("questions: right",)
    assert "median ms a row" in texts(plot(only(routing_report()), "Cost and quality"))


def test_confidence_shows_how_many_answers_each_tenth_has() -> None:
    drawn = plot(report(), "Confidence")
    assert drawn.about.startswith("11 answers")
    assert {"9", "1"} <= set(texts(drawn))


def test_ways_chosen_are_counted() -> None:
    drawn = plot(only(routing_report([("web", "web")] * 7 + [("图谱", "web")] * 3)), "Ways chosen: routing")
    told = texts(drawn)
    assert told.count("7") == 1
    assert told.count("3") == 1
    assert told.count("图谱") == 2


def test_a_report_without_figures_has_no_plots() -> None:
    assert plots(only(TaskReport("t", "", 0, 0, ()))) == []
    assert plots(Report(Header("2026-01-02"), ())) == []


def test_one_row_and_one_value_can_be_drawn() -> None:
    task = routing_report([("web", "web")])
    measure = replace(task.measures[0], value=0.0, low=None, high=None)
    assert len(plots(only(replace(task, latencies=(3.0,), measures=(measure,))))) == 4


def test_colours_and_font_are_those_of_the_page() -> None:
    for drawn in plots(report()):
        assert not re.search(r"#[0-9a-f]{6}", drawn.svg)
        assert "var(--font)" in drawn.svg
        assert "DejaVu" not in drawn.svg


def test_a_plot_is_an_element_without_the_date_it_was_drawn() -> None:
    for drawn in plots(report()):
        assert drawn.svg.startswith("<svg ")
        assert "metadata" not in drawn.svg


def test_ids_of_one_plot_are_not_those_of_another() -> None:
    ids = [id_ for drawn in plots(report()) for id_ in re.findall(r'\bid="([^"]+)"', drawn.svg)]
    assert len(ids) == len(set(ids))
    for drawn in plots(report()):
        for used in re.findall(r"url\(#([^)]+)\)", drawn.svg):
            assert f'id="{used}"' in drawn.svg


def test_a_name_is_neither_markup_nor_a_formula() -> None:
    told = plot(only(replace(routing_report([(HOSTILE, "web")]), name=HOSTILE)), "Quality")
    assert any("<script>" in text and "$x_1$" in text for text in texts(told))


def test_the_page_has_them_and_still_asks_nothing_of_the_network() -> None:
    text = as_html(report())
    page = html.document_fromstring(text.encode("utf-8"))
    titles = page.xpath("//section/h3/text()")
    assert titles == ["Quality", "Latency", "Cost and quality", "Confidence", "Ways chosen: routing"]
    assert len(page.xpath("//section//*[local-name()='svg']")) == 5
    assert "has no plots" not in text
    assert outside(text) == []
    assert as_html(report()) == text


def test_fonts_without_chinese_are_no_cause_for_warnings(recwarn: pytest.WarningsRecorder) -> None:
    plots(only(routing_report([("图谱", "图谱")])))
    assert [str(warning.message) for warning in recwarn] == []


def test_drawing_leaves_the_settings_of_others_alone() -> None:
    import matplotlib

    before = dict(matplotlib.rcParams)
    plots(report())
    assert dict(matplotlib.rcParams) == before
