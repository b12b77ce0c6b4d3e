"""What reading and adding documents costs, survives and gets right: `make bench-ingest`."""

import asyncio
from collections.abc import Awaitable, Callable

from evals.benchmarks.figures import Figure
from evals.benchmarks.ingest_adding import measure_adding, measure_changed
from evals.benchmarks.ingest_damaged import measure_damaged, measure_hostile
from evals.benchmarks.ingest_killed import measure_killed
from evals.benchmarks.ingest_pages import measure_memory, measure_recognition, measure_text_pages
from evals.benchmarks.ingest_placed import measure_asked, measure_placed

INGEST_PARTS: dict[str, Callable[[], Awaitable[list[Figure]]]] = {
    "ingest-pages": lambda: asyncio.to_thread(measure_text_pages),
    "ingest-memory": lambda: asyncio.to_thread(measure_memory),
    "ingest-scans": lambda: asyncio.to_thread(measure_recognition),
    "ingest-add": lambda: asyncio.to_thread(measure_adding),
    "ingest-changed": measure_changed,
    "ingest-killed": lambda: asyncio.to_thread(measure_killed),
    "ingest-placed": lambda: asyncio.to_thread(measure_placed),
    "ingest-asked": measure_asked,
    "ingest-damaged": lambda: asyncio.to_thread(measure_damaged),
    "ingest-hostile": lambda: asyncio.to_thread(measure_hostile),
}
