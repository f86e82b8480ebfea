"""News of points."""

import dataclasses
import uuid

from core.events import Event


@dataclasses.dataclass(frozen=True, kw_only=True)
class PointsAwarded(Event):
    """Points were booked for a person, or taken back. `month` is the month they count in, as 2026-11-01."""

    person_id: uuid.UUID
    organisation_id: uuid.UUID
    month: str
    cause: str
