"""Whether citations point to where their words are printed, on PDFs with known positions."""

import random
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from evals.benchmarks.bench_corpus import home_with
from evals.benchmarks.figures import Figure
from evals.placed_pdfs.documents import placed_pdfs
from evals.placement import (
    PlacedPdf,
    Placement,
    PlacementFigures,
    citation_placement,
    placement_figures,
    placements,
    repeated_left,
)
from evals.product import Product
from ingest.prepare import Prepared, Source
from tools.shapes import Chunk, LoadedFile

_ASKED = ("en-report", "en-paper", "en-ruled-accounts", "en-turned-90", "zh-report", "zh-journal", "zh-ruled-accounts")
_QUESTIONS = 10


def measure_placed() -> list[Figure]:
    """Of every sentence and table row: the page and box that its chunk would be cited with."""
    found, repeated, left = [], 0, 0
    for placed in placed_pdfs():
        documents, chunks = _read(placed)
        found += placements(placed, documents, chunks)
        repeated += len(placed.repeated)
        left += repeated_left(placed, documents)
    whole = placement_figures(found, repeated, left)
    return [
        *_figures("sentences and rows", whole),
        Figure("headers and footers left in the text", 100 * whole.repeated_left, "%", None, f"{repeated:,}"),
        *(_covering(kind, [each for each in found if each.placed.kind == kind]) for kind in ("sentence", "row")),
    ]


async def measure_asked() -> list[Figure]:
    """Of the citations that answers give: sentences are asked for, and what their quotes hold is looked up."""
    chosen = {f"{placed.name}.pdf": placed for placed in placed_pdfs() if placed.name in _ASKED}
    chance = random.Random(0)
    found: list[Placement] = []
    asked = 0
    with TemporaryDirectory(prefix="signpost-bench-") as folder:
        for name, placed in chosen.items():
            (Path(folder) / name).write_bytes(placed.content)
        async with home_with([Path(folder)]) as home:
            product = Product(await home.get())
            for placed in chosen.values():
                sentences = [text for text in placed.texts if text.kind in ("sentence", "row") and len(text.text) > 20]
                for text in chance.sample(sentences, _QUESTIONS):
                    answer = await product.ask(f"{text.text.rstrip('.。')}?")
                    asked += 1
                    for citation in answer["citations"]:
                        cited = chosen[Path(citation["document"]["uri"]).name]
                        placement = citation_placement(cited, citation)
                        found += [placement] if placement else []
    return [Figure("questions", asked, ""), *_figures("citations", placement_figures(found))]


def _read(placed: PlacedPdf) -> tuple[LoadedFile, Sequence[Chunk]]:
    source = Source(Path(f"{placed.name}.pdf"), placed.content, "default", None, {})
    (loaded,) = source.load()
    prepared = source.prepare(loaded)
    assert isinstance(prepared, Prepared)
    return loaded, prepared.chunks


def _figures(of: str, figures: PlacementFigures) -> list[Figure]:
    return [
        Figure(f"{of} not found in the text", 100 * (1 - figures.found), "%", 5, f"{figures.texts:,} {of}"),
        Figure(f"{of} with another page or none", 100 * (1 - figures.page_right), "%", 1),
        Figure(f"{of} that the box does not cover", 100 * (1 - figures.box_covering), "%", 5, "nine tenths of the ink"),
        Figure("box larger than the ink, p50", 1 / figures.precision if figures.precision else 0, "times", 2),
    ]


def _covering(kind: str, found: Sequence[Placement]) -> Figure:
    figures = placement_figures(found)
    return Figure(
        f"of these, kind {kind}, not covered", 100 * (1 - figures.box_covering), "%", None, f"{figures.texts:,}"
    )
