"""A circuit breaker: a source or model that keeps failing is left alone for a while instead of making all wait."""

import math
import threading
import time
from collections.abc import Callable

_SLOW_SECONDS = 1.0


class Breaker:
    """Opens after `failures` failures in a row and lets one attempt through every `pause_seconds`.

    Failures within `apart_seconds` after one that counts are the same one: many attempts at once, while a server is
    restarted, open nothing. A failure that took a second or longer opens it for as long as it took: whoever asks again
    at once does not wait for the same silence twice.
    """

    def __init__(
        self,
        failures: int = 3,
        pause_seconds: float = 30.0,
        clock: Callable[[], float] = time.monotonic,
        *,
        apart_seconds: float = 0.0,
    ) -> None:
        self._limit = failures
        self._pause = pause_seconds
        self._apart = apart_seconds
        self._clock = clock
        self._lock = threading.Lock()
        self._failed = 0
        self._counted_at = -math.inf
        self._closed_again_at = 0.0

    def allows(self) -> bool:
        """Whether to try now."""
        with self._lock:
            if self._clock() < self._closed_again_at:
                return False
            if self._failed >= self._limit:  # this one attempt; the others wait for its outcome
                self._closed_again_at = self._clock() + self._pause
            return True

    def record(self, succeeded: bool, seconds: float = 0.0) -> None:
        """Tells the outcome of an attempt, and how long it took."""
        with self._lock:
            if succeeded:
                self._failed, self._counted_at, self._closed_again_at = 0, -math.inf, 0.0
                return
            now = self._clock()
            if now - self._counted_at >= self._apart:
                self._failed, self._counted_at = self._failed + 1, now
            pause = self._pause if self._failed >= self._limit else seconds if seconds >= _SLOW_SECONDS else 0.0
            self._closed_again_at = max(self._closed_again_at, now + pause)
