"""Which files the paths of an `add` mean, and why others are left out."""

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.discover import Found, Patterns, discover
from ingest.file_uri import file_uri, uri_path
from tools.errors import FileError, InputError


def make(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"text of {name}", encoding="utf-8")


def names(found: Found, folder: Path) -> list[str]:
    return [path.relative_to(folder).as_posix() for path in found.files]


def skipped(found: Found, folder: Path) -> dict[str, str]:
    return {each.path.relative_to(folder).as_posix(): each.reason for each in found.skipped}


def test_folders_recurse_in_order_and_say_what_they_leave_out(tmp_path: Path) -> None:
    make(tmp_path, "b.md", "a.md", "z/c.md", "m/d.md", "film.mp4", ".hidden.md", ".git/e.md")
    found = discover([tmp_path])
    assert names(found, tmp_path) == ["a.md", "b.md", "m/d.md", "z/c.md"]
    assert skipped(found, tmp_path) == {".git": "hidden", ".hidden.md": "hidden", "film.mp4": "unread format"}
    assert (found.folders, found.unreadable) == ((tmp_path,), ())


def test_text_without_an_extension_is_wanted_and_other_files_without_one_are_not(tmp_path: Path) -> None:
    make(tmp_path, "README", "Makefile", "in/LICENSE", "left-out", ".netrc", ".gitignore")
    (tmp_path / ".gitignore").write_text("left-out\n")
    (tmp_path / "program").write_bytes(bytes(range(256)))
    (tmp_path / "blank").touch()
    (tmp_path / "id_lin").write_text("-----BEGIN OPENSSH PRIVATE KEY-----\nnone\n")
    found = discover([tmp_path], Patterns(exclude=("in/",)))
    assert names(found, tmp_path) == ["Makefile", "README"]
    assert skipped(found, tmp_path) == {
        ".gitignore": "hidden",
        ".netrc": "hidden",
        "blank": "unread format",
        "id_lin": "unread format",
        "in": "excluded",
        "left-out": "ignored",
        "program": "unread format",
    }


def test_files_are_called_by_their_path_from_the_folder_on_that_was_named(tmp_path: Path) -> None:
    make(tmp_path, "one/a.md", "one/inner/a.md", "two/a.md", "alone.md")
    one = discover([tmp_path / "one", tmp_path / "alone.md"])
    assert [one.name_of(path) for path in one.files] == ["a.md", "inner/a.md", "alone.md"]
    both = discover([tmp_path / "one", tmp_path / "two"])
    assert [both.name_of(path) for path in both.files] == ["one/a.md", "one/inner/a.md", "two/a.md"]
    assert both.name_of(tmp_path / "two") == "two"
    files = discover([tmp_path / "one" / "a.md", tmp_path / "one" / "inner" / "a.md"])
    assert [files.name_of(path) for path in files.files] == ["a.md", "inner/a.md"]


@pytest.mark.parametrize(
    ("include", "exclude", "left"),
    [
        (["*.md"], [], ["a.md", "drafts/b.md", "drafts/old/c.md"]),
        ([], ["drafts/"], ["a.md", "a.txt"]),
        (["*.md", "*.txt"], ["old/"], ["a.md", "a.txt", "drafts/b.md", "drafts/b.txt"]),
        (["/drafts/**"], [], ["drafts/b.md", "drafts/b.txt", "drafts/old/c.md"]),
        ([], ["*", "!*.txt"], ["a.txt"]),
    ],
)
def test_patterns_say_which_files_are_wanted(
    tmp_path: Path, include: Sequence[str], exclude: Sequence[str], left: Sequence[str]
) -> None:
    make(tmp_path, "a.md", "a.txt", "drafts/b.md", "drafts/b.txt", "drafts/old/c.md")
    found = discover([tmp_path], Patterns(tuple(include), tuple(exclude)))
    assert names(found, tmp_path) == left
    assert set(skipped(found, tmp_path).values()) == {"excluded"}


@pytest.mark.parametrize("pattern", ["", "  ", "!", "a\\"])
def test_what_is_no_pattern_is_wrong_input(pattern: str) -> None:
    with pytest.raises(InputError, match="is no pattern") as caught:
        Patterns(exclude=(pattern,))
    assert "--exclude" in caught.value.next_step


def test_a_file_that_is_named_needs_no_pattern(tmp_path: Path) -> None:
    make(tmp_path, "a.md", ".gitignore")
    (tmp_path / ".gitignore").write_text("*.md")
    assert discover([tmp_path / "a.md"], Patterns(exclude=("*.md",))).files == (tmp_path / "a.md",)


def test_gitignore_files_act_as_in_git(tmp_path: Path) -> None:
    make(
        tmp_path,
        "a.md",
        "b.md",
        "build/c.md",
        "inner/a.md",
        "inner/keep.md",
        "inner/deep/a.md",
        "top/.git/x",
        "top/e.md",
    )
    (tmp_path / ".gitignore").write_text("# comment\na.md\nbuild/\n!\ninner/keep.md\n")
    (tmp_path / "inner" / ".gitignore").write_text("!keep.md\n!/a.md\n")
    found = discover([tmp_path])
    assert names(found, tmp_path) == ["b.md", "inner/a.md", "inner/keep.md", "top/e.md"]
    assert {name for name, reason in skipped(found, tmp_path).items() if reason == "ignored"} == {
        "a.md",
        "build",
        "inner/deep/a.md",
    }


