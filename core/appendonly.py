"""What is only added to: ledger, published versions and every history. The database refuses web and workers the rest.

Rights are taken from the roles, so code, raw SQL and a `bulk_update` meet the same wall; only the owner, who migrates,
could change such a row. A history is known by its columns, so that one which comes later can't be forgotten.
"""

from typing import Any

from psycopg import sql

NAMED = (
    "associations_rolloutplace",
    "catalog_moduleversion",
    "gamification_ledgerentry",
    "pghistory_context",
    "quizzes_keycorrection",
    "quizzes_lateanswer",
    "quizzes_quizversion",
    "scenarios_runevent",
    "scenarios_scenarioversion",
)
"""Tables whose rows the application may add and read, never change or delete; every history beside them."""

# pghistory's own function would write a context once more when its words differ, and PostgreSQL asks for the right
# to do so even where they never do. Who did something is said once, by whoever said it first.
_ATTACH_CONTEXT = """
CREATE OR REPLACE FUNCTION _pgh_attach_context() RETURNS pghistory_context.id%TYPE
LANGUAGE plpgsql AS $$
DECLARE
  context_id uuid := nullif(current_setting('pghistory.context_id', true), '');
  metadata jsonb := nullif(current_setting('pghistory.context_metadata', true), '');
BEGIN
  IF context_id IS NULL OR metadata IS NULL THEN
    RETURN NULL;
  END IF;
  INSERT INTO pghistory_context (id, metadata, created_at, updated_at)
  VALUES (context_id, metadata, now(), now()) ON CONFLICT (id) DO NOTHING;
  RETURN context_id;
END
$$
"""


def tables(cursor: Any) -> list[str]:
    """Return the tables that are there and only added to."""
    cursor.execute(
        "SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'"
        " AND (c.relname = ANY (%s) OR EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid"
        " AND a.attname = 'pgh_label' AND NOT a.attisdropped)) ORDER BY 1",
        [list(NAMED)],
    )
    return [row[0] for row in cursor.fetchall()]


def protect(cursor: Any, users: tuple[str, ...]) -> None:
    """Take from these roles the right to change, delete or empty what is only added to."""
    for table in tables(cursor):
        for user in users:
            cursor.execute(
                sql.SQL("REVOKE UPDATE, DELETE, TRUNCATE ON {t} FROM {u}").format(
                    t=sql.Identifier(table), u=sql.Identifier(user)
                )
            )
    cursor.execute("SELECT to_regclass('public.pghistory_context')")
    if cursor.fetchone()[0]:
        cursor.execute(_ATTACH_CONTEXT)
