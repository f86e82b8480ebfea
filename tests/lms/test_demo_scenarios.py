"""The demo's scenarios and what people say in them: alike in both languages, true to ability, the same each time."""

from __future__ import annotations

import datetime as dt
import functools
import statistics

import pytest

from courses.scenarios import fold, reading
from courses.scenarios.document import Document
from courses.scenarios.validator import validate
from lms.demo import plan, script, staging
from lms.demo.content import FOLDER, LANGUAGES, read
from lms.demo.playing import Play
from tests.lms.test_demo_content import FORBIDDEN, words

NOW = dt.datetime.now(dt.UTC).replace(minute=0, second=0, microsecond=0)


@functools.cache
def played() -> tuple[Play, ...]:
    return tuple(plan.plan("ja", NOW).plays())


@functools.cache
def stages(language: str) -> dict[str, Document]:
    drawn = plan.plan(language, NOW)
    return {each.key: each.document for each in staging.stages(drawn.content, drawn.calendar)}


def skeleton(document: Document) -> object:
    return [
        (scene.key, scene.kind, scene.outcome, [(c.key, c.quality, c.points, c.to) for c in scene.choices])
        for scene in document.scenes
    ]  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_two_scenarios_of_fifteen_scenes_can_be_published_and_explain_themselves(
    language: str,
) -> None:
    for document in stages(language).values():
        assert len(document.scenes) >= 15
        assert validate(document).errors == ()
        for scene in document.scenes:
            assert all(document.explanations[choice.key].why for choice in scene.choices)
    assert len(stages(language)) == 2


def test_who_always_takes_the_first_choice_does_badly() -> None:
    for document in stages("ja").values():
        forks = [scene.choices for scene in document.scenes if len(scene.choices) > 1]
        first = sum(choices[0].quality == "best" for choices in forks)
        assert 0.2 * len(forks) < first < 0.5 * len(forks)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_third_is_broken_in_several_ways(language: str) -> None:
    (text,) = [each for each in read(language).scenarios if not each.published]
    raw = {name: value for name, value in text.document.items() if name != "format"}
    for scene in raw["scenes"]:
        scene.pop("face", None)
    codes = {each.code for each in validate(reading.parse(raw)).errors}
    assert len(codes) >= 3, codes


def test_scenarios_are_the_same_in_both_languages_kind_and_plain() -> None:
    for key, japanese in stages("ja").items():
        assert skeleton(japanese) == skeleton(stages("en")[key])
    for language in LANGUAGES:
        for text in read(language).scenarios:
            told = [text.title, text.summary, *words(list(text.blocks)), *words(text.document)]
            assert not [each for each in told if FORBIDDEN[language].search(each)]
    assert {path.stem for path in (FOLDER / "en" / "scenarios").glob("*.json")} == {
        *script.SCENARIOS
    }


def test_the_same_seed_says_the_same() -> None:
    assert tuple(plan.plan("ja", NOW).plays()) == played()


def test_every_log_replays_to_the_state_beside_it_and_nothing_is_still_to_come() -> None:
    documents = stages("ja")
    for play in played():
        assert fold.fold(play.events, documents[play.scenario]) == play.state
        assert play.events[-1].at <= NOW.timestamp() * 1000
        assert [each.at for each in play.events] == sorted(each.at for each in play.events)


def test_abler_reps_choose_better_and_everybody_better_the_second_time() -> None:
    firsts = [each for each in played() if each.is_first and each.result]
    able = [each.result.score for each in firsts if each.rep.ability > 0.5 and each.result]
    unable = [each.result.score for each in firsts if each.rep.ability < -0.5 and each.result]
    assert statistics.mean(able) > statistics.mean(unable) + 25
    ends = {(each.rep.number, each.scenario): each.result.score for each in firsts if each.result}
    better = [
        each.result.score - ends[each.rep.number, each.scenario]
        for each in played()
        if each.result and not each.is_first
    ]
    assert statistics.mean(better) > 10


def test_a_success_is_worth_what_was_chosen_on_the_way() -> None:
    results = [play.result for play in played() if play.result]
    scores = {result.score for result in results if result.outcome == "success"}
    assert max(scores) >= 99
    assert len(scores) > 5
    assert {result.score for result in results if result.outcome == "fail"} <= {0, 20}


def test_runs_go_on_for_eighteen_months_and_some_stop_in_the_middle() -> None:
    months = {(each.started.year, each.started.month) for each in played()}
    assert len(months) >= 17
    states = [each.state.status for each in played()]
    assert states.count("running") > 20
    assert states.count("abandoned") > 10
    open_ones = [(each.rep.number, each.scenario) for each in played() if each.ended is None]
    assert len(open_ones) == len(set(open_ones))
