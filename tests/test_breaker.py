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


def test_a_failure_that_took_long_opens_it_for_as_long() -> None:
    now = [0.0]
    breaker = Breaker(failures=3, pause_seconds=30, clock=lambda: now[0])
    breaker.record(False, 5.0)
    assert not breaker.allows()
    now[0] = 4.9
    assert not breaker.allows()
    now[0] = 5.0
    assert breaker.allows()
    assert breaker.allows()
    breaker.record(False, 0.5)
    assert breaker.allows()
    breaker.record(False, 5.0)
    now[0] = 34.9
    assert not breaker.allows()


def test_a_success_closes_it_at_once() -> None:
    breaker = Breaker(clock=lambda: 0.0)
    breaker.record(False, 5.0)
    breaker.record(True)
    assert breaker.allows()


def test_failures_of_one_moment_count_once() -> None:
    now = [0.0]
    breaker = Breaker(failures=2, pause_seconds=10, clock=lambda: now[0], apart_seconds=1)
    for moment in (0.0, 0.3, 0.6, 0.9):
        now[0] = moment
        breaker.record(False)
        assert breaker.allows()
    now[0] = 1.0
    breaker.record(False)
    assert not breaker.allows()
    now[0] = 11.0
    breaker.record(True)
    for _ in range(3):
        breaker.record(False)
    assert breaker.allows()


def test_a_failure_of_the_same_moment_that_took_long_is_waited_for_once() -> None:
    now = [0.0]
    breaker = Breaker(clock=lambda: now[0], apart_seconds=1)
    breaker.record(False)
    breaker.record(False, 5.0)
    assert not breaker.allows()
    now[0] = 5.0
    assert breaker.allows()
