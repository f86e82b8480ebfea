"""Row security: the database itself refuses rows of other organisations.

Three roles: `tomoni_owner` owns the tables and migrates, `tomoni_app` (web) and `tomoni_worker` own
nothing and are bound by policies. Every table with a column `organisation_id` gets the same policy,
`partners_organisation` one on its own id. What is about one person (`person_id`) that person sees too, wherever
it happened: they may have belonged to another organisation then. After each migration `apply()` makes rights and
policies true again, so that a new table can't be forgotten.
"""

from typing import Any

from django.conf import settings
from django.db import connections, transaction
from psycopg import sql

from core import appendonly

USERS = ("tomoni_app", "tomoni_worker")

_ENROLLED = (
    "EXISTS (SELECT FROM assignments_enrolment e WHERE e.assignment_id = assignments_assignment.id"
    " AND e.{column} = ANY (app_ids()))"
)

READ_BY_THOSE_ASKED = {
    "assignments_assignment": "CASE coalesce(current_setting('app.scope', true), '') WHEN 'client' THEN false"
    f" ELSE {_ENROLLED.format(column='organisation_id')} OR {_ENROLLED.format(column='person_id')} END"
}
"""Tables whose rows may also be read, not changed, through rows that name them and that may be seen.

The client sees them anyway, so the question is spared there. Whose rows they are is said once more, as an index
reads it: else all rows of an assignment to everybody are looked at until one of one's own turns up.
"""

_FUNCTION = """
CREATE OR REPLACE FUNCTION app_may_see(organisation uuid) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT CASE coalesce(current_setting('app.scope', true), '')
    WHEN 'client' THEN true
    WHEN '' THEN false
    ELSE organisation = ANY (string_to_array(current_setting('app.scope', true), ',')::uuid[])
  END
$$
"""

# The same ids for a condition that an index can answer. Written without COALESCE, which the planner takes for a
# leak: it would then look at the row before the index. It may work this out in any scope, and `client` is no id.
_IDS = """
CREATE OR REPLACE FUNCTION app_ids() RETURNS uuid[]
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT CASE current_setting('app.scope', true) WHEN 'client' THEN ARRAY[]::uuid[]
    ELSE string_to_array(current_setting('app.scope', true), ',')::uuid[]
  END
$$
"""

# What hangs on an attempt is seen by whoever sees the attempt. It is asked only of rows of other organisations.
_OF_ATTEMPT = """
CREATE OR REPLACE FUNCTION app_may_see_attempt(attempt uuid) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT EXISTS (SELECT FROM quizzes_attempt a WHERE a.id = attempt)
$$
"""

_OWN = {"person_id": "app_may_see(person_id)", "attempt_id": "app_may_see_attempt(attempt_id)"}
"""What else shows a row of a table with this column; the first that it has counts."""

# Content of the client belongs to no organisation: everybody with a scope may see it.
_SHARED = "organisation_id IS NULL AND coalesce(current_setting('app.scope', true), '') <> ''"


def scoped_tables(cursor: Any) -> list[str]:
    """Return the tables that have a column `organisation_id`."""
    cursor.execute(
        "SELECT c.table_name FROM information_schema.columns c"
        " JOIN information_schema.tables t USING (table_schema, table_name)"
        " WHERE c.table_schema = 'public' AND c.column_name = 'organisation_id'"
        " AND t.table_type = 'BASE TABLE' ORDER BY 1"
    )
    return [row[0] for row in cursor.fetchall()]


def _rule(cursor: Any, table: str) -> str:
    """Return which rows of a table with organisations may be seen."""
    cursor.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_schema = 'public'"
        " AND table_name = %s AND column_name = ANY (%s)",
        [table, list(_OWN)],
    )
    named = [row[0] for row in cursor.fetchall()]
    own = next((rule for name, rule in _OWN.items() if name in named), "false")
    return f"app_may_see(organisation_id) OR ({_SHARED}) OR {own}"


