"""The bars that a person sees while something takes a while."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest

from agent.add_progress import shown_progress
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
        report(Progress(2, 2, "", "indexing", 400, 0, 400))
        report(Progress(2, 2, "", "writing", 400, 0, 2))
        report(Progress(2, 2, "", "indexing", 400, 256, 400))
    assert screen.last == [
        "2/2 files",
        "256/400 indexing passages",
        "0/2 writing documents into the graph database",
    ]


def test_an_add_without_bars_tells_each_once(capsys: pytest.CaptureFixture[str]) -> None:
    with shown_progress() as report:
        report(Progress(0, 1, "b.md", "parsing", 0))
        for done in (0, 200, 400):
            report(Progress(1, 1, "", "indexing", 400, done, 400))
            report(Progress(1, 1, "", "writing", 400, done, 400))
    assert capsys.readouterr().err.splitlines() == [
        "1/1 b.md",
        "indexing 400 passages",
        "writing 400 documents into the graph database",
    ]
