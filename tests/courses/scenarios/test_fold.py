"""A run is its log: deterministic, the same whether folded at once or kept step by step; points count once."""

import dataclasses
import json
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from courses.scenarios import acts, debrief, fold, scoring, shown, states, writing
from courses.scenarios.acts import RefusedError
from courses.scenarios.document import Document
from courses.scenarios.fold import DivergedError, Event, State
from tests.courses.scenarios.factories import changed
from tests.courses.scenarios.samples import price, publishable, two_best

_SEEDS = st.integers(0, 10_000)


def _play(
    document: Document, chance: random.Random, longest: int = 200
) -> tuple[list[Event], State]:
    """Play at random, with detours and ways back; returns the log and the state kept step by step."""
    step = acts.begin(document, attempt=chance.randint(1, 3), at=1_000)
    log, state, at = list(step.events), step.state, 1_000
    while state.status == "running" and len(log) < longest:
        at += chance.randint(1, 90_000)
        entered = [each for each in log if each.kind == "scene_entered" and each.seq < state.turn]
        if chance.random() < 0.1:
            step = acts.note(
                document, state, kind="explanation_opened", about=state.scene, at=at, data={}
            )
        elif entered and chance.random() < 0.15:
            try:
                step = acts.go_back(document, log, to=chance.choice(entered).seq, at=at)
            except RefusedError:  # that scene had been entered again by going back itself
                continue
        else:
            offered = fold.available(document, state)
            choice = chance.choice(offered).key
            step = acts.choose(document, state, scene=state.scene, choice=choice, at=at)
        log += step.events
        state = step.state
    return log, state


@settings(max_examples=60, deadline=None)
@given(_SEEDS)
def test_the_kept_state_equals_the_fold_of_the_log_through_json_too(seed: int) -> None:
    document = publishable(seed)
    log, kept = _play(document, random.Random(seed))
    assert fold.fold(log, document) == kept == fold.fold(log, document)
    assert State.of_json(json.loads(json.dumps(kept.to_json()))) == kept
    again = writing.take_in(writing.export(document))
    assert fold.fold(log, again) == kept
    assert debrief.of(log, document) == debrief.of(log, again)


@pytest.mark.parametrize("part", range(5))
def test_every_run_of_what_may_be_published_comes_to_an_end(part: int) -> None:
    """500 random plays, from wherever they have come to: choosing at random ends, and the search proves it."""
    for seed in range(part * 20, part * 20 + 20):
        document = publishable(seed)
        search = states.search(document)
        assert search.proven
        assert not search.stuck
        assert not search.trapped
        most = scoring.attainable(document)
        for play in range(5):
            log, state = _play(document, random.Random(play), longest=5_000)
            assert state.status == "finished", (seed, play, len(log))
            result = scoring.result(document, state, most)
            assert result is not None
            assert 0 <= result.score <= 100
            assert result.points <= result.attainable


def test_points_of_a_scene_count_once_as_the_author_chose() -> None:
    for rule, points in {"first": -5 + 10, "last": 10 + 10, "best": 10 + 10}.items():
        document = price(points=rule)
        state = acts.begin(document, attempt=1, at=0).state
        for choice in ("cut1", "back", "ask1", "sign"):
            state = acts.choose(document, state, scene=state.scene, choice=choice, at=0).state
        assert state.status == "finished"
        assert state.scene == "won1"
        assert state.points == points


def test_numbers_stay_within_their_bounds() -> None:
    document = price()
    state = acts.begin(document, attempt=1, at=0).state
    for choice in ("ask1",):
        state = acts.choose(document, state, scene="open", choice=choice, at=0).state
    assert state.values["trust"] == 2
    for _ in range(4):
        state = fold._chose(
            State(**{**state.to_json(), "scene": "open", "pending": ""}),
            Event(state.seq + 1, "choice_made", "open", "ask1"),
            document,
        )
    assert state.values["trust"] == 5


def test_going_back_restores_what_was_and_gains_nothing() -> None:
    document = price(back="rewind", points="first")
    step = acts.begin(document, attempt=1, at=0)
    log = list(step.events)
    step = acts.choose(document, step.state, scene="open", choice="cut1", at=5)
    log += step.events
    step = acts.go_back(document, log, to=2, at=9)
    log += step.events
    assert (step.state.scene, step.state.values, step.state.points) == (
        "open",
        {"trust": 0, "ears": 0},
        -5,
    )
    step = acts.choose(document, step.state, scene="open", choice="ask1", at=12)
    assert step.state.points == -5
    told = debrief.of([*log, *step.events], document)
    assert [(fork.choice, fork.undone, fork.again) for fork in told.forks] == [
        ("cut1", True, False),
        ("ask1", False, True),
    ]
    with pytest.raises(RefusedError):
        acts.go_back(price(back="look"), log[:4], to=2, at=9)


