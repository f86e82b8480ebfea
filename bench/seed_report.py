"""Fill the stand with reps who learn and sell, by statements that run inside the database; prints JSON."""

import json
import os
import sys
from pathlib import Path

import django

django.setup()  # models can be imported only from here on

import psycopg

from bench.seed_attempt import session_of
from core.scope import CLIENT, enter
from sales.models import Record
from tests.courses.factories import make_course, make_module
from tests.partners.factories import make_client, make_person
from tests.sales.factories import make_crm, make_product

MODULES = 20
_SCRIPT = Path(__file__).with_suffix(".sql")


def main() -> None:
    """Make so many reps, and a sales manager who signs in."""
    reps = int(sys.argv[1])
    enter(CLIENT)
    person = make_person(make_client(), roles=["sales_manager"])
    make_crm()
    make_product()
    Record.objects.filter(measure="appointments").update(grain="activity")
    course = make_course()
    for _ in range(MODULES):
        make_module(course=course, items=[])
    address = os.environ["DATABASE_ADMIN_URL"].rpartition("/")[0] + "/tomoni"
    with psycopg.connect(address, cursor_factory=psycopg.ClientCursor) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("SELECT setseed(0.5)")
        connection.execute(_SCRIPT.read_text(encoding="utf-8"), {"reps": reps})
        connection.commit()
        connection.autocommit = True
        connection.execute("VACUUM ANALYZE")
    print(json.dumps({"session": session_of(person)}))


main()
