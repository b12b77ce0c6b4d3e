"""A folder of evaluation data: task files in one folder, corpora that several tasks need in `shared`."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evals.records import RowFault
from tools.errors import FileError, InputError

_SHARED = "shared"
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Line:
    """One object of a JSONL file. `number` counts from 1."""

    number: int
    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Pack:
    """folder: holds the tasks' files. shared: holds corpora and graphs for several of them."""

    folder: Path
    shared: Path

    def has(self, name: str) -> bool:
        """Whether there is a file of this name, without its ".jsonl"."""
        return self._file(name).is_file()

    def lines(self, name: str) -> tuple[list[Line], list[RowFault]]:
        """The objects of a file, from the tasks' folder or the shared one, and the lines that hold none.

        Raises FileError when it cannot be read.
        """
        return read_lines(self._file(name))

    def path(self, relative: str) -> Path:
        """A file that a row names. Raises InputError for one outside of the tasks' folder."""
        path = (self.folder / relative).resolve()
        if not path.is_relative_to(self.folder.resolve()):
            raise InputError(f"{relative} lies outside of the pack.", next_step="Correct the row that names it.")
        return path

    def _file(self, name: str) -> Path:
        own = self.folder / f"{name}.jsonl"
        return own if own.is_file() else self.shared / f"{name}.jsonl"


def open_pack(folder: Path) -> Pack:
    """The pack in `folder`: its tasks lie there or, beside `shared`, in the only other folder.

    Raises InputError when there are none.
    """
    if not folder.is_dir():
        raise InputError(f"{folder} is no folder.", next_step="Give the folder of an evaluation pack: --pack DIR")
    candidates = [folder, *sorted(each for each in folder.iterdir() if each.is_dir() and each.name != _SHARED)]
    holding = [each for each in candidates if any(each.glob("*.jsonl"))]
    if len(holding) != 1:
        raise InputError(
            f"{folder} holds no evaluation pack." if not holding else f"{folder} holds several packs.",
            why="A pack is a folder with one .jsonl file a task, beside a folder shared/.",
            next_step="Give one of these: " + ", ".join(map(str, holding)) if holding else "",
        )
    own = holding[0]
    beside = own / _SHARED
    return Pack(own, beside if beside.is_dir() else own.parent / _SHARED)


def read_lines(path: Path) -> tuple[list[Line], list[RowFault]]:
    """The objects of a JSONL file and what is no object; blank lines are passed over. Raises FileError."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise FileError(f"{path} cannot be read.", why=error.strerror or str(error)) from error
    lines: list[Line] = []
    faults: list[RowFault] = []
    for number, line in enumerate(content.split(b"\n"), start=1):
        if not line.strip():
            continue
        try:
            values = json.loads(line.decode("utf-8-sig"))
        except UnicodeDecodeError:
            faults.append(RowFault(number, "", "not in UTF-8"))
        except (ValueError, RecursionError):
            faults.append(RowFault(number, "", "not JSON"))
        else:
            if not isinstance(values, dict):
                faults.append(RowFault(number, "", "not a JSON object"))
            elif _LONE_SURROGATE.search(json.dumps(values, ensure_ascii=False)):
                faults.append(RowFault(number, "", "holds half a character"))
            else:
                lines.append(Line(number, values))
    return lines, faults


def without_repeats(lines: Iterable[Line], *, key: str = "id") -> tuple[list[Line], list[RowFault]]:
    """The lines whose `key` is a text that no earlier line has, and why not the others."""
    kept: list[Line] = []
    faults: list[RowFault] = []
    seen: set[str] = set()
    for line in lines:
        id_ = line.values.get(key)
        if not isinstance(id_, str) or not id_:
            faults.append(RowFault(line.number, "", f"has no {key}"))
        elif id_ in seen:
            faults.append(RowFault(line.number, id_, f"repeats the {key} of an earlier line"))
        else:
            seen.add(id_)
            kept.append(line)
    return kept, faults
