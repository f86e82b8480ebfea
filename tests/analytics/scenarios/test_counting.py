"""Figures of scenarios: equal to a recount, the same however often they are counted, and moved by every act."""

from __future__ import annotations

import bisect
import datetime as dt
import io
import uuid
from collections import Counter
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.scenarios import actions
from analytics.scenarios.counting import BOUNDS, BUCKETS, Figures, count, median
from analytics.scenarios.models import Tally
from analytics.scenarios.queries.figures import Wanted, figures
from core.scope import CLIENT, scoped
from courses.scenarios import acts, fold
from courses.scenarios.actions import running
from courses.scenarios.document import Document
from courses.scenarios.fold import Event, State
from partners.models import Person
from tests.courses.scenarios.factories import choose, make_scenario, play
from tests.courses.scenarios.samples import publishable
from tests.partners.factories import make_client, make_partner, make_person

NOW = dt.datetime(2026, 11, 26, 3, tzinfo=dt.UTC)
EVERY = ("offered", "chosen", "first", "runs", "finished", "failed", "gone", "opened", "watched")


def random_log(document: Document, picks: list[int]) -> list[Event]:
    """A run as acts make it: choices, time-outs, ways back, explanations, in an order that chance gives."""
    at = 1_000
    step = acts.begin(document, attempt=1, at=at)
    log = [*step.events]
    for pick in picks:
        state: State = step.state
        if state.status != "running":
            break
        at += pick % 40_000
        offered = fold.available(document, state)
        places = [
            each.seq for each in log if each.kind == "scene_entered" and each.seq < state.turn
        ]
        try:
            if pick % 7 == 0:
                step = acts.note(
                    document, state, kind="explanation_opened", about=state.scene, at=at, data={}
                )
            elif pick % 7 == 1 and places:
                step = acts.go_back(document, log, to=places[pick % len(places)], at=at)
            else:
                choice = offered[pick % len(offered)]
                step = acts.choose(document, state, scene=state.scene, choice=choice.key, at=at)
        except acts.RefusedError:
            continue
        log += step.events
    return log


def slowly(document: Document, log: list[Event]) -> dict[str, Counter[tuple[str, str]]]:
    """Count the obvious way: each question asked of the whole log by itself."""
    found: dict[str, Counter[tuple[str, str]]] = {name: Counter() for name in EVERY}
    for n, event in enumerate(log):
        if event.kind in {"scene_entered", "went_back"}:
            found["offered"][event.scene, ""] += 1
            state = fold.fold(log[: n + 1], document)
            found["offered"].update((event.scene, c.key) for c in fold.available(document, state))
        if event.kind == "choice_made":
            names = [(event.scene, ""), (event.scene, event.choice)]
            found["chosen"].update(names)
            if not any(
                e.kind in {"choice_made", "timed_out"} and e.scene == event.scene for e in log[:n]
            ):
                found["first"].update(names)
        if event.kind == "explanation_opened":
            found["opened"].update({(event.scene, ""), (event.scene, event.choice)})
    came = {(e.scene, "") for e in log if e.kind == "scene_entered"}
    made = {(e.scene, e.choice) for e in log if e.kind == "choice_made"}
    found["runs"].update(came | made)
    ends = [e.scene for e in log if e.kind == "finished"]
    if ends:
        found["finished"].update(came | made)
        if document.by_key[ends[0]].outcome == "fail":
            found["failed"].update(came | made)
    else:
        found["gone"][fold.fold(log, document).scene, ""] += 1
    return found  # fmt: skip


@settings(max_examples=80, deadline=None)
@given(seed=st.integers(0, 10_000), picks=st.lists(st.integers(0, 100_000), max_size=25))
def test_what_a_run_adds_is_what_a_slow_and_obvious_count_says(seed: int, picks: list[int]) -> None:
    document = publishable(seed)
    log = random_log(document, picks)
    found = count(document, log, left=True)
    told = slowly(document, log)
    for name in EVERY:
        counted = Counter({key: n for key, one in found.items() if (n := getattr(one, name))})
        assert counted == +told[name], name
    for one in found.values():
        assert sum(one.thought) == one.chosen


