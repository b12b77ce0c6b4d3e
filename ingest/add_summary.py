"""What an `add` tells: how far it is, and what it did."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from ingest.discover import Found
from ingest.loaders import UNREAD
from tools.access import Access
from tools.shapes import Document
from tools.stores.progress import ReplayStage
from tools.text.clean import one_line

_ADDER = Access()

Stage = Literal["reading", "parsing", "storing", "done"] | ReplayStage


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an `add` is. `name`: the file that something was last done for. `chunks`, `pages`: stored so far.

    While indexing, `replayed` of `to_replay` chunks are done, and while writing, documents; a large `add` does both
    several times.
    """

    files_done: int
    files_total: int
    name: str
    stage: Stage
    chunks: int
    replayed: int = 0
    to_replay: int = 0
    pages: int = 0


@dataclass(frozen=True, slots=True)
class Problem:
    """A file, folder or row that was not added, or a remark about one that was.

    `name`: its path from the folder on that was named. `message`: what, why and what to do next, in lines. `reason`:
    the same without the file's name, with which most messages begin: it is that of all to which the same happened.
    """

    name: str
    message: str
    reason: str

    @classmethod
    def of(cls, path: Path, name: str, message: str) -> "Problem":
        """What the message says of the file at `path`."""
        begins = next((said for said in (str(path), path.name) if message.startswith(f"{said} ")), "")
        return cls(name, message, message.removeprefix(begins).lstrip())


@dataclass(frozen=True, slots=True)
class ToConvert:
    """Skipped files of a format that could be read as another. `extension`: in lower case. `name`: of the first."""

    extension: str
    count: int
    name: str
    next_step: str


@dataclass(frozen=True, slots=True)
class SkippedFiles:
    """Files not read and folders not looked into: how many, their names, how many for which reason, and what can be
    done about some."""

    count: int
    names: tuple[str, ...]
    reasons: dict[str, int]
    to_convert: tuple[ToConvert, ...]

    @classmethod
    def of(cls, found: Found) -> "SkippedFiles":
        names = tuple(found.name_of(each.path) for each in found.skipped)
        reasons = Counter(str(each.reason) for each in found.skipped)
        return cls(len(found.skipped), names, dict(sorted(reasons.items())), _to_convert(found))


def _to_convert(found: Found) -> tuple[ToConvert, ...]:
    by_extension: dict[str, list[Path]] = {}
    for each in found.skipped:
        if each.reason == "unread format" and each.path.suffix.lower() in UNREAD:
            by_extension.setdefault(each.path.suffix.lower(), []).append(each.path)
    return tuple(
        ToConvert(extension, len(paths), found.name_of(paths[0]), UNREAD[extension])
        for extension, paths in sorted(by_extension.items())
    )


def folder_problems(found: Found) -> list[Problem]:
    """Folders that could not be listed."""
    return [
        Problem.of(path, one_line(str(path)), f"The folder cannot be read: {why}.") for path, why in found.unreadable
    ]


def in_order(found: Found, problems: Iterable[tuple[Path, Problem]]) -> tuple[Problem, ...]:
    """Problems in the order of the files, which are worked on side by side; first those of folders."""
    order = {path: number for number, path in enumerate(found.files)}
    return tuple(problem for _, problem in sorted(problems, key=lambda each: order.get(each[0], -1)))


@dataclass(frozen=True, slots=True)
class Gone:
    """A document whose file is gone from a folder."""

    id: str
    title: str
    uri: str

    @classmethod
    def of(cls, document: Document) -> "Gone":
        return cls(document.id, document.title, document.uri)


