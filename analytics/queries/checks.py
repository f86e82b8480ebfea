"""Whether the summaries are what the records say, row for row. Runs in the client's scope."""

import dataclasses
from collections.abc import Iterator
from typing import Any

from django.db import connection

from analytics.queries.recount import Part
from analytics.queries.tables import IN_ORDER, Table
from core.scope import CLIENT, scoped

_ALL = Part()


@dataclasses.dataclass(frozen=True)
class Difference:
    """A summary that is not what the records say; None where there should be, or is, no row."""

    what: str
    key: str
    expected: dict[str, Any] | None
    found: dict[str, Any] | None

    def __str__(self) -> str:
        if self.expected is None or self.found is None:
            return f"{self.what} {self.key}: {self.expected} expected, {self.found} found"
        odd = {name for name in self.expected if self.expected[name] != self.found.get(name)}
        told = ", ".join(
            f"{name} {self.found.get(name)} instead of {self.expected[name]}"
            for name in sorted(odd)
        )
        return f"{self.what} {self.key}: {told}"


def differences() -> list[Difference]:
    """Return every summary that differs from a recount. Sums for everybody that are due don't count."""
    with scoped(CLIENT):
        return [each for table in IN_ORDER for each in _differences(table)]


_COMPARE = """
WITH expected AS MATERIALIZED ({select}), stored AS (SELECT * FROM {name} s WHERE {stored})
SELECT {keys}, CASE WHEN e.{key} IS NOT NULL THEN json_build_object({expected}) END,
       CASE WHEN s.{key} IS NOT NULL THEN json_build_object({found}) END
  FROM expected e FULL JOIN stored s ON {joined}
 WHERE (e.{key} IS NULL OR s.{key} IS NULL OR ({e_figures}) IS DISTINCT FROM ({s_figures})){settled}
 ORDER BY 1
"""


def _differences(table: Table) -> Iterator[Difference]:
    statement = _COMPARE.format(
        select=table.select(_ALL),
        name=table.name,
        stored=table.stored(_ALL),
        key=table.keys[0],
        keys=" || ' ' || ".join(f"coalesce(e.{k}::text, s.{k}::text)" for k in table.keys),
        expected=", ".join(f"'{name}', e.{name}" for name in table.figures),
        found=", ".join(f"'{name}', s.{name}" for name in table.figures),
        joined=" AND ".join(f"e.{key} = s.{key}" for key in table.keys),
        e_figures=", ".join(f"e.{name}" for name in table.figures),
        s_figures=", ".join(f"s.{name}" for name in table.figures),
        settled=" AND NOT coalesce(s.stale, false)" if table.level == "everybody" else "",
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, _ALL.values())
        for key, expected, found in cursor.fetchall():
            yield Difference(table.what, key, expected, found)
