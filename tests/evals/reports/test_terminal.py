"""Reports and comparisons in the terminal."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import pytest

from agent.terminal import Surroundings, typed_at
from evals.records import RowFault
from evals.reports.compare import compare_runs
from evals.reports.report import Report
from evals.reports.terminal import SHORT, show_comparisons, show_report
from tests.evals.reports.samples import METRICS, question_record, report, task


@dataclass
class RecordingTerminal:
    """What was written, and aside."""

    surroundings: Surroundings = field(
        default_factory=lambda: Surroundings("/", "", False, False, False, True, False, False, False, 80, False)
    )
    written: str = ""
    aside: str = ""

    def write(self, text: str) -> None:
        self.written += text

    def write_aside(self, text: str) -> None:
        self.aside += text

    def read_line(self, prompt: str) -> str:
        raise AssertionError("nothing is asked")


@pytest.fixture
def terminal() -> Iterator[RecordingTerminal]:
    with typed_at(terminal := RecordingTerminal()):
        yield terminal


def cells(terminal: RecordingTerminal, name: str) -> list[str]:
    """The row of a table that begins with `name`, where each column is two spaces apart."""
    (line,) = [line for line in terminal.written.splitlines() if line.startswith(f"{name} ")]
    return [cell.strip() for cell in line.split("  ") if cell.strip()]


def test_a_report_shows_each_figure_with_its_interval_and_what_is_missing(terminal: RecordingTerminal) -> None:
    show_report(report())
    assert cells(terminal, "right") == ["right", "72.7 %", "43.4 to 90.3", "11", "1 failed: TimeoutError"]
    assert cells(terminal, "judged") == ["judged", "–", "–", "0", "11 no judge model, 1 failed: TimeoutError"]
    assert "questions (12 rows, 1 failed)" in terminal.written
    last = terminal.written.splitlines()[-1]
    assert last == (
        "新的切分 <b> · 2026-01-02T03:04:05+00:00 · 15 rows · 1 h 2 min · 12,000 input + 300 output tokens · money 0.25"
    )
    assert terminal.aside == "questions: 1 row could not be used\n"


def long_report() -> Report:
    told = report()
    questions = told.tasks[0]
    more = [replace(questions.measures[2], metric=f"more{number}") for number in range(SHORT)]
    return replace(told, tasks=(replace(questions, measures=(*more, *questions.measures)),))


def test_a_report_is_short_and_begins_with_the_main_measure(terminal: RecordingTerminal) -> None:
    show_report(long_report())
    lines = terminal.written.splitlines()
    assert lines[2].startswith("right ")
    assert lines[2 + SHORT] == "… and 4 measures more: --all, or the report"


def test_a_whole_report_shows_every_measure_and_each_fault(terminal: RecordingTerminal) -> None:
    show_report(long_report(), whole=True)
    assert all(cells(terminal, f"more{number}") for number in range(SHORT))
    assert "more\n" not in terminal.written
    assert "  line 7 (x7): has no answer" in terminal.aside or "line 7 (x7): has no answer" in terminal.aside


def test_a_fault_of_the_whole_file_is_no_row(terminal: RecordingTerminal) -> None:
    told = report()
    faults = (RowFault(0, "", "holds no usable row"), RowFault(4, "", "not JSON"))
    show_report(replace(told, tasks=(replace(told.tasks[0], faults=faults),)), whole=True)
    assert "the file: holds no usable row" in terminal.aside
    assert "1 row could not be used" in terminal.aside


def test_a_table_fits_the_terminal(terminal: RecordingTerminal) -> None:
    terminal.surroundings = replace(terminal.surroundings, output_is_terminal=True, columns=60)
    show_report(replace(report(), tasks=report().tasks[:1]))
    table = terminal.written.split("\n\n")[0].splitlines()[1:]
    assert max(map(len, table)) <= 60
    assert any("─" in line for line in table)


def test_a_terminal_without_unicode_gets_plain_lines(terminal: RecordingTerminal) -> None:
    terminal.surroundings = replace(terminal.surroundings, output_is_terminal=True, output_is_unicode=False)
    show_report(report())
    assert "─" not in terminal.written


def test_markup_in_a_name_stays_text(terminal: RecordingTerminal) -> None:
    told = report()
    measure = replace(told.tasks[1].measures[0], metric="[bold]read[docx][/]", missing={"\x1b[31mred": 2})
    show_report(replace(told, tasks=(replace(told.tasks[1], measures=(measure,)),)))
    assert cells(terminal, "[bold]read[docx][/]")[-1] == "2 red"


def test_a_comparison_shows_what_differs(terminal: RecordingTerminal) -> None:
    before = [question_record(number, right=0.0) for number in range(10)]
    after = [question_record(number, right=float(number > 1)) for number in range(9)]
    show_comparisons(compare_runs([task()], {"questions": before}, {"questions": after}).comparisons)
    shown = cells(terminal, "questions/right")
    assert shown[:4] == ["questions/right", "0.0 %", "77.8 %", "+77.8 points"]
    assert shown[5:] == ["9", "better"]
    assert "questions/model_calls" not in terminal.written
    assert "4 measures in both runs: 1 better, 2 no difference shown, 1 not compared" in terminal.written
    assert terminal.aside == "questions: 1 row only in the first run, 0 only in the second\n"


def test_a_whole_comparison_shows_the_rest_too(terminal: RecordingTerminal) -> None:
    records = [question_record(number, right=1.0) for number in range(10)]
    show_comparisons(compare_runs([task()], {"questions": records}, {"questions": records}).comparisons, whole=True)
    assert cells(terminal, "questions/judged")[-2:] == ["not compared", "10 no judge model"]
    assert cells(terminal, "questions/right")[-1] == "no difference shown"


def test_many_comparisons_are_told_to_differ_by_chance_too(terminal: RecordingTerminal) -> None:
    records = [question_record(number, right=1.0) for number in range(6)]
    many = [task(f"task{number}", METRICS[:1]) for number in range(40)]
    run = {each.name: records for each in many}
    show_comparisons(compare_runs(many, run, run).comparisons)
    assert "Of 40 intervals, 2 or so leave out 0 by chance alone." in terminal.written


def test_no_common_measure_is_told(terminal: RecordingTerminal) -> None:
    show_comparisons([])
    assert terminal.written == "0 measures in both runs\n"
