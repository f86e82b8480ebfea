"""What others may hear of imports."""

import dataclasses
import uuid

from core.events import Event


@dataclasses.dataclass(frozen=True, kw_only=True)
class ImportFinished(Event):
    """A file of sales figures was taken in; counts are rows, `left_out` those with problems."""

    import_id: uuid.UUID
    source_id: uuid.UUID
    grain: str
    brought_by: uuid.UUID
    new: int
    changed: int
    unchanged: int
    left_out: int
