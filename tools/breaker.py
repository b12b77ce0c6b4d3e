"""A circuit breaker: a source or model that keeps failing is left alone for a while instead of making all wait."""

import threading
import time
from collections.abc import Callable


class Breaker:
    """Opens after `failures` failures in a row and lets one attempt through every `pause_seconds`."""

    def __init__(
        self, failures: int = 3, pause_seconds: float = 30.0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._limit = failures
        self._pause = pause_seconds
        self._clock = clock
        self._lock = threading.Lock()
        self._failed = 0
        self._closed_again_at = 0.0

    def allows(self) -> bool:
        """Whether to try now."""
        with self._lock:
            if self._failed < self._limit:
                return True
            if self._clock() < self._closed_again_at:
                return False
            self._closed_again_at = self._clock() + self._pause  # this one attempt; the others wait for its outcome
            return True

    def record(self, succeeded: bool) -> None:
        """Tells the outcome of an attempt."""
        with self._lock:
            self._failed = 0 if succeeded else self._failed + 1
            if self._failed >= self._limit:
                self._closed_again_at = self._clock() + self._pause
