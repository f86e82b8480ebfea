"""Verdicts on worlds: every gate can be kept, and every one can be missed."""

import dataclasses

import pytest

from bench.worlds.case import Case, Found
from bench.worlds.drawing import draw
from bench.worlds.verdict import verdict

CASE = Case(
    "S", "", "", draw=draw, read=lambda _: Found(0.0, 0.0), off=1.0, tolerance=0.01, grades="CD"
)


def found(value: float, **more: object) -> Found:
    told = {"truth": 1.0, "naive": 2.5, "low": value - 0.3, "high": value + 0.3, "grade": "C"}
    return Found(value=value, **(told | more))


RIGHT = [found(1 + 0.1 * (-1) ** n) for n in range(20)]


def test_a_world_is_recovered_where_the_mean_is_right_and_the_obvious_reading_is_not():
    assert verdict(CASE, RIGHT).good
    assert verdict(CASE, RIGHT).coverage == 1
    assert "| kept |" in verdict(CASE, RIGHT).markdown()


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"value": 1.2}, "off by"),
        ({"low": 1.1}, "covers"),
        ({"naive": 1.2}, "obvious reading"),
        ({"grade": "B"}, "grade B"),
        ({"kept": False}, "guard"),
        ({"value": None, "low": None, "high": None}, "refused"),
    ],
)
def test_every_gate_can_be_missed(wrong, reason):
    missed = verdict(CASE, [dataclasses.replace(each, **wrong) for each in RIGHT]).missed
    assert any(reason in each for each in missed)


def test_crying_wolf_is_counted_and_a_world_may_be_refused_altogether():
    case = dataclasses.replace(CASE, rejects=0.05, off=None, grades="E", coverage=False)
    wolf = [found(1.0, p=0.01, grade="E")] * 20
    assert any("finds something" in each for each in verdict(case, wolf).missed)
    nothing = {"value": None, "low": None, "high": None, "grade": "E"}
    assert verdict(case, [dataclasses.replace(each, **nothing) for each in RIGHT]).good
