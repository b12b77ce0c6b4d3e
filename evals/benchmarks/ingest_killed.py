"""`kill -9` at random moments of an `add`, then the same command: is what is kept the same as if nothing had been?"""

from pathlib import Path
from tempfile import TemporaryDirectory

from evals.benchmarks.figures import Figure
from evals.benchmarks.ingest_corpus import write_texts
from evals.benchmarks.killed_adds import kill_adds
from evals.fuzz.seeds import seeds

_KILLS = 50
_FILES = 12


def measure_killed() -> list[Figure]:
    """Fifty kills of adds of files of many formats."""
    with TemporaryDirectory(prefix="signpost-bench-") as folder:
        papers = Path(folder) / "papers"
        _write_papers(papers)
        done = kill_adds(papers, Path(folder), _KILLS)
    what_differs = ", ".join(done.differing) or "ids, counts, all columns, index"
    return [
        Figure("tables that are other than undisturbed", len(done.differing), "", 0, what_differs),
        Figure("stored documents that were stored again", done.done_again, f"in {_KILLS} kills", 0),
        Figure("processes that outlived the command", done.left_processes, "", 0),
        Figure("killed with some documents stored and some not", done.midway, f"of {_KILLS}"),
        Figure("undisturbed, once the ledger is there", done.seconds, "s"),
    ]


def _write_papers(papers: Path) -> None:
    write_texts(papers, _FILES, language="zh")
    write_texts(papers, _FILES, language="en")
    for extension in (".pdf", ".docx", ".xlsx", ".csv", ".html", ".jsonl"):
        for number, content in enumerate(seeds()[extension]):
            (papers / f"paper-{number}{extension}").write_bytes(content)
