"""A practice run that was played without network: its choices come later, all at once, and are folded here."""

import dataclasses
import uuid
from collections.abc import Sequence

from django.db import transaction

from courses.scenarios import acts
from courses.scenarios.actions import keeping
from courses.scenarios.actions.positions import (
    ConflictError,
    Position,
    UnknownRunError,
    choices_done,
    is_another,
    locked,
    one_at_a_time,
    position_of,
)
from courses.scenarios.actions.running import begin
from courses.scenarios.acts import RefusedError, Step
from courses.scenarios.fold import State
from courses.scenarios.models import Run, Scenario
from partners.models import Person

MOST = 500
"""How many acts a delivery may hold."""


@dataclasses.dataclass(frozen=True)
class Act:
    """What was done on the phone: a choice, or (`choice` empty) a time-out. `ms` is how long was thought."""

    key: uuid.UUID
    scene: str
    choice: str
    ms: int = 0


@dataclasses.dataclass(frozen=True)
class Delivered:
    """What the server now holds: the acts that it took (also those it had), and why it took no more."""

    position: Position
    taken: tuple[uuid.UUID, ...]
    refused: uuid.UUID | None = None
    code: str = ""


def deliver(
    *,
    person: Person,
    scenario_id: uuid.UUID,
    run_id: uuid.UUID,
    version_id: uuid.UUID,
    queue: Sequence[Act],
    base: int | None = None,
) -> Delivered:
    """Take the acts of a practice run in their order; what was taken before is not taken again.

    The run is started where the server didn't know it yet. The first act that doesn't fit ends the delivery: those
    before it stay. `base` is the event with which the scene of the first act was entered, as the phone knew it.
    Raises ConflictError where another run of the person is open, or this one went on elsewhere; RefusedError for an
    exam, UnknownRunError.
    """
    with transaction.atomic():
        there = _found_or_begun(person, scenario_id, run_id, version_id)
        if isinstance(there, Run):
            other = position_of(there)
        else:
            return _taken(there, queue[:MOST], base)
    raise ConflictError(other)


def _found_or_begun(
    person: Person, scenario_id: uuid.UUID, run_id: uuid.UUID, version_id: uuid.UUID
) -> Position | Run:
    """Return the run, locked; or the other one that is open."""
    scenario = Scenario.objects.visible_to(person).filter(pk=scenario_id).first()
    if scenario is None:
        raise UnknownRunError
    one_at_a_time(person, scenario_id)
    known = Run.objects.filter(pk=run_id, person=person, scenario=scenario).exists()
    if known:
        return position_of(locked(person, run_id))
    other = Run.objects.filter(person=person, scenario=scenario, state=Run.State.OPEN).first()
    if other is not None:
        return other
    return begin(person, scenario, run_id, version_id, "normal")


def _taken(there: Position, queue: Sequence[Act], base: int | None) -> Delivered:
    if there.run.mode == Run.Mode.EXAM:
        raise RefusedError("online_only")
    keys = [each.key for each in queue]
    had = choices_done(there.run, keys)
    went_on = base not in {None, there.state.turn}
    if went_on and keys and keys[0] not in had:
        raise ConflictError(there)
    taken, steps, at = [], list[Step](), keeping.now_ms()
    stamped: dict[int, uuid.UUID] = {}
    state, refused, code = there.state, None, ""
    for each in queue:
        if each.key in had:
            if is_another(each.choice, had[each.key]):
                raise ConflictError(there)
            taken.append(each.key)
            continue
        try:
            step = _act(there, state, each, at)
        except RefusedError as error:
            refused, code = each.key, error.code
            break
        had[each.key] = each.choice
        taken.append(each.key)
        steps.append(step)
        stamped[step.events[0].seq] = each.key
        state = step.state
    keeping.keep(there.run, there.version, steps, stamped)
    return Delivered(dataclasses.replace(there, state=state), tuple(taken), refused, code)


def _act(there: Position, state: State, act: Act, at: int) -> Step:
    """Do one act; without our clock a time-out is taken as the phone tells it."""
    if act.choice:
        return acts.choose(
            there.document, state, scene=act.scene, choice=act.choice, at=at, ms=act.ms
        )
    return acts.time_out(there.document, state, scene=act.scene, at=at, ms=act.ms)
