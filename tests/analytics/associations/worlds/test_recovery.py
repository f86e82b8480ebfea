"""The report finds the truth of each world or refuses, where the obvious reading is wrong. Two seeds each.

A hundred seeds each, with coverage: `python -m bench.worlds`.
"""

import json

import pytest

from analytics.associations.engine import cells
from analytics.associations.engine.analysis import analyse
from analytics.associations.engine.corrections import corrected
from bench.worlds import command, cross
from bench.worlds.case import Case
from bench.worlds.every import CASES
from bench.worlds.panels import of_moment
from bench.worlds.verdict import LEVEL

SIZES = {"S4": 1.0, "S6": 1.0, "S15": 4.0}
"""Worlds that show it only with all of their people, S15 with many companies; of the others half are enough."""


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_the_report_finds_the_truth_or_refuses(case: Case, seed: int) -> None:
    found = case.run(seed, SIZES.get(case.name, 0.5))
    assert found.grade in f"{case.grades} "
    if case.off is not None and case.name != "S15":  # there it is a matter of luck in each
        assert abs(found.naive - found.truth) > case.off / 2
    if case.keeps == 1:
        assert found.kept
    if case.coverage and found.value is not None:
        assert found.se
        assert abs(found.value - found.truth) <= 3.5 * found.se
    if case.coverage and "E" not in case.grades:
        assert found.value is not None
    if case.name == "S7":
        assert found.p
        assert found.p > LEVEL


def test_whole_partners_good_and_bad_months_are_not_taken_for_what_a_programme_does() -> None:
    found = [CASES["S6"].run(seed) for seed in range(8)]
    assert sum(each.naive < LEVEL for each in found) >= 3
    assert sum((each.p or 1) < LEVEL for each in found) <= 1


def test_the_heat_map_and_the_analysis_say_the_same_correlations_and_correct_them_alike() -> None:
    moment = cross.luck(3, reps=90, learning=3, sales=2)
    told = [each for each in analyse(of_moment(moment), draws=20).estimates if each.q is not None]
    assert [each.q for each in told] == pytest.approx(corrected([each.p for each in told]))
    found = {
        (one, other): cells.cell(x, y, moment.partner)
        for one, x in moment.learning.items()
        for other, y in moment.sales.items()
    }
    of_map = [found[each.learning, each.sales] for each in told]
    assert [each.value for each in told] == pytest.approx([each.value for each in of_map])
    assert [each.p for each in told] == pytest.approx([each.p for each in of_map])


def test_a_run_that_was_stopped_goes_on_where_it_was(tmp_path, monkeypatch, capsys) -> None:
    path = tmp_path / "found.jsonl"
    options = ["worlds", "--only", "S15", "--file", str(path)]
    for seeds in ("2", "3"):
        monkeypatch.setattr("sys.argv", [*options, "--seeds", seeds])
        assert command.main() in {0, 1}
    told = [json.loads(line) for line in path.read_text().splitlines()]
    assert [each["seed"] for each in told] == [0, 1, 2]
    assert "seeds: S15 3" in capsys.readouterr().out
    path.write_text(path.read_text().replace('"rules": "', '"rules": "other '))
    monkeypatch.setattr("sys.argv", [*options, "--seeds", "1"])
    command.main()
    assert len(path.read_text().splitlines()) == 4
