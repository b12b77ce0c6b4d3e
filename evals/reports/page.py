"""The tables of a Markdown file that are written by code: what stands between their markers, and nothing else."""

import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from tempfile import NamedTemporaryFile

from tools.errors import FileError, InputError

_MARKER = re.compile(r"<!-- (/?)eval:([^\s<>]+) -->")


def rewrite_tables(path: Path, tables: Mapping[str, str]) -> None:
    """Puts each table between `<!-- eval:NAME -->` and `<!-- /eval:NAME -->`; tables not given stay as they are.

    The file is replaced whole, or not at all. Raises InputError when markers are missing, repeated or nested or a
    table holds one, FileError when the file cannot be read or written.
    """
    text, places = _read(path, tables)
    _write_whole(path, _filled(path, text, places, tables))


def check_places(path: Path, names: Iterable[str]) -> None:
    """Raises what `rewrite_tables` would for tables of these names, before the work is done that fills them."""
    _read(path, names)


def _read(path: Path, names: Iterable[str]) -> tuple[str, dict[str, tuple[int, int]]]:
    # Bytes, so that line ends stay as they are.
    try:
        text = path.read_bytes().decode("utf-8")
    except OSError as error:
        raise FileError(f"{path} cannot be read.", why=error.strerror or str(error)) from error
    except UnicodeDecodeError as error:
        raise FileError(f"{path} cannot be read.", why="It is not in UTF-8.") from error
    places = _places(path, text)
    if lacking := [name for name in names if name not in places]:
        first = lacking[0]
        raise InputError(
            f"{path} has no place for the table {first}.",
            next_step=f"Add two lines where it belongs: <!-- eval:{first} --> and <!-- /eval:{first} -->",
        )
    return text, places


def _filled(path: Path, text: str, places: Mapping[str, tuple[int, int]], tables: Mapping[str, str]) -> str:
    line_end = "\r\n" if "\r\n" in text else "\n"
    for name, (start, end) in sorted(places.items(), key=lambda place: -place[1][0]):
        if name in tables:
            table = tables[name].strip("\n")
            if _MARKER.search(table):
                raise InputError(f"{path} was not changed.", why=f"The table {name} holds a marker of a table.")
            inner = "".join(line + line_end for line in ["", *table.split("\n")])
            text = text[:start] + inner + text[end:]
    return text


def _places(path: Path, text: str) -> dict[str, tuple[int, int]]:
    """Where what lies between the markers of each table starts and ends."""
    places: dict[str, tuple[int, int]] = {}
    opened: tuple[str, int] | None = None
    for marker in _MARKER.finditer(text):
        closes, name = bool(marker[1]), marker[2]
        line = text.count("\n", 0, marker.start()) + 1
        if not closes and opened:
            raise _wrong(path, line, f"eval:{name} begins within eval:{opened[0]}")
        if not closes and name in places:
            raise _wrong(path, line, f"eval:{name} is there twice")
        if closes and (opened is None or opened[0] != name):
            raise _wrong(path, line, f"/eval:{name} closes what is not open")
        if opened:
            places[name] = (opened[1], marker.start())
        opened = None if closes else (name, marker.end())
    if opened:
        raise _wrong(path, text.count("\n", 0, opened[1]) + 1, f"eval:{opened[0]} is never closed")
    return places


def _wrong(path: Path, line: int, why: str) -> InputError:
    return InputError(
        f"The markers of tables in {path} are wrong.",
        why=f"Line {line}: {why}.",
        next_step="Each table stands between <!-- eval:NAME --> and <!-- /eval:NAME -->, none within another.",
    )


def _write_whole(path: Path, text: str) -> None:
    target = path.resolve()  # a link stays one
    try:
        mode = target.stat().st_mode
        with NamedTemporaryFile("wb", dir=target.parent, prefix=f".{target.name}.", delete=False) as draft:
            try:
                draft.write(text.encode("utf-8"))
                draft.close()
                os.chmod(draft.name, mode)
                os.replace(draft.name, target)
            except BaseException:
                Path(draft.name).unlink(missing_ok=True)
                raise
    except OSError as error:
        raise FileError(f"{path} cannot be written.", why=error.strerror or str(error)) from error
