"""Ledger, published versions and every history: added to and read, never changed, whoever asks for it and how."""

import os
from typing import Any, cast

import psycopg
import pytest
from django.apps import apps
from django.db import connection
from pghistory.models import Context, Event
from psycopg import sql

from core import appendonly
from partners import recording
from partners.models import Person
from tests.partners.factories import make_client, make_partner, make_person

pytestmark = pytest.mark.django_db

ROLES = {"tomoni_app": "DATABASE_URL", "tomoni_worker": "DATABASE_WORKER_URL"}
STATEMENTS = ("UPDATE {t} SET {c} = {c}", "DELETE FROM {t}", "TRUNCATE {t}")


def histories() -> list[type[Event]]:
    """Return the models of all histories, found by what they are."""
    return [
        model
        for model in apps.get_models(include_auto_created=True)
        if issubclass(model, Event) and model._meta.managed and not model._meta.proxy
    ]


def protected() -> dict[str, str]:
    """Return a column of every table that is only added to, by its table."""
    named = [model for model in apps.get_models() if model._meta.db_table in appendonly.NAMED]
    assert len(named) == len(appendonly.NAMED)
    return {model._meta.db_table: model._meta.pk.column for model in (*named, *histories())}


def test_the_walk_finds_every_history():
    with connection.cursor() as cursor:
        found = appendonly.tables(cursor)
    assert set(found) == set(protected())
    assert len(found) >= 19


@pytest.mark.parametrize("role", sorted(ROLES))
def test_no_role_of_ours_changes_deletes_or_empties_them(role: str):
    with psycopg.connect(os.environ[ROLES[role]], autocommit=True) as opened:
        opened.execute("SELECT set_config('app.scope', 'client', false)")
        for table, column in protected().items():
            names = {"t": sql.Identifier(table), "c": sql.Identifier(column)}
            for statement in STATEMENTS:
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    opened.execute(sql.SQL(statement).format(**names))
            may = sql.SQL(
                "SELECT has_table_privilege({t}, 'SELECT'), has_table_privilege({t}, 'INSERT')"
            )
            assert opened.execute(may.format(t=sql.Literal(table))).fetchone() == (True, True)


@pytest.mark.parametrize("role", sorted(ROLES))
def test_nobody_stops_the_histories_from_being_written(role: str):
    with psycopg.connect(os.environ[ROLES[role]], autocommit=True) as opened:
        for statement in (
            "ALTER TABLE partners_person DISABLE TRIGGER ALL",
            "DROP TABLE partners_personevent",
            "SET session_replication_role = replica",
            "CREATE OR REPLACE FUNCTION _pgh_attach_context() RETURNS uuid LANGUAGE sql AS 'SELECT NULL::uuid'",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                opened.execute(statement)


def test_every_tracked_table_writes_its_history_by_itself():
    tracked = {cast("Any", model).pgh_tracked_model._meta.db_table for model in histories()}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, array_agg(DISTINCT t.tgenabled::text), bool_or(t.tgtype::int & 4 > 0),"
            " bool_or(t.tgtype::int & 16 > 0) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
            " WHERE NOT t.tgisinternal AND t.tgname LIKE 'pgtrigger%%' GROUP BY 1"
        )
        found = {table: (state, new, changed) for table, state, new, changed in cursor.fetchall()}
    assert len(tracked) >= 13
    assert {table: found.get(table) for table in tracked} == dict.fromkeys(
        tracked, (["O"], True, True)
    )


@pytest.mark.parametrize("way", ["save", "update", "bulk", "raw"])
def test_each_change_is_told_once_with_who_what_and_when(way: str):
    admin = make_person(make_client(), roles=["admin"])
    rep = make_person(make_partner(), territory="East")
    before = rep.events.count()  # type: ignore[attr-defined]
    with recording.by(admin.pk):
        change(rep, way)
        change(rep, way)  # the same again is no change
    entry = rep.events.order_by("pgh_id").last()  # type: ignore[attr-defined]
    assert rep.events.count() == before + 1  # type: ignore[attr-defined]
    assert (entry.territory, entry.organisation_id) == ("West", rep.organisation_id)
    assert entry.pgh_context.metadata == {"person": str(admin.pk)}
    assert entry.pgh_created_at.tzinfo is not None


def change(rep: Person, way: str) -> Any:
    """Move a rep to another territory, in one of the ways there are."""
    rep.territory = "West"
    if way == "save":
        rep.save(update_fields=["territory"])
    elif way == "update":
        Person.objects.filter(pk=rep.pk).update(territory="West")
    elif way == "bulk":
        Person.objects.bulk_update([rep], ["territory"])
    else:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE partners_person SET territory = 'West' WHERE id = %s", [rep.pk])


def test_who_did_something_is_said_by_whoever_said_it_first():
    admin, rival = make_person(make_client(), roles=["admin"]), make_person(make_partner())
    rep = make_person(make_partner())
    with recording.by(admin.pk):
        Person.objects.filter(pk=rep.pk).update(territory="West")
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT set_config('pghistory.context_metadata', %s, false)",
                [f'{{"person": "{rival.pk}"}}'],
            )
        Person.objects.filter(pk=rep.pk).update(territory="North")
    assert Context.objects.get().metadata == {"person": str(admin.pk)}
