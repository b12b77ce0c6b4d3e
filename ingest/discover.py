"""Which files the paths of an `add` mean."""

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from pathspec import GitIgnoreSpec

from ingest import ignore_files
from ingest.file_uri import address_of
from ingest.ignore_files import IgnoreFile, is_pattern, path_in
from ingest.loaders import LOADERS
from ingest.loaders.sniff import begins_as_text
from tools.errors import InputError
from tools.stores.home_contents import is_home
from tools.text.clean import one_line

SkipReason = Literal["hidden", "unread format", "ignored", "excluded", "link", "same file", "home"]


@dataclass(frozen=True, slots=True)
class Patterns:
    """Which files in folders are wanted, in the words of .gitignore, from the folder on. Empty: all of them.

    A file is wanted that one of `include` names, where there is any, and none of `exclude`.
    """

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for pattern in (*self.include, *self.exclude):
            if not pattern.strip() or not is_pattern(pattern):
                raise InputError(
                    f"'{pattern}' is no pattern for files.",
                    why="Patterns are written as in .gitignore.",
                    next_step="For example: --include '*.pdf' --exclude 'drafts/'",
                )


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that is not read, or a folder that is not looked into."""

    path: Path
    reason: SkipReason


@dataclass(frozen=True, slots=True)
class Found:
    """`files` in order, each once, as absolute paths.

    `folders`: those among the paths. `above_files`: the folder that all files among the paths stand in or below,
    if there is one. `unreadable`: folders that could not be listed, with the system's reason.
    """

    files: tuple[Path, ...]
    skipped: tuple[Skipped, ...] = ()
    folders: tuple[Path, ...] = ()
    unreadable: tuple[tuple[Path, str], ...] = ()
    above_files: Path = Path()

    def name_of(self, path: Path) -> str:
        """What users call a file: its path from the folder on, that folder's name in front where there are several.

        Of a file that was named itself, the path from the folder above all such files on.
        """
        folder = next((each for each in self.folders if each in path.parents), None)
        if folder is not None:
            start = folder.parent if len(self.folders) > 1 else folder
        else:
            start = self.above_files if self.above_files in path.parents else path.parent
        return one_line(path.relative_to(start).as_posix())


def files_for(paths: Sequence[Path], patterns: Patterns, *, loader: str, syncs: bool) -> Found:
    """What an `add` with these arguments is about. Raises InputError where they do not go together."""
    if loader and (syncs or patterns != Patterns()):
        raise InputError(
            "--loader does not go with --sync, --include and --exclude.",
            why="These are about the files of a folder, and the loader is given the folder itself.",
            next_step=f"For example: signpost add PATH --loader {loader}",
        )
    found = named(paths) if loader else discover(paths, patterns)
    if syncs and not found.folders:
        raise InputError(
            "There is no folder to compare with.",
            why="--sync removes the documents of a folder whose files are gone.",
            next_step="Name the folder: signpost add FOLDER --sync",
        )
    return found


def discover(paths: Sequence[Path], patterns: Patterns = Patterns()) -> Found:
    """Files as they are named; folders with all that is in them, sorted, without what is skipped (see `SkipReason`).

    A file without an extension, such as README or Makefile, is looked into: it is wanted where it is text.
    Links to folders are not followed, and links to files only within the folder: names in it must not lead anywhere
    else. No home of Signpost's is looked into, not even where it is named. A file with several names is read under one
    of them, its own before a link's. A path that names no folder counts as a file, whether it exists or not: reading it
    says what is wrong. Raises InputError for `patterns`.
    """
    folders: dict[Path, None] = {}
    named: dict[Path, None] = {}
    alone: list[Path] = []
    walk = _Walk(patterns)
    for path in paths:
        absolute = Path(os.path.abspath(path.expanduser()))
        if absolute.is_dir() and is_home(absolute):
            walk.skipped.append(Skipped(absolute, "home"))
        elif absolute.is_dir():
            folders[absolute] = None
            named.update(dict.fromkeys(walk.files_in(absolute)))
        else:
            named[absolute] = None
            alone.append(absolute)
    files, others = _each_once(named)
    skipped = [*walk.skipped, *(Skipped(path, "same file") for path in others)]
    return Found(tuple(files), tuple(skipped), tuple(folders), tuple(walk.unreadable), _above(alone))


def _above(files: Sequence[Path]) -> Path:
    try:
        return Path(os.path.commonpath([path.parent for path in files]))
    except ValueError:  # no files, or on several drives
        return Path()


@dataclass(slots=True)
class _Walk:
    """The way through folders, with what was passed over on it."""

    patterns: Patterns
    skipped: list[Skipped] = field(default_factory=list)
    unreadable: list[tuple[Path, str]] = field(default_factory=list)

    def files_in(self, folder: Path) -> Iterator[Path]:
        wanted = _Wanted(folder, self.patterns)
        to_visit: list[tuple[Path, IgnoreFile | None]] = [(folder, ignore_files.above(folder))]
        seen = set[tuple[int, int]]()
        while to_visit:  # no recursion: folders can be nested deeper than calls may be
            directory, ignored = to_visit.pop()
            ignored = ignore_files.within(directory, ignored)
            inner: list[Path] = []
            for path, is_folder in self._listed(directory, seen):
                reason = wanted.reason_to_skip(path, is_folder, ignored)
                if reason is not None:
                    self.skipped.append(Skipped(path, reason))
                elif is_folder:
                    inner.append(path)
                else:
                    yield path
            to_visit.extend((path, ignored) for path in reversed(inner))

    def _listed(self, directory: Path, seen: set[tuple[int, int]]) -> list[tuple[Path, bool]]:
        """What is in a folder, sorted, and whether it is a folder. Nothing of one `seen` under another name."""
        try:
            state = directory.stat()
            identity = (state.st_dev, state.st_ino)
            if identity in seen:
                return []
            seen.add(identity)
            with os.scandir(directory) as entries:
                return sorted((Path(entry.path), os.path.isdir(entry)) for entry in entries)
        except OSError as error:
            self.unreadable.append((directory, error.strerror or type(error).__name__))
            return []


class _Wanted:
    """What is wanted of a folder."""

    def __init__(self, folder: Path, patterns: Patterns) -> None:
        self._folder = folder
        self._include = GitIgnoreSpec.from_lines(patterns.include) if patterns.include else None
        self._exclude = GitIgnoreSpec.from_lines(patterns.exclude)

    def reason_to_skip(self, path: Path, is_folder: bool, ignored: IgnoreFile | None) -> SkipReason | None:
        """None for a file to be read and a folder to be looked into."""
        name = path_in(self._folder, path, is_folder)
        is_included = is_folder or self._include is None or self._include.match_file(name)
        if path.name.startswith("."):
            return "hidden"
        if is_folder and is_home(path):  # what is kept in it is read by whoever may, and is no document of anyone's
            return "home"
        if not is_folder and path.suffix and path.suffix.lower() not in LOADERS:
            return "unread format"
        if ignored is not None and ignored.leaves_out(path, is_folder=is_folder):
            return "ignored"
        if not is_included or self._exclude.match_file(name):
            return "excluded"
        if path.is_symlink() and (is_folder or not _leads_into(self._folder, path)):
            return "link"
        if not is_folder and not path.suffix and not begins_as_text(path):
            return "unread format"
        return None


def _leads_into(folder: Path, link: Path) -> bool:
    """Whether a link leads to something that is there, in the folder."""
    return link.exists() and Path(os.path.realpath(link)).is_relative_to(os.path.realpath(folder))


def _each_once(named: Iterable[Path]) -> tuple[list[Path], list[Path]]:
    """The paths, without those that are another name of a file that is there already; these second."""
    first: dict[tuple[int, int], Path] = {}
    order = list(named)
    identities = {path: _identity(path) for path in order}
    for path in sorted(order, key=Path.is_symlink):  # stable: its own name before a link's
        identity = identities[path]
        if identity is not None:
            first.setdefault(identity, path)
    kept: list[Path] = []
    others: list[Path] = []
    for path in order:
        identity = identities[path]
        (kept if identity is None or first[identity] == path else others).append(path)
    return kept, others


def _identity(path: Path) -> tuple[int, int] | None:
    """What a file is known by, whatever its name; None where the system does not say."""
    try:
        state = path.stat()
    except (OSError, ValueError):
        return None
    return (state.st_dev, state.st_ino) if state.st_ino else None


def named(paths: Sequence[Path]) -> Found:
    """The paths themselves, for a loader that knows what to make of folders and addresses."""
    places = (path if address_of(path) else Path(os.path.abspath(path.expanduser())) for path in paths)
    return Found(tuple(dict.fromkeys(places)))
