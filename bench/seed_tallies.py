"""Fill the stand with tallies, by statements that run inside the database, and measure reading them; prints JSON."""

import json
import os
import time
import uuid

import django

django.setup()  # models can be imported only from here on

import psycopg

from analytics.scenarios.queries.figures import Wanted, by_version, figures
from analytics.scenarios.queries.people import base
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


_RUNS = """
INSERT INTO scenarios_run (id, scenario_id, version_id, person_id, organisation_id, team_id, mode, state, pace, attempt,
       counts, is_first, seq, folded, ending, outcome, points, attainable, score, passed, reason, started_at, last_at,
       ended_at)
SELECT gen_random_uuid(), %(scenario)s, %(version)s, p.id, t.organisation_id, t.id, 'practice', 'finished', 'normal', a,
       true, false, 12, '{}', 'won1', 'success', 10, 10, 80, true, '', moment, moment, moment
  FROM (SELECT id, organisation_id, row_number() OVER () AS n FROM partners_team) t,
       LATERAL (SELECT md5(t.id::text || n)::uuid AS id, n FROM generate_series(1, 500) n) p,
       generate_series(1, 4) a,
       LATERAL (SELECT '2025-06-01'::timestamptz + (p.n %% 540) * interval '1 day' AS moment) m
"""


def main() -> None:
    """Make teams, their runs and tallies, and ask twice."""
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
        runs = connection.execute(_RUNS, named).rowcount
        connection.commit()
        connection.autocommit = True
        connection.execute("VACUUM ANALYZE")
    manager = make_person(partners[0], roles=["manager"])
    found = figures(viewer, scenario.pk, Wanted())
    told = {
        "rows": rows,
        "runs": runs,
        "events": sum(one.chosen for (_, choice), one in found.items() if not choice),
        "all": _best(viewer, scenario.pk),
        "one": _best(manager, scenario.pk),
    }
    print(json.dumps(told))


def _best(viewer: Person, scenario_id: uuid.UUID) -> float:
    taken = []
    for _ in range(5):
        began = time.perf_counter()
        by_version(viewer, scenario_id, Wanted())
        base(viewer, scenario_id, Wanted())
        taken.append(time.perf_counter() - began)
    return min(taken) * 1000


main()
