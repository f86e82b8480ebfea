"""Figures with what they stand on: nothing is rounded up to a target that it hasn't reached."""

import datetime as dt

from analytics import words
from analytics.figures import MOST, STRONG, TARGET, Mean, Share, spread


def test_a_share_below_its_target_is_told_as_less():
    for whole in (1, 7, 330, 1000):
        for target in (MOST, TARGET, 100):
            for part in range(whole + 1):
                share = Share(part, whole, target)
                assert (share.percent >= target) == (100 * part >= target * whole)
                assert (share.percent == 0) == (part == 0)
                assert abs(share.percent - 100 * part / whole) < 1
    assert Share(0, 0, MOST).percent is None
    assert words.share(Share(263, 330, MOST)) == "79%"
    assert words.share(Share(0, 0, MOST)) == "–"


def test_a_module_that_most_have_not_finished_yet_is_not_told_as_if_they_had():
    day = dt.date(2026, 11, 2)
    found = spread({day.isoformat(): 263}, 330, day, dt.date(2026, 11, 27))
    assert (found.days, found.missing, words.share(found.finished)) == (None, 1, "79%")


def test_a_mean_among_weak_spots_is_below_what_makes_one():
    assert Mean(5, 3990, STRONG).percent == 79
    assert Mean(5, 4000, STRONG).percent == 80
    assert Mean(5, 3990).percent == 80
