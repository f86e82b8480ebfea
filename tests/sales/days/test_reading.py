"""What fields of a day mean: whatever comes, it is read or named."""

import datetime as dt
import uuid
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sales import days
from sales.days import Deal, WrongError

PRODUCT = uuid.UUID(int=7)
CALLS = days.counter(PRODUCT, "calls")


@pytest.mark.parametrize(
    ("typed", "count"),
    [("12", 12), (12, 12), ("１２", 12), (" 7 ", 7), ("1,200", 1200), ("0", 0), (0, 0)],
)
def test_a_count_is_read_as_people_type_it(typed, count):
    assert days.read({CALLS: typed}).counts == {(PRODUCT, "calls"): count}


@pytest.mark.parametrize("typed", ["-1", "1.5", "x", "10000", True, [], {}, "9" * 30, "1e3"])
def test_what_is_no_count_is_named(typed):
    with pytest.raises(WrongError) as wrong:
        days.read({CALLS: typed})
    assert (wrong.value.field, wrong.value.kind) == (CALLS, "number")


@pytest.mark.parametrize("empty", ["", None])
def test_an_empty_field_says_nothing(empty):
    assert days.read({CALLS: empty, "d.M-123456.amount": empty}) == days.Entered()


@pytest.mark.parametrize(
    "name",
    [
        *("", "x", "c", "c.x.calls", f"c.{PRODUCT}.won", f"c.{PRODUCT}", "d.M-1.outcome"),
        *("d.M-123456.reason", "d.M-123456", "d.M 123456.outcome", "was.c"),
    ],
)
def test_an_unknown_field_is_named(name):
    with pytest.raises(WrongError) as wrong:
        days.read({name: "1"})
    assert wrong.value.field == name


def test_a_deal_is_read_from_its_parts_and_its_product_alone_is_none():
    told = {"outcome": "won", "stage": "qualified", "amount": "¥300,000", "product": str(PRODUCT)}
    found = days.read({days.about("M-123456", part): value for part, value in told.items()})
    assert found.deals == {"M-123456": Deal(PRODUCT, "won", "qualified", 300_000)}
    assert days.read({days.about("M-123456", "product"): str(PRODUCT)}).deals == {}


@pytest.mark.parametrize(("ago", "is_open"), [(0, True), (7, True), (8, False), (-1, False)])
def test_a_day_can_be_entered_for_a_week(ago, is_open):
    today = dt.date(2026, 11, 26)
    assert days.is_open(today - dt.timedelta(days=ago), today, 7) is is_open


WORDS = (
    st.text(max_size=12)
    | st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.lists(st.none())
)
NAMES = st.text(max_size=20) | st.builds(
    "{}.{}.{}".format,
    st.sampled_from(["c", "d", "e"]),
    st.sampled_from([str(PRODUCT), "M-123456", "x"]),
    st.sampled_from(["calls", "outcome", "stage", "amount", "product", "won"]),
)


@given(st.dictionaries(NAMES, WORDS, max_size=4))
def test_whatever_comes_is_read_or_named(fields):
    with suppress(WrongError):
        days.read(fields)
