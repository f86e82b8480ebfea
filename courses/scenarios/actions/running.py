"""Writes of runs, online: starting or going on, choosing, running out of time, going back, giving up.

A choice names the event with which its scene was entered (`expected_seq`). Another one means that the page is old: a
second tap, another tab, the browser's back button. It is answered with where the run stands, and writes nothing. The
same key again is answered as it was the first time.
"""

import dataclasses
import uuid
from collections.abc import Callable, Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from courses.scenarios import acts, fold, frozen, queries
from courses.scenarios.actions import keeping
from courses.scenarios.actions.positions import (
    Answer,
    ConflictError,
    Position,
    UnknownRunError,
    answer,
    choices_done,
    is_another,
    locked,
    one_at_a_time,
    own,
    position_of,
)
from courses.scenarios.acts import PACES, RefusedError, Step
from courses.scenarios.fold import Event
from courses.scenarios.models import Run, RunEvent, Scenario, ScenarioVersion
from partners.models import Person


def start(
    *,
    person: Person,
    scenario_id: uuid.UUID,
    run_id: uuid.UUID | None = None,
    version_id: uuid.UUID | None = None,
    pace: str = "normal",
) -> Position:
    """Go on with the person's open run of a scenario, or start one. Raises UnknownRunError.

    The phone may mint the id and name the version that it kept. Six statements at most.
    """
    with transaction.atomic():
        scenario = (
            Scenario.objects.visible_to(person)
            .filter(pk=scenario_id, version__isnull=False)
            .first()
        )
        if scenario is None or pace not in PACES:
            raise UnknownRunError
        one_at_a_time(person, scenario_id)
        found = own(person).filter(scenario=scenario, state=Run.State.OPEN).first()
        if found is not None:
            return position_of(found)
        return begin(person, scenario, run_id, version_id, pace)


def begin(
    person: Person,
    scenario: Scenario,
    run_id: uuid.UUID | None,
    version_id: uuid.UUID | None,
    pace: str,
) -> Position:
    """Start a run; the caller has made sure that none is open. Raises UnknownRunError for an id that is taken."""
    pinned = _kept_version(scenario, version_id) or scenario.version_id
    if pinned is None:
        raise UnknownRunError
    version = frozen.played(pinned)
    before = Run.objects.filter(person=person, scenario=scenario, counts=True)
    attempt = (before.order_by("-attempt").values_list("attempt", flat=True).first() or 0) + 1
    step = acts.begin(version.document, attempt=attempt, at=keeping.now_ms(), version=str(pinned))
    run = Run(
        **({"pk": run_id} if run_id else {}),
        scenario=scenario,
        version_id=pinned,
        person=person,
        organisation_id=person.organisation_id,
        team_id=person.team_id,
        mode=version.document.settings.mode,
        pace=pace,
        attempt=attempt,
        seq=step.state.seq,
        folded=step.state.to_json(),
        started_at=queries.of_ms(step.events[0].at),
        last_at=queries.of_ms(step.events[0].at),
    )
    try:
        run.save(force_insert=True)
    except IntegrityError as error:
        if not _is_taken(error):
            raise
        raise UnknownRunError from error
    RunEvent.objects.bulk_create([keeping.row(run, event) for event in step.events])
    return Position(run, version, step.state)


def _is_taken(error: IntegrityError) -> bool:
    """Say whether a run of this id is there: somebody else's, which row security may hide."""
    diagnosis = getattr(error.__cause__, "diag", None)
    return getattr(diagnosis, "constraint_name", None) == "scenarios_run_pkey"


def _kept_version(scenario: Scenario, version_id: uuid.UUID | None) -> uuid.UUID | None:
    """Return the version that a phone kept, if it is one of the scenario and may still be played."""
    if version_id is None or version_id == scenario.version_id:
        return None
    known = ScenarioVersion.objects.filter(
        pk=version_id, scenario=scenario, withdrawal__isnull=True
    )
    return version_id if known.exists() else None


def choose(
    *,
    person: Person,
    run_id: uuid.UUID,
    expected_seq: int,
    scene: str,
    choice: str,
    key: uuid.UUID,
) -> Answer:
    """Make a choice. Six statements at most, whatever the run's length.

    Raises ConflictError where the run stands elsewhere, RefusedError for a choice that isn't offered, UnknownRunError.
    """

    def act(position: Position) -> Step:
        return acts.choose(
            position.document,
            position.state,
            scene=scene,
            choice=choice,
            at=keeping.now_ms(),
            pace=position.run.pace,
        )

    return _answered(person, run_id, expected_seq, key, act, choice)


