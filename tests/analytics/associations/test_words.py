"""Every sentence that a report can make, in both languages: the grade's verbs, and never another one."""

import dataclasses
import datetime as dt
import itertools
import re
import uuid
from typing import Any

import pytest
from django.utils import translation

from analytics.associations import grid_words, measures, over_time_words, plot, words
from analytics.associations.models import Cell, Grid, MonthRevision
from analytics.associations.question import Question

ALLOWED = {"en": ("is associated with", "tends to be higher where"), "ja": ("関連がみられ",)}
FORBIDDEN = re.compile(
    r"effect|impact|drive|because|lift|cause|due to|thanks to|improv|lead(?:s|ing)? to|result in|"
    r"prove|increase|boost|raise|効果|要因|影響|原因|おかげ|によって|ため|改善|向上|上が|増え|伸び|つなが",
    re.IGNORECASE,
)

languages = pytest.mark.parametrize("language", ["ja", "en"])


def question(**asked: object) -> Question:
    return Question(since=dt.date(2025, 11, 1), until=dt.date(2026, 11, 1), **asked)


def found(headline: str, low: float, high: float, pooled: float = 0.1) -> dict:
    return {
        "people": 330,
        "reps": 320,
        "partners": 17 if headline == "within" else 1,
        "headline": headline,
        "pooled": [pooled, pooled - 0.2, pooled + 0.2],
        "within": [(low + high) / 2, low, high],
        "smallest": 0.15,
        **({"pooled": [(low + high) / 2, low, high]} if headline == "pooled" else {}),
    }


INTERVALS = [(0.2, 0.4), (-0.4, -0.2), (-0.1, 0.1), (-0.4, 0.02)]
EVERY = list(itertools.product(measures.LEARNING, measures.SALES, ("within", "pooled"), INTERVALS))


@languages
def test_every_sentence_has_an_allowed_verb_and_no_forbidden_word(language: str) -> None:
    with translation.override(language):
        for learning, sales, headline, interval in EVERY:
            asked, result = question(learning=learning, sales=sales), found(headline, *interval)
            said = words.sentence(asked, result)
            assert any(verb in said for verb in ALLOWED[language]), said
            around = [words.stands_on(asked, result), words.companies_differ(result)]
            for text in (said, *around, words.smallest(result), words.needed(asked, result)):
                assert not FORBIDDEN.search(text), text


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"team_id": uuid.UUID(int=1), "organisation_id": uuid.UUID(int=2)}, "With all teams"),
        ({"organisation_id": uuid.UUID(int=1)}, "One company alone"),
        ({"product_id": uuid.UUID(int=1)}, "With all products"),
        ({}, "A longer period"),
    ],
)
def test_what_would_settle_it_is_something_that_can_be_asked_for(
    asked: dict[str, Any], said: str
) -> None:
    with translation.override("en"):
        result = found("within", -0.1, 0.1)
        assert said in words.needed(dataclasses.replace(question(), **asked), result)


@languages
def test_every_sentence_says_what_it_stands_on(language: str) -> None:
    with translation.override(language):
        for learning, sales, headline, interval in EVERY:
            asked, result = question(learning=learning, sales=sales), found(headline, *interval)
            said = words.stands_on(asked, result)
            low, high = (words.signed(each) for each in interval)
            for fact in (low, high, "320", str(result["partners"]), "2025", "2026", "3.0%", "95%"):
                assert fact in said, (fact, said)
            assert re.search(r"1か月|1 month", said)
            assert re.search(r"根拠の強さD|grade D", said)


@languages
def test_the_direction_is_that_of_the_interval(language: str) -> None:
    with translation.override(language):
        says = [words.sentence(question(), found("within", *interval)) for interval in INTERVALS]
        assert len(set(says)) == 3
        assert says[2] == says[3]


@languages
def test_where_companies_differ_the_pooled_figure_is_no_headline(language: str) -> None:
    with translation.override(language):
        assert words.companies_differ(found("within", 0.2, 0.4, pooled=-0.1))
        assert words.companies_differ(found("within", 0.2, 0.4, pooled=0.1))
        assert not words.companies_differ(found("within", 0.2, 0.4, pooled=0.3))
        assert not words.companies_differ(found("pooled", 0.2, 0.4))


@languages
def test_where_nothing_can_be_said_no_number_is(language: str) -> None:
    with translation.override(language):
        for reason in (measures.FEW, measures.SAME_LEARNING, measures.SAME_SALES):
            said = words.sentence(question(), {"reason": reason, "reps": 12})
            assert not re.search(r"\d", said)
            assert not FORBIDDEN.search(said)


@languages
def test_values_are_said_in_their_own_unit(language: str) -> None:
    with translation.override(language):
        assert words.amount(measures.APPOINTMENTS, 0.094) == "9.4%"
        assert words.amount(measures.QUIZ, 854) == "85.4%"
        assert words.amount(measures.AMOUNT, 1_234_500, "JPY") == "¥1,234,500"
        assert words.amount(measures.DEAL, 123_450, "USD") == "$1,234.50"
        assert words.amount(measures.MINUTES, 600).startswith("10")
        assert (
            words.tick(measures.AMOUNT, 1_200_000, "JPY") == {"ja": "120万", "en": "1.2M"}[language]
        )
        assert words.tick(measures.WIN, 0.25) == "25%"


