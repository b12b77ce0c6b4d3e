"""What `signpost add` takes as a whole, and what one changed file of a hundred does."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from agent.resources import LiveResources
from agent.settings import Settings
from evals.benchmarks.figures import Figure
from evals.benchmarks.ingest_corpus import large_pdf, write_texts
from ingest.add import add
from ingest.add_summary import AddSummary
from tools.shapes import DEFAULT_COLLECTION

ROOT = Path(__file__).resolve().parents[2]
_FILES = 300
_CHUNK_CHARACTERS = 500
_CHANGED_OF = 100


def measure_adding() -> list[Figure]:
    """Whole commands from their start to their end, each into an empty home, in pieces of 500 characters."""
    figures = []
    for language, name in (("zh", "Chinese"), ("en", "English")):
        with TemporaryDirectory(prefix="signpost-bench-") as folder:
            papers = Path(folder) / "papers"
            pieces = write_texts(papers, _FILES, language=language) / _CHUNK_CHARACTERS
            seconds, summary = run_add(papers, Path(folder) / "home")
        assert summary["added"] == _FILES, summary
        note = (
            f"{pieces / seconds:,.0f} a second; {_FILES} files, {summary['chunks']:,} chunks stored in {seconds:.1f} s"
        )
        figures.append(Figure(f"{name}, time for 150 pieces of 500 characters", 150 * seconds / pieces, "s", 1.0, note))
    return [*figures, _largest_process()]


def _largest_process() -> Figure:
    """Of `add` and its workers, on a PDF of a thousand pages."""
    with TemporaryDirectory(prefix="signpost-bench-") as folder:
        (Path(folder) / "large.pdf").write_bytes(large_pdf(1000))
        command = [sys.executable, "-m", "agent", "add", folder + "/large.pdf", "--json"]
        environment = {**os.environ, "SIGNPOST_HOME": folder + "/home"}
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    scale = 1024 if sys.platform == "linux" else 1
    return Figure("add of 1,000 pages, its largest process", usage.ru_maxrss * scale / 2**20, "MB", 1024)


async def measure_changed() -> list[Figure]:
    """One paragraph of one file of a hundred is other than before; the rest is compared and left alone."""
    with TemporaryDirectory(prefix="signpost-bench-") as folder:
        papers = Path(folder) / "papers"
        write_texts(papers, _CHANGED_OF // 2, language="zh", documents_a_file=15)
        write_texts(papers, _CHANGED_OF // 2, language="en", documents_a_file=15)
        resources = LiveResources(Settings(home=Path(folder) / "home", web="off"), held_by="benchmark")
        try:
            full = await _add(resources, papers)
            none = await _add(resources, papers)
            changed = papers / "zh-0007.md"
            text = changed.read_text(encoding="utf-8")
            changed.write_text(text + "\n\n补充：本记录于复核后更正一处。", encoding="utf-8")
            one = await _add(resources, papers)
        finally:
            await resources.close()
    assert (full.added, none.unchanged, one.updated) == (_CHANGED_OF, _CHANGED_OF, 1)
    return [
        Figure("all files new", full.seconds, "s", None, f"{full.chunks:,} chunks"),
        Figure("no file changed, of that", 100 * none.seconds / full.seconds, "%"),
        Figure("one file changed, of that", 100 * one.seconds / full.seconds, "%", 3),
        Figure("chunks indexed for it", one.indexed, f"of its {full.chunks / _CHANGED_OF:.0f}"),
    ]


async def _add(resources: LiveResources, papers: Path) -> AddSummary:
    return await add(
        [papers],
        stores=await resources.stores(),
        collection=DEFAULT_COLLECTION,
        readers=("everyone",),
        progress=lambda _: None,
    )


def run_add(papers: Path, home: Path) -> tuple[float, dict[str, Any]]:
    """Seconds of the whole command, and its summary."""
    started = time.perf_counter()
    done = subprocess.run(
        add_command(papers), cwd=ROOT, env=environment_of(home), capture_output=True, text=True, check=True
    )
    summary: dict[str, Any] = json.loads(done.stdout)
    return time.perf_counter() - started, summary


def add_command(papers: Path) -> list[str]:
    return [sys.executable, "-m", "agent", "add", str(papers), "--json"]


def environment_of(home: Path) -> dict[str, str]:
    return {**os.environ, "SIGNPOST_HOME": str(home)}
