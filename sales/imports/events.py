"""What others may hear of imports."""

import dataclasses
import datetime as dt
import uuid

from core.events import Event


@dataclasses.dataclass(frozen=True, kw_only=True)
class ImportFinished(Event):
    """A file of sales figures was taken in; counts are rows, `left_out` those with problems."""

    import_id: uuid.UUID
    source_id: uuid.UUID
    grain: str
    organisation_id: uuid.UUID
    brought_by: uuid.UUID
    finished_at: dt.datetime
    new: int
    changed: int
    unchanged: int
    left_out: int