def time_out(
    *, person: Person, run_id: uuid.UUID, expected_seq: int, scene: str, key: uuid.UUID
) -> Answer:
    """Let the time of a scene be over. Raises as `choose` does."""

    def act(position: Position) -> Step:
        return acts.time_out(
            position.document,
            position.state,
            scene=scene,
            at=keeping.now_ms(),
            pace=position.run.pace,
        )

    return _answered(person, run_id, expected_seq, key, act)


def _answered(
    person: Person,
    run_id: uuid.UUID,
    expected_seq: int,
    key: uuid.UUID,
    act: Callable[[Position], Step],
    choice: str = "",
) -> Answer:
    """Do an act once. What is refused is told after the transaction, in which nothing was written."""
    with transaction.atomic():
        run = locked(person, run_id)
        before = position_of(run)
        done = choices_done(run, [key]).get(key)
        if done is not None and not is_another(choice, done):
            return _repeated(before, key)
        if done is None and run.state == Run.State.OPEN and before.state.turn == expected_seq:
            step = act(before)
            keeping.keep(run, before.version, [step], {step.events[0].seq: key})
            return answer(before, step)
    raise ConflictError(before)


def _repeated(now: Position, key: uuid.UUID) -> Answer:
    """Return the answer of an act that was done before, made of the log up to then."""
    seq = RunEvent.objects.values_list("seq", flat=True).get(run=now.run, key=key)
    log = queries.log_of(now.run.pk)
    end = next((n for n, each in enumerate(log) if each.seq > seq and not _follows(each)), len(log))
    before = dataclasses.replace(now, state=fold.fold(log[: seq - 1], now.document))
    step = Step(tuple(log[seq - 1 : end]), fold.fold(log[:end], now.document))
    return answer(before, step, repeated=True)


def _follows(event: Event) -> bool:
    return event.kind in {"scene_entered", "finished"}


def go_back(*, person: Person, run_id: uuid.UUID, expected_seq: int, to: int) -> Position:
    """Go back to where event `to` entered a scene, where the author lets people rewind. Raises as `choose` does."""
    with transaction.atomic():
        run = locked(person, run_id)
        before = position_of(run)
        if run.state == Run.State.OPEN and before.state.turn == expected_seq:
            log = queries.log_of(run.pk)
            step = acts.go_back(before.document, log, to=to, at=keeping.now_ms())
            keeping.keep(run, before.version, [step])
            return dataclasses.replace(before, state=step.state)
    raise ConflictError(before)


def note(
    *,
    person: Person,
    run_id: uuid.UUID,
    kind: str,
    about: str,
    key: uuid.UUID,
    data: Mapping[str, Any] | None = None,
) -> bool:
    """Note that an explanation was opened, or a video watched. Returns False where this key was noted before.

    `about` is the key of a choice or scene. Also after the end: that is when most is read. Raises RefusedError.
    """
    if kind not in {"explanation_opened", "video_progress"}:
        raise RefusedError("unknown_event")
    with transaction.atomic():
        run = locked(person, run_id)
        if choices_done(run, [key]):
            return False
        here = position_of(run)
        step = acts.note(
            here.document, here.state, kind=kind, about=about, at=keeping.now_ms(), data=data or {}
        )
        RunEvent.objects.bulk_create([keeping.row(run, step.events[0], key)])
        run.seq, run.folded = step.state.seq, step.state.to_json()
        run.save(update_fields=["seq", "folded"])
    return True


def abandon(*, person: Person, run_id: uuid.UUID) -> bool:
    """Give an open run up, to begin anew. Returns False where it was over. Raises UnknownRunError."""
    with transaction.atomic():
        run = locked(person, run_id)
        if run.state != Run.State.OPEN:
            return False
        here = position_of(run)
        step = acts.abandon(here.document, here.state, at=keeping.now_ms(), reason="given_up")
        RunEvent.objects.bulk_create([keeping.row(run, each) for each in step.events])
        keeping.close(run, step, Run.State.ABANDONED, "given_up")
    return True


def set_pace(*, person: Person, run_id: uuid.UUID, pace: str) -> Run:
    """Lengthen the time to think, or switch it off. Raises UnknownRunError, also for an unknown pace."""
    if pace not in PACES:
        raise UnknownRunError
    with transaction.atomic():
        run = locked(person, run_id)
        run.pace, run.last_at = pace, timezone.now()
        run.save(update_fields=["pace", "last_at"])
    return run
