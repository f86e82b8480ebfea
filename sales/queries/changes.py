"""From which moment on to ask for changed deals again, so that none is missed.

A transaction writes deals for minutes and shows them all when it ends, with moments that are past by then. So
each takes a shared lock that nobody waits for, named after the second in which it begins, and stamps deals only
after that. Whoever asks sees the locks; a lock goes when what was written under it can be seen.
"""

import datetime as dt

from django.db import connection

_WRITING = 0x746F6D37
"""The upper half of the locks' key; the lower one is the second."""

_ANNOUNCE = """
SELECT pg_advisory_xact_lock_shared((%s::bigint << 32) + floor(extract(epoch FROM clock_timestamp()))::bigint)
"""

# The statement's own time is older than what it finds: whoever begins to write meanwhile is later than both.
_HORIZON = """
SELECT least(statement_timestamp(), to_timestamp(min(objid::bigint))) FROM pg_locks
 WHERE locktype = 'advisory' AND objsubid = 1 AND classid = %s
   AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


def announce() -> None:
    """Say that the transaction is going to write deals; `updated_at` is a time of a later statement."""
    with connection.cursor() as cursor:
        cursor.execute(_ANNOUNCE, [_WRITING])


def horizon() -> dt.datetime:
    """Return a moment before every `updated_at` that can't be seen yet; to be asked for before deals are read."""
    with connection.cursor() as cursor:
        cursor.execute(_HORIZON, [_WRITING])
        found: dt.datetime = cursor.fetchone()[0]
    return found