def test_gitignore_files_above_count_up_to_the_root_of_the_repository(tmp_path: Path) -> None:
    make(tmp_path, "repository/papers/a.md", "repository/papers/b.md", "repository/.git/HEAD")
    (tmp_path / ".gitignore").write_text("b.md\n")
    (tmp_path / "repository" / ".gitignore").write_text("/papers/a.md\n")
    papers = tmp_path / "repository" / "papers"
    assert names(discover([papers]), papers) == ["b.md"]


def test_links_in_a_circle_and_out_of_the_folder_are_not_followed(tmp_path: Path) -> None:
    make(tmp_path, "in/a.md", "in/deep/b.md", "out/secret.md")
    folder = tmp_path / "in"
    (folder / "deep" / "circle").symlink_to(folder)
    (folder / "away.md").symlink_to(tmp_path / "out" / "secret.md")
    (folder / "loop.md").symlink_to(folder / "loop.md")
    (folder / "gone.md").symlink_to(folder / "nowhere.md")
    found = discover([folder])
    assert names(found, folder) == ["a.md", "deep/b.md"]
    assert skipped(found, folder) == dict.fromkeys(["deep/circle", "away.md", "loop.md", "gone.md"], "link")


def test_a_file_of_two_names_is_read_once_under_its_own(tmp_path: Path) -> None:
    make(tmp_path, "m.md", "other.md")
    (tmp_path / "a.md").symlink_to(tmp_path / "m.md")
    os.link(tmp_path / "m.md", tmp_path / "z.md")
    found = discover([tmp_path, tmp_path / "m.md"])
    assert names(found, tmp_path) == ["m.md", "other.md"]
    assert skipped(found, tmp_path) == {"a.md": "same file", "z.md": "same file"}


def test_a_linked_file_in_the_folder_is_read_where_its_own_name_is_hidden(tmp_path: Path) -> None:
    make(tmp_path, ".store/object.md")
    (tmp_path / "a.md").symlink_to(tmp_path / ".store" / "object.md")
    assert names(discover([tmp_path]), tmp_path) == ["a.md"]


def test_a_folder_that_cannot_be_listed_is_told_and_the_others_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(tmp_path, "a.md", "locked/b.md", "open/c.md")
    scan = os.scandir

    def scandir(path: Path) -> object:
        if Path(path).name == "locked":
            raise PermissionError(13, "Permission denied")
        return scan(path)

    monkeypatch.setattr(os, "scandir", scandir)
    found = discover([tmp_path])
    assert names(found, tmp_path) == ["a.md", "open/c.md"]
    assert found.unreadable == ((tmp_path / "locked", "Permission denied"),)


def test_folders_nested_deeper_than_calls_may_be(tmp_path: Path) -> None:
    folder = os.open(tmp_path, os.O_RDONLY)
    try:
        for _ in range(1500):
            os.mkdir("d", dir_fd=folder)
            inner = os.open("d", os.O_RDONLY, dir_fd=folder)
            os.close(folder)
            folder = inner
        os.close(os.open("deep.md", os.O_CREAT, dir_fd=folder))
        assert len(discover([tmp_path]).files) == 1
    finally:
        os.close(folder)
        subprocess.run(["rm", "-rf", tmp_path / "d"], check=True)  # shutil's rmtree is one of those calls


@given(st.text(st.characters(exclude_characters="\0/"), min_size=1, max_size=40).filter(lambda name: name not in "..."))
def test_the_path_of_a_uri_is_the_one_that_it_was_made_of(name: str) -> None:
    path = Path("/papers") / name
    try:
        uri = file_uri(path)
    except FileError:  # half a surrogate pair
        return
    assert uri_path(uri) == path


@pytest.mark.parametrize(
    "name", ["%41.md", "%0A", "%25", "100%", "%C2%85", "%C2%8", "%E2%80%A8x", "%EF%BB%BF", "%7F%257F"]
)
def test_names_that_look_encoded(name: str) -> None:
    assert uri_path(file_uri(Path("/papers") / name)) == Path("/papers") / name


def test_a_home_is_not_looked_into(tmp_path: Path) -> None:
    kept = tmp_path / "home" / "evaluation" / "records.jsonl"
    kept.parent.mkdir(parents=True)
    kept.write_text('{"text": "secret"}', encoding="utf-8")
    (tmp_path / "a.md").write_text("The mill.", encoding="utf-8")
    (tmp_path / "home" / "home.lock").touch()
    found = discover([tmp_path])
    assert found.files == (tmp_path / "a.md",)
    assert [(each.path.name, each.reason) for each in found.skipped] == [("home", "home")]
    assert discover([tmp_path / "home"]).files == ()
