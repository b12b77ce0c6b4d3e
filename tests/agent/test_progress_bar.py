"""The bars that a person sees while something takes a while."""

import re
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest

from agent.add_progress import shown_progress
from agent.pace import pace
from agent.progress_bar import progress_bars
from agent.terminal import OwnTerminal, Surroundings, typed_at
from ingest.add_summary import Progress

_CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\r")


class Screen:
    """A terminal that remembers what was written to it."""

    def __init__(self, has_bars: bool = True) -> None:
        surroundings = OwnTerminal().surroundings
        self.surroundings: Surroundings = replace(
            surroundings, errors_have_bars=has_bars, output_is_unicode=True, errors_have_colours=False, columns=100
        )
        self.aside = ""

    def write(self, text: str) -> None:
        raise AssertionError(text)

    def write_aside(self, text: str) -> None:
        self.aside += text

    def read_line(self, prompt: str) -> str:
        raise AssertionError(prompt)

    @property
    def last(self) -> list[str]:
        """The lines that stood there before the bars went, without the bars themselves."""
        frames = [_CONTROL.sub("", frame) for frame in self.aside.split("\r")]
        lines = [frame.splitlines() for frame in frames if frame.strip()][-1]
        return [" ".join(line.strip(" ━╸╺").split()) for line in lines]


@pytest.fixture
def screen() -> Iterator[Screen]:
    screen = Screen()
    with typed_at(screen):
        yield screen


def test_what_runs_at_once_stands_one_below_the_other(screen: Screen) -> None:
    with progress_bars() as show:
        assert show is not None
        show("indexing passages", 0, 400)
        show("writing documents", 0, 120)
        show("indexing passages", 256, 400)
        show("writing documents", 100, 120)
        show("writing documents", 120, 130, text="writing [b]old")
    assert screen.last == ["256/400 indexing passages", "120/130 writing [b]old"]


def test_where_no_bar_can_be_shown_there_is_none() -> None:
    screen = Screen(has_bars=False)
    with typed_at(screen), progress_bars() as show:
        assert show is None
    assert screen.aside == ""


def test_an_add_shows_its_files_and_what_is_derived_from_them(screen: Screen) -> None:
    with shown_progress() as report:
        report(Progress(1, 2, "b.md", "storing", 300))
        report(Progress(2, 2, "", "indexing", 400, 0, 400, pages=7))
        report(Progress(2, 2, "", "writing", 400, 0, 2, pages=7))
        report(Progress(2, 2, "", "indexing", 400, 256, 400, pages=7))
    assert screen.last == [
        "2/2 files, 7 pages, 400 passages",
        "256/400 indexing passages",
        "0/2 writing documents into the graph database",
    ]


def test_bars_tell_the_pace_once_it_is_known(screen: Screen, monkeypatch: pytest.MonkeyPatch) -> None:
    with shown_progress() as report:
        report(Progress(10, 100, "b.md", "storing", 300))
        monkeypatch.setattr("agent.pace._SHOWN_AFTER_SECONDS", 0.0)
        time.sleep(0.05)
        report(Progress(30, 100, "c.md", "parsing", 300))
    assert re.fullmatch(r"30/100 files, 300 passages: parsing c\.md [\d.,]+/s, 0:0\d left", screen.last[-1])


@pytest.mark.parametrize(
    ("done", "left", "seconds", "said"),
    [
        (0, 100, 60, ""),
        (5, 100, 1, ""),
        (50, 100, 10, "5.0/s, 0:20 left"),
        (12_000, 3_700_000, 10, "1,200/s, 51:23 left"),
        (3, 15_000, 10, "0.3/s, 13:53:20 left"),
        (30, 0, 10, "3.0/s"),
    ],
)
def test_the_pace_in_words(done: int, left: int, seconds: float, said: str) -> None:
    assert pace(done, left, seconds) == said


def test_an_add_without_bars_tells_each_once(capsys: pytest.CaptureFixture[str]) -> None:
    with shown_progress() as report:
        report(Progress(0, 1, "b.md", "parsing", 0))
        for done in (0, 200, 400):
            report(Progress(1, 1, "", "indexing", 400, done, 400))
            report(Progress(1, 1, "", "writing", 400, done, 400))
        report(Progress(1, 1, "", "done", 400, pages=1))
    assert capsys.readouterr().err.splitlines() == [
        "1/1 b.md",
        "indexing 400 passages",
        "writing 400 documents into the graph database",
        "1/1 files, 1 page, 400 passages",
    ]


def test_a_long_add_without_bars_tells_how_far_it_is_now_and_then(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = iter(range(0, 10_000, 1))
    monkeypatch.setattr("time.monotonic", lambda: float(next(clock)))
    with shown_progress() as report:
        for number in range(40):
            report(Progress(number, 40, f"{number}.md", "reading", number))
            report(Progress(number, 40, f"{number}.md", "parsing", number))
            report(Progress(number, 40, "", "indexing", number, 0, 10))  # on the way
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "1/40 0.md"
    assert 10 < len(lines) < 90
    assert all(re.match(r"\d+/40 files, \d+ passages?(, [\d.]+/s, \d+:\d\d left)?$", line) for line in lines[5:])
