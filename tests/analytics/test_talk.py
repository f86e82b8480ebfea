"""Whom to talk to: the strongest reason of each person, and in which order."""

import datetime as dt

import pytest

from analytics import talk
from analytics.talk import Reason, Why

TODAY = dt.date(2026, 11, 20)


def why(
    *, silent: int | None = 1, overdue: int = 0, finished: int = 3, is_open: bool = False
) -> Reason | None:
    state = talk.state_of(
        due_on=TODAY - dt.timedelta(days=overdue) if overdue else None,
        last_on=None if silent is None else TODAY - dt.timedelta(days=silent),
        stuck_on=None,
        tries=0,
        finished=finished,
        is_open=is_open,
        today=TODAY,
    )
    return talk.reason(state)


@pytest.mark.parametrize(
    ("known", "reason"),
    [
        ({"silent": 4}, None),
        ({"silent": 5}, Reason(Why.SILENT, 5)),
        ({"silent": 45}, Reason(Why.SILENT, 45)),
        ({"silent": 46}, None),
        ({"silent": 111, "is_open": True}, Reason(Why.SILENT, 111)),
        ({"silent": 111, "is_open": True, "finished": 0}, Reason(Why.SILENT, 111)),
        ({"silent": 20, "finished": 0}, None),
        ({"silent": None}, Reason(Why.NEW, 0)),
        ({"silent": 111, "is_open": True, "overdue": 2}, Reason(Why.LATE, 2, 111)),
    ],
)
def test_each_has_the_strongest_reason(known: dict[str, int], reason: Reason | None) -> None:
    assert why(**known) == reason


def test_who_has_been_silent_for_long_comes_after_those_who_just_fell_silent() -> None:
    days = [111, 20, 46, 44]
    found = [(n, why(silent=n, is_open=True)) for n in days]
    told = [(n, reason) for n, reason in found if reason]
    assert [n for n, _reason in talk.first(told, most=4)] == [44, 20, 111, 46]
