"""What an `add` would do: how many files, pages, chunks and tokens, in what time and for how much money.

It looks into some of the files for a few seconds and estimates the rest. Nothing is stored.
"""

import asyncio
import hashlib
import itertools
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from ingest import ocr
from ingest.add_summary import Gone, Problem, SkippedFiles, ToConvert, folder_problems, in_order
from ingest.budget import ESTIMATE_ERROR, Prices
from ingest.discover import Found, Patterns, files_for
from ingest.estimate import Estimate, known, total
from ingest.load import file_size
from ingest.look import Look, look_into
from ingest.prepare import Source
from ingest.reading import Reading
from ingest.sources import Sources, content_of
from ingest.sync import lost_documents
from ingest.worker_pool import WorkerPool
from tools.access import parse_readers
from tools.errors import SignpostError
from tools.stores.protocols import Ledger

_COMPARE_SECONDS = 10.0
_LOOK_SECONDS = 10.0

# On two cores: 500 to 1,500 chunks stored and indexed a second, and one to four seconds for a scanned page.
_SECONDS_PER_CHUNK = Estimate(1 / 700, 1 / 1500, 1 / 250)
_SECONDS_PER_OCR_PAGE = Estimate(2.0, 0.5, 4.0)
_CHUNKS_PER_OCR_PAGE = Estimate(2.0, 0.0, 5.0)
_TOKENS_PER_CHUNK = 240.0
_SPEED_ERROR = 0.5
_PART_ERROR = 0.3
_PICTURE_ERROR = 0.5
# Where there was no time for any look.
_MEGABYTE = Look(pages=20, ocr_pages=0, pictures=0, chunks=200, tokens=40_000, seconds=2)


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done; `dataclasses.asdict` of it is JSON.

    formats: files to be read, by extension. unchanged: files that are kept as they are. uncompared: files known from
    before that there was no time to compare; they count as changed. looked_into: how many of the files to be read the
    estimates rest on; of a changed file all is counted, though only what is new in it is embedded. unread: files that
    cannot be read, of those looked into, and folders. gone: documents that syncing would remove; warnings: why it
    would remove none. ocr_pages: without
    text, perhaps scanned. money: for models; None where there is none, or its price is not known.
    `skipped…`, `to_convert`: as in `AddSummary`.
    """

    formats: dict[str, int]
    unchanged: int
    uncompared: int
    looked_into: int
    skipped: int
    skipped_names: tuple[str, ...]
    skipped_reasons: dict[str, int]
    to_convert: tuple[ToConvert, ...]
    unread: tuple[Problem, ...]
    warnings: tuple[Problem, ...]
    gone: tuple[Gone, ...]
    pages: Estimate
    ocr_pages: Estimate
    chunks: Estimate
    tokens: Estimate
    seconds: Estimate
    money: Estimate | None


async def plan(
    paths: Sequence[Path],
    *,
    ledger: Ledger,
    collection: str,
    readers: tuple[str, ...] | None,
    patterns: Patterns = Patterns(),
    syncs: bool = False,
    reading: Reading = Reading(),
    workers: int = 2,
    prices: Prices = Prices(),
) -> Plan:
    """What `add` with the same arguments would do.

    Takes some twenty seconds at most, beside listing the files. Raises InputError as `add` does.
    """
    allowed = None if readers is None else parse_readers(readers)
    found = await asyncio.to_thread(files_for, paths, patterns, loader=reading.loader, syncs=syncs)
    planning = _Planning(found, Source(Path(), None, collection, allowed, {}, reading=reading), ledger)
    await planning.compare()
    await planning.look(workers)
    lost, doubtful = await lost_documents(found, ledger, collection, planning.not_given) if syncs else ([], [])
    skipped = SkippedFiles.of(found)
    tokens = planning.tokens
    return Plan(
        formats=dict(sorted(Counter(_format(path) for path in planning.to_do).items())),
        unchanged=planning.unchanged,
        uncompared=planning.uncompared,
        looked_into=planning.looked_into,
        skipped=skipped.count,
        skipped_names=skipped.names,
        skipped_reasons=skipped.reasons,
        to_convert=skipped.to_convert,
        unread=(*folder_problems(found), *in_order(found, planning.unread)),
        warnings=tuple(Problem.of(path, found.name_of(path), why) for path, why in doubtful),
        gone=tuple(map(Gone.of, lost)),
        pages=planning.sum_of("pages"),
        ocr_pages=planning.sum_of("ocr_pages"),
        chunks=planning.chunks,
        tokens=tokens,
        seconds=planning.seconds(workers),
        money=planning.money(prices),
    )


@dataclass(slots=True)
class _ToDo:
    """A file that is to be read."""

    source: Source
    size_bytes: int
    look: Look | None = None


class _Planning:
    """The files of one plan. `template`: what their sources have in common."""

    def __init__(self, found: Found, template: Source, ledger: Ledger) -> None:
        self.to_do: dict[Path, _ToDo] = {}
        self.unchanged = 0
        self.uncompared = 0
        self.looked_into = 0
        self.unread: list[tuple[Path, Problem]] = []
        self.not_given: dict[Path, OSError] = {}
        self._found = found
        self._template = template
        self._ledger = ledger

    async def compare(self) -> None:
        """Finds out which files are kept as they are, as far as there is time."""
        until = time.monotonic() + _COMPARE_SECONDS
        reading = self._template.reading
        sources = Sources(self._found.files, self._template, self._ledger)
        for path in self._found.files:
            try:
                source = await sources.of(path)
                if reading.loader or (source.held and time.monotonic() < until):
                    content, hash_, size_bytes = await content_of(path, reading)
                    if source.is_kept(hash_):
                        self.unchanged += 1
                        continue
                    source = replace(source, content=content)
                else:
                    size_bytes = await asyncio.to_thread(file_size, path, reading.limits.file_bytes)
                    self.uncompared += bool(source.held)
                self.to_do[path] = _ToDo(source, size_bytes)
            except SignpostError as error:
                self._note(path, error)
                if isinstance(error.__cause__, OSError):
                    self.not_given[path] = error.__cause__

    async def look(self, workers: int) -> None:
        """Looks into files of all formats, as many as there is time for."""
        order = iter(_mixed(list(self.to_do.values())))
        async with WorkerPool(workers, self._template.reading.limits) as pool:
            lanes = [asyncio.create_task(self._look_into_some(order, pool)) for _ in range(workers)]
            _, late = await asyncio.wait(lanes, timeout=_LOOK_SECONDS)
            for lane in late:
                lane.cancel()
            await asyncio.gather(*lanes, return_exceptions=True)

    async def _look_into_some(self, order: Iterator[_ToDo], pool: WorkerPool) -> None:
        for each in order:
            path = each.source.path
            try:
                async with aclosing(pool.results(path.name, look_into, each.source)) as looks:
                    async for look in looks:
                        each.look = look
            except SignpostError as error:
                del self.to_do[path]
                self._note(path, error)
            else:
                self.looked_into += 1

    def _note(self, path: Path, error: SignpostError) -> None:
        self.unread.append((path, Problem.of(path, self._found.name_of(path), str(error))))

    def sum_of(self, figure: Literal["pages", "ocr_pages", "pictures", "chunks", "tokens", "seconds"]) -> Estimate:
        """The total of a figure of the looks, over all files to be read."""
        by_format: dict[str, list[_ToDo]] = defaultdict(list)
        for each in self.to_do.values():
            by_format[_format(each.source.path)].append(each)
        seen = {name: _seen(files, figure) for name, files in by_format.items()}
        # A format that there was no time for is taken to be like the others.
        every = [pair for pairs in seen.values() for pair in pairs] or [(2**20, getattr(_MEGABYTE, figure))]
        totals = (
            total(seen[name], every, sum(each.size_bytes for each in files), len(files))
            for name, files in by_format.items()
        )
        partial = [each for each in self.to_do.values() if each.look is not None and each.look.is_partial]
        part = 0 if figure == "pages" else sum(value for _, value in _seen(partial, figure))
        return sum(totals, start=Estimate(0, -part * _PART_ERROR, part * _PART_ERROR))

    @property
    def _recognized(self) -> Estimate:
        """Pages whose text will be recognized."""
        will_recognize = self._template.reading.recognizes_text and ocr.is_available()
        return self.sum_of("ocr_pages") if will_recognize else known(0)

    @property
    def chunks(self) -> Estimate:
        return self.sum_of("chunks") + self._recognized.by(_CHUNKS_PER_OCR_PAGE)

    @property
    def tokens(self) -> Estimate:
        return self.sum_of("tokens") + self._recognized.by(_CHUNKS_PER_OCR_PAGE).times(_TOKENS_PER_CHUNK)

    def money(self, prices: Prices) -> Estimate | None:
        """For the models that have a price; None where none has."""
        if prices == Prices():
            return None
        often = 1 + self._share_by_topic  # sentences are embedded before passages are
        embedded = self.tokens.times(often * (prices.embedding or 0.0) / 1e6, ESTIMATE_ERROR)
        return embedded + self.sum_of("pictures").times(prices.of_picture, _PICTURE_ERROR)

    @property
    def _share_by_topic(self) -> float:
        """How much of what is to be read will be split by topic, by size; 0 to 1."""
        everything = sum(each.size_bytes for each in self.to_do.values())
        by_topic = sum(each.size_bytes for each in self.to_do.values() if each.source.splits_by_topic)
        return by_topic / everything if everything else 0.0

    def seconds(self, workers: int) -> Estimate:
        """Of the whole `add`, without waiting for an embedding model."""
        reading = self.sum_of("seconds").times(1 / workers, _SPEED_ERROR)
        return reading + self.chunks.by(_SECONDS_PER_CHUNK) + self._recognized.by(_SECONDS_PER_OCR_PAGE)


def _seen(files: Iterable[_ToDo], figure: str) -> list[tuple[float, float]]:
    return [(each.size_bytes, getattr(each.look, figure)) for each in files if each.look is not None]


def _mixed(files: Sequence[_ToDo]) -> Iterator[_ToDo]:
    """By chance, but always the same; one of each format in turn."""
    by_format: dict[str, list[_ToDo]] = defaultdict(list)
    for each in sorted(files, key=lambda each: hashlib.sha256(each.source.uri.encode()).digest()):
        by_format[_format(each.source.path)].append(each)
    rounds = itertools.zip_longest(*by_format.values())
    return (each for round_ in rounds for each in round_ if each is not None)


def _format(path: Path) -> str:
    return path.suffix.lower()
