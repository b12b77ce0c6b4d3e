"""An add that is killed again and again, beside one that nobody disturbs: what is stored must be the same."""

import asyncio
import json
import random
import sqlite3
import subprocess
import time
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from evals.benchmarks.ingest_adding import ROOT, add_command, environment_of
from tools.shapes import DEFAULT_COLLECTION
from tools.stores.qdrant.edge_vector_store import EdgeVectorStore
from tools.stores.sql.tables import metadata

_OF_ONE_HOME = frozenset({"identity"})
_BY_CHANCE = frozenset({"revision", "created_at"})
_END_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class KilledAdds:
    """differing: tables, or "index", that are not as after an undisturbed add. done_again: files that were stored
    before a kill and not left alone after it. left_processes: that outlived the one that was killed. midway: kills
    that left some documents stored and some not. seconds: of the undisturbed add, once its ledger was there.
    """

    kills: int
    differing: tuple[str, ...]
    done_again: int
    left_processes: int
    midway: int
    seconds: float


def kill_adds(folder: Path, work: Path, kills: int, seed: int = 1) -> KilledAdds:
    """Adds `folder` to a home in `work` while it is killed `kills` times (-9), each at a moment by chance.

    Once an add is through, the next begins with an empty home. Takes about as long as `kills` adds.
    """
    chance = random.Random(seed)
    undisturbed = _begun(folder, work / "undisturbed")
    began = time.monotonic()
    undisturbed.communicate()
    seconds = time.monotonic() - began
    expected = stored(work / "undisturbed")
    differing, done_again, left, midway, homes = set[str](), 0, 0, 0, 0
    home = work / "killed-0"
    for number in range(1, kills + 1):
        adding = _begun(folder, home)
        time.sleep(chance.uniform(0.0, seconds))
        left += _killed(adding)
        before = stored_documents(home)
        midway += 0 < before < len(expected["documents"])
        # Often it is killed once more on the way, not seldom many times.
        if number == kills or chance.random() < 0.5:
            summary = json.loads(_add(folder, home).communicate()[0])
            done_again += max(0, before - summary["unchanged"])
            differing |= {name for name, rows in stored(home).items() if rows != expected[name]}
            homes += 1
            home = work / f"killed-{homes}"
    return KilledAdds(kills, tuple(sorted(differing)), done_again, left, midway, seconds)


def stored(home: Path) -> Mapping[str, Any]:
    """All that the ledger in a home holds, by table, without what is made by chance; and how much its index holds."""
    held: dict[str, Any] = {}
    with closing(sqlite3.connect(home / "ledger.db")) as connection:
        connection.row_factory = sqlite3.Row
        for table in sorted(metadata.tables.keys() - _OF_ONE_HOME):
            rows = (dict(row) for row in connection.execute(f"SELECT * FROM {table}"))
            kept = ({key: value for key, value in row.items() if key not in _BY_CHANCE} for row in rows)
            held[table] = sorted(json.dumps(row, sort_keys=True, default=str) for row in kept)
    return {**held, "index": asyncio.run(_indexed(home))}


async def _indexed(home: Path) -> int:
    store = EdgeVectorStore(home / "index")
    try:
        return await store.count(DEFAULT_COLLECTION)
    finally:
        await store.close()


def _add(folder: Path, home: Path) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        add_command(folder),
        cwd=ROOT,
        env=environment_of(home),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


def _begun(folder: Path, home: Path) -> "subprocess.Popen[str]":
    """An add whose ledger is there: what comes before is the start of Python."""
    process = _add(folder, home)
    while process.poll() is None and not (home / "ledger.db").exists():
        time.sleep(0.005)
    return process


def _killed(adding: "subprocess.Popen[str]") -> int:
    """Kills an add, and returns how many of its processes are still there after a while."""
    try:
        begun = psutil.Process(adding.pid).children(recursive=True)
    except psutil.NoSuchProcess:
        begun = []
    adding.kill()
    adding.communicate()
    return len(psutil.wait_procs(begun, timeout=_END_SECONDS)[1])


def stored_documents(home: Path) -> int:
    """How many documents the ledger of a home holds, which may not be there yet."""
    if not (home / "ledger.db").exists():
        return 0
    with closing(sqlite3.connect(home / "ledger.db")) as connection:
        try:
            return int(connection.execute("SELECT count(*) FROM documents").fetchone()[0])
        except sqlite3.OperationalError:  # killed before there were tables
            return 0
