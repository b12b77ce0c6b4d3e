import builtins
from collections.abc import Iterator

import pytest

from agent import dialogue
from agent.conversation import Conversation
from tests.agent.command_line import Signpost

LODGING = "一线城市的住宿标准是多少？"


def test_turns_follow_each_other_and_why_tells_of_the_last(filled: Signpost) -> None:
    result = filled("chat", typed=f"/why\n{LODGING}\n/why\n那审批呢？\n/quit\nnever read\n")
    assert result.exit_code == 0
    assert "There is no answer yet." in result.stderr
    assert "550元。[1]" in result.stdout
    assert "逐句核对" in result.stdout
    assert "您的问题指的是什么" not in result.stdout
    assert "never read" not in result.output


@pytest.mark.parametrize("word", ["/quit", "/exit", "exit", "quit", " EXIT ", "退出"])
def test_words_that_leave(filled: Signpost, word: str) -> None:
    result = filled("chat", typed=f"{word}\n/why\n")
    assert result.exit_code == 0
    assert result.stdout == ""
    assert "There is no answer yet." not in result.stderr
    assert "Go on later with" in result.stderr


def test_a_new_conversation_forgets_and_an_old_one_is_found_again(filled: Signpost) -> None:
    filled("chat", "--thread", "old", typed=f"{LODGING}\n")
    forgotten = filled("chat", "--thread", "old", typed="/new\n那审批呢？\n")
    assert "您的问题指的是什么" in forgotten.stdout
    found_again = filled("chat", "--thread", "old", typed="那审批呢？\n")
    assert "您的问题指的是什么" not in found_again.stdout


def test_help_and_empty_lines(filled: Signpost) -> None:
    result = filled("chat", typed="\n/help\n/nonsense\n")
    assert result.exit_code == 0
    assert result.stderr.count("/quit") == 2
    assert result.stdout == ""


def test_an_error_ends_the_answer_and_not_the_conversation(filled: Signpost, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fail(*_: object, **__: object) -> None:
        raise RuntimeError("the disk is gone")

    monkeypatch.setattr(Conversation, "ask", fail)
    result = filled("chat", typed=f"{LODGING}\n{'x' * 8001}\n")
    assert result.exit_code == 0
    assert "RuntimeError: the disk is gone" in result.stderr
    assert "8,001 characters" in result.stderr


def test_ctrl_c_stops_the_answer_and_ctrl_d_leaves(filled: Signpost, monkeypatch: pytest.MonkeyPatch) -> None:
    lines: Iterator[object] = iter([KeyboardInterrupt, LODGING, EOFError])

    def type_next(_: str = "") -> str:
        line = next(lines)
        if isinstance(line, str):
            return line
        raise line  # type: ignore[misc]

    def stopped(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(builtins, "input", type_next)
    monkeypatch.setattr(dialogue, "converse", stopped)
    result = filled("chat")
    assert result.exit_code == 0
    assert "/quit leaves" in result.stderr
    assert "Stopped." in result.stderr
    assert "Go on later with: signpost chat --thread" in result.stderr
