"""The database backend of the settings: `ENGINE = "core.postgres"`."""

import select

from django.db.backends.postgresql import base
from psycopg.pq import TransactionStatus


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's own, which would ask `SELECT 1` at the beginning of every request to see whether anybody answers."""

    def is_usable(self) -> bool:
        """Say whether the server has kept the connection: its socket is looked at, nothing is sent.

        A server that ends a connection says so, or closes it: then there is something to read on a connection that
        has asked nothing. A network that swallows everything isn't noticed here but by the first query, which
        the time-outs of the connection end.
        """
        raw = self.connection
        if raw is None or raw.closed:
            return False
        if raw.info.transaction_status == TransactionStatus.UNKNOWN:
            return False
        poll = select.poll()
        poll.register(raw.fileno(), select.POLLIN | select.POLLHUP | select.POLLERR)
        return not poll.poll(0)
