"""What becomes of a run when its scenario was published anew: one table. No Django.

| graph | log in the new one | practice | exam |
|---|---|---|---|
| the same | replays | adopted at once | adopted at once |
| another | replays | stays, may move on being asked | stays |
| another | diverges | stays, superseded after 30 days | stays, superseded after 30 days |
| withdrawn as harmful | whatever | superseded now, not counted | superseded now, not counted |

A run that is over never changes.
"""

import datetime as dt
from enum import StrEnum

PATIENCE = dt.timedelta(days=30)


class Fate(StrEnum):
    """What is to be done with a run."""

    KEEP = "keep"
    ADOPT = "adopt"
    OFFER = "offer"
    SUPERSEDE = "supersede"
    WITHDRAW = "withdraw"


def fate(
    *,
    is_open: bool,
    is_exam: bool,
    harmful: bool,
    same_graph: bool,
    replays: bool,
    since: dt.timedelta,
) -> Fate:
    """Return what becomes of a run whose version isn't the newest. `since` is how long the newer one is out."""
    if not is_open:
        return Fate.KEEP
    if harmful:
        return Fate.WITHDRAW
    if same_graph and replays:
        return Fate.ADOPT
    if replays:
        return Fate.KEEP if is_exam else Fate.OFFER
    return Fate.SUPERSEDE if since >= PATIENCE else Fate.KEEP
