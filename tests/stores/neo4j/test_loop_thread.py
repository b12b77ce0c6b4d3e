import asyncio
import threading

import pytest

from tools.stores.neo4j.loop_thread import LoopClosedError, LoopThread


async def nothing_more() -> None:
    pass


async def test_work_runs_on_one_loop_whoever_asks() -> None:
    thread = LoopThread("test-loop", nothing_more)
    places: set[tuple[int, str]] = set()

    async def work(number: int) -> int:
        await asyncio.sleep(0.001)
        places.add((id(asyncio.get_running_loop()), threading.current_thread().name))
        return number

    async def several() -> list[int]:
        return list(await asyncio.gather(*(thread.run(lambda number=number: work(number)) for number in range(20))))

    results = await asyncio.gather(several(), *(asyncio.to_thread(asyncio.run, several()) for _ in range(3)))
    assert results == [list(range(20))] * 4
    assert [name for _, name in places] == ["test-loop"]
    await thread.close()


async def test_what_work_raises_is_raised() -> None:
    thread = LoopThread("test-loop", nothing_more)

    async def fail() -> None:
        raise ValueError("as told")

    with pytest.raises(ValueError, match="as told"):
        await thread.run(fail)
    await thread.close()


async def test_cancelling_whoever_waits_cancels_the_work() -> None:
    thread = LoopThread("test-loop", nothing_more)
    begun, cancelled = threading.Event(), threading.Event()

    async def hang() -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            cancelled.set()
            raise

    waiting = asyncio.create_task(thread.run(hang))
    assert await asyncio.to_thread(begun.wait, 10)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert await asyncio.to_thread(cancelled.wait, 10)
    await thread.close()


async def test_closing_ends_the_work_and_the_thread() -> None:
    thread = LoopThread("test-loop-to-end", nothing_more)
    begun = threading.Event()

    async def hang() -> None:
        begun.set()
        await asyncio.Event().wait()

    waiting = asyncio.create_task(thread.run(hang))
    assert await asyncio.to_thread(begun.wait, 10)
    await thread.close()
    with pytest.raises(LoopClosedError, match="closed"):
        await waiting
    with pytest.raises(LoopClosedError, match="closed"):
        await thread.run(hang)
    await thread.close()
    assert "test-loop-to-end" not in {running.name for running in threading.enumerate()}


async def test_the_last_work_comes_after_all_other() -> None:
    done: list[str] = []

    async def last() -> None:
        await asyncio.sleep(0)
        done.append("last")

    async def hang() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            done.append("other")

    thread = LoopThread("test-loop", last)
    waiting = asyncio.create_task(thread.run(hang))
    await asyncio.sleep(0)
    await thread.close()
    assert done == ["other", "last"]
    with pytest.raises(LoopClosedError):
        await waiting


async def test_a_loop_that_was_never_used_has_no_thread() -> None:
    async def never() -> None:
        pytest.fail("there was nothing to end")

    thread = LoopThread("test-loop-unused", never)
    assert "test-loop-unused" not in {running.name for running in threading.enumerate()}
    await thread.close()
