"""Moments as people of each language write them."""

import datetime as dt

import pytest
from django.utils import translation
from django.utils.formats import date_format

MORNING = dt.datetime(2026, 11, 7, 9, 5, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("language", "long", "short"),
    [
        ("ja", "2026年11月7日 09:05", "2026/11/07 09:05"),
        ("en", "7 November 2026, 09:05", "7 Nov 2026, 09:05"),
    ],
)
def test_a_moment_means_the_same_to_everybody(language: str, long: str, short: str) -> None:
    with translation.override(language):
        assert date_format(MORNING, "DATETIME_FORMAT") == long
        assert date_format(MORNING, "SHORT_DATETIME_FORMAT") == short
