"""Where runs are kept: a folder each in the home, with what was measured, every record and the page."""

import json
import re
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from evals.records import Record
from tools.errors import FileError, NotFoundError

CACHE = "records.db"
"""Beside the runs: rows that were run already."""
RECORDS = "records.jsonl"
REPORT = "report.json"
PAGE = "report.html"
_LATEST = "latest"


def evaluation_folder(home: Path) -> Path:
    """The folder of everything that evaluations keep."""
    return home / "evaluation"


def new_run_folder(folder: Path, label: str, now: datetime) -> Path:
    """Makes the folder of a new run, called by its time and label. Raises FileError."""
    name = "-".join(part for part in (now.strftime("%Y%m%d-%H%M%S"), re.sub(r"[^\w.]+", "-", label).strip("-")) if part)
    made = folder / "runs" / name
    try:
        made.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileError(f"{made} cannot be made.", why=error.strerror or str(error)) from error
    return made


def run_folders(folder: Path) -> list[Path]:
    """The folders of all runs, the oldest first; of one that was stopped too, which may lack a report."""
    return sorted((folder / "runs").glob("*"))


def find_run(folder: Path, name: str) -> Path:
    """The folder of a run: a path, its name, the newest of a label, how a name begins, or `latest`.

    Raises NotFoundError.
    """
    path = Path(name)
    if (path / REPORT).is_file():
        return path
    runs = [run for run in run_folders(folder) if (run / REPORT).is_file()]
    found = runs[-1:] if name == _LATEST else [run for run in runs if run.name == name]
    found = found or [run for run in runs if _label_of(run) == name][-1:]
    found = found or [run for run in runs if run.name.startswith(name)]
    if len(found) == 1:
        return found[0]
    known = ", ".join(run.name for run in (found or runs)[-10:])
    raise NotFoundError(
        f"There is no run '{name}'." if not found else f"Several runs are called '{name}'.",
        why=f"There are: {known}." if known else "No evaluation has been run yet.",
        next_step="signpost eval run --pack DIR, or signpost eval run FILE.jsonl; --label gives a run a name",
    )


def _label_of(run: Path) -> str:
    """What stands behind the time in a run's name."""
    return "-".join(run.name.split("-")[2:])


def write_records(run: Path, records: Iterable[Record]) -> None:
    """Writes the records of a run. Raises FileError."""
    lines = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
    write(run / RECORDS, lines)


def read_records(run: Path) -> list[Record]:
    """The records of a run. Raises FileError when they cannot be read."""
    path = run / RECORDS
    try:
        return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]
    except OSError as error:
        raise FileError(f"{path} cannot be read.", why=error.strerror or str(error)) from error
    except ValueError as error:
        raise FileError(f"{path} is damaged.", why=str(error), next_step="Run the evaluation again.") from error


def write(path: Path, text: str) -> None:
    """The file is then whole, or as it was. Raises FileError when it cannot be written."""
    draft = path.with_suffix(f"{path.suffix}.draft")
    try:
        draft.write_text(text, encoding="utf-8", errors="backslashreplace")
        draft.replace(path)
    except OSError as error:
        raise FileError(f"{path} cannot be written.", why=error.strerror or str(error)) from error
