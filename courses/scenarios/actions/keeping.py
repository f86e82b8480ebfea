"""Keeping a run: its log, and beside it the state that the log folds to. Every write of a run passes here."""

import datetime as dt
import json
import uuid
from collections.abc import Mapping, Sequence

from django.db import connection
from django.utils import timezone

from core.outbox import publish
from courses.scenarios import acts, frozen, queries, scoring
from courses.scenarios.acts import Step
from courses.scenarios.events import ScenarioRunFinished
from courses.scenarios.fold import Event, State
from courses.scenarios.frozen import Played
from courses.scenarios.models import Run, RunEvent
from courses.scenarios.scoring import Result


def now_ms() -> int:
    """Return our clock, to the millisecond."""
    return queries.to_ms(timezone.now())


def keep(
    run: Run,
    version: Played,
    steps: Sequence[Step],
    keys: Mapping[int, uuid.UUID] | None = None,
) -> None:
    """Write what these steps brought, in two statements; three where the run ends by them, with its news.

    `keys` names the phone's key by the event's number.
    """
    if not steps:
        return
    events = [event for step in steps for event in step.events]
    RunEvent.objects.bulk_create([row(run, event, (keys or {}).get(event.seq)) for event in events])
    state = steps[-1].state
    run.seq, run.folded, run.last_at = state.seq, state.to_json(), queries.of_ms(events[-1].at)
    result = scoring.result(version.document, state, version.attainable)
    if result is None:
        run.save(update_fields=["seq", "folded", "last_at"])
    else:
        _finish(run, state, result)


def row(run: Run, event: Event, key: uuid.UUID | None = None) -> RunEvent:
    """Return an event as it is stored."""
    return RunEvent(
        run=run,
        person_id=run.person_id,
        organisation_id=run.organisation_id,
        seq=event.seq,
        kind=event.kind,
        scene=event.scene,
        choice=event.choice,
        key=key,
        data=dict(event.data),
        at=queries.of_ms(event.at),
    )


_FINISH = """
UPDATE scenarios_run
   SET state = 'finished', seq = %(seq)s, folded = %(folded)s::jsonb, last_at = %(at)s, ended_at = %(at)s,
       ending = %(ending)s, outcome = %(outcome)s, points = %(points)s, attainable = %(attainable)s,
       score = %(score)s, passed = %(passed)s, offered_id = NULL, diverged_at = NULL,
       is_first = NOT EXISTS (SELECT FROM scenarios_run f
                               WHERE f.person_id = %(person)s AND f.scenario_id = %(scenario)s AND f.is_first)
 WHERE id = %(run)s RETURNING is_first
"""


def _finish(run: Run, state: State, result: Result) -> None:
    """Close a run with its result; the person's first finished one is the one that pays.

    A person has one open run of a scenario, so no two can finish at once.
    """
    run.state, run.ended_at = Run.State.FINISHED, run.last_at
    run.ending, run.outcome, run.passed = result.ending, result.outcome, result.passed
    run.points, run.attainable, run.score = result.points, result.attainable, result.score
    with connection.cursor() as cursor:
        cursor.execute(
            _FINISH,
            {
                "run": run.pk,
                "person": run.person_id,
                "scenario": run.scenario_id,
                "seq": run.seq,
                "folded": json.dumps(run.folded),
                "at": run.ended_at,
                "ending": run.ending,
                "outcome": run.outcome,
                "points": run.points,
                "attainable": max(result.attainable, 0),
                "score": run.score,
                "passed": run.passed,
            },
        )
        run.is_first = cursor.fetchone()[0]
    publish(_finished(run, state, run.last_at))


def _finished(run: Run, state: State, at: dt.datetime) -> ScenarioRunFinished:
    return ScenarioRunFinished(
        run_id=run.pk,
        person_id=run.person_id,
        organisation_id=run.organisation_id,
        team_id=run.team_id,
        scenario_id=run.scenario_id,
        module_id=run.scenario.module_id,
        version_id=run.version_id,
        mode=run.mode,
        attempt=run.attempt,
        is_first=run.is_first,
        finished_at=at,
        ending=run.ending,
        outcome=run.outcome,
        points=int(run.points or 0),
        attainable=int(run.attainable or 0),
        score=int(run.score or 0),
        passed=bool(run.passed),
        best_count=_best_at_once(run, state),
        fork_count=len(state.forks),
    )


def _best_at_once(run: Run, state: State) -> int:
    """Count the scenes that were answered best.

    Where a scene's first answer counts, it counts over runs that were given up as well: their explanations were read.
    """
    best = {scene for scene, quality in state.forks.items() if quality == "best"}
    rule = frozen.played(run.version_id).document.settings.points
    if run.is_first and run.attempt > 1 and rule == "first":
        given_up = Run.objects.filter(
            person_id=run.person_id, scenario_id=run.scenario_id, state=Run.State.ABANDONED
        )
        for folded in given_up.values_list("folded", flat=True):
            before = State.of_json(folded).forks
            best -= {scene for scene, quality in before.items() if quality != "best"}
    return len(best)


def supersede(run: Run, reason: str, *, counts: bool = True) -> None:
    """End a locked open run that can't go on; what was reached so far stays in it."""
    version = frozen.played(run.version_id)
    state = State.of_json(run.folded)
    step = acts.abandon(version.document, state, at=now_ms(), reason=reason)
    RunEvent.objects.bulk_create([row(run, event) for event in step.events])
    close(run, step, Run.State.SUPERSEDED, reason, counts=counts)


def close(run: Run, step: Step, state: Run.State, reason: str, *, counts: bool = True) -> None:
    """Write the end of a run that came to no ending; its points so far are kept."""
    run.state, run.reason, run.counts = state, reason, counts
    run.seq, run.folded = step.state.seq, step.state.to_json()
    run.points = step.state.points
    run.last_at = run.ended_at = queries.of_ms(step.events[-1].at)
    run.offered, run.diverged_at = None, None
    run.save()
