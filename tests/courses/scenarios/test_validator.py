"""The validator against a slow and obvious one, and each of its findings by an example."""

import dataclasses

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from courses.scenarios import states
from courses.scenarios.conditions import Not, Var, Visited
from courses.scenarios.document import (
    Choice,
    Document,
    Effect,
    Explanation,
    Limit,
    Route,
    Scene,
    Settings,
    Variable,
)
from courses.scenarios.validator import File, validate
from courses.scenarios.validator.findings import ERRORS, WARNINGS
from tests.courses.scenarios import reference
from tests.courses.scenarios.samples import graph, price, publishable

_OF_WAYS = {"no_start", "start_unknown", "start_is_ending", "start_parked", "scene_without_choices", "goes_nowhere",
            "no_else", "route_nowhere", "leads_to_parked", "no_timeout_route", "unreachable", "ending_with_choices",
            "duplicate_key"}  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(st.integers(0, 10**6))
def test_it_says_what_the_obvious_one_says(seed: int) -> None:
    document = graph(seed)
    report = validate(document)
    said = {(f.code, f.scene, f.choice) for f in report.findings if f.code in _OF_WAYS}
    assert said == reference.of_ways(document)
    if len(document.by_key) == len(document.scenes):
        dead = {frozenset(f.params["scenes"]) for f in report.findings if f.code == "dead_end"}
        assert dead == reference.dead_ends(document)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000))
def test_what_may_be_published_has_no_errors_and_no_state_without_an_end(seed: int) -> None:
    document = publishable(seed)
    assert not validate(document, media={}).errors
    assert not [each for each in states.search(document).findings if each.is_error]


def _with(index: int = 0, **fields: object) -> Document:
    """Return the price objection with one scene changed."""
    document = price()
    scenes = list(document.scenes)
    scenes[index] = dataclasses.replace(scenes[index], **fields)
    return dataclasses.replace(document, scenes=tuple(scenes))


def _choice(**fields: object) -> Document:
    choices = price().scenes[0].choices
    return _with(choices=(dataclasses.replace(choices[0], **fields), *choices[1:]))


def _of(**fields: object) -> Document:
    return dataclasses.replace(price(), **fields)


