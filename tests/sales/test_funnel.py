"""Figures of the funnel without a database: intervals, two win rates, and what is held back."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sales import wilson
from sales.funnel import LEAST_PEOPLE, Cell, Rate, shown, with_amounts_held


def cell(key: str = "a", people: int = 10, **fields) -> Cell:
    return Cell(**{"key": key, "people": people, "counts": {}, "amounts": {}, "tops": {}, **fields})


def test_the_interval_is_wilsons():
    low, high = wilson.interval(81, 263)
    assert low == pytest.approx(0.2553, abs=5e-5)
    assert high == pytest.approx(0.3662, abs=5e-5)
    assert wilson.interval(0, 20)[0] == 0
    assert wilson.interval(20, 20)[1] == 1


@given(st.integers(1, 10_000), st.data())
def test_the_interval_holds_the_share(whole, data):
    part = data.draw(st.integers(0, whole))
    low, high = wilson.interval(part, whole)
    assert 0 <= low <= part / whole + 1e-12
    assert part / whole - 1e-12 <= high <= 1


def test_a_part_larger_than_its_whole_is_no_share():
    assert not Rate(5, 4).is_share
    assert not Rate(0, 0).is_share


def test_of_what_nobody_told_there_is_neither_a_count_nor_a_share():
    counts = {"calls": 212, "appointments": 9}
    whole = cell(counts=counts)
    assert whole.not_told == {"key_persons", "leads", "qualified"}, "wins may well be none"
    told = {each.measure: each for each in cell(counts=counts, untold=whole.not_told).phases}
    assert [name for name, each in told.items() if each.is_told] == ["calls", "appointments", "won"]
    assert not any(each.rate.is_share or each.rate.part for each in told.values() if each.of)
    zero = cell(counts={**counts, "leads": 0})
    assert "leads" not in zero.not_told, "who says none has said something"


def test_both_win_rates_leave_refunded_deals_out():
    found = cell(
        own=True,
        counts={"won": 3, "lost": 7},
        opened={"won": 2, "lost": 2, "refunded": 1, "open": 1},
    )
    assert (found.closed.part, found.closed.whole) == (3, 10)
    assert (found.cohort.part, found.cohort.whole) == (2, 4)
    assert found.still_open.whole == 6


def test_a_cohort_is_told_only_when_most_of_it_is_decided():
    assert cell(opened={"won": 3, "lost": 3, "open": 4}).cohort_is_ripe
    assert not cell(opened={"won": 3, "lost": 2, "open": 4}).cohort_is_ripe
    assert not cell().cohort_is_ripe


def test_others_need_twenty_cases_for_a_rate_and_oneself_one():
    counts = {"won": 4, "lost": 15}
    assert not cell(counts=counts).closed.enough
    assert cell(counts=counts, own=True).closed.enough
    assert cell(counts={"won": 5, "lost": 15}).closed.enough


def test_an_amount_that_one_person_made_is_held_back_from_others():
    fields = {"amounts": {"JPY": 100, "USD": 100}, "tops": {"JPY": 51, "USD": 50}}
    assert [amount.hidden for amount in cell(**fields).won_amounts] == [True, False]
    assert not any(amount.hidden for amount in cell(own=True, **fields).won_amounts)


def test_own_figures_are_shown_however_few_they_are():
    assert shown([cell("mine", 1, own=True), cell("yours", 9)]) == {"mine", "yours"}


@given(st.lists(st.tuples(st.integers(0, 12), st.booleans()), max_size=8))
def test_nothing_held_back_can_be_found_by_subtraction(groups):
    cells = [cell(str(n), people, own=own) for n, (people, own) in enumerate(groups)]
    visible = shown(cells)
    hidden = [each for each in cells if each.key not in visible]
    assert not any(each.too_few for each in cells if each.key in visible)
    if any(each.too_few for each in cells):
        enough = len(hidden) > 1 and sum(each.people for each in hidden) >= LEAST_PEOPLE
        assert enough or not visible
    else:
        assert not hidden


def test_the_smallest_others_go_first_and_ones_own_last():
    cells = [cell("tiny", 2), cell("mine", 3, own=True), cell("small", 6), cell("large", 50)]
    for order in itertools.permutations(cells):
        assert shown(order) == {"mine", "large"}


@given(st.lists(st.tuples(st.integers(0, 90), st.integers(0, 100), st.booleans()), max_size=6))
def test_no_amount_held_back_is_what_is_left_of_the_sum(groups):
    cells = [
        cell(str(n), amounts={"JPY": units}, tops={"JPY": units * top // 100}, own=own)
        for n, (units, top, own) in enumerate(groups)
    ]
    visible = frozenset(each.key for each in cells if each.key != "0")
    told = with_amounts_held(cells, visible)
    amounts = [amount for each in told for amount in each.won_amounts if each.key in visible]
    hidden = sum(amount.hidden for amount in amounts) + (len(amounts) < len(told))
    assert hidden != 1 or len(told) == 1
    assert [each.key for each in told] == [each.key for each in cells]
