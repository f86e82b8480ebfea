"""A report's result is what `analyse` says of its rows: the same numbers, grades, doubts and refusals."""

import dataclasses
import datetime as dt
import json
import uuid
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from django.core.management import call_command
from django.utils import translation

from analytics.associations import over_time_words, result_words, words
from analytics.associations.engine.analysis import analyse
from analytics.associations.engine.panel import Panel
from analytics.associations.engine.result import result
from analytics.associations.question import Question
from analytics.associations.rows import Unit
from tests.analytics.associations.units import ABLE, LEARNT, MADE, MONTHS, TENURE, unit

QUESTION = Question(since=dt.date(2026, 1, 1), until=dt.date(2026, 11, 1))
NAMED: dict[str, Any] = {"unit": "rep", "group": "company", "learning": ["x"], "sales": ["y"]}


def of(figures: Unit, question: Question = QUESTION) -> dict[str, Any]:
    return result(question, figures, uuid.UUID(int=0))


def whole(figures: Unit) -> pd.DataFrame:
    rows = figures.rows
    return pd.DataFrame(
        {
            "rep": [row.person_id.int for row in rows],
            "company": [row.organisation_id.int for row in rows],
            "x": [row.learnt / row.learnt_of for row in rows],
            "y": [row.sold / row.sold_of for row in rows],
            "tenure": [row.tenure for row in rows],
        }
    )


def months(figures: Unit) -> pd.DataFrame:
    rows = figures.months
    return pd.DataFrame(
        {
            "rep": [row.person_id.int for row in rows],
            "company": [row.organisation_id.int for row in rows],
            "t": [row.month for row in rows],
            "x": [row.learnt / row.learnt_of for row in rows],
            "y": [row.sold / row.sold_of if row.sold_of else np.nan for row in rows],
        }
    )


def joined(rep: dict[str, Any], rng: np.random.Generator) -> None:
    rep[TENURE] = int(rng.integers(10, 900))


def test_every_number_is_one_of_analyse() -> None:
    figures = unit(change=joined)
    found = of(figures)
    once = Panel.of(whole(figures), **NAMED, controls=["tenure"])
    said = analyse(once, seed=int(QUESTION.key[:8], 16))
    for name in ("pooled", "within", "between", "partial", "slope", "slope_within"):
        one = said.find(name)
        assert one is not None
        assert found[name] == [one.value, one.low, one.high], name
    same = analyse(Panel.of(months(figures), **NAMED, time="t"), lag=1, draws=2)
    assert len(found["over_time"]["strip"]) == 4
    for told in (*found["over_time"]["strip"], found["over_time"]["lead"]):
        method = "lead" if told["lag"] < 0 else "fixed_effects"
        one = same.find(method, lag=told["lag"])
        assert one is not None
        assert (told["value"], told["low"], told["reps"]) == (one.value, one.low, one.n_units)
    assert (found["grade"], same.grade) == ("C", "C")
    assert json.loads(json.dumps(found)) == found


def test_the_command_line_says_the_same_of_the_same_rows(
    capsys: pytest.CaptureFixture, tmp_path: Path
) -> None:
    figures = unit(3)
    found = of(figures)
    same = over_time_words.at(found["over_time"], 1) or {}
    for name, frame, method, value in (
        ("whole", whole(figures), "within", found["within"][0]),
        (
            "months",
            months(figures),
            "fixed_effects",
            same["value"],
        ),
    ):
        file = tmp_path / f"{name}.csv"
        frame.to_csv(file, index=False)
        time = ("--time", "t") if name == "months" else ()
        options = ("--unit", "rep", "--group", "company", "--learning", "x", "--sales", "y", *time)
        call_command("analyse", str(file), *options, "--json")
        told = json.loads(capsys.readouterr().out)
        one = next(each for each in told["estimates"] if each["method"] == method)
        assert one["value"] == pytest.approx(value, rel=1e-9)


# --- It warns and refuses as the command line does -----------------------------------------------


def by_tenure(rep: dict[str, Any], rng: np.random.Generator) -> None:
    """Those who are there for long learn and sell more; at equal time the learned sell less."""
    rep[TENURE] = int(400 + 150 * rep[ABLE])
    learnt = rng.poisson(max(8 + 3 * rep[ABLE], 0.2), MONTHS + 3)
    rep[LEARNT] = learnt
    rate = np.clip(0.4 + 0.1 * rep[ABLE] - 0.02 * (learnt[2 : 2 + MONTHS].mean() - 8), 0.01, 0.99)
    rep[MADE] = rng.binomial(rep["calls"], rate)


def kinds_apart(rep: dict[str, Any], rng: np.random.Generator) -> None:
    """Only those who came lately had the one module."""
    rep[TENURE] = int(400 + 150 * rep[ABLE])
    rep[LEARNT] = np.full(MONTHS + 3, int(rep[ABLE] < -1))
    rep[MADE] = rng.binomial(rep["calls"], np.clip(0.3 + 0.05 * rep[ABLE], 0.01, 0.99))


