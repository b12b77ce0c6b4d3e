"""What .gitignore files leave out: those in the folder, below it, and above it up to the root of its repository."""

from collections.abc import Iterable
from pathlib import Path

from pathspec import GitIgnoreSpec

_NAME = ".gitignore"


class IgnoreFiles:
    """Whether a path is ignored, as git decides it: the nearest file that says something of it has the word."""

    def __init__(self, folder: Path) -> None:
        repository = (above for above in (folder, *folder.parents) if (above / ".git").exists())
        self._top = next(repository, folder)
        self._known: dict[Path, GitIgnoreSpec | None] = {}

    def leave_out(self, path: Path, *, is_folder: bool) -> bool:
        """`path`: absolute, in the folder; the folders that it stands in are not ignored themselves."""
        for folder in path.parents:
            patterns = self._of(folder)
            said = None if patterns is None else patterns.check_file(path_in(folder, path, is_folder)).include
            if said is not None:
                return said
            if folder == self._top:
                break
        return False

    def _of(self, folder: Path) -> GitIgnoreSpec | None:
        if folder not in self._known:
            try:
                lines = (folder / _NAME).read_bytes().decode(errors="replace").splitlines()
                self._known[folder] = GitIgnoreSpec.from_lines(_usable(lines))
            except OSError:  # most often: there is none
                self._known[folder] = None
        return self._known[folder]


def path_in(folder: Path, path: Path, is_folder: bool) -> str:
    """The path as patterns are compared with: from the folder on, with a slash at the end where it is a folder."""
    return path.relative_to(folder).as_posix() + ("/" if is_folder else "")


def _usable(lines: Iterable[str]) -> list[str]:
    """Without the lines that are no patterns: git passes over them too."""
    return [line for line in lines if is_pattern(line)]


def is_pattern(line: str) -> bool:
    """Whether a line can be understood as a pattern of .gitignore, a comment or a blank line."""
    try:
        GitIgnoreSpec.from_lines([line])
    except ValueError:
        return False
    return True
