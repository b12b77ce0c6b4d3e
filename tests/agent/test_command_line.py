import pytest

from agent.__main__ import COMMANDS
from tests.agent.command_line import Signpost


def test_help_lists_every_command(signpost: Signpost) -> None:
    shown = signpost("--help").stdout
    assert [name for name in COMMANDS if f" {name} " not in shown] == []


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself_and_prints_json(signpost: Signpost, name: str) -> None:
    shown = signpost(name, "--help")
    assert shown.exit_code == 0
    assert "--json" in shown.stdout


def test_version(signpost: Signpost) -> None:
    result = signpost("--version")
    assert result.exit_code == 0
    assert result.stdout.startswith("signpost ")


def test_no_command_is_wrong_usage(signpost: Signpost) -> None:
    assert signpost("nonsense").exit_code == 2
