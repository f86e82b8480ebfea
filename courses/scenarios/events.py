"""News of scenarios."""

import dataclasses
import datetime as dt
import uuid

from core.events import Event


@dataclasses.dataclass(frozen=True, kw_only=True)
class ScenarioPublished(Event):
    """A version of a scenario was published: open runs are to be looked at, and its states to be searched."""

    scenario_id: uuid.UUID
    module_id: uuid.UUID
    version_id: uuid.UUID
    number: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class ScenarioWithdrawn(Event):
    """A version was taken back as harmful; its open runs have ended."""

    scenario_id: uuid.UUID
    version_id: uuid.UUID


@dataclasses.dataclass(frozen=True, kw_only=True)
class ScenarioRunFinished(Event):
    """Somebody came to an ending. Told once a run, since a finished run never changes.

    `is_first`: the person's first finished run of the scenario. `score` is in percent, `best_count` of `fork_count`
    decided forks were answered best, by the answers that count; where that is the first one, a run that was given up
    counts as having answered.
    """

    run_id: uuid.UUID
    person_id: uuid.UUID
    organisation_id: uuid.UUID
    team_id: uuid.UUID | None
    scenario_id: uuid.UUID
    module_id: uuid.UUID
    version_id: uuid.UUID
    mode: str
    attempt: int
    is_first: bool
    finished_at: dt.datetime
    ending: str
    outcome: str
    points: int
    attainable: int
    score: int
    passed: bool
    best_count: int
    fork_count: int
