"""News of people's progress."""

import dataclasses
import datetime as dt
import uuid

from core.events import Event


@dataclasses.dataclass(frozen=True, kw_only=True)
class ModuleFinished(Event):
    """Somebody finished a module for the first time."""

    person_id: uuid.UUID
    organisation_id: uuid.UUID
    team_id: uuid.UUID | None
    module_id: uuid.UUID
    attempt_id: uuid.UUID | None
    finished_at: dt.datetime


@dataclasses.dataclass(frozen=True, kw_only=True)
class ModuleUnderstood(Event):
    """Somebody has now answered every question of a module's quiz rightly.

    `with_finish` says that the same attempt finished the module, which ModuleFinished tells.
    """

    person_id: uuid.UUID
    organisation_id: uuid.UUID
    module_id: uuid.UUID
    at: dt.datetime
    with_finish: bool = False


@dataclasses.dataclass(frozen=True, kw_only=True)
class ProgressChanged(Event):
    """Somebody has got on with a module in a way that sums over people feel.

    That is: an attempt was scored (or scored again), time was added to a finished module, or it is the
    first learning of the day. Time before a module is finished is told together with its finish.
    """

    person_id: uuid.UUID
    module_id: uuid.UUID


@dataclasses.dataclass(frozen=True, kw_only=True)
class LearningDayBegun(Event):
    """Somebody has learnt for the first time on a day; told once for each of their days.

    `day` is the client's, as 2026-11-28.
    """

    person_id: uuid.UUID
    organisation_id: uuid.UUID
    day: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class ModulePublished(Event):
    """A version of a module was published; `number` 1 is its first."""

    module_id: uuid.UUID
    course_id: uuid.UUID
    version_id: uuid.UUID
    number: int
