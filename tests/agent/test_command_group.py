import sys
from importlib.metadata import EntryPoint

import pytest

from agent import command_group
from tests.agent.command_line import Signpost

MODULE = '''
import typer
from tools.errors import InputError

app = typer.Typer()

@app.command()
def run(as_json: bool = typer.Option(False, "--json")) -> int:
    print("measured")
    return 0

@app.command()
def refuse(as_json: bool = typer.Option(False, "--json")) -> int:
    raise InputError("There is nothing to measure.")

def single(number: int) -> int:
    """One function is one command."""
    print(number)
    return 1
'''


@pytest.fixture(autouse=True)
def _added_commands(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("added")
    (folder / "added_commands.py").write_text(MODULE, encoding="utf-8")
    monkeypatch.syspath_prepend(str(folder))
    monkeypatch.delitem(sys.modules, "added_commands", raising=False)
    group = command_group.ENTRY_POINT_GROUP
    entries = [
        EntryPoint("measure", "added_commands:app", group),
        EntryPoint("count", "added_commands:single", group),
        EntryPoint("broken", "not_there:app", group),
    ]
    monkeypatch.setattr(command_group, "entry_points", lambda group: entries)


def test_help_names_added_commands_without_importing_them(signpost: Signpost) -> None:
    result = signpost("--help")
    assert result.exit_code == 0
    assert "broken, count, measure" in result.stdout
    assert "added_commands" not in sys.modules


def test_an_added_app_runs_with_its_own_commands_and_our_errors(signpost: Signpost) -> None:
    assert signpost("measure", "run").stdout == "measured\n"
    assert signpost.error("measure", "refuse", code=2)["what"] == "There is nothing to measure."


def test_an_added_function_is_a_command_with_its_exit_code(signpost: Signpost) -> None:
    result = signpost("count", "7")
    assert (result.stdout, result.exit_code) == ("7\n", 1)
    assert signpost("count", "seven").exit_code == 2


def test_own_commands_come_first_and_unknown_ones_are_wrong_usage(signpost: Signpost) -> None:
    assert signpost("status").exit_code == 0
    assert signpost("mesure").exit_code == 2


def test_an_added_command_that_cannot_be_loaded_says_so(signpost: Signpost) -> None:
    result = signpost("broken")
    assert result.exit_code == 1
    assert "'broken'" in result.stderr
    assert "Traceback" not in result.output
