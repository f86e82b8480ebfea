"""Row security's scope: which organisations' rows the current database connection may see.

PostgreSQL reads it from the setting `app.scope`: `client` sees all, a UUID or a comma-separated list
of UUIDs sees these organisations and what is about these people, and an empty one sees nothing. A request of a
partner's person has two: their organisation and themselves. See `core.rowsecurity`.
"""

import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar

from django.db import DatabaseError, connection
from django.db.models import Func, TextField, Value

_noted: ContextVar[str] = ContextVar("scope_noted", default="")

CLIENT = "client"
NONE = ""

Scope = str | uuid.UUID | Iterable[uuid.UUID]


def encode(scope: Scope) -> str:
    """Return the scope as PostgreSQL's policies read it."""
    if isinstance(scope, str):
        return scope
    if isinstance(scope, uuid.UUID):
        return str(scope)
    return ",".join(str(each) for each in scope)


def current() -> str:
    """Return the scope that the connection has now."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(current_setting('app.scope', true), '')")
        return str(cursor.fetchone()[0])


def enter(scope: Scope) -> str:
    """Give the connection this scope: inside a transaction until it ends, else until another one is set.

    Returns the scope that it had before.
    """
    entered = encode(scope)
    with connection.cursor() as cursor:
        # The inner query is done first: it is materialised before the setting changes.
        cursor.execute(
            "WITH before AS MATERIALIZED (SELECT coalesce(current_setting('app.scope', true), '') AS scope)"
            " SELECT scope, set_config('app.scope', %s, %s) FROM before",
            [entered, connection.in_atomic_block],
        )
        before = str(cursor.fetchone()[0])
    note(entered)
    return before


def note(scope: Scope) -> None:
    """Note what a statement of somebody else has made the connection's scope."""
    _noted.set(encode(scope))


def noted() -> str:
    """Return the scope that was entered or noted last, without asking the database.

    It is the connection's, where whoever asks has noted it at the transaction's beginning: a scope that goes by
    itself, with a transaction's end, isn't noticed.
    """
    return _noted.get()


@contextmanager
def scoped(scope: Scope) -> Iterator[None]:
    """Run the block in this scope, then put back the scope that was there."""
    before = enter(scope)
    try:
        yield
    finally:
        # In a failed transaction the setting goes back by itself, with the rollback that must follow.
        with suppress(DatabaseError):
            enter(before)
        note(before)


class CurrentScope(Func):
    """The connection's scope as a value in a query, so that storing it needs no question before."""

    function = "current_setting"
    template = "coalesce(%(function)s(%(expressions)s), '')"
    output_field = TextField()

    def __init__(self) -> None:
        super().__init__(Value("app.scope"), Value(True))
