"""News of what people are asked to learn."""

import dataclasses
import uuid

from core.events import Event


@dataclasses.dataclass(frozen=True, kw_only=True)
class EnrolmentsChanged(Event):
    """Of an assignment, people came to be asked, are asked no longer, finished it, or have another due date."""

    assignment_id: uuid.UUID
