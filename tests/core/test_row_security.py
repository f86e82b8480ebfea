"""The database itself refuses rows of other organisations, whatever the code forgets."""

import datetime as dt
import json
import os
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from django.db import connection
from psycopg import sql

from core import rowsecurity, scope
from partners.models import Organisation, Person
from tests.core.owning import owner
from tests.partners.factories import make_client, make_partner, make_person
from tools.launch.pytest_services import bed

__all__ = ["owner"]  # a fixture

pytestmark = pytest.mark.django_db(transaction=True)

ROLES = {"tomoni_app": "DATABASE_URL", "tomoni_worker": "DATABASE_WORKER_URL"}
OURS, RIVALS = uuid.uuid4(), uuid.uuid4()

SAMPLES: dict[str, Callable[[], Any]] = {
    "uuid": uuid.uuid4,
    "varchar": lambda: "x",
    "text": lambda: "x",
    "_int4": lambda: [0] * 24,
    "_uuid": list,
    "_varchar": lambda: ["x"],
    "jsonb": lambda: json.dumps({}),
    "bool": lambda: True,
    "int2": lambda: 1,
    "int4": lambda: 1,
    "int8": lambda: 1,
    "numeric": lambda: 1,
    "date": lambda: dt.date(2026, 11, 22),
    "timestamptz": lambda: dt.datetime(2026, 11, 22, tzinfo=dt.UTC),
    "daterange": lambda: "[2026-11-22,2026-11-23)",
}


def tables() -> list[str]:
    with connection.cursor() as cursor:
        return rowsecurity.scoped_tables(cursor)


@pytest.fixture
def superuser() -> Iterator["psycopg.Connection[Any]"]:
    """A connection past all rules, whose work is taken back."""
    name = os.environ["DATABASE_URL"].rpartition("/")[2]
    with psycopg.connect(bed.postgres.url("postgres", name)) as opened:
        opened.execute("SET session_replication_role = replica")
        yield opened
        opened.rollback()


def insert_a_row(opened: "psycopg.Connection[Any]", table: str, organisation: uuid.UUID) -> None:
    """Put a made-up row of this organisation into a table."""
    name = sql.Identifier(table)
    checks = opened.execute(
        "SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass AND contype = 'c'", [table]
    ).fetchall()
    for (check,) in checks:
        drop = sql.SQL("ALTER TABLE {} DROP CONSTRAINT {}")
        opened.execute(drop.format(name, sql.Identifier(check)))
    needed = opened.execute(
        "SELECT column_name, udt_name FROM information_schema.columns WHERE table_name = %s"
        " AND is_nullable = 'NO' AND column_default IS NULL AND is_identity = 'NO'",
        [table],
    ).fetchall()
    values = {column: SAMPLES[kind]() for column, kind in needed}
    values["organisation_id"] = organisation
    statement = sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
        name,
        sql.SQL(", ").join(map(sql.Identifier, values)),
        sql.SQL(", ").join(sql.Placeholder() * len(values)),
    )
    opened.execute(statement, list(values.values()))


def seen(opened: "psycopg.Connection[Any]", table: str, wanted: str) -> int:
    opened.execute("SELECT set_config('app.scope', %s, true)", [wanted])
    row = opened.execute(
        sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))
    ).fetchone()
    assert row is not None
    return int(row[0])


@pytest.mark.parametrize("role", sorted(ROLES))
def test_every_table_with_an_organisation_shows_its_rows_to_that_scope_only(superuser, role: str):
    looked_at = tables()
    assert len(looked_at) >= 15
    for table in looked_at:
        with superuser.transaction(force_rollback=True):
            insert_a_row(superuser, table, OURS)
            superuser.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(role)))
            found = {
                "unset": seen(superuser, table, scope.NONE),
                "ours": seen(superuser, table, str(OURS)),
                "rivals": seen(superuser, table, str(RIVALS)),
                "both": seen(superuser, table, scope.encode([RIVALS, OURS])),
                "client": seen(superuser, table, scope.CLIENT),
            }
        assert found == {"unset": 0, "ours": 1, "rivals": 0, "both": 1, "client": 1}, table


@pytest.mark.parametrize("role", sorted(ROLES))
def test_no_table_takes_a_row_of_another_organisation(superuser, role: str):
    for table in tables():
        with superuser.transaction(force_rollback=True):
            insert_a_row(superuser, table, OURS)
            superuser.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(role)))
            superuser.execute("SELECT set_config('app.scope', %s, true)", [str(OURS)])
            move = sql.SQL("UPDATE {} SET organisation_id = %s").format(sql.Identifier(table))
            with (
                pytest.raises(psycopg.errors.InsufficientPrivilege, match=r"row-level|denied"),
                superuser.transaction(),
            ):
                superuser.execute(move, [RIVALS])


