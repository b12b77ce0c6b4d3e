"""Processes that read files: what one of them does is one file's problem."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from contextlib import aclosing
from pathlib import Path
from typing import Any

import psutil
import pytest

from ingest.reading import Limits
from ingest.worker import Work
from ingest.worker_pool import WorkerPool
from tests.ingest import work_in_processes as work
from tools.errors import FileError

ROOT = Path(__file__).parents[2]


async def results(pool: WorkerPool, work: Work, *arguments: Any) -> list[Any]:
    async with aclosing(pool.results("a.pdf", work, *arguments)) as given:
        return [each async for each in given]


async def test_results_come_in_order_and_the_process_is_used_again() -> None:
    async with WorkerPool(1, Limits()) as pool:
        assert await results(pool, work.squares, 4) == [1, 4, 9, 16]
        first, second = await results(pool, work.own_process), await results(pool, work.own_process)
        assert first == second != [os.getpid()]
        assert await results(pool, work.squares, 0) == []


async def test_as_many_work_at_a_time_as_there_are_processes() -> None:
    async with WorkerPool(2, Limits()) as pool:
        given = await asyncio.gather(*(results(pool, work.squares, 50) for _ in range(8)))
        assert given == [[number * number for number in range(1, 51)]] * 8
        pids = await asyncio.gather(*(results(pool, work.own_process) for _ in range(8)))
        assert len({pid for (pid,) in pids}) <= 2


async def test_what_it_raises_is_raised_here_and_it_goes_on() -> None:
    async with WorkerPool(1, Limits()) as pool:
        before = await results(pool, work.own_process)
        with pytest.raises(FileError) as caught:
            await results(pool, work.refuse)
        assert (caught.value.what, caught.value.why) == ("a.pdf is protected by a password.", "It asks for one.")
        assert await results(pool, work.own_process) == before


@pytest.mark.parametrize(
    ("bad", "limits", "said"),
    [
        (work.hang, Limits(seconds=1), ["a.pdf takes too long", "At most 1 seconds", "SIGNPOST_MAX_FILE_SECONDS"]),
        (work.crash, Limits(), ["a.pdf cannot be read", "was ended (signal 11)"]),
        (work.swallow_memory, Limits(memory_bytes=2**28), ["a.pdf takes too much memory", "256 MB", "MAX_MEMORY_MB"]),
        (work.swallow_memory_in_one_piece, Limits(memory_bytes=2**28), ["a.pdf takes too much memory", "256 MB"]),
        (work.give_what_cannot_be_handed_over, Limits(), ["a.pdf cannot be read", "exit code 1"]),
    ],
    ids=["hangs", "crashes", "memory", "memory at once", "answers nonsense"],
)
async def test_one_that_misbehaves_is_replaced(bad: Work, limits: Limits, said: list[str]) -> None:
    async with WorkerPool(1, limits) as pool:
        with pytest.raises(FileError) as caught:
            await results(pool, bad)
        assert [part for part in said if part not in str(caught.value)] == []
        assert caught.value.next_step
        assert await results(pool, work.squares, 2) == [1, 4]


async def test_a_library_that_prints_disturbs_nobody() -> None:
    async with WorkerPool(1, Limits()) as pool:
        assert await results(pool, work.print_much) == ["said"]


async def test_a_slow_listener_takes_none_of_the_files_time() -> None:
    async with (
        WorkerPool(1, Limits(seconds=2)) as pool,
        aclosing(pool.results("a.pdf", work.give_much, 4, 10**6)) as given,
    ):
        async for _ in given:
            await asyncio.sleep(0.7)


async def test_no_process_is_left_when_it_is_closed_in_the_middle(tmp_path: Path) -> None:
    started = tmp_path / "started"
    async with WorkerPool(2, Limits()) as pool:
        hanging = asyncio.create_task(results(pool, work.hang, started))
        pid = await _written(started)
        hanging.cancel()
        with pytest.raises(asyncio.CancelledError):
            await hanging
        assert await results(pool, work.squares, 2) == [1, 4]
    assert not psutil.pid_exists(pid)


KILLED = """
import asyncio, sys
from pathlib import Path
from ingest.reading import Limits
from ingest.worker_pool import WorkerPool
from tests.ingest.test_worker_pool import results
from tests.ingest.work_in_processes import hang

async def main():
    async with WorkerPool(1, Limits()) as pool:
        await results(pool, hang, Path(sys.argv[1]))

asyncio.run(main())
"""


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
async def test_no_process_outlives_the_one_that_began_it(tmp_path: Path, how: signal.Signals) -> None:
    started = tmp_path / "started"
    began = subprocess.Popen([sys.executable, "-c", KILLED, str(started)], cwd=ROOT, stderr=subprocess.DEVNULL)
    pid = await _written(started)
    began.send_signal(how)
    began.wait(30)
    until = time.monotonic() + 30
    while psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < until
        await asyncio.sleep(0.02)


async def _written(path: Path) -> int:
    """The number in a file, once it is there."""
    while not (path.exists() and path.read_text()):
        await asyncio.sleep(0.02)
    return int(path.read_text())
