"""The line that is shown while an answer is not there yet."""

from dataclasses import replace

import pytest

from agent import waiting
from agent.terminal import OwnTerminal, Surroundings, typed_at
from agent.waiting import WaitingLine, stage_after


class Screen:
    """A terminal that keeps what is written aside."""

    def __init__(self, has_bars: bool = True) -> None:
        self.aside = ""
        self.surroundings: Surroundings = replace(OwnTerminal().surroundings, errors_have_bars=has_bars)

    def write(self, text: str) -> None:
        raise AssertionError("no part of the result")

    def write_aside(self, text: str) -> None:
        self.aside += text

    def read_line(self, prompt: str) -> str:
        raise EOFError


@pytest.fixture(autouse=True)
def _slow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "_QUICK_SECONDS", -1.0)


def test_it_says_what_goes_on_and_goes_when_the_text_comes() -> None:
    screen = Screen()
    with typed_at(screen):
        line = WaitingLine("zh", quiet=False)
        line.follow({"type": "retrieve.start"})
        line.follow({"type": "evidence", "band": "unclear"})
        assert "正在检索" in screen.aside
        assert screen.aside.endswith("正在阅读找到的内容……")
        line.end()
        line.follow({"type": "grade", "enough": True})
    assert screen.aside.endswith("\r\x1b[K")


@pytest.mark.parametrize(("has_bars", "quiet"), [(False, False), (True, True)])
def test_nothing_is_shown_where_nobody_watches(has_bars: bool, quiet: bool) -> None:
    screen = Screen(has_bars)
    with typed_at(screen):
        line = WaitingLine("en", quiet=quiet)
        line.follow({"type": "run.start"})
        line.end()
    assert screen.aside == ""


def test_nothing_is_shown_where_it_goes_quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "_QUICK_SECONDS", 60.0)
    screen = Screen()
    with typed_at(screen):
        WaitingLine("en", quiet=False).follow({"type": "run.start"})
    assert screen.aside == ""


def test_every_stage_has_its_words() -> None:
    events = [
        {"type": "run.start"},
        {"type": "route"},
        {"type": "evidence", "band": "strong"},
        {"type": "evidence", "band": "weak"},
        {"type": "grade", "enough": False},
        {"type": "rewrite"},
    ]
    assert [stage_after(event) for event in events] == [
        "route", "retrieve", "generate", "rewrite", "rewrite", "retrieve",
    ]  # fmt: skip
    assert stage_after({"type": "final"}) == ""
