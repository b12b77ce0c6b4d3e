"""The command line in tests: in this process, or as a process of its own where signals and pipes matter."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from typer.testing import CliRunner, Result

from agent.__main__ import app

ROOT = Path(__file__).resolve().parents[2]
LODGING = "一线城市的住宿标准是多少？"
"""What one of the `files` answers."""
NOTHING_OUTSIDE = {"SIGNPOST_WEB": "off", "NO_COLOR": "1", "SIGNPOST_LOCK_WAIT_SECONDS": "0.2"}


@dataclass(frozen=True)
class Signpost:
    home: Path

    def __call__(self, *arguments: str | Path, typed: str | None = None) -> Result:
        return CliRunner().invoke(app, [str(argument) for argument in arguments], input=typed)

    def json(self, *arguments: str | Path) -> Any:
        """What a command that succeeds prints with --json."""
        result = self(*arguments, "--json")
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout)

    def error(self, *arguments: str | Path, code: int) -> dict[str, str]:
        """What a command that fails prints with --json; on stderr there is no traceback."""
        result = self(*arguments, "--json")
        assert result.exit_code == code, result.output
        assert "Traceback" not in result.output
        error: dict[str, str] = json.loads(result.stdout)["error"]
        assert set(error) == {"what", "why", "next_step"}
        return error

    def start(
        self, *arguments: str | Path, program: str | None = None, stdin: int = subprocess.DEVNULL
    ) -> "subprocess.Popen[str]":
        """A process; `program` replaces `python -m agent` and gets the arguments."""
        how = ["-c", program] if program else ["-m", "agent"]
        return subprocess.Popen(
            [sys.executable, *how, *(str(argument) for argument in arguments)],
            cwd=ROOT,
            env={**os.environ, **NOTHING_OUTSIDE, "SIGNPOST_HOME": str(self.home)},
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )


def write_rows(path: Path, *rows: object) -> Path:
    """A .jsonl file; texts are written as they are."""
    lines = [row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows]
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def read_rows(path: Path) -> list[Any]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
