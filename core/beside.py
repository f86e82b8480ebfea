"""A thread beside this one that works in its transaction: the database is waited for there, and Python goes on here."""

import sys
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager

from django.db import DEFAULT_DB_ALIAS, connections

_TURN = 0.0005


@contextmanager
def beside() -> Iterator[Executor]:
    """Yield a thread that has this one's connection, one task after another.

    This thread may ask the database nothing until it has waited for what it gave to the other one: a connection
    holds one conversation. Whoever has got an answer may go on within half a millisecond, however busy the other is.
    """
    shared, turn = connections[DEFAULT_DB_ALIAS], sys.getswitchinterval()

    def share() -> None:
        connections[DEFAULT_DB_ALIAS] = shared

    shared.inc_thread_sharing()
    sys.setswitchinterval(_TURN)
    try:
        with ThreadPoolExecutor(1, "beside", initializer=share) as thread:
            yield thread
    finally:
        sys.setswitchinterval(turn)
        shared.dec_thread_sharing()