def all_done(rep: dict[str, Any], rng: np.random.Generator) -> None:
    most = rng.random() < 0.7
    rep[LEARNT] = np.full(MONTHS + 3, 20) if most else rng.poisson(8, MONTHS + 3)


def gone(rep: dict[str, Any], _rng: np.random.Generator) -> None:
    if rep[ABLE] < -0.5:
        rep["calls"] = np.where(np.arange(MONTHS) < 5, rep["calls"], 0)
        rep[MADE] = np.where(rep["calls"] > 0, rep[MADE], 0)


def made_before(rep: dict[str, Any], rng: np.random.Generator) -> None:
    """Who sold much learns little the month after."""
    sold = rep[MADE] / rep["calls"]
    told = np.r_[np.full(4, 0.3), sold][: MONTHS + 3]
    rep[LEARNT] = rng.poisson(np.clip(20 - 40 * (told - 0.3), 0.5, 60))


CASES: list[tuple[str, dict[str, Any], str]] = [
    ("sign_differs", {"company": 0.6, "effect": 0.02}, "CD"),
    ("sign_adjusted", {"change": by_tenure, "effect": 0.0}, "CD"),
    ("few_units", {"companies": 3}, "E"),
    ("few_groups", {"companies": 5, "reps": 12}, "D"),
    ("other_lag", {"lag": 3, "effect": 0.04}, "D"),
    ("lead", {"change": made_before, "effect": 0.0}, "D"),
    ("overlap", {"change": kinds_apart, "effect": 0.0}, "D"),
    ("ceiling", {"change": all_done, "effect": 0.0}, "CDE"),
    ("leavers", {"change": gone}, "CD"),
]


@pytest.mark.parametrize(("code", "knobs", "grades"), CASES, ids=[case[0] for case in CASES])
def test_a_doubt_of_the_engine_is_a_doubt_of_the_report(
    code: str, knobs: dict[str, Any], grades: str
) -> None:
    found = of(unit(2, **knobs))
    told = next((each for each in found["findings"] if each["code"] == code), None)
    assert told, [each["code"] for each in found["findings"]]
    assert found["grade"] in grades
    for language in ("ja", "en"):
        with translation.override(language):
            said = result_words.findings(QUESTION, found)
            assert len(said) == len(set(said)) > 0
            assert not [
                text
                for text in said
                if "%(" in text or "“learning”" in text or "「learning」" in text
            ]
            assert words.sentence(QUESTION, found)
            assert isinstance(words.smallest(found) + words.needed(QUESTION, found), str)


def test_one_rep_who_has_most_of_it_is_told() -> None:
    figures = unit(2)
    first = dataclasses.replace(figures.rows[0], sold=figures.rows[0].sold * 1000)
    found = of(dataclasses.replace(figures, rows=[first, *figures.rows[1:]]))
    assert "one_whale" in {each["code"] for each in found["findings"]}
    with translation.override("en"):
        assert any(
            "means stand on that rep" in text for text in result_words.findings(QUESTION, found)
        )


def test_too_few_companies_are_not_called_too_few_times() -> None:
    for companies, code in ((1, "one_group"), (5, "few_groups")):
        found = of(unit(2, companies=companies, reps=40))
        codes = {each["code"] for each in found["findings"]}
        assert codes & {"one_group", "few_groups", "few_times"} == {code}
        assert found["grade"] == "D"


def test_of_too_few_reps_nothing_is_told_not_even_what_is_doubtful() -> None:
    figures = unit(2, companies=3, change=made_before, effect=0.0)
    first = dataclasses.replace(figures.rows[0], sold=figures.rows[0].sold * 1000)
    found = of(dataclasses.replace(figures, rows=[first, *figures.rows[1:]]))
    assert found["grade"] == "E"
    told = {each["code"] for each in found["findings"]}
    assert not told & {"lead", "other_lag", "few_times", "one_whale"}


def test_where_signs_differ_no_number_over_all_is_told() -> None:
    found = of(unit(2, company=0.6))
    assert not found.keys() & {"pooled", "slope"}
    assert found["headline"] == "within"
    with translation.override("en"):
        assert "isn't shown" in words.companies_differ(found)


def test_where_equal_tenure_turns_the_sign_no_direction_is_told() -> None:
    found = of(unit(2, change=by_tenure, effect=0.0))
    assert "headline" not in found
    with translation.override("en"):
        assert "neither is an answer" in words.sentence(QUESTION, found)
        assert words.stands_on(QUESTION, found) == ""


def test_tenure_is_no_control_where_somebodys_is_not_known() -> None:
    def some(rep: dict[str, Any], rng: np.random.Generator) -> None:
        by_tenure(rep, rng)
        rep[TENURE] = rep[TENURE] if rep[ABLE] < 1 else None

    found = of(unit(2, change=some, effect=0.0))
    assert "partial" not in found
    assert found["headline"] == "within"


def test_nobody_at_all_is_an_answer_too() -> None:
    assert of(Unit([], {}))["reason"] == "few"