def test_what_is_not_offered_is_refused_and_a_log_that_did_not_happen_diverges() -> None:
    document = price()
    step = acts.begin(document, attempt=1, at=0)
    for scene, choice in (("open", "sign"), ("deal", "sign"), ("open", "gone")):
        with pytest.raises(RefusedError):
            acts.choose(document, step.state, scene=scene, choice=choice, at=0)
    with pytest.raises(DivergedError):
        fold.fold([*step.events, Event(3, "scene_entered", "won1")], document)
    with pytest.raises(DivergedError):
        fold.fold([Event(2, "started")], document)


def test_time_that_is_left_is_kept_and_a_late_exam_answer_is_a_time_out() -> None:
    for mode in ("practice", "exam"):
        document = price(mode=mode)
        state = acts.begin(document, attempt=1, at=0).state
        state = acts.choose(document, state, scene="open", choice="ask1", at=0).state
        with pytest.raises(RefusedError):
            acts.time_out(document, state, scene="deal", at=10_000)
        with pytest.raises(RefusedError):
            acts.time_out(document, state, scene="deal", at=99_000, pace="off")
        late = acts.choose(document, state, scene="deal", choice="sign", at=99_000)
        assert late.state.scene == {"practice": "won1", "exam": "some"}[mode]
        slow = acts.choose(document, state, scene="deal", choice="sign", at=90_000, pace="slow")
        assert slow.state.scene == "won1"


def test_nothing_tells_what_is_right_before_the_choice_is_made() -> None:
    document = price()
    state = acts.begin(document, attempt=1, at=0).state
    told = json.dumps(shown.scene(document, state), ensure_ascii=False)
    for secret in (
        "points",
        "quality",
        "best",
        "deal",
        "weak",
        "比べる相手が分かる",
        "もっと引ける",
    ):
        assert secret not in told
    after = shown.consequence(document, state, "cut1")
    assert after["best"][0]["key"] == "ask1"
    assert after["reaction"] == "もっと引ける?"
    package = json.dumps(shown.package(document))
    assert "points" not in package
    assert '"to": "deal"' in package
    with pytest.raises(ValueError, match="online"):
        shown.package(price(mode="exam"))


def test_beside_a_best_choice_no_other_is_told() -> None:
    document = two_best()
    state = acts.begin(document, attempt=1, at=0).state
    told = {
        key: shown.consequence(document, state, key)["best"] for key in ("ask1", "wait", "cut1")
    }
    assert [each["key"] for each in told["cut1"]] == ["ask1", "wait"]
    assert (told["ask1"], told["wait"]) == ([], [])


@pytest.mark.parametrize(
    ("choices", "points", "scene"),
    [
        (("wait", "flee"), {}, "deal"),
        (("cut1", "quit"), {"back": 10}, "open"),
        (("cut1", "quit"), {"back": 20}, "weak"),
        (("cut1", "quit"), {"back": 15}, "open"),
    ],
    ids=["the worst answer", "the greater loss", "the greater loss, later", "the earlier one"],
)
def test_what_to_try_next_is_where_it_matters_most(
    choices: tuple[str, ...], points: dict[str, int], scene: str
) -> None:
    document = price()
    weak = [
        dataclasses.replace(each, points=points.get(each.key, each.points))
        for each in document.by_key["weak"].choices
    ]
    document = changed(document, "weak", choices=tuple(weak))
    step = acts.begin(document, attempt=1, at=0)
    log = list(step.events)
    for choice in choices:
        step = acts.choose(document, step.state, scene=step.state.scene, choice=choice, at=1)
        log += step.events
    told = debrief.of(log, document)
    assert told.try_next is not None
    assert told.try_next.scene == scene


def test_the_debriefing_names_the_fork_that_had_a_better_answer() -> None:
    document = price()
    step = acts.begin(document, attempt=1, at=0)
    log = list(step.events)
    for choice in ("wait", "sign"):
        step = acts.choose(document, step.state, scene=step.state.scene, choice=choice, at=1)
        log += step.events
    told = debrief.of(log, document)
    assert told.try_next is not None
    assert (told.try_next.scene, told.try_next.best) == ("open", ("ask1",))
    assert [(skill.key, skill.best, skill.forks) for skill in told.skills] == [("ears", 0, 1)]
    result = scoring.result(document, step.state, scoring.attainable(document))
    assert result is not None
    assert (result.outcome, result.points, result.attainable, result.score) == (
        "partial",
        12,
        20,
        60,
    )
