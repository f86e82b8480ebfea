"""Many rows as PostgreSQL copies them out, in its binary form: numpy takes them as they are, without an object each."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

_MEMORY = "64MB"
"""A step of a statement over all reps may take so much before it goes to disk: they are few, and one at a time."""


@contextmanager
def roomy(*, loops: bool = False) -> Iterator[None]:
    """Give the statements of a transaction room for sums of all reps. Two statements at most.

    Without `loops` tables are joined by hashes: of one that has just been filled the planner knows nothing yet, and
    would go through all of it for each rep.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL work_mem = '{_MEMORY}'")
            if not loops:
                cursor.execute("SET LOCAL enable_nestloop = off")
        yield


def copied(statement: str, values: Mapping[str, Any]) -> bytearray:
    """Return the rows of a select, none of whose figures is missing. Three statements."""
    told, copying = bytearray(), f"COPY ({statement}) TO STDOUT (FORMAT BINARY)"
    with roomy(), connection.cursor() as cursor, cursor.copy(copying, dict(values)) as copy:
        for piece in copy:
            told += piece
    return told
