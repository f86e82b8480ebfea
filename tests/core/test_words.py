"""Figures, months and titles as people of each language write them."""

import datetime as dt

import pytest
import time_machine
from django.utils import timezone, translation

from core.words import between, inner, listed, moment, month, month_short, number, share, time_left


@pytest.mark.parametrize(
    ("language", "said"),
    [("ja", ("2026年11月", "11月")), ("en", ("November 2026", "November"))],
)
def test_a_month_is_said_in_the_readers_language(language: str, said: tuple[str, str]) -> None:
    for day in (1, 30):  # the second is answered from memory
        with translation.override(language):
            assert (month(dt.date(2026, 11, day)), month_short(dt.date(2026, 11, day))) == said


def test_figures_are_grouped() -> None:
    assert [number(value) for value in (999, 1_000, 1_234_567)] == ["999", "1,000", "1,234,567"]


@pytest.mark.parametrize(
    ("language", "title", "said"),
    [
        ("ja", "「高い」と“言われ”たら", "『高い』と“言われ”たら"),
        ("en", "“Too dear”: 「高い」, it’s said", "‘Too dear’: 「高い」, it’s said"),
    ],
)
def test_marks_within_marks_become_inner_ones(language: str, title: str, said: str) -> None:
    with translation.override(language):
        assert inner(title) == said


@pytest.mark.parametrize(
    ("part", "ja", "en"),
    [
        (0, "0%", "0%"),
        (1, "1%未満", "under 1%"),
        (3, "1%未満", "under 1%"),
        (4, "1%", "1%"),
        (167, "50%", "50%"),
        (333, "99%", "99%"),
        (334, "100%", "100%"),
    ],
)
def test_a_share_is_never_rounded_to_nobody_or_everybody(part: int, ja: str, en: str) -> None:
    for language, said in (("ja", ja), ("en", en)):
        with translation.override(language):
            assert share(part, 334) == said


def test_a_share_is_never_rounded_up_to_a_target_that_is_not_reached() -> None:
    assert [share(part, 330, 80) for part in (260, 263, 264, 265, 330)] == [
        "79%",
        "79%",
        "80%",
        "80%",
        "100%",
    ]
    assert share(263, 330) == "80%"


@pytest.mark.parametrize(
    ("left", "said"),
    [
        (dt.timedelta(days=6, hours=23), "7日"),
        (dt.timedelta(days=29, hours=3), "29日"),
        (dt.timedelta(days=1, hours=3), "1日、3時間"),
        (dt.timedelta(hours=5), "5時間"),
    ],
)
def test_what_is_left_is_said_in_whole_days_from_two_on(left: dt.timedelta, said: str) -> None:
    now = dt.datetime(2026, 11, 10, 3, tzinfo=dt.UTC)
    with time_machine.travel(now, tick=False), translation.override("ja"):
        assert time_left(now + left).replace("\xa0", "").replace("・", "、") == said


@pytest.mark.parametrize(
    ("language", "this_year", "before"),
    [
        ("ja", "11月9日 12:05", "2025年11月9日 12:05"),
        ("en", "9 Nov, 12:05", "9 November 2025, 12:05"),
    ],
)
def test_a_moment_has_its_year_where_that_is_over(
    language: str, this_year: str, before: str
) -> None:
    at = dt.datetime(2026, 11, 9, 3, 5, tzinfo=dt.UTC)
    with (
        time_machine.travel(at, tick=False),
        timezone.override("Asia/Tokyo"),
        translation.override(language),
    ):
        assert moment(at) == this_year
        assert moment(at.replace(year=2025)) == before


@pytest.mark.parametrize(("language", "said"), [("ja", "札幌、仙台"), ("en", "札幌, 仙台")])
def test_names_are_parted_as_the_language_does_it(language: str, said: str) -> None:
    with translation.override(language):
        assert listed(["札幌", "仙台"]) == said


@pytest.mark.parametrize(
    ("language", "narrow", "wide"), [("ja", "18〜36", "18〜36"), ("en", "18–36", "18 – 36")]
)
def test_from_where_to_where_is_written_as_the_language_does(
    language: str, narrow: str, wide: str
) -> None:
    with translation.override(language):
        assert (between(18, 36), between(18, 36, wide=True)) == (narrow, wide)
