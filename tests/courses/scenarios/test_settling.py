"""What a new version means for those in the middle of an older one: each cell of the table, and random edits."""

import dataclasses
import datetime as dt
import itertools
import random
import uuid

import pytest
from django.utils import timezone

from core.scope import CLIENT, scoped
from courses.scenarios import acts, fold, frozen, handlers, queries, writing
from courses.scenarios.actions import publishing, running, settling
from courses.scenarios.actions.positions import Position
from courses.scenarios.acts import RefusedError
from courses.scenarios.document import Document
from courses.scenarios.events import ScenarioWithdrawn
from courses.scenarios.fold import State
from courses.scenarios.models import Run, Scenario
from courses.scenarios.republishing import PATIENCE, Fate, fate
from partners.models import Person
from tests.courses.scenarios.factories import changed, choose, make_scenario, play, republish
from tests.courses.scenarios.samples import price, publishable
from tests.partners.factories import make_client, make_partner, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def rep() -> Person:
    make_client()
    return make_person(make_partner())


def test_the_table_is_whole() -> None:
    flags = [False, True]
    for is_exam, harmful, same, replays in itertools.product(flags, repeat=4):
        asked = {"is_exam": is_exam, "harmful": harmful, "same_graph": same, "replays": replays}
        young = fate(is_open=True, since=dt.timedelta(days=1), **asked)
        old = fate(is_open=True, since=PATIENCE, **asked)
        assert fate(is_open=False, since=PATIENCE, **asked) is Fate.KEEP
        if harmful:
            assert young is old is Fate.WITHDRAW
        elif not replays:
            assert (young, old) == (Fate.KEEP, Fate.SUPERSEDE)
        elif same:
            assert young is old is Fate.ADOPT
        else:
            assert young is old is (Fate.KEEP if is_exam else Fate.OFFER)


def _begun(rep: Person, **settings: object) -> tuple[Scenario, Position]:
    scenario = make_scenario(price(**settings))
    here = running.start(person=rep, scenario_id=scenario.pk)
    return scenario, choose(rep, here, "ask1").position


def _settled(scenario: Scenario, document: Document) -> Run:
    republish(scenario, document)
    settling.settle(scenario_id=scenario.pk)
    again = settling.settle(scenario_id=scenario.pk)
    run = Run.objects.get()
    state = fold.fold(queries.log_of(run.pk), frozen.played(run.version_id).document)
    assert State.of_json(run.folded) == state, again
    return run


def _other_graph(document: Document) -> Document:
    weak = document.by_key["weak"]
    return changed(document, "weak", choices=weak.choices[:1])


def _diverging(document: Document) -> Document:
    return changed(document, "open", choices=document.by_key["open"].choices[1:])


@pytest.mark.parametrize("mode", ["practice", "exam"])
def test_new_wording_is_adopted_at_once_and_the_log_says_so(rep: Person, mode: str) -> None:
    scenario, here = _begun(rep, mode=mode)
    run = _settled(scenario, changed(price(mode=mode), "deal", text="新しい言い方"))
    assert run.version.number == 2
    assert run.events.filter(kind="version_adopted").count() == 1
    choose(rep, here, "sign")
    assert Run.objects.get().state == "finished"


def test_another_graph_that_fits_is_offered_and_an_exam_never_moves(rep: Person) -> None:
    scenario, _here = _begun(rep)
    run = _settled(scenario, _other_graph(price()))
    assert (run.version.number, run.offered.number) == (1, 2)
    moved = settling.move(person=rep, run_id=run.pk)
    assert (moved.run.version_id, moved.state.scene) == (run.offered_id, "deal")
    with pytest.raises(RefusedError):
        settling.move(person=rep, run_id=run.pk)


def test_an_exam_stays_where_it_began(rep: Person) -> None:
    scenario, _here = _begun(rep, mode="exam")
    run = _settled(scenario, _other_graph(price(mode="exam")))
    assert (run.version.number, run.offered) == (1, None)


def test_a_run_that_does_not_fit_waits_thirty_days_and_keeps_what_it_reached(rep: Person) -> None:
    scenario, _here = _begun(rep)
    document = dataclasses.replace(_diverging(price()), explanations={})
    run = _settled(scenario, document)
    assert (run.state, run.version.number) == ("open", 1)
    Run.objects.update(diverged_at=timezone.now() - PATIENCE)
    assert settling.settle() == {"supersede": 1}
    run.refresh_from_db()
    assert (run.state, run.reason, run.counts, run.points) == ("superseded", "superseded", True, 10)
    assert settling.settle() == {}
    assert running.start(person=rep, scenario_id=scenario.pk).run.attempt == 2


