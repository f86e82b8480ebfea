"""Cells as people write them: what they mean, or why they can't be read."""

import contextlib
import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sales import currencies
from sales.imports import values
from sales.imports.values import UnreadableError

TOKYO, PARIS = ZoneInfo("Asia/Tokyo"), ZoneInfo("Europe/Paris")


def why(read, *arguments) -> str:
    with pytest.raises(UnreadableError) as caught:
        read(*arguments)
    return caught.value.code


@pytest.mark.parametrize(
    "text",
    [
        *("2026/11/22", "2026-11-22", "2026.11.22", "2026年11月22日", "２０２６／１１／２２", "20261122"),
        *("令和8年11月22日", "R8.11.22", "r8/11/22", "㋿8年11月22日", "46348", " 2026/11/22 "),
        *("2026年11月22日(日)", "2026/11/22 00:00", "2026-11-22T00:00:00+09:00", "2026-11-21T15:00:00Z"),
    ],
)  # fmt: skip
def test_a_day_is_read_however_it_is_written(text: str) -> None:
    assert values.moment(text, TOKYO) == dt.datetime(2026, 11, 22, tzinfo=TOKYO)
    assert values.day(text, TOKYO) == dt.date(2026, 11, 22)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026/11/22 9:05", "2026-11-22T09:05:00"),
        ("2026年11月22日 9時5分", "2026-11-22T09:05:00"),
        ("2026-11-22 09:05:06.25", "2026-11-22T09:05:06.250"),
        ("46348.5", "2026-11-22T12:00:00"),
        ("令和元年5月1日", "2019-05-01T00:00:00"),
        ("H31.4.30", "2019-04-30T00:00:00"),
        ("昭和64年1月7日", "1989-01-07T00:00:00"),
    ],
)
def test_times_and_older_eras_are_read(text: str, moment: str) -> None:
    assert values.moment(text, TOKYO).isoformat() == moment.replace(".250", ".250000") + "+09:00"


@pytest.mark.parametrize(
    ("text", "until", "day"),
    [
        ("11/25", dt.date(2026, 11, 28), "2026-11-25"),
        ("11月29日", dt.date(2026, 11, 28), "2025-11-29"),
        ("１２月１日(火)", dt.date(2026, 1, 31), "2025-12-01"),
        ("4/1", dt.date(2025, 12, 31), "2025-04-01"),
        ("2/29", dt.date(2024, 12, 31), "2024-02-29"),
        ("2026/1/5", dt.date(2024, 12, 31), "2026-01-05"),
    ],
)
def test_a_day_without_a_year_lies_in_the_year_that_somebody_said(
    text: str, until: dt.date, day: str
) -> None:
    assert values.day(text, TOKYO, until).isoformat() == day


def test_the_year_that_was_said_may_lack_the_day() -> None:
    with pytest.raises(UnreadableError, match="no_such_day"):
        values.day("2/29", TOKYO, dt.date(2025, 12, 31))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("11/12/2026", "date_two_ways"),
        ("11/12/26", "date_two_ways"),
        ("12/25/2026", "date_year_last"),
        ("25.12.2026 9:00", "date_year_last"),
        ("2026/02/30", "no_such_day"),
        ("2026/13/01", "no_such_day"),
        ("2026/2/29 9:00", "no_such_day"),
        ("20260230", "no_such_day"),
        ("令和8年2月30日", "no_such_day"),
        ("11/31/2026", "no_such_day"),
        ("31.11.2026", "no_such_day"),
        ("11/31", "no_such_day"),
        ("11月31日", "no_such_day"),
        ("11/30", "no_year"),
        ("2/29", "no_year"),
        ("11月5日(木) 9:00", "no_year"),
        ("30/11", "date"),
        ("2026/11/30 25:00", "date"),
        ("26/02/30", "date_two_ways"),
        ("きのう", "date"),
        ("=TODAY()", "date"),
        ("0026/11/22", "date_range"),
        ("#N/A", "error_cell"),
        ("＃ＲＥＦ！", "error_cell"),
        ("2026-11-22T00:00+99:00", "date"),
    ],
)
def test_what_is_no_day_says_why(text: str, code: str) -> None:
    assert why(values.moment, text, TOKYO) == code


@pytest.mark.parametrize(
    ("text", "units", "currency"),
    [
        *(("1200", 1200, "JPY"), ("1,234", 1234, "JPY"), ("¥1,200", 1200, "JPY"), ("￥1,200", 1200, "JPY")),
        *(("\\1,200", 1200, "JPY"), ("1,200円", 1200, "JPY"), ("１，２００", 1200, "JPY"), ("1200.00", 1200, "JPY")),
        *(("$12.50", 1250, "USD"), ("USD 12.5", 1250, "USD"), ("12.50 EUR", 1250, "EUR"), ("0", 0, "JPY")),
    ],
)  # fmt: skip
def test_an_amount_is_read_however_it_is_written(text: str, units: int, currency: str) -> None:
    assert values.amount(text, "JPY") == (units, currency)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("１２万", "amount"),
        ("1.0E+5", "amount"),
        ("1,23", "amount"),
        ("1.234,50", "amount"),
        ("=1+1", "amount"),
        ("-1200", "negative"),
        ("▲1,200", "negative"),
        ("(1,200)", "negative"),
        ("¥-5", "negative"),
        ("0.5", "amount_parts"),
        ("¥1200 USD", "amount_two_currencies"),
        ("9" * 20, "too_large"),
        ("#DIV/0!", "error_cell"),
    ],
)
def test_money_is_never_guessed(text: str, code: str) -> None:
    assert why(values.amount, text, "JPY") == code


@pytest.mark.parametrize(
    ("text", "code"),
    [("1.5", "count"), ("-1", "negative"), ("十二", "count"), ("1e3", "count"), ("9999999", "too_large")],
)  # fmt: skip
def test_a_count_is_a_whole_number(text: str, code: str) -> None:
    assert why(values.count, text) == code
    assert (values.count("１２"), values.count("1,200"), values.count("3.0")) == (12, 1200, 3)
    assert [values.count(each) for each in ("３件", "1,200 回", "7コール", "2 Calls")] == [
        3,
        1200,
        7,
        2,
    ]


@given(st.integers(0, values.LARGEST_AMOUNT), st.sampled_from(["JPY", "USD", "KWD"]))
def test_an_amount_reads_back_as_it_was_written(units: int, currency: str) -> None:
    assert currencies.digits(currency) in {0, 2, 3}
    assert values.amount(values.written(units, currency), currency) == (units, currency)


@example(dt.datetime(2024, 10, 27, 0, tzinfo=dt.UTC), PARIS)
@example(dt.datetime(2024, 10, 27, 1, tzinfo=dt.UTC), PARIS)
@given(
    st.integers(600_000_000, 3_600_000_000).map(lambda at: dt.datetime.fromtimestamp(at, dt.UTC)),
    st.sampled_from([TOKYO, PARIS]),
)
def test_a_moment_reads_back_as_it_was_written(at: dt.datetime, zone: ZoneInfo) -> None:
    # Across zones an hour that a clock shows twice equals nothing (PEP 495): compared where there is but one.
    assert values.moment(values.said(at, zone), zone).astimezone(dt.UTC) == at


@given(st.text(max_size=30))
def test_any_text_is_a_value_or_says_why_not(text: str) -> None:
    for read in (
        lambda: values.moment(text, TOKYO),
        lambda: values.amount(text, "JPY"),
        lambda: values.count(text),
        lambda: values.currency(text),
    ):
        with contextlib.suppress(UnreadableError):
            assert read() is not None
