"""The replay beside the questions: waits for nobody, tries again, ends when told."""

import asyncio
import threading
from typing import Any

import pytest

from agent import background_replay
from agent.background_replay import BackgroundReplay
from tools.errors import StoreError


class Stores:
    """Fails as often as told, and then replays for as long as told."""

    def __init__(self, failures: int = 0, seconds: float = 0.0) -> None:
        self.failures = failures
        self.seconds = seconds
        self.done = threading.Event()
        self.cancelled = False

    async def replay(self) -> int:
        if self.failures:
            self.failures -= 1
            raise StoreError("Qdrant at http://localhost:6333 cannot be reached.")
        try:
            await asyncio.sleep(self.seconds)
        except asyncio.CancelledError:
            self.cancelled = True
            raise
        self.done.set()
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


def test_a_failure_ends_the_waiting_and_is_told_and_it_is_tried_again(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(background_replay, "_AGAIN_SECONDS", 0.01)
    stores = Stores(failures=3)
    replay = begun(stores)
    replay.wait(30)
    assert stores.done.wait(30)
    replay.stop()
    told = [record.getMessage() for record in caplog.records]
    assert told == ["What is stored could not be indexed: Qdrant at http://localhost:6333 cannot be reached."]


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