@pytest.mark.parametrize("role", sorted(ROLES))
def test_a_new_connection_without_a_scope_sees_nothing(role: str):
    make_person(make_partner())
    with psycopg.connect(os.environ[ROLES[role]]) as opened:
        for table in ("partners_person", "partners_organisation"):
            assert seen(opened, table, scope.NONE) == 0
            assert seen(opened, table, scope.CLIENT) > 0


def test_every_such_table_is_forced_and_has_the_policy():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class c JOIN pg_policy p ON p.polrelid = c.oid"
            " WHERE relrowsecurity AND relforcerowsecurity AND polname = 'by_organisation'"
        )
        protected = {row[0] for row in cursor.fetchall()}
    assert protected == {*tables(), "partners_organisation"}


def test_both_roles_are_bound_and_own_nothing():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_roles WHERE rolname = ANY(%s) AND (rolsuper OR rolbypassrls)",
            [list(ROLES)],
        )
        assert cursor.fetchone() == (0,)
        cursor.execute(
            "SELECT count(*) FROM pg_class WHERE relowner IN"
            " (SELECT oid FROM pg_roles WHERE rolname = ANY(%s))",
            [list(ROLES)],
        )
        assert cursor.fetchone() == (0,)


@pytest.mark.parametrize("role", sorted(ROLES))
def test_neither_role_may_change_tables_or_claim_migrations(role: str):
    for statement in (
        "CREATE TABLE mine (id int)",
        "ALTER TABLE partners_person DISABLE ROW LEVEL SECURITY",
        "DROP POLICY by_organisation ON partners_person",
        "INSERT INTO django_migrations (app, name, applied) VALUES ('core', '9999', now())",
        "SET ROLE tomoni_owner",
    ):
        with (
            psycopg.connect(os.environ[ROLES[role]]) as opened,
            pytest.raises(psycopg.errors.InsufficientPrivilege),
        ):
            opened.execute(statement)


def test_one_connection_that_serves_two_partners_in_turn_never_mixes_them():
    make_client()
    first, second = make_person(make_partner()), make_person(make_partner())
    for turn in range(200):
        person = (first, second)[turn % 2]
        with scope.scoped(person.organisation_id):
            assert list(Person.objects.values_list("pk", flat=True)) == [person.pk]
            assert Organisation.objects.count() == 1
    with scope.scoped(scope.NONE):
        assert not Person.objects.exists()


def test_a_scope_is_put_back_after_an_error():
    before = scope.current()
    with pytest.raises(ZeroDivisionError), scope.scoped(uuid.uuid4()):
        raise ZeroDivisionError
    assert scope.current() == before


def policies(opened: "psycopg.Connection[Any]") -> dict[str, int]:
    """Return the policies by table."""
    rows = opened.execute(
        "SELECT polrelid::regclass::text || '.' || polname, oid::int FROM pg_policy"
    )
    return dict(rows.fetchall())


def test_a_deployment_holds_up_nobody_whose_table_is_as_it_should_be(owner, superuser):
    before = policies(superuser)
    with psycopg.connect(os.environ["DATABASE_URL"]) as reader:
        for table in tables():
            reader.execute(sql.SQL("SELECT FROM {} LIMIT 1").format(sql.Identifier(table)))
        with owner.cursor() as cursor:
            cursor.execute("SET lock_timeout = '100ms'")
        rowsecurity.apply("owner")
    superuser.rollback()
    assert policies(superuser) == before
    assert len(before) >= 15


def test_a_bent_policy_is_put_right_by_the_next_deployment(owner):
    with owner.cursor() as cursor:
        cursor.execute("ALTER POLICY by_organisation ON partners_person USING (true)")
        cursor.execute("ALTER TABLE partners_team NO FORCE ROW LEVEL SECURITY")
        cursor.execute("GRANT UPDATE ON gamification_ledgerentry TO tomoni_app")
        rowsecurity.apply("owner")
        cursor.execute(
            "SELECT pg_get_expr(polqual, polrelid) FROM pg_policy WHERE polrelid = 'partners_person'::regclass"
        )
        assert cursor.fetchone()[0] != "true"
        cursor.execute("SELECT relforcerowsecurity FROM pg_class WHERE relname = 'partners_team'")
        assert cursor.fetchone() == (True,)
        cursor.execute(
            "SELECT has_table_privilege('tomoni_app', 'gamification_ledgerentry', 'UPDATE')"
        )
        assert cursor.fetchone() == (False,)
