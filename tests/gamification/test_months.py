"""Months: in which one something counts, and when one is closed."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gamification import months

TOKYO = ZoneInfo("Asia/Tokyo")
ZONES = st.sampled_from([TOKYO, ZoneInfo("America/New_York"), ZoneInfo("UTC")])
MOMENTS = st.datetimes(
    dt.datetime(2020, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    dt.datetime(2039, 12, 31),  # noqa: DTZ001
    timezones=st.just(dt.UTC),
)


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=TOKYO)


def test_a_month_is_that_of_the_clients_time_zone():
    moment = dt.datetime(2026, 10, 31, 15, 0, tzinfo=dt.UTC)
    assert months.month_of(moment, TOKYO) == dt.date(2026, 11, 1)
    assert months.month_of(moment, ZoneInfo("UTC")) == dt.date(2026, 10, 1)


def test_a_month_closes_three_days_after_its_end():
    october = dt.date(2026, 10, 1)
    assert months.closes_at(october, TOKYO) == at("2026-11-04 00:00")
    assert not months.is_closed(october, at("2026-11-03 23:59"), TOKYO)
    assert months.is_closed(october, at("2026-11-04 00:00"), TOKYO)


@pytest.mark.parametrize(
    ("caused", "booked", "counts_in"),
    [
        ("2026-10-31 23:59", "2026-10-31 23:59", "2026-10"),
        ("2026-10-31 23:59", "2026-11-03 23:59", "2026-10"),
        ("2026-10-31 23:59", "2026-11-04 00:00", "2026-11"),
        ("2026-03-05 12:00", "2026-11-20 12:00", "2026-11"),
        ("2026-12-01 00:10", "2026-11-30 23:50", "2026-11"),
    ],
)
def test_points_count_in_the_month_of_their_cause_while_it_is_open(caused, booked, counts_in):
    assert months.name(months.booking_month(at(caused), at(booked), TOKYO)) == counts_in


@given(MOMENTS, MOMENTS, ZONES)
def test_nothing_is_ever_booked_in_a_closed_month_nor_in_one_to_come(caused, now, zone):
    month = months.booking_month(caused, now, zone)
    assert month.day == 1
    assert not months.is_closed(month, now, zone)
    assert month <= months.month_of(now, zone)


@given(MOMENTS, ZONES)
def test_what_is_booked_at_once_counts_in_its_own_month(moment, zone):
    assert months.booking_month(moment, moment, zone) == months.month_of(moment, zone)


@given(MOMENTS, ZONES)
def test_open_months_are_the_running_one_and_for_three_days_the_one_before(now, zone):
    running, *rest = months.open_months(now, zone)
    assert running == months.month_of(now, zone)
    assert bool(rest) == (now.astimezone(zone).day <= 3)
    assert set(months.open_months(now, zone)) <= set(months.kept_months(now, zone))


@given(st.dates(dt.date(2000, 1, 1), dt.date(2099, 12, 31)))
def test_a_month_is_read_as_it_is_written(day):
    month = day.replace(day=1)
    assert months.parse(months.name(month)) == month
    assert months.before(months.after(month)) == month


@pytest.mark.parametrize(
    "text", ["", "2026-13", "2026-1", "1999-01", "２０２６-01", "2026-01\n", "x"]
)
def test_what_is_no_month_is_none(text):
    assert months.parse(text) is None


def test_days_left_count_today():
    november = dt.date(2026, 11, 1)
    assert months.days_left(november, at("2026-11-30 23:00"), TOKYO) == 1
    assert months.days_left(november, at("2026-12-01 00:00"), TOKYO) == 0
