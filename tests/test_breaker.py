from tools.breaker import Breaker


def test_opens_after_failures_in_a_row_and_tries_again_after_the_pause() -> None:
    now = [0.0]
    breaker = Breaker(failures=2, pause_seconds=10, clock=lambda: now[0])
    breaker.record(False)
    assert breaker.allows()
    breaker.record(True)
    breaker.record(False)
    assert breaker.allows()
    breaker.record(False)
    assert not breaker.allows()
    now[0] = 10
    assert breaker.allows()
    assert not breaker.allows()
    breaker.record(False)
    assert not breaker.allows()
    now[0] = 20
    assert breaker.allows()
    breaker.record(True)
    assert breaker.allows()
