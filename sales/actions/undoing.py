"""Taking back what an import wrote: each fact becomes what it was, if nothing has written it since."""

import dataclasses
import uuid
from typing import Any

from django.db import connection, transaction

from sales import states
from sales.actions.dealing import DealWriter
from sales.actions.opportunities import begin_upserts
from sales.actions.writing import BATCH
from sales.models import Revision
from sales.queries.known import Deal

# Of several writes by the same cause the first one knows what was before.
_FIRST = """
SELECT DISTINCT ON ({fact}_id) {fact}_id AS id, before FROM sales_revision
 WHERE cause = %(cause)s AND {fact}_id IS NOT NULL ORDER BY {fact}_id, id
"""

_REMOVE_COUNTS = f"""
WITH first AS ({_FIRST.format(fact="activity")}), gone AS (
  DELETE FROM sales_activity f USING first
   WHERE f.id = first.id AND f.cause = %(cause)s AND first.before IS NULL RETURNING f.id
), logged AS (
  DELETE FROM sales_revision r USING gone WHERE r.cause = %(cause)s AND r.activity_id = gone.id
)
SELECT count(*) FROM gone
"""  # noqa: S608 - words of ours

_RESTORE_COUNTS = f"""
WITH first AS ({_FIRST.format(fact="activity")}), back AS (
  UPDATE sales_activity f SET count = (first.before->>'count')::integer, cause = (first.before->>'cause')::uuid
    FROM first WHERE f.id = first.id AND f.cause = %(cause)s AND first.before IS NOT NULL RETURNING f.id
), logged AS (
  DELETE FROM sales_revision r USING back WHERE r.cause = %(cause)s AND r.activity_id = back.id
)
SELECT count(*) FROM back
"""  # noqa: S608 - words of ours

_DEALS = f"""
SELECT o.id, o.external_id, first.before::text FROM ({_FIRST.format(fact="opportunity")}) first
  JOIN sales_opportunity o ON o.id = first.id AND o.cause = %(cause)s LIMIT {BATCH}
"""  # noqa: S608 - words of ours

_PARTS = {
    "sales_ownership": ("since", "timestamptz"),
    "sales_stageentry": ("stage", "text"),
}

_Row = tuple[uuid.UUID, str, str | None]


@dataclasses.dataclass(frozen=True)
class TakenBack:
    """What an undo did: facts that were new and are gone, facts that are as before, and those that it left."""

    removed: int
    restored: int
    kept: int


@transaction.atomic
def take_back(*, source_id: uuid.UUID, cause: uuid.UUID) -> TakenBack:
    """Restore what this cause wrote, where it wrote last; what was written since stays, in the log as well.

    A second time there is nothing left to do. Needs the client's scope.
    """
    writer = begin_upserts(source_id)
    with connection.cursor() as cursor:
        removed = _counted(cursor, _REMOVE_COUNTS, cause)
        restored = _counted(cursor, _RESTORE_COUNTS, cause)
        while rows := _deals(cursor, cause):
            fresh = [row[0] for row in rows if row[2] is None]
            _delete(cursor, fresh)
            _restore(cursor, writer, [row for row in rows if row[2] is not None])
            removed, restored = removed + len(fresh), restored + len(rows) - len(fresh)
            Revision.objects.filter(cause=cause, opportunity_id__in=[r[0] for r in rows]).delete()
    return TakenBack(removed, restored, Revision.objects.filter(cause=cause).count())


def _counted(cursor: Any, statement: str, cause: uuid.UUID) -> int:
    cursor.execute(statement, {"cause": cause})
    return int(cursor.fetchone()[0])


def _deals(cursor: Any, cause: uuid.UUID) -> list[_Row]:
    """Return the next deals to be taken back."""
    cursor.execute(_DEALS, {"cause": cause})
    return list(cursor.fetchall())


def _delete(cursor: Any, ids: list[uuid.UUID]) -> None:
    """Delete deals with all that hangs on them."""
    for table, column in (
        ("sales_ownership", "opportunity_id"),
        ("sales_stageentry", "opportunity_id"),
        ("sales_opportunity", "id"),
    ):
        cursor.execute(f"DELETE FROM {table} WHERE {column} = ANY (%s)", [ids])  # noqa: S608


def _restore(cursor: Any, writer: DealWriter, rows: list[_Row]) -> None:
    """Write deals as they were, without the owners and stages that came since."""
    wanted = {}
    for pk, key, before in rows:
        state, cause = states.load(before or "")
        wanted[key] = Deal(pk, cause, state)
    ids = [each.id for each in wanted.values()]
    for table, (column, kind) in _PARTS.items():
        kept = [
            (each.id, part)
            for each in wanted.values()
            for part in (each.state.owners if column == "since" else each.state.stages)
        ]
        cursor.execute(
            f"DELETE FROM {table} f WHERE f.opportunity_id = ANY (%(ids)s) AND NOT EXISTS ("  # noqa: S608
            f" SELECT FROM unnest(%(deals)s::uuid[], %(parts)s::{kind}[]) AS u (id, part)"
            f" WHERE u.id = f.opportunity_id AND u.part = f.{column})",
            {"ids": ids, "deals": [d for d, _ in kept], "parts": [p for _, p in kept]},
        )
    writer.write(wanted)
    writer.touch(list(wanted.values()))
