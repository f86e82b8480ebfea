"""How often random plays came to each ending: in percent that add up."""

import random

import pytest

from courses.authoring.scenarios.told import shares


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ([7495, 2505, 0], [75.0, 25.0, 0.0]),
        ([7496, 2504, 0], [75.0, 25.0, 0.0]),
        ([1, 1, 1], [33.4, 33.3, 33.3]),
        ([5000, 4000, 1000], [50.0, 40.0, 10.0]),
        ([3333, 3333, 3333, 1], [33.4, 33.3, 33.3, 0.0]),
        ([0, 0], [0.0, 0.0]),
        ([], []),
    ],
)
def test_shares_are_rounded_so_that_they_add_up(counts: list[int], said: list[float]) -> None:
    assert shares(counts) == said


def test_whatever_was_counted_shares_add_up_and_none_is_off_by_a_tenth() -> None:
    chance = random.Random(7)
    for _ in range(500):
        counts = [chance.randrange(10_000) for _ in range(chance.randrange(1, 9))]
        whole = sum(counts) or 1
        found = shares(counts)
        assert round(sum(found), 6) == (100 if sum(counts) else 0)
        assert all(abs(f - 100 * c / whole) < 0.1 for f, c in zip(found, counts, strict=True))