@dataclass(frozen=True, slots=True)
class AddSummary:
    """What an `add` did; `dataclasses.asdict` of it is JSON. Counts are documents but for `skipped`, `files_left`, the
    pages' and the chunks'.

    `skipped`: files not read and folders not looked into; `skipped_names`: all of them; `skipped_reasons`: how many for
    which reason; `to_convert`: those of them that could be read in another format. `removed`: documents whose row is
    gone from its .jsonl file, and those in `gone`. `chunks` and `pages`: stored now; `indexed`: chunks added to the
    vector store now. `interrupted`: it was cancelled; what the counts say is stored all the same, and what is not yet
    indexed will be at the next start. `stopped`: why it ended before it was through, if it did; `files_left`: those not
    done then. `index_problem`: why the search index or the graph database lacks some of it still; they get it once that
    is over. `cost`: what the models took, estimated; None where no price is known.
    """

    added: int
    updated: int
    unchanged: int
    removed: int
    skipped: int
    skipped_names: tuple[str, ...]
    skipped_reasons: dict[str, int]
    to_convert: tuple[ToConvert, ...]
    failed: tuple[Problem, ...]
    warnings: tuple[Problem, ...]
    gone: tuple[Gone, ...]
    pages: int
    chunks: int
    indexed: int
    seconds: float
    interrupted: bool = False
    stopped: str = ""
    files_left: int = 0
    index_problem: str = ""
    cost: float | None = None


@dataclass(slots=True)
class Tally:
    """The summary while it grows. `found`: what it is about."""

    found: Found = field(default_factory=lambda: Found(()))
    added: int = 0
    updated: int = 0
    unchanged: int = 0
    removed: int = 0
    gone: list[Gone] = field(default_factory=list)
    pages: int = 0
    chunks: int = 0
    indexed: int = 0
    files_done: int = 0
    interrupted: bool = False
    stopped: str = ""
    index_problem: str = ""
    failed: list[tuple[Path, Problem]] = field(default_factory=list)
    warnings: list[tuple[Path, Problem]] = field(default_factory=list)
    unreadable: dict[tuple[str, ...], set[Path]] = field(default_factory=dict)
    """Files that the adder may not read, by who may."""

    def fail(self, path: Path, message: str, title: str = "") -> None:
        """Notes that a file, or the document with this title in it, was not added."""
        name = self.found.name_of(path)
        self.failed.append((path, Problem.of(path, f"{name}: {title}" if title else name, message)))

    def warn(self, path: Path, messages: Iterable[str]) -> None:
        """Notes remarks about a file or folder."""
        name = self.found.name_of(path)
        self.warnings.extend((path, Problem.of(path, name, message)) for message in messages)

    def note_readers(self, path: Path, documents: Iterable[Document]) -> None:
        """Notes who may read what was added or is there already, where the adder may not."""
        for document in documents:
            if not _ADDER.allows(document.readers):
                self.unreadable.setdefault(document.readers, set()).add(path)

    def summary(self, seconds: float, cost: float | None) -> AddSummary:
        """What is known now."""
        skipped = SkippedFiles.of(self.found)
        return AddSummary(
            added=self.added,
            updated=self.updated,
            unchanged=self.unchanged,
            removed=self.removed,
            skipped=skipped.count,
            skipped_names=skipped.names,
            skipped_reasons=skipped.reasons,
            to_convert=skipped.to_convert,
            failed=(*folder_problems(self.found), *in_order(self.found, self.failed)),
            warnings=(
                *in_order(self.found, self.warnings),
                *(_unreadable(self.found, paths, who) for who, paths in self.unreadable.items()),
            ),
            gone=tuple(self.gone),
            pages=self.pages,
            chunks=self.chunks,
            indexed=self.indexed,
            seconds=round(seconds, 3),
            interrupted=self.interrupted,
            stopped=self.stopped,
            files_left=len(self.found.files) - self.files_done,
            index_problem=self.index_problem,
            cost=cost,
        )


def _unreadable(found: Found, paths: Collection[Path], readers: tuple[str, ...]) -> Problem:
    """One remark for all files of the same readers: a folder may hold thousands."""
    first = next(iter(paths))
    name = found.name_of(first) if len(paths) == 1 else f"{len(paths):,} files"
    verb, it = ("is", "it") if len(paths) == 1 else ("are", "them")
    consequence = f"status and ask on this command line will not find {it}."
    return Problem.of(first, name, f"{verb} readable by {', '.join(readers)} only: {consequence}")
