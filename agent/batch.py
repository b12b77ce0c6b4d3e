"""Many questions at once: rows of a .jsonl file, worked on concurrently, written in input order."""

import asyncio
import json
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agent.failures import as_signpost_error, error_values
from agent.inputs import checked_question
from agent.output import absolute_path, counted, note, say_json
from tools.errors import FileError, InputError, SignpostError
from tools.text.clean import one_line

_ROLES = ("user", "assistant")
_TOLD_FAILURES = 3
_AHEAD = 4
"""Rows begun for each place, so that one slow row does not leave the other places idle."""

_ROW = 'Write rows such as {"id": "1", "question": "…"}, one a line.'


@dataclass(frozen=True, slots=True)
class Row:
    """One question. `history`: the messages before it, oldest first, each with `role` and `content`."""

    id: Any
    question: str
    history: tuple[dict[str, str], ...] = ()

    @property
    def messages(self) -> list[dict[str, str]]:
        """The conversation that ends with the question."""
        return [*self.history, {"role": "user", "content": self.question}]


@dataclass(frozen=True, slots=True)
class BadRow:
    """A line that is no question. `id` is the row's where it could be read."""

    id: Any
    error: SignpostError


Work = Callable[[Row], Awaitable[dict[str, Any]]]


def require_files(question: str | None, batch: Path | None, out: Path | None) -> tuple[Path, Path] | None:
    """The two files of a batch, or None when one question is asked. Raises InputError for any other combination."""
    if batch is None and out is None and question is not None:
        return None
    if batch is not None and out is not None and question is None:
        if batch.resolve() == out.resolve():
            raise InputError(f"--batch and --out are the same file: {batch}", next_step="Give --out another name.")
        return batch, out
    raise InputError(
        "A question or a batch is needed.",
        why="Give QUESTION alone, or --batch IN.jsonl together with --out OUT.jsonl.",
    )


def read_rows(path: Path) -> list[Row | BadRow]:
    """The rows of a .jsonl file; blank lines are passed over. Raises FileError when it cannot be read."""
    try:
        lines = path.read_bytes().splitlines()
    except OSError as error:
        raise FileError(f"{path} cannot be read.", why=error.strerror or str(error)) from error
    return [_row(line, number) for number, line in enumerate(lines, start=1) if line.strip()]


def _row(line: bytes, number: int) -> Row | BadRow:
    try:
        values = json.loads(line.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return BadRow(None, InputError(f"Line {number} is not JSON in UTF-8.", next_step=_ROW))
    if not isinstance(values, dict):
        return BadRow(None, InputError(f"Line {number} is not a JSON object.", next_step=_ROW))
    row_id = values.get("id")
    history = values.get("history") or []
    if not isinstance(row_id, str | int) or isinstance(row_id, bool):
        return BadRow(None, InputError(f"Line {number} has no id.", why="An id is a text or a whole number."))
    if not isinstance(values.get("question"), str):
        return BadRow(row_id, InputError(f"Line {number} has no question.", why="A question is a text."))
    if not isinstance(history, list) or not all(_is_message(message) for message in history):
        why = 'A history is a list of {"role": "user" or "assistant", "content": text}.'
        return BadRow(row_id, InputError(f"The history of line {number} cannot be used.", why=why))
    messages = tuple({"role": message["role"], "content": message["content"]} for message in history)
    try:
        return Row(row_id, checked_question(values["question"]), messages)
    except SignpostError as error:
        return BadRow(row_id, error)


def _is_message(message: object) -> bool:
    return isinstance(message, dict) and message.get("role") in _ROLES and isinstance(message.get("content"), str)


async def run_batch(rows: Iterable[Row | BadRow], out: Path, concurrency: int, work: Work) -> list[dict[str, Any]]:
    """Writes one object a row, in order, as soon as all before it are written; returns those that have an `error`.

    At most `concurrency` rows are worked on at a time. Ended early, the file holds whole rows only.
    """
    waiting: deque[asyncio.Task[dict[str, Any]]] = deque()
    failed: list[dict[str, Any]] = []
    remaining: Iterator[Row | BadRow] = iter(rows)
    turns = asyncio.Semaphore(concurrency)
    with _opened(out) as file:
        try:
            while True:
                while len(waiting) < concurrency * _AHEAD and (row := next(remaining, None)) is not None:
                    waiting.append(asyncio.create_task(_outcome(row, work, turns)))
                if not waiting:
                    return failed
                outcome = await waiting.popleft()
                if "error" in outcome:
                    failed.append(outcome)
                file.write(json.dumps(outcome, ensure_ascii=False) + "\n")
                file.flush()
        finally:
            for task in waiting:
                task.cancel()


def _opened(out: Path) -> Any:
    try:
        return out.open("w", encoding="utf-8", errors="backslashreplace")
    except OSError as error:
        raise FileError(f"{out} cannot be written.", why=error.strerror or str(error)) from error


async def _outcome(row: Row | BadRow, work: Work, turns: asyncio.Semaphore) -> dict[str, Any]:
    if isinstance(row, BadRow):
        return {"id": row.id, "error": error_values(row.error)}
    try:
        async with turns:
            return {"id": row.id, **await work(row)}
    except Exception as error:  # one row's failure is that row's result
        return {"id": row.id, "error": error_values(as_signpost_error(error))}


def batch_result(rows: int, failed: Sequence[dict[str, Any]], out: Path, as_json: bool) -> int:
    """Tells how a batch went and returns its exit code."""
    if as_json:
        say_json({"rows": rows, "failed": len(failed), "out": absolute_path(str(out))})
    else:
        note(f"{counted(rows, 'row')}, {len(failed):,} failed: {out}")
        for outcome in failed[:_TOLD_FAILURES]:
            error = outcome["error"]
            row_id = "(no id)" if outcome["id"] is None else outcome["id"]
            note(f"  {row_id}: {one_line(' '.join(part for part in (error['what'], error['why']) if part))}")
    return 1 if failed else 0
