"""Playing: the protocol, what a phone may send twice, how many statements it costs, and what an ending causes."""

import uuid

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from core.models import Delivery
from core.outbox import drain
from courses.progress.models import ModuleProgress
from courses.scenarios import fold, frozen, queries
from courses.scenarios.actions import delivering, running
from courses.scenarios.actions.delivering import Act
from courses.scenarios.actions.positions import ConflictError, UnknownRunError
from courses.scenarios.acts import RefusedError
from courses.scenarios.fold import State
from courses.scenarios.models import Run, RunEvent, Scenario
from gamification.models import LedgerEntry
from partners.models import Person
from tests.courses.scenarios.factories import choose, make_scenario, play
from tests.courses.scenarios.samples import price
from tests.partners.factories import make_client, make_partner, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def rep() -> Person:
    make_client()
    return make_person(make_partner())


@pytest.fixture
def scenario(rep: Person) -> Scenario:
    return make_scenario(price(back="rewind"))


def _kept_is_folded(run: Run) -> None:
    document = frozen.played(run.version_id).document
    state = fold.fold(queries.log_of(run.pk), document)
    assert State.of_json(run.folded) == state
    assert run.seq == state.seq


def test_a_run_is_kept_beside_its_log_and_gone_on_with(rep: Person, scenario: Scenario) -> None:
    here = running.start(person=rep, scenario_id=scenario.pk)
    assert running.start(person=rep, scenario_id=scenario.pk).run.pk == here.run.pk
    answer = choose(rep, here, "cut1")
    assert answer.consequence["reaction"] == "もっと引ける?"
    assert running.start(person=rep, scenario_id=scenario.pk).to_json() == answer.position.to_json()
    _kept_is_folded(Run.objects.get())
    run = play(rep, scenario, "back", "ask1", "sign")
    assert (run.state, run.outcome, run.points, run.score, run.is_first) == (
        "finished",
        "success",
        5,
        25,
        True,
    )
    _kept_is_folded(run)
    told = queries.ended(rep, run.pk)
    assert told is not None
    assert told.debrief.try_next is not None
    assert told.debrief.try_next.choice == "cut1"


def test_the_same_key_gets_the_same_answer_even_later(rep: Person, scenario: Scenario) -> None:
    here, key = running.start(person=rep, scenario_id=scenario.pk), uuid.uuid4()
    first = choose(rep, here, "ask1", key=key)
    assert choose(rep, here, "ask1", key=key).to_json() == first.to_json()
    choose(rep, first.position, "sign")
    again = choose(rep, here, "ask1", key=key)
    assert again.repeated
    expected = first.to_json() | {"state": "finished"}
    assert again.to_json() == expected
    assert RunEvent.objects.filter(kind="choice_made").count() == 2


def test_another_choice_under_the_same_key_is_not_taken_for_the_first(
    rep: Person, scenario: Scenario
) -> None:
    here, key = running.start(person=rep, scenario_id=scenario.pk), uuid.uuid4()
    after = choose(rep, here, "ask1", key=key).position
    with pytest.raises(ConflictError) as conflict:
        choose(rep, here, "wait", key=key)
    assert conflict.value.position.to_json() == after.to_json()
    queue = [Act(key, "open", "ask1"), Act(key, "open", "wait")]
    fields = {"person": rep, "scenario_id": scenario.pk, "run_id": here.run.pk}
    version = here.run.version_id
    assert delivering.deliver(**fields, version_id=version, queue=queue[:1]).taken == (key,)
    with pytest.raises(ConflictError):
        delivering.deliver(**fields, version_id=version, queue=queue[1:])
    assert RunEvent.objects.filter(kind="choice_made").count() == 1


def test_an_old_page_is_told_where_the_run_stands(rep: Person, scenario: Scenario) -> None:
    here = running.start(person=rep, scenario_id=scenario.pk)
    after = choose(rep, here, "ask1").position
    with pytest.raises(ConflictError) as conflict:
        choose(rep, here, "cut1")
    assert conflict.value.position.to_json() == after.to_json()
    with pytest.raises(RefusedError):
        choose(rep, after, "ask1")
    with pytest.raises(UnknownRunError):
        choose(make_person(make_partner()), after, "sign")
    assert RunEvent.objects.filter(kind="choice_made").count() == 1


def test_going_back_and_what_is_only_noted(rep: Person, scenario: Scenario) -> None:
    here = running.start(person=rep, scenario_id=scenario.pk)
    after, key = choose(rep, here, "cut1").position, uuid.uuid4()
    asked = {"person": rep, "run_id": here.run.pk, "kind": "explanation_opened", "about": "ask1"}
    assert running.note(**asked, key=key)
    assert not running.note(**asked, key=key)
    back = running.go_back(
        person=rep, run_id=here.run.pk, expected_seq=after.state.turn, to=here.state.turn
    )
    assert back.state.scene == "open"
    run = play(rep, scenario, "ask1", "sign")
    _kept_is_folded(run)
    assert run.points == 5
    assert running.note(**asked, key=uuid.uuid4())
    _kept_is_folded(Run.objects.get(pk=run.pk))


