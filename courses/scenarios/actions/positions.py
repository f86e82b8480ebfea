"""Where a run stands, what is said to an act in it, and the locks that both need."""

import dataclasses
import uuid
from collections.abc import Collection
from typing import Any

from django.db import connection

from courses.scenarios import frozen, scoring, shown
from courses.scenarios.acts import Step
from courses.scenarios.document import Document
from courses.scenarios.fold import State
from courses.scenarios.frozen import Played
from courses.scenarios.models import Run, RunEvent
from partners.models import Person


class UnknownRunError(LookupError):
    """There is no such run, scenario or version for this person."""


@dataclasses.dataclass(frozen=True)
class Position:
    """Where a run stands."""

    run: Run
    version: Played
    state: State

    @property
    def document(self) -> Document:
        """The scenario as this run plays it."""
        return self.version.document

    def to_json(self) -> dict[str, Any]:
        """Return what a phone may know of it: nothing that tells what is right."""
        result = scoring.result(self.document, self.state, self.version.attainable)
        return {
            "run": str(self.run.pk),
            "state": self.run.state,
            "mode": self.run.mode,
            "pace": self.run.pace,
            "seq": self.state.turn,
            "scene": shown.scene(self.document, self.state) if self.state.scene else None,
            "result": dataclasses.asdict(result) if result else None,
        }


@dataclasses.dataclass(frozen=True)
class Answer:
    """What is said to a choice: its consequence, and where the run stands after it."""

    position: Position
    consequence: dict[str, Any]
    repeated: bool = False

    def to_json(self) -> dict[str, Any]:
        """Return it as a phone receives it; the same whether or not it was said before."""
        return {**self.position.to_json(), "consequence": self.consequence}


class ConflictError(Exception):
    """The run doesn't stand where the phone thought: `position` says where. Nothing was written."""

    def __init__(self, position: Position) -> None:
        super().__init__(f"{position.run.pk} stands at {position.state.turn}")
        self.position = position


def one_at_a_time(person: Person, scenario_id: uuid.UUID) -> None:
    """Wait until nobody else is starting a run of this person in this scenario."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"{person.pk}:{scenario_id}"]
        )


def own(person: Person) -> Any:
    """Return a person's runs, to be locked, with their scenarios."""
    return (
        Run.objects.select_for_update(no_key=True, of=("self",))
        .select_related("scenario")
        .filter(person_id=person.pk)
    )


def locked(person: Person, run_id: uuid.UUID) -> Run:
    """Return a person's own run, locked. Raises UnknownRunError."""
    found: Run | None = own(person).filter(pk=run_id).first()
    if found is None:
        raise UnknownRunError
    return found


def choices_done(run: Run, keys: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Return which of these keys a locked run's log has, with the choice that came with each ("": another act).

    A statement of its own: one that waited for the lock sees the log as it was before.
    """
    found = RunEvent.objects.filter(run=run, key__in=keys)
    return {key: choice for key, choice in found.values_list("key", "choice") if key}


def is_another(choice: str, before: str) -> bool:
    """Say whether what comes again under a key is another choice: a page that was out of date when it was made."""
    return bool(choice and before) and choice != before


def position_of(run: Run) -> Position:
    """Return where a run stands, by the state kept beside its log."""
    return Position(run, frozen.played(run.version_id), State.of_json(run.folded))


def answer(before: Position, step: Step, *, repeated: bool = False) -> Answer:
    """Return what is said to an act."""
    after = dataclasses.replace(before, state=step.state)
    told = shown.consequence(before.document, before.state, step.events[0].choice)
    return Answer(after, told, repeated)
