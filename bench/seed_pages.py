"""Fill the stand with a world of any size, by statements that run inside the database; prints JSON.

Partners are of unequal size (one has a fifth of all reps), modules of unequal age and popularity, and what somebody
finished comes from a fixed seed. Everything that follows from records is counted by the product's own commands.
"""

import dataclasses
import json
import os
import sys
import uuid
from pathlib import Path
from typing import Any

import django

django.setup()  # models can be imported only from here on

import psycopg
from django.conf import settings

from analytics import actions as analytics
from bench.seed_attempt import session_of
from core.scope import CLIENT, enter
from courses.catalog.models import Module
from gamification import months
from gamification.actions import standings
from gamification.queries import rules
from partners.models import Organisation, Person
from tests.courses.factories import make_module, single
from tests.partners.factories import make_client, make_person

FINISHES = 22
"""How many modules a rep has finished, about; some draw the same one twice."""

VIEWERS = 20
"""So many reps look at their pages in turn."""

_SCRIPT = Path(__file__).with_suffix(".sql")

_LARGE = (
    *("progress_moduleprogress", "progress_learningday", "quizzes_attempt", "quizzes_answer"),
    *("gamification_ledgerentry", "core_notice", "assignments_enrolment", "partners_person"),
)


@dataclasses.dataclass(frozen=True)
class Size:
    """How large a world is."""

    reps: int
    modules: int


def fill(size: Size) -> dict[str, Any]:
    """Make the world and return who looks at what."""
    enter(CLIENT)
    client = make_client()
    author = make_person(client, roles=["admin", "author", "sales_manager"])
    sample = make_module(items=[single(f"q{n:03}") for n in range(1, 6)])
    _run(size, sample=sample.pk, author=author.pk)
    analytics.rebuild()
    running = rules.running_month()
    for month in (running, months.before(running)):
        standings.rebuild(month=month)
    return _looked_at(author)


def _run(size: Size, **named: uuid.UUID) -> None:
    """Run the statements as the superuser, whose triggers and foreign keys rest meanwhile."""
    address = os.environ["DATABASE_ADMIN_URL"].rpartition("/")[0] + "/tomoni"
    values = {**dataclasses.asdict(size), **named, "finishes": FINISHES, "zone": settings.TIME_ZONE}
    with psycopg.connect(address, cursor_factory=psycopg.ClientCursor) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("SET max_parallel_workers_per_gather = 0")
        connection.execute("SET work_mem = '128MB'")
        connection.execute("SET maintenance_work_mem = '256MB'")
        connection.execute("SELECT setseed(0.5)")
        indexes = _drop_indexes(connection)
        connection.execute(_SCRIPT.read_text(encoding="utf-8"), values)
        for statement in indexes:
            connection.execute(statement)
        connection.commit()
        connection.autocommit = True
        connection.execute("VACUUM ANALYZE")


def _drop_indexes(connection: psycopg.Connection[Any]) -> list[str]:
    """Drop the indexes that only make reads quicker, and return the statements that make them again."""
    found = connection.execute(
        "SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i"
        " WHERE i.indrelid = ANY (%s::regclass[]) AND NOT i.indisunique",
        [list(_LARGE)],
    ).fetchall()
    for name, _ in found:
        connection.execute(f"DROP INDEX {name}")
    return [statement for _, statement in found]


def _looked_at(author: Person) -> dict[str, Any]:
    enter(CLIENT)
    large, *others = Organisation.objects.filter(kind="partner").order_by("name")
    middle = others[len(others) // 2]
    managers = {
        name: make_person(firm, roles=["manager"], team=firm.teams.order_by("name").first())
        for name, firm in (("large", large), ("middle", middle))
    }
    reps = Person.objects.filter(roles=["rep"]).select_related("account").order_by("pk")
    step = max(reps.count() // VIEWERS, 1)
    viewers = [reps[n * step] for n in range(VIEWERS)]
    lessons = Module.objects.filter(audience="everybody", title__endswith="話し方").order_by(
        "position"
    )
    return {
        "cookie": settings.SESSION_COOKIE_NAME,
        "reps": [session_of(each) for each in viewers],
        "office": [session_of(author)],
        **{name: [session_of(person)] for name, person in managers.items()},
        "large_id": str(large.pk),
        "middle_id": str(middle.pk),
        "module": str(lessons[0].pk),
        "course": str(lessons[0].course_id),
        "chosen": str(Module.objects.filter(audience="chosen").order_by("position")[0].pk),
        "assignment": str(lessons[0].assignments.get().pk),
        "person": str(
            Person.objects.filter(organisation=large, roles=["rep"]).order_by("pk")[0].pk
        ),
    }


if __name__ == "__main__":
    json.dump(fill(Size(int(sys.argv[1]), int(sys.argv[2]))), sys.stdout)
