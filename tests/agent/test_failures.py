import json

import pytest
import typer

from agent.failures import explained
from tools.errors import InputError, StoreError


def ended(error: BaseException, capsys: pytest.CaptureFixture[str], *, as_json: bool = False) -> tuple[int, str, str]:
    def command(as_json: bool) -> int:
        raise error

    with pytest.raises(typer.Exit) as end:
        explained(command)(as_json=as_json)
    out, err = capsys.readouterr()
    return end.value.exit_code, out, err


def test_the_exit_code_of_a_command_is_its_result() -> None:
    with pytest.raises(typer.Exit) as end:
        explained(lambda: 2)()
    assert end.value.exit_code == 2


def test_errors_raised_on_purpose_are_told_whole(capsys: pytest.CaptureFixture[str]) -> None:
    error = InputError("It is red.", why="It was painted.", next_step="Paint it blue.")
    assert ended(error, capsys) == (2, "", "It is red.\nWhy: It was painted.\nNext: Paint it blue.\n")
    assert ended(StoreError("Gone."), capsys) == (1, "", "Gone.\n")


def test_as_json_they_are_on_stdout(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = ended(InputError("红的。", why="w"), capsys, as_json=True)
    assert (code, err) == (2, "")
    assert json.loads(out) == {"error": {"what": "红的。", "why": "w", "next_step": ""}}


def test_what_nobody_expected_is_one_message_without_a_traceback(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    code, _, err = ended(ZeroDivisionError("by\nzero"), capsys)
    assert code == 1
    assert err.startswith("Signpost failed: ZeroDivisionError: by zero\n")
    assert "SIGNPOST_DEBUG=1" in err
    assert "Traceback" not in err
    monkeypatch.setenv("SIGNPOST_DEBUG", "1")
    assert "Traceback" in ended(ZeroDivisionError(), capsys)[2]


def test_ctrl_c_says_what_is_kept(capsys: pytest.CaptureFixture[str]) -> None:
    assert ended(KeyboardInterrupt("All of it is kept."), capsys) == (1, "", "Stopped. All of it is kept.\n")


def test_a_closed_pipe_is_left_to_the_command_line() -> None:
    def command() -> int:
        raise BrokenPipeError

    with pytest.raises(BrokenPipeError):
        explained(command)()


def test_a_folder_of_another_program_is_told_before_the_command_runs(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def shadowed() -> None:
        raise StoreError("The folder 'tools' is not Signpost's own.")

    monkeypatch.setattr("agent.failures.check_folders", shadowed)
    assert ended(AssertionError("not reached"), capsys)[2] == "The folder 'tools' is not Signpost's own.\n"
