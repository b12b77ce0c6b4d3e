"""`kill -9` at random moments of an `add`, then the same command: is what is kept the same as if nothing had been?"""

import asyncio
import contextlib
import hashlib
import json
import random
import shutil
import sqlite3
import subprocess
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from agent.resources import LiveResources
from agent.settings import Settings
from evals.benchmarks.figures import Figure
from evals.benchmarks.ingest_adding import ROOT, add_command, environment_of, run_add
from evals.benchmarks.ingest_corpus import write_texts
from evals.fuzz.seeds import seeds
from tools.shapes import DEFAULT_COLLECTION

_KILLS = 50
_FILES = 12
_TABLES = (
    *("documents", "document_readers", "chunks"),
    *("entities", "mentions", "facts", "removals", "graph_removals"),
)
_GROWN_ONLY = {"documents": ("revision",)}
"""Columns that count changes and may count more of them where a change was made twice over."""


async def measure_killed() -> list[Figure]:
    """Each of 50 times: an empty home, the command killed, the command again; ledger and index beside undisturbed."""
    chance = random.Random(0)
    with TemporaryDirectory(prefix="signpost-bench-") as folder:
        papers, home = Path(folder) / "papers", Path(folder) / "home"
        _write_papers(papers)
        process = _adding(papers, home)
        started = time.perf_counter()
        assert process.wait() == 0
        seconds = time.perf_counter() - started
        wanted = await kept(home)
        other = repeated = midway = 0
        for _ in range(_KILLS):
            shutil.rmtree(home)
            process = _adding(papers, home)
            await asyncio.sleep(chance.uniform(0.0, seconds))
            # The command alone, not its workers: they are to end by themselves.
            process.kill()
            process.wait()
            stored = stored_documents(home)
            midway += 0 < stored < wanted["documents"]["rows"]
            _, summary = run_add(papers, home)
            repeated += summary["unchanged"] < stored
            other += await kept(home) != wanted
    return [
        Figure("homes that are other than undisturbed", other, f"of {_KILLS}", 0, "ids, counts, hashes, index"),
        Figure("homes in which a stored document was stored again", repeated, f"of {_KILLS}", 0),
        Figure("killed with some documents stored and some not", midway, f"of {_KILLS}"),
        Figure("undisturbed, once the ledger is there", seconds, "s", None, f"{wanted['documents']['rows']} documents"),
    ]


async def kept(home: Path) -> dict[str, Any]:
    """What a home keeps: of each table the rows and their hash, and how many chunks its index holds."""
    made: dict[str, Any] = {}
    with contextlib.closing(sqlite3.connect(home / "ledger.db")) as ledger:
        ledger.row_factory = sqlite3.Row
        for table in _TABLES:
            left_out = _GROWN_ONLY.get(table, ())
            rows = [
                {key: row[key] for key in row.keys() if key not in left_out}  # noqa: SIM118 - of a Row, not a dict
                for row in ledger.execute(f"SELECT * FROM {table}")
            ]
            lines = sorted(json.dumps(row, sort_keys=True, ensure_ascii=False) for row in rows)
            made[table] = {"rows": len(lines), "hash": hashlib.sha256("\n".join(lines).encode()).hexdigest()}
    resources = LiveResources(Settings(home=home, web="off"), held_by="benchmark")
    try:
        made["index"] = await (await resources.stores()).vector_store.count(DEFAULT_COLLECTION)
    finally:
        await resources.close()
    return made


def stored_documents(home: Path) -> int:
    """How many documents the ledger of a home holds, which may not be there yet."""
    path = home / "ledger.db"
    if not path.exists():
        return 0
    with contextlib.closing(sqlite3.connect(path)) as ledger:
        try:
            return int(ledger.execute("SELECT count(*) FROM documents").fetchone()[0])
        except sqlite3.OperationalError:  # killed before its tables were made
            return 0


def _adding(papers: Path, home: Path) -> subprocess.Popen[bytes]:
    """The command, begun, its ledger made: what comes before is the start of Python."""
    process = subprocess.Popen(
        add_command(papers),
        cwd=ROOT,
        env=environment_of(home),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    while process.poll() is None and not (home / "ledger.db").exists():
        time.sleep(0.005)
    return process


def _write_papers(papers: Path) -> None:
    write_texts(papers, _FILES, language="zh")
    write_texts(papers, _FILES, language="en")
    for extension in (".pdf", ".docx", ".xlsx", ".csv", ".html", ".jsonl"):
        for number, content in enumerate(seeds()[extension]):
            (papers / f"paper-{number}{extension}").write_bytes(content)
