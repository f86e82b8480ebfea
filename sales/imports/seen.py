"""By which keys a file's rows went so far."""

import hashlib
from collections.abc import Sequence
from typing import Protocol

from django.db import connection


class Keyed(Protocol):
    """A row with the key by which it is known again."""

    @property
    def key(self) -> str:
        """What no other row may have."""

    @property
    def number(self) -> int:
        """Its number in the file."""


class SeenKeys:
    """Knows the keys of earlier rows, in a table of the transaction's own: a million need no memory.

    Rows that stay out are known apart from those that count.
    """

    _TABLE = """
CREATE TEMPORARY TABLE imports_seen (
  is_left boolean, key uuid, number integer NOT NULL, PRIMARY KEY (is_left, key)
) ON COMMIT DROP
"""
    _ADD = """
WITH told AS (SELECT * FROM unnest(%(keys)s::uuid[], %(numbers)s::integer[]) AS u (key, number)), added AS (
  INSERT INTO imports_seen SELECT %(left)s, key, number FROM told ON CONFLICT DO NOTHING RETURNING key
)
SELECT told.number, s.number FROM told JOIN imports_seen s ON s.is_left = %(left)s AND s.key = told.key
 WHERE NOT EXISTS (SELECT FROM added WHERE added.key = told.key)
"""

    _FIND = """
SELECT told.number, s.number FROM unnest(%(keys)s::uuid[], %(numbers)s::integer[]) AS told (key, number)
  JOIN imports_seen s ON NOT s.is_left AND s.key = told.key WHERE s.number < told.number
"""

    def __init__(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE IF EXISTS pg_temp.imports_seen")
            cursor.execute(self._TABLE)

    def twice(self, told: Sequence[Keyed], *, left: bool = False) -> dict[int, int]:
        """Return, of these rows, those whose key stood in an earlier one, with that one. One statement.

        `left` are rows that stay out, held against each other.
        """
        first: dict[str, int] = {}
        found: dict[int, int] = {}
        for each in told:
            digest = _digest(each)
            there = first.setdefault(digest, each.number)
            if there != each.number:
                found[each.number] = there
        if first:
            with connection.cursor() as cursor:
                cursor.execute(
                    self._ADD,
                    {
                        "keys": f"{{{','.join(first)}}}",
                        "numbers": list(first.values()),
                        "left": left,
                    },
                )
                earlier = dict(cursor.fetchall())
            found = {number: earlier.get(there, there) for number, there in found.items()} | earlier
        return found

    def earlier(self, told: Sequence[Keyed]) -> dict[int, int]:
        """Return, of rows that stay out, those whose key stood in an earlier one that counts. One statement."""
        keys, numbers = [_digest(each) for each in told], [each.number for each in told]
        with connection.cursor() as cursor:
            cursor.execute(self._FIND, {"keys": f"{{{','.join(keys)}}}", "numbers": numbers})
            return dict(cursor.fetchall())


def _digest(row: Keyed) -> str:
    return hashlib.blake2b(row.key.encode(), digest_size=16).hexdigest()