def test_an_ending_finishes_the_module_and_pays_once(rep: Person, scenario: Scenario) -> None:
    play(rep, scenario, "wait", "sign")
    play(rep, scenario, "ask1", "sign")
    for _ in range(2):
        for pk in (
            Delivery.objects.filter(event="ScenarioRunFinished")
            .order_by("-pk")
            .values_list("pk", flat=True)
        ):
            Delivery.objects.filter(pk=pk).update(state="pending", tries=0)
            drain([pk], "score")
    progress = ModuleProgress.objects.get(person=rep, module=scenario.module)
    first, second = Run.objects.order_by("attempt")
    assert (first.attempt, second.attempt, first.is_first, second.is_first) == (1, 2, True, False)
    assert (progress.finished_at, progress.understood_at) == (first.ended_at, second.ended_at)
    assert float(progress.first_score) == first.score / 100 == 0.6
    paid = dict(LedgerEntry.objects.values_list("rule", "points"))
    assert paid == {"module_finished": 20, "first_best": 5}


@pytest.mark.parametrize(
    ("counting", "before", "paid"),
    [("first", "wait", 5), ("first", "ask1", 10), ("last", "wait", 10)],
    ids=["otherwise", "the same", "another rule"],
)
def test_what_was_answered_in_a_run_given_up_was_the_first_answer(
    rep: Person, counting: str, before: str, paid: int
) -> None:
    scenario = make_scenario(price(points=counting))
    running.abandon(person=rep, run_id=play(rep, scenario, before).pk)
    run = play(rep, scenario, "ask1", "sign")
    assert (run.outcome, run.is_first) == ("success", True)
    drain(Delivery.objects.values_list("pk", flat=True), "score")
    assert LedgerEntry.objects.get(rule="first_best").points == paid


def test_what_was_played_without_network_is_folded_here(rep: Person, scenario: Scenario) -> None:
    run_id, keys = uuid.uuid4(), [uuid.uuid4() for _ in range(3)]
    acts = [
        Act(keys[0], "open", "cut1", 900),
        Act(keys[1], "weak", "back", 800),
        Act(keys[2], "open", "ask1", 700),
    ]
    given = {
        "person": rep,
        "scenario_id": scenario.pk,
        "run_id": run_id,
        "version_id": scenario.version_id,
    }
    assert delivering.deliver(**given, queue=acts[:2]).taken == tuple(keys[:2])
    wrong = Act(uuid.uuid4(), "weak", "sign")
    last = Act(uuid.uuid4(), "deal", "sign")
    took = delivering.deliver(**given, queue=[*acts, last, wrong])
    assert took.taken == (*keys, last.key)
    assert (took.refused, took.code) == (wrong.key, "over")
    run = Run.objects.get()
    assert (run.pk, run.state, run.points) == (run_id, "finished", 5)
    _kept_is_folded(run)
    assert RunEvent.objects.get(key=keys[1]).data == {"ms": 800}
    running.start(person=rep, scenario_id=scenario.pk)
    with pytest.raises(ConflictError):
        delivering.deliver(**given | {"run_id": uuid.uuid4()}, queue=acts)
    exam = make_scenario(price(mode="exam"))
    with pytest.raises(RefusedError):
        delivering.deliver(**given | {"scenario_id": exam.pk, "run_id": uuid.uuid4()}, queue=acts)


def test_a_delivery_says_from_where_it_goes_on(rep: Person, scenario: Scenario) -> None:
    run = play(
        rep, scenario, "cut1", "back"
    )  # at the same scene as when the phone lost its network
    given = {
        "person": rep,
        "scenario_id": scenario.pk,
        "run_id": run.pk,
        "version_id": scenario.version_id,
        "queue": [Act(uuid.uuid4(), "open", "wait")],
    }
    with pytest.raises(ConflictError) as told:
        delivering.deliver(**given, base=2)
    assert told.value.position.state.turn == 6
    assert delivering.deliver(**given, base=6).taken
    assert delivering.deliver(**given, base=6).taken


def test_giving_up_begins_anew_and_attempts_are_counted(rep: Person, scenario: Scenario) -> None:
    here = running.start(person=rep, scenario_id=scenario.pk)
    assert running.set_pace(person=rep, run_id=here.run.pk, pace="off").pace == "off"
    assert running.abandon(person=rep, run_id=here.run.pk)
    assert not running.abandon(person=rep, run_id=here.run.pk)
    again = running.start(person=rep, scenario_id=scenario.pk)
    assert (again.run.attempt, again.state.attempt) == (2, 2)
    assert Run.objects.get(attempt=1).reason == "given_up"


def test_an_unpublished_scenario_is_not_there_for_a_rep(rep: Person) -> None:
    with pytest.raises(UnknownRunError):
        running.start(person=rep, scenario_id=make_scenario(published=False).pk)


@pytest.mark.parametrize("before", [1, 60])
def test_a_choice_costs_the_same_whatever_went_before(
    rep: Person, scenario: Scenario, before: int
) -> None:
    here = running.start(person=rep, scenario_id=scenario.pk)
    for _ in range(before):
        here = choose(rep, choose(rep, here, "cut1").position, "back").position
    here = choose(rep, here, "ask1").position
    frozen.played.cache_clear()
    with CaptureQueriesContext(
        connection,
    ) as told:
        choose(rep, here, "sign")
    statements = [each["sql"] for each in told if "SAVEPOINT" not in each["sql"]]
    assert len(statements) <= 6, statements


def test_the_database_itself_refuses_what_must_not_be(rep: Person, scenario: Scenario) -> None:
    run = running.start(person=rep, scenario_id=scenario.pk).run
    row = RunEvent.objects.first()
    for fields in ({"seq": row.seq}, {"seq": 9, "kind": "choice_made", "choice": ""}):
        told = {"kind": "started", "scene": "open", "run": run, "at": row.at} | fields
        wrong = RunEvent(person=rep, organisation=rep.organisation, **told)
        with pytest.raises(IntegrityError), transaction.atomic():
            wrong.save()
