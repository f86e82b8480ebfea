"""Fill the stand with tallies, by statements that run inside the database, and measure reading them; prints JSON."""

import json
import os
import time
import uuid

import django

django.setup()  # models can be imported only from here on

import psycopg

from analytics.scenarios.queries.figures import Wanted, figures
from core.scope import CLIENT, enter
from partners.models import Person
from tests.courses.scenarios.factories import make_scenario
from tests.partners.factories import make_client, make_partner, make_person, make_team

_ROWS = """
INSERT INTO scenario_figures_tally (scenario_id, version_id, organisation_id, team_id, month, is_first, scene, choice,
       offered, chosen, first, runs, finished, failed, gone, opened, watched, thought)
SELECT %(scenario)s, %(version)s, t.organisation_id, t.id, m::date, f, 'scene' || s,
       CASE WHEN c = 0 THEN '' ELSE 'choice' || s || c END, 30, 14, 12, 12, 10, 3, 1, 4, 0,
       ARRAY[0,0,0,0,1,1,1,1,1,1,2,1,1,1,1,1,1,0,0,0,0,0,0]
  FROM partners_team t, generate_series('2025-06-01'::date, '2026-11-01', '1 month') m,
       (VALUES (true), (false)) v (f), generate_series(1, 20) s, generate_series(0, 3) c
"""


def main() -> None:
    """Make teams, their tallies, and ask twice."""
    enter(CLIENT)
    viewer = make_person(make_client(), roles=["admin"])
    partners = [make_partner() for _ in range(16)]
    for n in range(40):
        make_team(partners[n % 16])
    scenario = make_scenario()
    address = os.environ["DATABASE_ADMIN_URL"].rpartition("/")[0] + "/tomoni"
    with psycopg.connect(address, cursor_factory=psycopg.ClientCursor) as connection:
        connection.execute("SET session_replication_role = replica")
        named = {"scenario": scenario.pk, "version": scenario.version_id}
        rows = connection.execute(_ROWS, named).rowcount
        connection.commit()
        connection.autocommit = True
        connection.execute("VACUUM ANALYZE")
    manager = make_person(partners[0], roles=["manager"])
    found = figures(viewer, scenario.pk, Wanted())
    told = {
        "rows": rows,
        "events": sum(one.chosen for (_, choice), one in found.items() if not choice),
        "all": _best(viewer, scenario.pk),
        "one": _best(manager, scenario.pk),
    }
    print(json.dumps(told))


def _best(viewer: Person, scenario_id: uuid.UUID) -> float:
    taken = []
    for _ in range(5):
        began = time.perf_counter()
        figures(viewer, scenario_id, Wanted())
        taken.append(time.perf_counter() - began)
    return min(taken) * 1000


main()
