"""How facts are written: many at once, credited to where their person belonged, and only where they differ."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection

from sales.queries.credit import place

BATCH = 1000
"""So many facts go into one statement."""


@dataclasses.dataclass(frozen=True)
class Outcome:
    """What became of facts that were told: how many were new, changed something, or said nothing new.

    `refused` holds those that make no sense, by their external id, with the fields to be mended.
    """

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: Mapping[str, Sequence[str]] = dataclasses.field(default_factory=dict)

    def __add__(self, other: "Outcome") -> "Outcome":
        return Outcome(
            self.new + other.new,
            self.changed + other.changed,
            self.unchanged + other.unchanged,
            {**self.refused, **other.refused},
        )


_PLAIN = frozenset({uuid.UUID, dt.datetime, dt.date, int, type(None)})


def array(values: list[Any]) -> Any:
    """Return a column as the database reads it. What needs no escaping is laid out at once, in half the time."""
    if not _PLAIN.issuperset(map(type, values)):
        return values
    once = {id(value): value for value in values}  # people, products and days come again and again
    texts = {key: "NULL" if value is None else f'"{value}"' for key, value in once.items()}
    return "{" + ",".join([texts[id(value)] for value in values]) + "}"


@dataclasses.dataclass(frozen=True)
class Table:
    """A table of facts: its columns with their types, and those by which a fact is known again.

    `day` is the column that says on which day the fact is somebody's; it stands in the rows, and in the table
    only if it is among its columns. `stamps` are written with what differs, and make no difference themselves.
    `before` is what the log keeps of a row that an import writes over. `told` are the keys that are asked back.
    """

    name: str
    columns: Mapping[str, str]
    keys: Sequence[str]
    fixed: Sequence[str] = ()
    stamps: Sequence[str] = ()
    before: str = ""
    told: Sequence[str] = ()

    @property
    def statement(self) -> str:
        """Insert rows or write over what differs; returns keys, and whether the row is new."""
        types = {**self.columns, "day": "date"}
        names = [*self.columns, "organisation_id", "team_id"]
        kept = {*self.keys, *self.fixed}
        written = [name for name in names if name not in kept]
        compared = [name for name in written if name not in self.stamps]
        return f"""
INSERT INTO {self.name} AS f ({", ".join(names)})
SELECT {", ".join(f"u.{name}" for name in self.columns)}, p.organisation_id, p.team_id
  FROM unnest({", ".join(f"%({name})s::{kind}[]" for name, kind in types.items())})
       AS u ({", ".join(types)})
  LEFT JOIN LATERAL ({place("u.person_id", "u.day")}) p ON true
 ORDER BY {", ".join(f"u.{key}" for key in self.keys)}
    ON CONFLICT ({", ".join(self.keys)}) DO UPDATE
   SET {", ".join(f"{name} = excluded.{name}" for name in written)}{self._touched}
 WHERE ({", ".join(f"f.{name}" for name in compared)})
       IS DISTINCT FROM ({", ".join(f"excluded.{name}" for name in compared)})
RETURNING {", ".join(f"f.{key}" for key in self._back)}, f.xmax = 0 AS is_new{self._told_before}
"""  # noqa: S608 - names of ours

    @property
    def logging(self) -> str:
        """The same, and log what each written row was before."""
        keys = ", ".join(self._back)
        return f"""
WITH written AS ({self.statement}), logged AS (
  INSERT INTO sales_revision (organisation_id, cause, activity_id, before)
  SELECT o.id, written.cause, written.id, CASE WHEN NOT is_new THEN written.before END
    FROM written CROSS JOIN (SELECT id FROM partners_organisation WHERE kind = 'client') o
)
SELECT {keys}, is_new FROM written
"""  # noqa: S608 - names of ours

    @property
    def _back(self) -> Sequence[str]:
        return self.told or self.keys

    @property
    def _told_before(self) -> str:
        return f", f.id, f.cause, {self.before} AS before" if self.before else ""

    @property
    def _touched(self) -> str:
        return ", updated_at = statement_timestamp()" if self.name == "sales_opportunity" else ""

    def write(
        self, rows: Sequence[Mapping[str, Any]], *, log: bool = False
    ) -> dict[tuple[Any, ...], bool]:
        """Write rows; returns the keys of those that changed anything, with whether they are new. One statement.

        `log`, for tables that say what they were `before`, keeps that for whoever takes it back.
        """
        return self.write_columns(self.columns_of(rows), log=log)

    def columns_of(self, rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        """Return rows as the statement takes them, column by column. Asks nothing."""
        names = {*self.columns, "day"} if rows else ()
        return {name: array([row[name] for row in rows]) for name in names}

    def write_columns(
        self, values: Mapping[str, Any], *, log: bool = False
    ) -> dict[tuple[Any, ...], bool]:
        """Do as `write`, with columns of rows."""
        if not values:
            return {}
        width = len(self._back)
        with connection.cursor() as cursor:
            cursor.execute(self.logging if log else self.statement, values)
            return {row[:width]: bool(row[width]) for row in cursor.fetchall()}


ACTIVITIES = Table(
    "sales_activity",
    {
        "person_id": "uuid", "day": "date", "product_id": "uuid", "measure": "text",
        "source_id": "uuid", "count": "integer", "cause": "uuid",
    },
    ["person_id", "day", "product_id", "measure", "source_id"],
    stamps=["cause"],
    before="jsonb_build_object('count', old.count, 'cause', old.cause)",
)  # fmt: skip

OPPORTUNITIES = Table(
    "sales_opportunity",
    {
        "id": "uuid", "source_id": "uuid", "external_id": "text", "product_id": "uuid",
        "person_id": "uuid", "opened_at": "timestamptz", "closed_at": "timestamptz",
        "outcome": "text", "reason": "text", "amount": "bigint", "currency": "text", "cause": "uuid",
    },
    ["source_id", "external_id"],
    fixed=["id"],
    stamps=["cause"],
    told=["external_id"],
)  # fmt: skip

OWNERSHIPS = Table(
    "sales_ownership",
    {"opportunity_id": "uuid", "since": "timestamptz", "person_id": "uuid"},
    ["opportunity_id", "since"],
    told=["opportunity_id"],
)

ENTRIES = Table(
    "sales_stageentry",
    {
        "opportunity_id": "uuid", "stage": "text", "source_id": "uuid", "product_id": "uuid",
        "person_id": "uuid", "at": "timestamptz",
    },
    ["opportunity_id", "stage"],
    told=["opportunity_id"],
)  # fmt: skip