@languages
def test_every_sentence_of_a_grid_has_an_allowed_verb_and_no_forbidden_word(language: str) -> None:
    months = {"since": dt.date(2025, 11, 1), "until": dt.date(2026, 11, 1), "lag": 1}
    with translation.override(language):
        for partners, tested, (low, high) in itertools.product((1, 17), (1, 20), INTERVALS):
            grid = Grid(**months, people=330, reps=320, partners=partners, tested=tested)
            for learning, sales in itertools.product(measures.LEARNING, measures.SALES):
                sure = 0.001 if low * high > 0 else 0.6
                one = {"value": (low + high) / 2, "low": low, "high": high, "p": sure, "q": sure}
                cell = Cell(learning=learning, sales=sales, reps=320, partners=17, **one)
                said = grid_words.answer(grid, [cell])
                assert any(verb in said for verb in ALLOWED[language]), said
                around = (grid_words.looked(grid, 1), grid_words.stands_on(grid))
                for text in (said, *around, grid_words.spoken(cell)):
                    assert not FORBIDDEN.search(text), text
                assert "320" in around[1]
        late = MonthRevision(month_id=months["since"], revision=2, rows=3, figures=["won", "score"])
        for text in grid_words.told_late([late]):
            assert not FORBIDDEN.search(text), text
            assert "2025" in text


SAME_VERBS = {
    "en": re.compile(r"In months after a rep .+, the same rep's “.+” was (?:higher|lower) by "),
    "ja": re.compile(r"月のあと、同じ人の「.+」は.+(?:高く|低く)なっていました"),
}
"""The verbs of grade C."""


def over_time(low: float, high: float, grade: str = "C", doubts: tuple[str, ...] = ()) -> dict:
    one = {"value": (low + high) / 2, "low": low, "high": high, "p": 0.01, "smallest": 0.02}
    stands = {"months": 3000, "reps": 320, "partners": 17}
    strip = [{"lag": n, **one, **stands} for n in measures.LAGS]
    return {"grade": grade, "doubts": list(doubts), "strip": strip, "lead": {**strip[0], "lag": -1}}


@languages
def test_the_same_rep_is_spoken_of_with_the_verbs_of_grade_c_or_not_at_all(language: str) -> None:
    with translation.override(language):
        for learning, sales in itertools.product(measures.LEARNING, measures.SALES):
            asked = question(learning=learning, sales=sales, currency="JPY")
            clear = [over_time(*interval) for interval in ((0.02, 0.04), (-0.04, -0.02))]
            for told in clear:
                assert SAME_VERBS[language].search(over_time_words.sentence(asked, told))
            open_ones = [
                over_time(-0.01, 0.02),
                over_time(0.02, 0.04, "D"),
                over_time(0.02, 0.04, "D", ("lead",)),
            ]
            for told in open_ones:
                assert not SAME_VERBS[language].search(over_time_words.sentence(asked, told))
            for told in (*clear, *open_ones):
                texts = [
                    each(asked, told)
                    for each in (over_time_words.sentence, over_time_words.stands_on)
                ]
                texts += [over_time_words.smallest(asked, told), over_time_words.unit(asked)]
                for text in texts:
                    assert not FORBIDDEN.search(text), text
                for fact in ("320", "17", "3,000", "95%"):
                    assert fact in texts[1]


# --- Where things lie -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("low", "high", "from_zero", "most", "ticks"),
    [
        (0.04, 0.21, True, 1.0, [0, 0.05, 0.1, 0.15, 0.2, 0.25]),
        (0.0, 1.0, True, 1.0, [0, 0.2, 0.4, 0.6, 0.8, 1.0]),
        (610, 990, False, 1000.0, [600, 700, 800, 900, 1000]),
        (3, 3, True, float("inf"), [0, 1, 2, 3]),
        (0, 0, True, float("inf"), [0, 0.2, 0.4, 0.6, 0.8, 1.0]),
    ],
)
def test_axes_have_round_ticks_that_hold_everything(low, high, from_zero, most, ticks) -> None:
    found = plot.axis(low, high, from_zero=from_zero, most=most)
    assert list(found.ticks)[: len(ticks)] == pytest.approx(ticks[: len(found.ticks)])
    assert found.low <= low <= high <= found.high <= max(most, high)


def test_lines_stay_in_the_field() -> None:
    field = plot.Field(plot.axis(0, 10, from_zero=True), plot.axis(0, 1, from_zero=True))
    line = field.line(1, (0, 10), (5, 0.5), 0.3)
    assert (line.y1, line.y2) == (f"{plot.BOTTOM:.2f}%", f"{plot.TOP:.2f}%")
    flat = field.line(1, (0, 10), (5, 0.5), 0.0)
    assert flat.y1 == flat.y2


def test_moments_in_files_are_those_of_the_pages() -> None:
    at = dt.datetime(2026, 11, 27, 7, 41, 48, 363090, tzinfo=dt.UTC)
    assert words.stamp(at) == "2026-11-27 16:41"
    assert words.stamp(None) == ""