def test_what_is_harmful_ends_at_once_uncounted_and_nobody_begins_with_it(rep: Person) -> None:
    scenario, _here = _begun(rep)
    version = republish(scenario, changed(price(), "open", text="害になる"))
    settling.settle()
    with scoped(CLIENT):
        assert publishing.withdraw(version_id=version.pk, reason="誤り", by=rep.pk) == 1
        assert publishing.withdraw(version_id=version.pk, reason="誤り", by=rep.pk) == 0
    run = Run.objects.get()
    assert (run.state, run.reason, run.counts) == ("superseded", "withdrawn", False)
    again = running.start(person=rep, scenario_id=scenario.pk, version_id=version.pk)
    assert (again.run.version.number, again.run.attempt) == (1, 1)


def test_of_many_runs_the_rest_ends_by_the_news_of_it(
    rep: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publishing, "ENDED_AT_ONCE", 1)
    scenario, _here = _begun(rep)
    for _ in range(2):
        running.start(person=make_person(make_partner()), scenario_id=scenario.pk)
    version = scenario.version
    assert version is not None
    with scoped(CLIENT):
        assert publishing.withdraw(version_id=version.pk, reason="誤り", by=rep.pk) == 3
    assert Run.objects.filter(state="open").count() == 2
    handlers.end_runs(ScenarioWithdrawn(scenario_id=scenario.pk, version_id=version.pk))
    ends = Run.objects.values_list("state", "reason", "counts").distinct()
    assert list(ends) == [("superseded", "withdrawn", False)]


def test_who_begins_while_the_only_version_is_taken_back_is_stopped_by_the_clock(
    rep: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    scenario = make_scenario()
    assert scenario.version is not None
    taken_back = scenario.version.pk

    def withdraw_first(person: Person, scenario_id: uuid.UUID) -> None:
        with scoped(CLIENT):
            publishing.withdraw(version_id=taken_back, reason="誤り", by=person.pk)

    monkeypatch.setattr(running, "one_at_a_time", withdraw_first)
    here = running.start(person=rep, scenario_id=scenario.pk)
    assert here.run.version_id == taken_back
    assert settling.settle() == {"withdraw": 1}
    run = Run.objects.get()
    assert (run.state, run.reason, run.counts) == ("superseded", "withdrawn", False)
    assert settling.settle() == {}


def test_a_finished_run_never_changes(rep: Person) -> None:
    scenario = make_scenario()
    run = play(rep, scenario, "wait", "sign")
    before = {name: value for name, value in vars(run).items() if not name.startswith("_")}
    version = republish(scenario, dataclasses.replace(_diverging(price()), explanations={}))
    with scoped(CLIENT):
        publishing.withdraw(version_id=run.version_id, reason="誤り", by=rep.pk)
        publishing.withdraw(version_id=version.pk, reason="誤り", by=rep.pk)
    settling.settle()
    run.refresh_from_db()
    assert {name: value for name, value in vars(run).items() if not name.startswith("_")} == before


def test_runs_that_stay_behind_keep_no_other_from_being_looked_at(rep: Person) -> None:
    scenario, _ = _begun(rep)
    others = [make_person(make_partner()) for _ in range(3)]
    staying = [
        choose(each, running.start(person=each, scenario_id=scenario.pk), "ask1") for each in others
    ]
    republish(scenario, _diverging(price()))
    assert settling.settle(part=2) == {"keep": 4}
    Run.objects.exclude(pk=staying[0].position.run.pk).update(
        last_at=timezone.now() - dt.timedelta(days=9)
    )
    long_ago = timezone.now() - PATIENCE
    Run.objects.filter(pk=staying[0].position.run.pk).update(diverged_at=long_ago)
    assert settling.settle(part=2) == {"keep": 3, "supersede": 1}


@pytest.mark.parametrize("seed", range(12))
def test_after_random_edits_every_run_stands_where_its_log_leads(rep: Person, seed: int) -> None:
    chance = random.Random(seed)
    scenario = make_scenario(publishable(seed))
    for _ in range(4):
        here = running.start(person=rep, scenario_id=scenario.pk)
        for _ in range(chance.randint(0, 3)):
            if here.state.status == "running":
                offered = fold.available(here.document, here.state)
                here = choose(rep, here, chance.choice(offered).key).position
        was = Run.objects.get(pk=here.run.pk)
        version = republish(
            scenario, publishable(seed if chance.random() < 0.3 else seed + chance.randint(0, 2))
        )
        fits = acts.replays(queries.log_of(was.pk), frozen.played(version.pk).document) is not None
        same = writing.graph_sha256(here.document) == version.graph_sha256
        settling.settle()
        now = Run.objects.get(pk=was.pk)
        assert State.of_json(now.folded) == fold.fold(
            queries.log_of(now.pk), frozen.played(now.version_id).document
        )
        if was.state == "open" and now.version_id != was.version_id:
            assert same
        if was.state == "open" and now.offered_id:
            assert fits
        if was.state != "open":
            assert (now.version_id, now.seq) == (was.version_id, was.seq)