def _protect(cursor: Any, table: str, rule: str) -> None:
    _ensure(cursor, table, "by_organisation", "USING ({r}) WITH CHECK ({r})", rule)


def _let_read(cursor: Any, table: str, rule: str) -> None:
    _ensure(cursor, table, "by_those_asked", "FOR SELECT USING ({r})", rule)


# What a policy is remembered by: what we asked for, and what the database made of it.
_PRINT = sql.SQL(
    "md5(concat(%s::text, pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid)))"
)
_IS_RIGHT = sql.SQL(
    "SELECT c.relrowsecurity AND c.relforcerowsecurity AND {print} = obj_description(p.oid, 'pg_policy')"
    " FROM pg_class c JOIN pg_policy p ON p.polrelid = c.oid WHERE c.oid = %s::regclass AND p.polname = %s"
).format(print=_PRINT)
_PRINT_OF = sql.SQL(
    "SELECT {print} FROM pg_policy p WHERE p.polrelid = %s::regclass AND p.polname = %s"
).format(print=_PRINT)


def _ensure(cursor: Any, table: str, policy: str, clause: str, rule: str) -> None:
    """Put a policy on a table in one step, so that nobody meets the table without it.

    One that is there already, and that nobody has bent, is left alone: making it anew would hold up everybody.
    """
    asked = [rule, f"public.{table}", policy]
    cursor.execute(_IS_RIGHT, asked)
    if cursor.fetchone() == (True,):
        return
    names = {"t": sql.Identifier(table), "p": sql.Identifier(policy), "r": sql.SQL(rule)}
    with transaction.atomic(using=cursor.db.alias):
        for statement in (
            "ALTER TABLE {t} ENABLE ROW LEVEL SECURITY",
            "ALTER TABLE {t} FORCE ROW LEVEL SECURITY",
            "DROP POLICY IF EXISTS {p} ON {t}",
            "CREATE POLICY {p} ON {t} " + clause,
        ):
            cursor.execute(sql.SQL(statement).format(**names))
        cursor.execute(_PRINT_OF, asked)
        comment = sql.SQL("COMMENT ON POLICY {p} ON {t} IS {c}")
        cursor.execute(comment.format(**names, c=sql.Literal(cursor.fetchone()[0])))


def _create_functions(cursor: Any) -> None:
    cursor.execute(_FUNCTION)
    cursor.execute(_IDS)
    cursor.execute("SELECT to_regclass('public.quizzes_attempt')")
    if cursor.fetchone()[0]:
        cursor.execute(_OF_ATTEMPT)


def _grant(cursor: Any) -> None:
    for user in USERS:
        for statement in (
            "GRANT USAGE ON SCHEMA public TO {u}",
            "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {u}",
            "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {u}",
            "GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO {u}",
            "REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {u}",
        ):
            cursor.execute(sql.SQL(statement).format(u=sql.Identifier(user)))
    appendonly.protect(cursor, USERS)


def apply(using: str = "default") -> None:
    """Grant the roles what they need and put the policy on every table with an organisation."""
    with connections[using].cursor() as cursor:
        # In one step: at no moment may somebody change what is only added to.
        with transaction.atomic(using=using):
            _create_functions(cursor)
            _grant(cursor)
        tables = scoped_tables(cursor)
        for table in tables:
            _protect(cursor, table, _rule(cursor, table))
        cursor.execute("SELECT to_regclass('public.partners_organisation')")
        if cursor.fetchone()[0]:
            _protect(cursor, "partners_organisation", "app_may_see(id)")
        for table, rule in READ_BY_THOSE_ASKED.items():
            if table in tables:
                _let_read(cursor, table, rule)


def apply_after_migrate(*, app_config: Any, using: str, **_: Any) -> None:
    """Run `apply()` once, after the last app's migrations, when we are the owner."""
    if app_config.name == "core" and settings.TOMONI_ROLE == "owner":
        apply(using)
