"""Measures what docs/benchmarks.md records: `make bench`, or `python -m evals.benchmarks [cost|servers|agent|ingest]…`.

Every figure is printed beside its goal. The machine is said, times are medians, and where there is a peer the ratio to
it in the same run is what counts. `agent`, `servers` and `ingest` stand for all parts whose names begin with them.
"""

import asyncio
import os
import platform
import sys
from collections.abc import Awaitable, Callable

from evals.benchmarks.bench_agent import AGENT_PARTS
from evals.benchmarks.bench_cost import measure_cost
from evals.benchmarks.bench_faults import measure_faults
from evals.benchmarks.bench_ingest import INGEST_PARTS
from evals.benchmarks.bench_install import measure_install
from evals.benchmarks.bench_server_faults import measure_server_faults
from evals.benchmarks.bench_servers import measure_equal, measure_graph
from evals.benchmarks.bench_start import measure_start
from evals.benchmarks.figures import Figure, table

PARTS: dict[str, Callable[[], Awaitable[list[Figure]]]] = {
    "faults": measure_faults,
    "cost": measure_cost,
    "start": lambda: asyncio.to_thread(measure_start),
    "install": lambda: asyncio.to_thread(measure_install),
    "servers-equal": measure_equal,
    "servers-graph": measure_graph,
    "servers-faults": measure_server_faults,
    **AGENT_PARTS,
    **INGEST_PARTS,
}


async def run(names: list[str]) -> int:
    """Runs the named parts and prints their figures; 1 when a goal is missed."""
    print(f"Python {platform.python_version()}, {platform.system()} {platform.machine()}, {os.cpu_count()} cores\n")
    missed = 0
    for name in names:
        print(f"{name} …", file=sys.stderr, flush=True)
        figures = await PARTS[name]()
        missed += sum(not figure.reached for figure in figures)
        print(table(name, figures), flush=True)
    return 1 if missed else 0


def parts_named(name: str) -> list[str]:
    """The part of this name, or those of this group: `agent` is `agent-clear`, `agent-judged` and the like."""
    return [name] if name in PARTS else [part for part in PARTS if part.startswith(f"{name}-")]


def main(arguments: list[str]) -> int:
    """Entry point; unknown names end with 2."""
    unknown = [name for name in arguments if not parts_named(name)]
    if unknown:
        print(f"Unknown: {', '.join(unknown)}. There are: {', '.join(PARTS)}.", file=sys.stderr)
        return 2
    return asyncio.run(run([part for name in arguments for part in parts_named(name)] or list(PARTS)))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
