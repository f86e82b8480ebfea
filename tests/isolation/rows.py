"""Which rows of the database are somebody's, whatever the table: found by comparing, and by following keys."""

import dataclasses
import uuid
from collections.abc import Iterable
from typing import Any

from django.db import connection
from psycopg import sql

from core.scope import CLIENT, scoped

_UNSEEN = ("django_migrations", "django_session", "core_ratewindow")
"""Tables about no partner's business: who is signed in, how often somebody tried."""

Keys = dict[str, set[str]]


@dataclasses.dataclass(frozen=True)
class Table:
    """A table: its key, its columns of ids, where its foreign keys lead, and what differs from run to run."""

    name: str
    key: str
    uuids: tuple[str, ...]
    leads: tuple[tuple[str, str], ...]
    fleeting: tuple[str, ...]


def tables() -> list[Table]:
    """Return all tables of the database that have a key of one column."""
    with connection.cursor() as cursor:
        cursor.execute(_COLUMNS)
        columns = cursor.fetchall()
        cursor.execute(_LEADS)
        leads = cursor.fetchall()
    names = sorted({row[0] for row in columns if row[3]} - set(_UNSEEN))
    return [_table(name, columns, leads) for name in names]


def _table(name: str, columns: list[Any], leads: list[Any]) -> Table:
    own = [row for row in columns if row[0] == name]
    key = next(row for row in own if row[3])
    serial = () if key[2] in {"uuid", "text", "varchar"} else (key[1],)
    return Table(
        name,
        key[1],
        tuple(row[1] for row in own if row[2] == "uuid"),
        tuple((row[1], row[2]) for row in leads if row[0] == name),
        (*serial, *(row[1] for row in own if row[2] == "timestamptz")),
    )


_COLUMNS = """
SELECT c.relname, a.attname, t.typname, coalesce(a.attnum = ANY (i.indkey::int2[]), false)
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'public'
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  JOIN pg_type t ON t.oid = a.atttypid
  LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary AND i.indnkeyatts = 1
 WHERE c.relkind = 'r' ORDER BY 1, a.attnum
"""

_SO_FAR = """
SELECT c.relname, pg_stat_get_xact_tuples_inserted(c.oid) + pg_stat_get_xact_tuples_updated(c.oid)
                + pg_stat_get_xact_tuples_deleted(c.oid)
  FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
"""
"""How often each table was written to in this transaction; what was taken back is counted too."""

_LEADS = """
SELECT k.conrelid::regclass::text, a.attname, k.confrelid::regclass::text
  FROM pg_constraint k JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]
 WHERE k.contype = 'f' AND array_length(k.conkey, 1) = 1
"""


class Rows:
    """Reads many tables at once, past nobody's scope but the client's."""

    def __init__(self) -> None:
        self.tables = tables()
        self._parts: dict[tuple[str, str], str] = {}
        self._so_far: dict[str, int] = {}

    def keys(self) -> Keys:
        """Return the keys of all rows. One statement."""
        each = sql.SQL("SELECT {n}, array_agg({k}::text) FROM {t}")
        return {name: set(found or ()) for name, found in self._all(each, "keys", {})}

    def touched(self) -> set[str]:
        """Return the tables that were written to since this was asked last, in the same transaction.

        PostgreSQL counts it: whatever wrote, a trigger too. Looking at all the others takes far longer.
        """
        with connection.cursor() as cursor:
            cursor.execute(_SO_FAR)
            now = dict(cursor.fetchall())
        before, self._so_far = self._so_far, now
        return {name for name, count in now.items() if count != before.get(name, 0)}

    def prints(
        self, mine: Keys, ids: Iterable[uuid.UUID], of: set[str] | None = None
    ) -> dict[str, str]:
        """Return, by table, a hash of the rows with these keys and of all that lead to them. One statement.

        `of` are the tables to look at: all, unless it says otherwise.
        """
        each = "SELECT {n}, md5(coalesce(string_agg(r::text, '|' ORDER BY r::text), '')) FROM {t} r WHERE {reach}"
        return dict(self._all(sql.SQL(each), "prints", self._values(mine, ids), of))

    def texts(self, mine: Keys, ids: Iterable[uuid.UUID]) -> dict[str, list[str]]:
        """Return these rows themselves, without what differs from run to run. One statement."""
        each = (
            "SELECT {n}, array_agg((to_jsonb(r) - {fleeting}::text[])::text"
            " ORDER BY (to_jsonb(r) - {fleeting}::text[])::text) FROM {t} r WHERE {reach}"
        )
        found = self._all(sql.SQL(each), "texts", self._values(mine, ids))
        return {name: rows or [] for name, rows in found}

    def mark(self) -> int:
        """Leave a row, and return its number: rows written after it in this savepoint have no smaller one."""
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO core_ratewindow (key, hits, ends_at) VALUES ('mark', 1, now())"
                " RETURNING xmin::text::bigint"
            )
            return int(cursor.fetchone()[0])

    def written(self, since: int, of: set[str]) -> list[tuple[str, str]]:
        """Return the rows of these tables that were written since, without what differs from run to run."""
        each = (
            "SELECT {n}, (to_jsonb(r) - {fleeting}::text[])::text FROM {t} r"
            " WHERE r.xmin::text::bigint >= %(since)s"
        )
        return sorted(self._all(sql.SQL(each), "written", {"since": since}, of))

    def _values(self, mine: Keys, ids: Iterable[uuid.UUID]) -> dict[str, Any]:
        keys = {f"k_{table.name}": sorted(mine.get(table.name, ())) for table in self.tables}
        return {"ids": list(ids), **keys}

    def _all(
        self, each: sql.SQL, what: str, values: dict[str, Any], of: set[str] | None = None
    ) -> list[Any]:
        parts = []
        for table in self.tables:
            if of is not None and table.name not in of:
                continue
            if (what, table.name) not in self._parts:
                self._parts[what, table.name] = each.format(**_pieces(table)).as_string(None)
            parts.append(self._parts[what, table.name])
        if not parts:
            return []
        with scoped(CLIENT), connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join(parts), values)
            return cursor.fetchall()


def _pieces(table: Table) -> dict[str, Any]:
    reach = [sql.SQL("r.{}::text = ANY (%({})s)").format(_id(table.key), _raw(table.name))]
    reach += [sql.SQL("r.{} = ANY (%(ids)s)").format(_id(column)) for column in table.uuids]
    reach += [
        sql.SQL("r.{}::text = ANY (%({})s)").format(_id(column), _raw(other))
        for column, other in table.leads
        if column not in table.uuids and other not in _UNSEEN
    ]
    return {
        "n": sql.Literal(table.name),
        "k": _id(table.key),
        "t": _id(table.name),
        "fleeting": sql.Literal(list(table.fleeting)),
        "reach": sql.SQL(" OR ").join(reach),
    }


def _id(name: str) -> sql.Identifier:
    return sql.Identifier(name)


def _raw(table: str) -> sql.SQL:
    return sql.SQL(f"k_{table}")


def without(keys: Keys, others: Keys) -> Keys:
    """Return the keys that the others don't have."""
    return {name: found - others.get(name, set()) for name, found in keys.items()}


def ids_in(keys: Keys) -> set[uuid.UUID]:
    """Return those of the keys that are ids."""
    found = set()
    for each in keys.values():
        for key in each:
            try:
                found.add(uuid.UUID(key))
            except ValueError:
                break
    return found
