"""Whom a manager might talk to today, and why: reasons from what people did, weighed by how much a word helps. Pure."""

import dataclasses
import datetime as dt
import enum
from collections.abc import Iterable, Sequence

SILENT_DAYS = 5
"""So many days without learning are worth a word, for somebody who used to learn."""

LONG_AGO = 45
"""Who has been silent for longer is no news of today, unless something required is open; then they come last."""

RECENT_DAYS = 7
"""A struggle is told as long as it is so fresh."""


class Why(enum.StrEnum):
    """A reason for a word."""

    LATE = "late"
    STUCK = "stuck"
    SILENT = "silent"
    NEW = "new"


@dataclasses.dataclass(frozen=True)
class State:
    """What is known of one person: days overdue (0: none), days since they learnt, tries at what they are stuck at.

    `is_open`: something required isn't finished.
    """

    overdue: int
    silent: int | None
    finished: int
    tries: int
    tried: int | None
    is_open: bool = False


@dataclasses.dataclass(frozen=True)
class Reason:
    """Why to talk to somebody, and how many days or tries it is about."""

    why: Why
    days: int
    silent: int | None = None


def state_of(
    *,
    due_on: dt.date | None,
    last_on: dt.date | None,
    stuck_on: dt.date | None,
    tries: int,
    finished: int,
    is_open: bool,
    today: dt.date,
) -> State:
    """Return what is known of a person, as of today."""
    return State(
        overdue=max((today - due_on).days, 0) if due_on else 0,
        silent=(today - last_on).days if last_on else None,
        finished=finished,
        tries=tries,
        tried=(today - stuck_on).days if stuck_on else None,
        is_open=is_open,
    )


def reason(state: State) -> Reason | None:
    """Return the strongest reason to talk to this person; None if there is none."""
    if state.overdue and (state.silent is None or state.silent >= SILENT_DAYS):
        return Reason(Why.LATE, state.overdue, state.silent)
    if state.tries and state.tried is not None and state.tried <= RECENT_DAYS:
        return Reason(Why.STUCK, state.tries)
    if state.overdue:
        return Reason(Why.LATE, state.overdue)
    if state.silent is None:
        return Reason(Why.NEW, 0)
    fell_silent = SILENT_DAYS <= state.silent <= LONG_AGO and state.finished
    if fell_silent or (state.silent > LONG_AGO and state.is_open):
        return Reason(Why.SILENT, state.silent)
    return None


_ORDER = (Why.STUCK, Why.LATE, Why.SILENT, Why.NEW)


def first(
    reasons: Iterable[tuple[object, Reason]], most: int = 3
) -> Sequence[tuple[object, Reason]]:
    """Return the reasons to begin with: who tries hard comes first, who is only new or long silent last."""
    return sorted(reasons, key=lambda each: _rank(each[1]))[:most]


def _rank(reason: Reason) -> tuple[bool, int, int]:
    is_old = reason.why == Why.SILENT and reason.days > LONG_AGO
    return is_old, _ORDER.index(reason.why), -reason.days
