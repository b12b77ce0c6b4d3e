"""What .gitignore files leave out: those in the folder, below it, and above it up to the root of its repository."""

from dataclasses import dataclass
from pathlib import Path

from pathspec import GitIgnoreSpec

_NAME = ".gitignore"


@dataclass(frozen=True, slots=True)
class IgnoreFile:
    """The patterns of one file, and the file above whose patterns hold where these say nothing."""

    folder: Path
    patterns: GitIgnoreSpec
    above: "IgnoreFile | None"

    def leaves_out(self, path: Path, *, is_folder: bool) -> bool:
        """Whether git would ignore `path`, which stands in the folder: the nearest file that says something decides."""
        said = self.patterns.check_file(path_in(self.folder, path, is_folder)).include
        if said is not None:
            return said
        return self.above is not None and self.above.leaves_out(path, is_folder=is_folder)


def above(folder: Path) -> IgnoreFile | None:
    """What holds in `folder` before its own file is read: the files above it, where it is a part of a repository."""
    repository = next((each for each in (folder, *folder.parents) if (each / ".git").exists()), folder)
    nearest: IgnoreFile | None = None
    for each in reversed(folder.parents):
        if each.is_relative_to(repository):
            nearest = within(each, nearest)
    return nearest


def within(folder: Path, above: IgnoreFile | None) -> IgnoreFile | None:
    """What holds in `folder`: its own file over what holds `above` it."""
    try:
        lines = (folder / _NAME).read_bytes().decode(errors="replace").splitlines()
    except OSError:  # most often: there is none
        return above
    # git passes over lines that are no patterns too.
    return IgnoreFile(folder, GitIgnoreSpec.from_lines(filter(is_pattern, lines)), above)


def path_in(folder: Path, path: Path, is_folder: bool) -> str:
    """The path as patterns are compared with: from the folder on, with a slash at the end where it is a folder."""
    return path.relative_to(folder).as_posix() + ("/" if is_folder else "")


def is_pattern(line: str) -> bool:
    """Whether a line can be understood as a pattern of .gitignore, a comment or a blank line."""
    try:
        GitIgnoreSpec.from_lines([line])
    except ValueError:
        return False
    return True
