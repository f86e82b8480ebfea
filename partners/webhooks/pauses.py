"""When a message is sent again, and when an endpoint is given up: pure rules."""

import datetime as dt

_PAUSES = (
    dt.timedelta(seconds=5),
    dt.timedelta(minutes=5),
    dt.timedelta(minutes=30),
    dt.timedelta(hours=2),
    dt.timedelta(hours=5),
    dt.timedelta(hours=10),
    dt.timedelta(hours=14),
)
"""What the specification recommends, up to about a day and a quarter."""

MAX_TRIES = len(_PAUSES) + 1
"""Tries after which a message counts as failed."""

JITTER = 0.2
"""A pause is lengthened by up to this share, so that what failed together doesn't come back together."""

LONGEST_REST = dt.timedelta(minutes=1)

GIVEN_UP_AFTER = dt.timedelta(days=3)
"""An endpoint that has failed so long without a single success is disabled."""

_LONGEST_WISH = dt.timedelta(days=1)


def pause(tries: int, luck: float, wished: float | None = None) -> dt.timedelta | None:
    """Return how long to wait after this many tries; None after the last.

    `luck` is a number from 0 to 1. `wished` are the seconds that the receiver asked for (`Retry-After`): it is
    never asked earlier than that, up to a day.
    """
    if tries >= MAX_TRIES:
        return None
    own = _PAUSES[max(tries, 1) - 1] * (1 + JITTER * luck)
    return max(own, min(dt.timedelta(seconds=max(wished or 0, 0)), _LONGEST_WISH))


def rest(failures: int) -> dt.timedelta:
    """Return how long an endpoint is left alone after so many failures in a row: 1 s, 2 s … a minute.

    So one that doesn't answer takes little time from the others, however much waits for it.
    """
    return min(dt.timedelta(seconds=2 ** min(max(failures, 1) - 1, 10)), LONGEST_REST)


def is_given_up(failing_since: dt.datetime, now: dt.datetime) -> bool:
    """Say whether an endpoint has failed for so long that it is disabled."""
    return now - failing_since >= GIVEN_UP_AFTER
