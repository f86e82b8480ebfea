"""Who did it: tells the database on whose behalf tracked rows are changed, for their history.

pghistory's own `context()` puts a second statement in front of each write, which prepared statements
don't allow. Its trigger reads two settings of the connection: these are set here once, and taken back.
"""

import json
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from django.db import DatabaseError, connection

_SET = (
    "SELECT set_config('pghistory.context_id', %s, false),"
    " set_config('pghistory.context_metadata', %s, false)"
)


@contextmanager
def by(person_id: uuid.UUID) -> Iterator[None]:
    """Note this person with every change of a tracked row that is made in the block."""
    _set(str(uuid.uuid4()), json.dumps({"person": str(person_id)}))
    try:
        yield
    finally:
        # A broken connection has already lost the settings.
        with suppress(DatabaseError):
            _set("", "")


def _set(context_id: str, metadata: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_SET, [context_id, metadata])
