"""Reading packs: what cannot be used is named by its line, and the rest is kept."""

import json
from pathlib import Path

import pytest

from evals.pack import open_pack, read_lines, without_repeats
from tools.errors import FileError, InputError


def write(path: Path, *rows: object) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows), encoding="utf-8")
    return path


@pytest.mark.parametrize("inside", ["", "dev", "held_out"])
def test_tasks_lie_in_the_folder_or_beside_the_shared_files(tmp_path: Path, inside: str) -> None:
    write(tmp_path / inside / "routing.jsonl", {"id": "1"})
    write(tmp_path / "shared" / "graph.jsonl", {"head": "a"})
    pack = open_pack(tmp_path)
    assert pack.has("routing")
    assert pack.has("graph")
    assert not pack.has("other")
    assert pack.lines("graph")[0][0].values == {"head": "a"}
    assert open_pack(tmp_path / inside).has("graph")


def test_a_folder_without_tasks_and_one_with_several_packs_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no folder"):
        open_pack(tmp_path / "gone")
    with pytest.raises(InputError, match="no evaluation pack"):
        open_pack(tmp_path)
    write(tmp_path / "a" / "x.jsonl", {})
    write(tmp_path / "b" / "x.jsonl", {})
    with pytest.raises(InputError, match="several packs") as caught:
        open_pack(tmp_path)
    assert str(tmp_path / "a") in caught.value.next_step


def test_bad_lines_are_named_and_the_others_kept(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    lines = [
        b'{"id": "1"}',
        b"",
        b"{",
        b"[1]",
        '{"id": "高"}'.encode("gb18030"),
        b"[" * 100_000,
        b'{"id": "2"}',
        rb'{"id": "\ud800"}',
    ]
    path.write_bytes(b"\r\n".join(lines))
    kept, faults = read_lines(path)
    assert [(line.number, line.values["id"]) for line in kept] == [(1, "1"), (7, "2")]
    assert [(fault.line, fault.why) for fault in faults] == [
        (3, "not JSON"),
        (4, "not a JSON object"),
        (5, "not in UTF-8"),
        (6, "not JSON"),
        (8, "holds half a character"),
    ]
    with pytest.raises(FileError, match="cannot be read"):
        read_lines(tmp_path / "gone.jsonl")


def test_repeated_and_missing_ids_are_faults(tmp_path: Path) -> None:
    path = write(tmp_path / "rows.jsonl", {"id": "1"}, {"id": "1"}, {"id": 3}, {}, {"id": "2"})
    kept, faults = without_repeats(read_lines(path)[0])
    assert [line.values["id"] for line in kept] == ["1", "2"]
    assert [(fault.line, fault.why) for fault in faults] == [
        (2, "repeats the id of an earlier line"),
        (3, "has no id"),
        (4, "has no id"),
    ]


def test_a_row_names_no_file_outside_of_its_pack(tmp_path: Path) -> None:
    write(tmp_path / "dev" / "rows.jsonl", {})
    pack = open_pack(tmp_path)
    assert pack.path("docs/a.pdf") == (tmp_path / "dev" / "docs" / "a.pdf").resolve()
    for name in ("../secret.pdf", "/etc/passwd", "docs/../../x"):
        with pytest.raises(InputError, match="outside"):
            pack.path(name)
