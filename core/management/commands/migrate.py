"""`manage.py migrate`: gives way to people at work, and comes again.

A change of a table that must wait for a lock makes all that come after it wait, too: an answer would be held up by
a report that somebody reads. So a migration waits for half a second at most, goes back, and is tried again.
"""

import time
from typing import Any

import structlog
from django.core.management.base import CommandParser
from django.core.management.commands import migrate
from django.db import OperationalError, connections
from psycopg import sql
from psycopg.errors import LockNotAvailable

from core import migrating

log = structlog.get_logger(__name__)

LOCK_TIMEOUT = "500ms"
PATIENCE = 300.0
_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 5.0

# Django's command takes it from there, and knows no other way to be given another.
migrate.MigrationExecutor = migrating.Executor  # type: ignore[attr-defined] # imported there, not in the stubs


class Command(migrate.Command):
    """Django's own, with `lock_timeout` 500 ms and further tries until the patience is over."""

    def add_arguments(self, parser: CommandParser) -> None:
        """`--patience` says for how long to try again."""
        super().add_arguments(parser)
        parser.add_argument(
            "--patience",
            type=float,
            default=PATIENCE,
            help="for how many seconds to try again where others hold a table",
        )

    def handle(self, *args: Any, patience: float = PATIENCE, **options: Any) -> None:
        """Migrate. What a try has finished stays; one that had to give way leaves nothing behind."""
        until, pause = time.monotonic() + patience, _FIRST_PAUSE
        while True:
            try:
                _be_brief(options["database"])
                super().handle(*args, **options)
            except OperationalError as error:
                if not isinstance(error.__cause__, LockNotAvailable) or time.monotonic() > until:
                    raise
                log.warning("migration_gives_way", error=str(error)[:200], again_in=pause)
            else:
                return
            time.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)


def _be_brief(using: str) -> None:
    """Wait for locks only briefly, and drop what a build that gave way left of an index."""
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, false)", [LOCK_TIMEOUT])
        cursor.execute(
            "SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE NOT i.indisvalid"
            " AND c.relnamespace = 'public'::regnamespace AND pg_get_userbyid(c.relowner) = current_user"
        )
        for (name,) in cursor.fetchall():
            statement = sql.SQL("DROP INDEX CONCURRENTLY IF EXISTS {}")
            cursor.execute(statement.format(sql.Identifier(name)))
