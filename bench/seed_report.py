"""Fill the stand with reps who learn and sell, by statements that run inside the database; prints JSON.

fill REPS EVENTS    make the world
ring                let the night's work begin
again               a day's new counts, late corrections of old ones, and the next night's work
count               add all events up to a row for each rep and month, and keep nothing
"""

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django

django.setup()  # models can be imported only from here on

import psycopg
from django.conf import settings
from django.db import connection

from analytics.associations import nightly
from analytics.associations.queries import months
from bench.seed_attempt import session_of
from core import bell
from core.months import after
from core.scope import CLIENT, enter
from partners.models import Organisation, Person
from partners.queries.client import today
from sales.models import Record
from tests.courses.factories import make_course, make_module
from tests.partners.factories import make_client, make_person
from tests.sales.factories import make_crm, make_product

MONTHS, COURSES, MODULES, DEALS = 24, 10, 2, 6
"""Whole months; courses that everybody must take, and the modules of each; deals of a rep."""

LEARNT = 22
"""About so many events of learning a rep: ten enrolments, and the modules that they finish."""

_SCRIPT = Path(__file__).with_suffix(".sql")
_EVENTS = (
    "sales_activity",
    "sales_opportunity",
    "progress_moduleprogress",
    "assignments_enrolment",
)

_AGAIN = (
    """
INSERT INTO sales_activity (person_id, organisation_id, source_id, product_id, day, measure, count)
SELECT r.id, r.organisation_id, s.id, p.id, current_date, c.measure, c.n
  FROM partners_person r, (VALUES ('calls', 20), ('appointments', 4), ('qualified', 2)) c (measure, n), sales_source s,
       sales_product p WHERE 'rep' = ANY (r.roles) AND s.kind = 'crm'""",
    """
UPDATE sales_activity SET count = count + 1
 WHERE day BETWEEN current_date - 200 AND current_date - 170 AND measure = 'calls' AND id % 101 = 0""",
    "UPDATE associations_night SET begun_at = now(), done_at = NULL",
)


def fill(reps: int, events: int) -> dict[str, Any]:
    """Make so many reps, so many events, and people who read reports."""
    enter(CLIENT)
    office = make_person(make_client(), roles=["sales_manager"])
    make_crm()
    make_product()
    Record.objects.filter(measure__in=["appointments", "qualified"]).update(grain="activity")
    for n in range(COURSES):
        course = make_course(f"コース{n + 1}")
        for _ in range(MODULES):
            make_module(course=course, items=[])
    a_month = max(1, round((events / reps - LEARNT - DEALS) / MONTHS / 3))
    values = {"reps": reps, "months": MONTHS, "days": a_month, "deals": DEALS, "author": office.pk}
    with _superuser() as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("SET synchronous_commit = off")
        connection.execute("SET max_parallel_workers_per_gather = 0")
        connection.execute("SET work_mem = '64MB'")
        connection.execute("SET maintenance_work_mem = '256MB'")
        connection.execute("SELECT setseed(0.5)")
        again = _drop_indexes(connection)
        connection.execute(_SCRIPT.read_text(encoding="utf-8"), values)
        for statement in again:
            connection.execute(statement)
        connection.commit()
        connection.autocommit = True
        connection.execute("VACUUM ANALYZE")
        told = [connection.execute(f"SELECT count(*) FROM {each}").fetchone() for each in _EVENTS]
    return {
        "cookie": settings.SESSION_COOKIE_NAME,
        "csrf": settings.CSRF_COOKIE_NAME,
        "office": [session_of(office)],
        **{name: [session_of(each)] for name, each in _managers().items()},
        "courses": [str(each) for each in _courses()],
        "events": sum(row[0] for row in told if row),
    }


def _superuser() -> "psycopg.Connection[Any]":
    """Connect as the superuser, whose triggers and foreign keys can rest."""
    address = os.environ["DATABASE_ADMIN_URL"].rpartition("/")[0] + "/tomoni"
    return psycopg.connect(address, cursor_factory=psycopg.ClientCursor)


def _drop_indexes(connection: "psycopg.Connection[Any]") -> list[str]:
    """Drop the indexes of events that are no keys, and return the statements that make them again."""
    found = connection.execute(
        "SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i"
        " WHERE i.indrelid = ANY (%s::regclass[]) AND NOT i.indisunique",
        [list(_EVENTS)],
    ).fetchall()
    for name, _ in found:
        connection.execute(f"DROP INDEX {name}")
    connection.execute("ALTER TABLE sales_activity DROP CONSTRAINT activity_once")
    key = (
        "ALTER TABLE sales_activity ADD CONSTRAINT activity_once"
        " UNIQUE (person_id, day, product_id, measure, source_id)"
    )
    return [*(statement for _, statement in found), key]


def _managers() -> dict[str, Person]:
    """Make a manager for the two largest companies."""
    large, tenth = Organisation.objects.filter(kind="partner").order_by("name")[:2]
    return {
        name: make_person(place, roles=["manager"])
        for name, place in (("large", large), ("tenth", tenth))
    }


def _courses() -> list[Any]:
    with _superuser() as connection:
        rows = connection.execute(
            "SELECT id FROM catalog_course WHERE title LIKE 'コース%' ORDER BY 1"
        )
        return [row[0] for row in rows.fetchall()]


def again() -> dict[str, Any]:
    """Tell what a day brings, and let the next night's work begin; returns the seconds that it took to tell."""
    with _superuser() as connection:
        for statement in _AGAIN:
            connection.execute(statement)
    return ring()


def ring() -> dict[str, Any]:
    """Let the night's work begin."""
    bell.call(nightly.NIGHT, nightly.QUEUE)
    return {}


def count() -> dict[str, Any]:
    """Add all events up, month by month, by the select of the product; returns how many rows there are."""
    enter(CLIENT)
    rows, month, end = 0, months.first(), today()
    while month and month < end:
        part = months.month(month)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM ({months.expected(part)}) AS e", part.values())
            rows += cursor.fetchone()[0]
        month = after(month)
    return {"rows": rows}


def main() -> None:
    """Do what is asked for."""
    what, *numbers = sys.argv[1:]
    ways: dict[str, Callable[..., dict[str, Any]]]
    ways = {"fill": fill, "again": again, "ring": ring, "count": count}
    json.dump(ways[what](*map(int, numbers)), sys.stdout)


main()