@given(seconds=st.lists(st.floats(0, 59, allow_nan=False), min_size=1, max_size=60))
def test_the_median_lies_in_the_bucket_of_the_true_one(seconds: list[float]) -> None:

    thought = [0] * BUCKETS
    for each in seconds:
        thought[bisect.bisect_right(BOUNDS, each)] += 1
    found = median(thought)
    assert found is not None
    low = sorted(seconds)[(len(seconds) - 1) // 2]
    place = bisect.bisect_right(BOUNDS, low)
    assert (BOUNDS[place - 1] if place else 0) <= found <= BOUNDS[place]
    assert median([0] * BUCKETS) is None


def kept() -> list[dict[str, Any]]:
    with scoped(CLIENT):
        rows = Tally.objects.order_by("scene", "choice", "organisation_id", "is_first", "month")
        return [{k: v for k, v in row.items() if k != "id"} for row in rows.values()]


def checked() -> str:
    out = io.StringIO()
    call_command("check_scenarios", stdout=out)
    return out.getvalue()


@pytest.mark.django_db
def test_counting_follows_runs_their_replays_and_those_who_left_and_twice_changes_nothing() -> None:
    scenario = make_scenario()
    rep = make_person(make_partner("みらい営業"))
    other = make_person(make_partner("北斗販売"))
    with time_machine.travel(NOW - dt.timedelta(days=2), tick=False):
        play(rep, scenario, "wait", "flee")
        play(rep, scenario, "ask1", "sign")
        run = play(other, scenario, "cut1")
        running.note(
            person=other, run_id=run.pk, kind="explanation_opened", about="cut1", key=uuid.uuid4()
        )
        assert actions.mend() == 3
        before = kept()
        assert actions.mend() == 0
        assert "are what the logs say" in checked()
    with time_machine.travel(NOW, tick=False):
        assert actions.mend() == 1  # it was left in the middle
        rows = {(r["scene"], r["choice"], r["is_first"], r["organisation_id"]): r for r in kept()}
        assert rows["weak", "", True, other.organisation_id]["gone"] == 1
        assert rows["open", "cut1", True, other.organisation_id]["opened"] == 1
        assert rows["open", "ask1", False, rep.organisation_id]["finished"] == 1
        assert rows["open", "wait", True, rep.organisation_id]["failed"] == 1
        assert kept() != before
        position = running.start(person=other, scenario_id=scenario.pk)
        choose(other, position, "back")
        assert actions.mend() == 1
        again = {(r["scene"], r["choice"], r["organisation_id"]): r for r in kept()}
        assert again["weak", "", other.organisation_id]["gone"] == 0
        assert again["open", "", other.organisation_id]["offered"] == 2
        first = kept()
        actions.rebuild()
        assert kept() == first
        assert "are what the logs say" in checked()


@pytest.mark.django_db
def test_figures_are_narrowed_and_nobody_reads_those_of_another_partner() -> None:
    scenario = make_scenario()
    mine, rival = make_partner("みらい営業"), make_partner("北斗販売")
    with time_machine.travel(NOW - dt.timedelta(days=2), tick=False):
        rep = make_person(mine)
        play(rep, scenario, "wait", "flee")
        play(rep, scenario, "ask1", "sign")
        play(make_person(rival), scenario, "ask1", "flee")
        actions.mend()
    manager = make_person(mine, roles=["manager"])
    admin = make_person(make_client(), roles=["admin"])

    def seen(viewer: Person, **wanted: Any) -> tuple[int, int]:
        with scoped(viewer.organisation_id if viewer is manager else CLIENT):
            found = figures(viewer, scenario.pk, Wanted(**wanted))
        return found["open", ""].runs, found.get(("open", "ask1"), Figures()).chosen

    assert seen(manager) == (2, 1)
    assert seen(admin) == (3, 2)
    assert seen(admin, first=True) == (2, 1)
    assert seen(admin, first=False) == (1, 1)
    assert seen(admin, organisation_id=rival.pk) == (1, 1)
    assert seen(admin, since=dt.date(2026, 11, 1), until=dt.date(2026, 11, 1)) == (3, 2)
    assert seen(admin, version_id=scenario.version_id) == (3, 2)
    with scoped(mine.pk):
        assert figures(manager, scenario.pk, Wanted(organisation_id=rival.pk)) == {}
        assert figures(manager, scenario.pk, Wanted(since=dt.date(2026, 12, 1))) == {}
        with CaptureQueriesContext(connection) as asked:
            figures(manager, scenario.pk, Wanted())
    assert len(asked) == 1


@pytest.mark.django_db
def test_the_check_tells_a_figure_that_is_wrong_and_mends_it() -> None:
    scenario = make_scenario()
    play(make_person(make_partner("みらい営業")), scenario, "wait", "flee")
    with pytest.raises(SystemExit):
        checked()
    actions.mend()
    with scoped(CLIENT):
        Tally.objects.filter(choice="wait").update(chosen=7)
    out = io.StringIO()
    with pytest.raises(SystemExit):
        call_command("check_scenarios", stdout=out)
    assert "chosen 7, counted 1" in out.getvalue()
    call_command("check_scenarios", "--mend", stdout=out)
    assert "are what the logs say" in checked()
