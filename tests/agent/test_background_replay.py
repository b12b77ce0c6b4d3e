"""The replay beside the questions: waits for nobody, tries again, ends when told."""

import asyncio
import threading
from typing import Any

import pytest

from agent import background_replay
from agent.background_replay import BackgroundReplay
from tools.errors import StoreError

AWAY = StoreError("Qdrant at http://localhost:6333 cannot be reached.")


class Stores:
    """Fails as often as told, and then replays for as long as told."""

    def __init__(self, failures: int = 0, seconds: float = 0.0, error: Exception = AWAY) -> None:
        self.failures = failures
        self.seconds = seconds
        self.error = error
        self.replays = threading.Semaphore(0)
        self.done = threading.Event()
        self.cancelled = False

    async def replay(self) -> int:
        if self.failures:
            self.failures -= 1
            raise self.error
        try:
            await asyncio.sleep(self.seconds)
        except asyncio.CancelledError:
            self.cancelled = True
            raise
        self.done.set()
        self.replays.release()
        return 0


def begun(stores: Stores) -> BackgroundReplay:
    given: Any = stores
    return BackgroundReplay(given)


def test_it_is_waited_for_until_it_is_done() -> None:
    stores = Stores(seconds=0.05)
    replay = begun(stores)
    replay.wait(30)
    assert stores.done.is_set()
    replay.stop()


@pytest.mark.parametrize("error", [AWAY, ZeroDivisionError("a fault of ours")])
def test_a_failure_ends_the_waiting_and_is_told_and_it_is_tried_again(
    error: Exception, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(background_replay, "_AGAIN_SECONDS", 0.01)
    stores = Stores(failures=3, error=error)
    replay = begun(stores)
    replay.wait(30)
    assert stores.done.wait(30)
    replay.stop()
    (told,) = [record.getMessage() for record in caplog.records]
    assert str(error) in told
    assert told.endswith(" What is new there waits until it is back.")


def test_it_looks_again_for_what_another_process_has_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(background_replay, "_LOOK_SECONDS", 0.01)
    stores = Stores()
    replay = begun(stores)
    for _ in range(3):
        assert stores.replays.acquire(timeout=30)
    replay.stop()


def test_nobody_waits_longer_than_told_and_it_is_stopped(caplog: pytest.LogCaptureFixture) -> None:
    stores = Stores(seconds=600)
    replay = begun(stores)
    replay.wait(0.05)
    assert "still being indexed" in caplog.text
    replay.stop()
    assert stores.cancelled
    assert not stores.done.is_set()


def test_it_is_stopped_while_it_waits_to_try_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(background_replay, "_AGAIN_SECONDS", 3600)  # longer than any test may take
    stores = Stores(failures=1)
    replay = begun(stores)
    replay.wait(30)
    replay.stop()
    assert not stores.done.is_set()
