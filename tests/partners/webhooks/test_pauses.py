"""When a message is sent again."""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from partners.webhooks import pauses

LUCK = st.floats(0, 1)


@given(st.integers(1, 20), LUCK, LUCK)
def test_pauses_grow_and_end(tries: int, luck: float, other: float):
    now, later = pauses.pause(tries, luck), pauses.pause(tries + 1, other)
    if tries >= pauses.MAX_TRIES:
        assert now is None
    elif later is not None:
        assert now < later


@given(LUCK)
def test_all_tries_take_about_a_day(luck: float):
    all_ = [pauses.pause(n, luck) or dt.timedelta.max for n in range(1, pauses.MAX_TRIES)]
    assert dt.timedelta(hours=24) < sum(all_, dt.timedelta()) < dt.timedelta(hours=48)


@given(st.integers(1, pauses.MAX_TRIES - 1), LUCK, st.floats(0, 1e9))
def test_a_receiver_that_asks_for_time_gets_it_up_to_a_day(tries: int, luck: float, wish: float):
    found = pauses.pause(tries, luck, wish)
    assert found >= pauses.pause(tries, 0)
    assert found >= min(dt.timedelta(seconds=wish), dt.timedelta(days=1))
    assert found <= dt.timedelta(days=1)


@given(st.integers(0, 100_000))
def test_an_endpoint_rests_a_minute_at_most(failures: int):
    assert dt.timedelta(0) < pauses.rest(failures) <= dt.timedelta(minutes=1)


def test_an_endpoint_is_given_up_after_days():
    now = dt.datetime(2026, 11, 22, tzinfo=dt.UTC)
    assert not pauses.is_given_up(now - dt.timedelta(days=2, hours=23), now)
    assert pauses.is_given_up(now - dt.timedelta(days=3), now)