_LOOP = Scene("loop", text="…", choices=(Choice("c001", "はい", to="loop"),))
_INTO_LOOP = Scene("lost", text="…", choices=(Choice("c002", "x", to="loop"),))
_WHEN_TRUSTED = tuple(
    dataclasses.replace(each, condition=Var("trust", ">", 1)) for each in price().scenes[0].choices
)
_MORE = Choice("more1", "…", to="deal")
_FILE = "00000000-0000-7000-8000-000000000001"
_EXAMPLES = {
    "no_title": _of(title=" "),
    "no_scenes": Document("x"),
    "no_start": _of(start=None),
    "start_unknown": _of(start="gone"),
    "start_is_ending": _of(start="won1"),
    "start_parked": _with(parked=True),
    "duplicate_key": _choice(key="won1"),
    "recycled_key": _choice(key="oldy"),
    "too_many_scenes": _of(scenes=price().scenes * 400),
    "too_many_choices": _with(choices=price().scenes[0].choices * 3),
    "too_many_variables": _of(variables=price().variables * 30),
    "scene_without_choices": _with(choices=()),
    "ending_with_choices": _with(3, choices=price().scenes[0].choices),
    "route_nowhere": _choice(to="gone"),
    "no_else": _choice(to=None, routes=(Route(Visited("open"), "deal"),)),
    "goes_nowhere": _choice(to=None),
    "no_timeout_route": _with(limit=Limit(9)),
    "leads_to_parked": _with(2, parked=True),
    "dead_end": _of(scenes=(*price().scenes[:5], _LOOP, _INTO_LOOP)),
    "bad_bounds": _of(variables=(Variable("trust", "信頼", low=3, high=1),)),
    "bad_initial": _of(variables=(Variable("trust", "信頼", initial=99),)),
    "enum_without_words": _of(variables=(Variable("trust", "信頼", "enum", "a"),)),
    "undeclared_variable": _choice(effects=(Effect("gone", "add", 1),)),
    "ill_typed": _choice(condition=Var("trust", ">=", "a lot")),
    "unknown_reference": _choice(condition=Visited("gone")),
    "may_offer_nothing": _with(choices=_WHEN_TRUSTED),
    "exam_without_success": dataclasses.replace(_with(3, outcome="partial"), settings=Settings("exam")),
    "pass_mark_too_high": dataclasses.replace(_with(3, score=50), settings=Settings(pass_mark=60)),
    "media_missing": _with(picture=_FILE.replace("1", "2")),
    "media_not_ready": _with(picture=_FILE.replace("1", "3")),
    "media_wrong_kind": _with(video=_FILE),
    "scene_without_words": _with(text=""),
    "choice_without_words": _choice(text=""),
    "ending_without_words": _with(3, message=""),
    "unreachable": _of(scenes=(*price().scenes, _LOOP)),
    "farmed_points": _with(1, choices=(Choice("back", "もう一度", points=5, to="open"),)),
    "no_best_choice": _choice(quality="ok"),
    "several_best_choices": _with(choices=(*price().scenes[0].choices[:2], dataclasses.replace(_MORE, quality="best"))),
    "best_unexplained": _of(explanations={}),
    "shadowed_route": _choice(routes=(Route(Var("trust", ">=", 1), "deal"), Route(Var("trust", ">=", 2), "weak"))),
    "never_holds": _choice(condition=Var("trust", ">", 5)),
    "unused_variable": _of(variables=(*price().variables, Variable("spare", "余り"))),
    "variable_unnamed": _of(variables=(*price().variables, Variable("spare"))),
    "captions_missing": _with(video=_FILE.replace("1", "4")),
    "transcript_missing": _of(explanations={"ask1": Explanation(video=_FILE.replace("1", "4"))}),
    "alt_missing": _with(picture=_FILE),
    "choice_too_long": _choice(text="長" * 141),
    "too_many_to_choose": _with(choices=(*price().scenes[0].choices, _MORE, dataclasses.replace(_MORE, key="more2"))),
    "explanation_of_nothing": _of(explanations={"gone": Explanation(why="…")}),
    "exam_with_rewind": price(mode="exam", back="rewind"),
}  # fmt: skip
_MEDIA = {
    _FILE: File("image"),
    _FILE.replace("1", "3"): File("image", is_ready=False),
    _FILE.replace("1", "4"): File("video"),
}


@pytest.mark.parametrize("code", sorted(_EXAMPLES))
def test_it_finds(code: str) -> None:
    report = validate(_EXAMPLES[code], media=_MEDIA, history={"oldy": "scene"})
    assert code in {each.code for each in report.findings}
    assert code in ERRORS | WARNINGS
    assert code not in {each.code for each in validate(price(), media=_MEDIA).findings}


def test_every_finding_has_an_example() -> None:
    assert _EXAMPLES.keys() | {"stuck_state", "trapped_state", "not_proven"} == ERRORS | WARNINGS


def test_the_search_finds_what_the_graph_cannot_see_and_admits_what_it_has_not_seen() -> None:
    never = Var("trust", ">=", 3)
    deal = Scene(
        "deal", text="…", choices=(Choice("sign", "…", to="deal", routes=(Route(never, "won1"),)),)
    )
    document = dataclasses.replace(
        price(), scenes=(price().scenes[0], price().scenes[1], deal, *price().scenes[3:])
    )
    assert not validate(document).errors
    assert states.search(document).trapped == ("deal",)
    blocked = dataclasses.replace(
        deal, choices=(Choice("sign", "…", condition=Not(Visited("open")), to="won1"),)
    )
    document = dataclasses.replace(
        document, scenes=(*document.scenes[:2], blocked, *document.scenes[3:])
    )
    assert states.search(document).stuck == ("deal",)
    capped = states.search(price(), most=2)
    assert (capped.proven, capped.trapped, [each.code for each in capped.findings]) == (
        False,
        (),
        ["not_proven"],
    )


def test_random_plays_are_the_same_for_the_same_seed() -> None:
    one, other = (
        states.sample(price(), seed=7, plays=300),
        states.sample(price(), seed=7, plays=300),
    )
    assert one == other
    assert one.unended == 0
    assert set(one.endings) == {"won1", "some", "lost"}
