"""How fast something goes, and how long it will take, in words."""

_SHOWN_AFTER_SECONDS = 2.0


def pace(done: int, left: int, seconds: float) -> str:
    """ "12/s, 1:05 left" for what was `done` in these seconds; empty as long as they are too few to tell."""
    if seconds < _SHOWN_AFTER_SECONDS or not done:
        return ""
    rate = done / seconds
    shown = f"{rate:,.0f}/s" if rate >= 10 else f"{rate:.1f}/s"
    return f"{shown}, {clock(left / rate)} left" if left else shown


def clock(seconds: float) -> str:
    """ "0:09", "12:30" or "1:02:03"."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
