"""The test database: migrated once for each state of the code, then cloned, used as the web is.

Tests work as the role `tomoni_app`, bound by row security, in the client's scope: so code under
test meets the same walls as in production, and a test's own preparations see all rows.
"""

import fcntl
import functools
import os
import sys
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
import redis
from django.db import connections
from django.test import TransactionTestCase
from django.utils import timezone
from psycopg import sql
from pytest_django import DjangoDbBlocker

from core import kept
from tests.plugin import children
from tools.launch.pytest_services import bed
from tools.launch.world import code_print

_BROKER_NUMBER = int(os.environ["BROKER_URL"].rpartition("=")[2])
_NEVER_EMPTIED = ("django_migrations", "django_content_type", "auth_permission")


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Make this process's database and connect as the role `tomoni_app` in the client's scope."""
    name = _own_database()
    make_migrated(name)
    with psycopg.connect(bed.postgres.url("postgres", name), autocommit=True) as connection:
        _keep_seeds(connection)
    settings = connections["default"].settings_dict
    settings["OPTIONS"]["options"] += " -c app.scope=client"
    TransactionTestCase._fixture_teardown = _empty  # type: ignore[attr-defined]
    yield
    _forget_emptier()
    with django_db_blocker.unblock():
        connections.close_all()


@pytest.fixture(scope="session")
def _own_redis() -> Iterator[list[redis.Redis]]:
    """Connect to this process's queues and caches once: each connection looks through all installed packages."""
    path = str(bed.redis.socket)
    pair = [redis.Redis(unix_socket_path=path, db=_BROKER_NUMBER + each) for each in range(2)]
    yield pair
    for connection in pair:
        connection.close()


@pytest.fixture(autouse=True)
def _empty_redis(_own_redis: list[redis.Redis]) -> Iterator[None]:
    """Leave nothing in this process's queues and caches to the next test."""
    kept.forget_all()
    yield
    kept.forget_all()
    timezone.deactivate()
    for connection in _own_redis:
        connection.flushdb()


