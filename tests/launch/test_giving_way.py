"""A migration never holds up people at work: it gives way after half a second and comes again."""

import os
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.core.management import call_command
from django.core.management.commands import migrate as django_migrate
from django.db import OperationalError, connections

from tests.core.owning import owner

__all__ = ["owner"]  # a fixture

pytestmark = pytest.mark.django_db(transaction=True)

WRITE = "INSERT INTO core_ratewindow (key, hits, ends_at) VALUES (%s, 1, now())"
BUILD = "CREATE INDEX CONCURRENTLY trial ON core_ratewindow (hits)"


@pytest.fixture
def column(owner: Any) -> Iterator[str]:
    """A column that no table has yet; it is taken away again."""
    yield "ALTER TABLE core_ratewindow ADD COLUMN trial int"
    with owner.cursor() as cursor:
        cursor.execute("ALTER TABLE core_ratewindow DROP COLUMN IF EXISTS trial")
        cursor.execute("DROP INDEX IF EXISTS trial")


@pytest.fixture
def reader(column: str) -> Iterator["psycopg.Connection[Any]"]:
    """Somebody who has read the table and is not done."""
    with psycopg.connect(os.environ["DATABASE_URL"]) as opened:
        opened.execute("SELECT count(*) FROM core_ratewindow")
        yield opened


def let_migrate_run(monkeypatch: pytest.MonkeyPatch, statement: str) -> list[str]:
    """Have Django's command run this statement; returns the list in which each try is noted."""
    tries: list[str] = []

    def handle(self: Any, *args: Any, **options: Any) -> None:
        with connections["owner"].cursor() as cursor:
            cursor.execute("SHOW lock_timeout")
            tries.append(cursor.fetchone()[0])
            cursor.execute(statement)

    monkeypatch.setattr(django_migrate.Command, "handle", handle)
    return tries


@pytest.mark.parametrize("kind", ["column", "index"])
def test_it_goes_back_lets_others_write_and_succeeds_once_the_table_is_free(
    reader: Any, column: str, monkeypatch: pytest.MonkeyPatch, kind: str
):
    tries = let_migrate_run(monkeypatch, column if kind == "column" else BUILD)
    written: list[int] = []

    def pause(_seconds: float) -> None:
        with psycopg.connect(os.environ["DATABASE_URL"], options="-c lock_timeout=60s") as other:
            written.append(other.execute(WRITE, [f"during-{len(written)}"]).rowcount)
        if len(written) == 2:
            reader.commit()

    monkeypatch.setattr("core.management.commands.migrate.time.sleep", pause)
    if kind == "index":  # a build waits for whoever changes the table
        reader.execute(WRITE, ["not done"])
    call_command("migrate", database="owner")
    assert set(tries) == {"500ms"}
    assert len(tries) >= 2
    assert written == [1, 1]
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_index WHERE NOT indisvalid")
        assert cursor.fetchone() == (0,)


def test_it_gives_up_when_its_patience_is_over(
    reader: Any, column: str, monkeypatch: pytest.MonkeyPatch
):
    tries = let_migrate_run(monkeypatch, column)
    with pytest.raises(OperationalError, match="lock timeout"):
        call_command("migrate", database="owner", patience=0)
    assert len(tries) == 1


def test_a_mistake_is_not_tried_again(column: str, monkeypatch: pytest.MonkeyPatch):
    tries = let_migrate_run(monkeypatch, "SELECT pg_sleep('x')")
    with pytest.raises(Exception, match="invalid input syntax"):
        call_command("migrate", database="owner")
    assert len(tries) == 1