def make_migrated(name: str) -> None:
    """Make a database of this name, migrated and empty. One process at a time: all need the same template."""
    with (bed.places.state / "template.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        _run_as_superuser("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
        _run_as_superuser("CREATE DATABASE {} TEMPLATE {} OWNER tomoni_owner", name, _template())


def _own_database() -> str:
    return os.environ["DATABASE_URL"].rpartition("/")[2]


def _template() -> str:
    """Return the name of a migrated database of the code as it is now, making it if need be."""
    name = f"migrated_{code_print()[:16]}"
    with psycopg.connect(bed.postgres.url("postgres", "postgres")) as connection:
        found = connection.execute(
            "SELECT datname FROM pg_database WHERE starts_with(datname, 'migrated_')"
        ).fetchall()
    known = {row[0] for row in found}
    if name not in known:
        for old in known:
            _run_as_superuser("DROP DATABASE {}", old)
        _manage("provision", "--drop", database="being_made")
        _manage("migrate", "--verbosity=0", "--skip-checks", database="being_made")
        _run_as_superuser("ALTER DATABASE {} RENAME TO {}", "being_made", name)
    return name


def _manage(*command: str, database: str) -> None:
    environment = {**os.environ, "TOMONI_ROLE": "owner"}
    for variable in ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_WORKER_URL"):
        environment[variable] = f"{environment[variable].rpartition('/')[0]}/{database}"
    done = children.run((sys.executable, "manage.py", *command), env=environment)
    if done.returncode:
        pytest.exit(f"manage.py {command[0]} failed:\n{done.stdout}{done.stderr}", 3)


def _run_as_superuser(statement: str, *names: str) -> None:
    with psycopg.connect(bed.postgres.url("postgres", "postgres"), autocommit=True) as connection:
        connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def _tables(connection: "psycopg.Connection[Any]") -> list[str]:
    rows = connection.execute(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> ALL(%s)",
        [list(_NEVER_EMPTIED)],
    )
    return [row[0] for row in rows]


def _with_rows(connection: "psycopg.Connection[Any]", tables: list[str]) -> list[str]:
    return [row[0] for row in connection.execute(_which_have_rows(tuple(tables)), prepare=True)]


@functools.cache
def _which_have_rows(tables: tuple[str, ...]) -> sql.Composed:
    each = sql.SQL("SELECT {} WHERE EXISTS (SELECT FROM {})")
    return sql.SQL(" UNION ALL ").join(
        each.format(sql.Literal(table), sql.Identifier("public", table)) for table in tables
    )


def _keep_seeds(connection: "psycopg.Connection[Any]") -> None:
    """Remember the rows that migrations make: point rules and the like."""
    connection.execute("CREATE SCHEMA seed")
    for table in _with_rows(connection, _tables(connection)):
        copy = sql.SQL("CREATE TABLE {} AS TABLE {}")
        connection.execute(
            copy.format(sql.Identifier("seed", table), sql.Identifier("public", table))
        )


def end_open_transactions() -> list[tuple[Any, ...]]:
    """End what still works on this database, and return what it was, for the message of a failed test."""
    with psycopg.connect(bed.postgres.url("postgres", "postgres"), autocommit=True) as connection:
        return connection.execute(
            "SELECT pid, application_name, state, query, pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = %s AND xact_start IS NOT NULL",
            [_own_database()],
        ).fetchall()


def backends(role: str, *, end: bool = False) -> set[int]:
    """Return the process ids of PostgreSQL that serve a role of ours in this database, ended first if wanted."""
    ended = sql.SQL("pg_terminate_backend(pid, 10000)" if end else "true")
    query = sql.SQL(
        "SELECT pid, {} FROM pg_stat_activity WHERE datname = %s AND usename = %s"
    ).format(ended)
    with psycopg.connect(bed.postgres.url("postgres", "postgres"), autocommit=True) as connection:
        return {row[0] for row in connection.execute(query, [_own_database(), role])}


def _empty(_test: TransactionTestCase) -> None:
    """Bring the database back to what it was, once more where a worker's last task stood in the way.

    Or where a test had the server end the connection.
    """
    for rest in (2, 1, 0):
        try:
            _empty_once()
        except psycopg.OperationalError:
            if not rest:
                raise
        else:
            return


def _empty_once() -> None:
    """Bring the database back to what it was after the migrations.

    Django's own flush truncates every table and announces migrations anew, which takes ten times
    as long and rights that the role `tomoni_app` doesn't have. As a replica, the superuser passes
    foreign keys, append-only triggers and row security by.
    """
    for each in connections.all(initialized_only=True):
        each.close()
    connection = _emptier()
    try:
        with connection.transaction():
            _delete_and_seed(connection)
    except BaseException:
        _forget_emptier()
        raise


def _delete_and_seed(connection: "psycopg.Connection[Any]") -> None:
    seeds = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'seed'")
    seeded = {row[0] for row in seeds}
    for table in _with_rows(connection, _tables(connection)):
        try:
            connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier("public", table)))
        except psycopg.errors.LockNotAvailable:
            pytest.fail(
                f"A transaction was left open, {table} is locked: {end_open_transactions()}"
            )
    for table in seeded:
        connection.execute(
            sql.SQL("INSERT INTO {} SELECT * FROM {}").format(
                sql.Identifier("public", table), sql.Identifier("seed", table)
            )
        )


@functools.cache
def _emptier() -> "psycopg.Connection[Any]":
    """Return the connection that empties, kept from test to test: a new one would get to know 120 tables each time.

    What a test left behind on a lock fails here in words rather than to hang.
    """
    address = bed.postgres.url("postgres", _own_database())
    options = "-c lock_timeout=60s -c session_replication_role=replica"
    return psycopg.connect(address, options=options, autocommit=True)


def _forget_emptier() -> None:
    """Close the connection that empties; the next time there is another one."""
    if _emptier.cache_info().currsize:
        _emptier().close()
    _emptier.cache_clear()
