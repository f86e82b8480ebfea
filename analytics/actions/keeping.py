"""Keeping summaries: whatever the news, what it touches is counted anew from the records.

One at a time counts an organisation, so that the last to write has read all that came before; who counts
everything keeps all others out. Everything runs in the client's scope: somebody who changed companies has
records of both.
"""

import time
import uuid
from collections.abc import Iterable, Sequence
from itertools import chain

from django.core.cache import cache
from django.db import connection, transaction

from analytics.queries import places, tables
from analytics.queries.places import Place
from analytics.queries.recount import Part
from analytics.queries.tables import Table
from core.scope import CLIENT, scoped

MENDING_SECONDS = 5.0
"""How long one run of `mend()` goes on: other work waits in the same queue."""

PEOPLE_SECONDS = 60
"""How often `mend()` looks through all people for changes that no news told of."""

_STEP, _MOST = 200, 5000
_EVERYBODY, _ORGANISATION = 0x746F6D36, 0x746F6D37


def learnt(*, person_id: uuid.UUID, module_id: uuid.UUID) -> None:
    """Note that a person has got on with a module: the next `mend()` counts what changes by it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO analytics_uncounted (person_id, module_id) VALUES (%s, %s)",
            [person_id, module_id],
        )


def count_learnt(*, most: int = 500) -> int:
    """Count what people of one organisation have learnt since they were counted last.

    Takes up to `most` notes, the oldest organisation's first, and returns how many it took. Notes go in the
    transaction that counts: if it fails they are still there. What is written meanwhile is counted the next time.
    """
    with transaction.atomic(savepoint=False), scoped(CLIENT):
        noted = _take_notes(most)
        if noted:
            people = sorted({person for person, _ in noted})
            # Who counts elsewhere now, or no more, is counted with all that they ever learnt: once their own row
            # is right, nothing else would tell.
            misplaced = dict(places.misplaced_people(len(people), among=people))
            touched = sorted({*places.places_of(people), *chain(*misplaced.values())})
            _lock(touched)
            finished = places.finishes(noted)
            modules = {module for module, _ in finished}
            modules.update(places.modules_finished_by(list(misplaced)))
            months = None if misplaced else sorted({month for _, month in finished})
            _count_people(people, touched)
            if modules:
                _count_learning(touched, Part(modules=sorted(modules), months=months))
    return len(noted)


_TAKE = """
WITH first AS (
  SELECT p.organisation_id FROM analytics_uncounted u LEFT JOIN partners_person p ON p.id = u.person_id
   ORDER BY u.id LIMIT 1
), taken AS (
  SELECT u.id FROM analytics_uncounted u LEFT JOIN partners_person p ON p.id = u.person_id
   WHERE p.organisation_id IS NOT DISTINCT FROM (SELECT organisation_id FROM first)
   ORDER BY u.id LIMIT %s FOR UPDATE OF u SKIP LOCKED
)
DELETE FROM analytics_uncounted u USING taken WHERE u.id = taken.id RETURNING u.person_id, u.module_id
"""


def _take_notes(most: int) -> list[tuple[uuid.UUID, uuid.UUID]]:
    """Take notes about people who belong together out of the list: person and module."""
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [most])
        return [(person, module) for person, module in cursor.fetchall()]


@transaction.atomic(savepoint=False)
def moved(*, people: Sequence[uuid.UUID], between: Iterable[Place] = ()) -> None:
    """Count anew what changes when people came, left, or went from one of these places to another."""
    with scoped(CLIENT):
        touched = sorted({*between, *places.places_of(people)})
        _lock(touched)
        _count_people(people, touched)
        _count_learning(touched, Part(modules=places.modules_finished_by(people)))


def _count_people(people: Sequence[uuid.UUID], touched: Sequence[Place]) -> None:
    """Count these people, then the teams and organisations that they belong, or belonged, to."""
    _bring(tables.PEOPLE, Part(people=people))
    organisations, groups = _sides(touched)
    _bring(tables.TEAMS, Part(organisations=organisations, groups=groups))
    _bring(tables.ORGANISATIONS, Part(organisations=organisations))


def _count_learning(touched: Sequence[Place], what: Part) -> None:
    """Count these modules and months of the places, from the teams up; the sums for everybody come later."""
    organisations, groups = _sides(touched)
    own = Part(organisations=organisations, groups=groups, modules=what.modules, months=what.months)
    for table in (
        *(tables.TEAM_MONTHS, tables.ORGANISATION_MONTHS),
        *(tables.TEAM_MODULES, tables.ORGANISATION_MODULES),
    ):
        _bring(table, table.narrowed(own))
    _mark_stale(what.modules or [])


def _sides(touched: Sequence[Place]) -> tuple[list[uuid.UUID], list[uuid.UUID]]:
    return sorted({place[0] for place in touched}), sorted({place[1] for place in touched})


_BRING = """
WITH expected AS MATERIALIZED ({select}),
gone AS (
  DELETE FROM {name} s WHERE {stored}
     AND NOT EXISTS (SELECT FROM expected e WHERE {same})
)
INSERT INTO {name} AS s ({columns}) SELECT {columns} FROM expected
ON CONFLICT ({keys}) DO UPDATE SET {updates}
 WHERE ({old}) IS DISTINCT FROM ({new})
"""


def _bring(table: Table, part: Part) -> None:
    """Write what the records say over what is stored of this part."""
    settled = ["stale"] if table.level == "everybody" else []
    statement = _BRING.format(
        select=table.select(part),
        name=table.name,
        stored=table.stored(part),
        same=" AND ".join(f"e.{key} = s.{key}" for key in table.keys),
        columns=", ".join([*table.keys, *table.figures]),
        keys=", ".join(table.keys),
        updates=", ".join(
            [
                *(f"{name} = excluded.{name}" for name in table.figures),
                *(f"{s} = false" for s in settled),
            ]
        ),
        old=", ".join(f"s.{name}" for name in [*table.figures, *settled]),
        new=", ".join(
            [*(f"excluded.{name}" for name in table.figures), *("false" for _ in settled)]
        ),
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, part.values())


_MARK = """
INSERT INTO analytics_modulesummary AS s
       (module_id, level, group_id, organisation_id, finished, scored, score_sum, seconds, days, items, stale)
SELECT m, 'everybody', c.id, c.id, 0, 0, 0, 0, '{}', '{}', true
  FROM unnest(%(modules)s::uuid[]) m, partners_organisation c WHERE c.kind = 'client' ORDER BY m
ON CONFLICT (module_id, level, group_id) DO UPDATE SET stale = true WHERE NOT s.stale
"""


def _mark_stale(modules: Sequence[uuid.UUID]) -> None:
    """Note that the sums of these modules for everybody are due."""
    if modules:
        with connection.cursor() as cursor:
            cursor.execute(_MARK, {"modules": list(modules)})


@transaction.atomic
def sums_due(*, organisation_id: uuid.UUID) -> None:
    """Note that the sums for everybody of all that this organisation's people learnt are due: `mend()` makes them.

    Work with it was stopped, or taken up again. Its own rows stay as they are, so nobody is counted for it.
    """
    with scoped(CLIENT):
        _mark_stale(places.modules_learnt_in(organisation_id))


@transaction.atomic
def sum_up(*, modules: Sequence[uuid.UUID]) -> None:
    """Add up these modules for everybody. Who marks one meanwhile waits, and its mark stays."""
    with scoped(CLIENT):
        _lock([])
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT FROM analytics_modulesummary WHERE level = 'everybody'"
                " AND module_id = ANY (%s::uuid[]) ORDER BY module_id FOR UPDATE",
                [list(modules)],
            )
        _bring(tables.MODULES, Part(modules=modules))


@transaction.atomic
def rebuild() -> None:
    """Count everything anew, while nobody else counts. Waits for whoever does, as long as it takes."""
    with scoped(CLIENT):
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', '0', true)")
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_EVERYBODY])
        for table in tables.IN_ORDER:
            _bring(table, Part())


def mend() -> int:
    """Catch up: with what people have learnt, people that no news told of, sums for everybody. Returns how many.

    What takes too long is left to the next run.
    """
    began, mended = time.monotonic(), 0
    while time.monotonic() - began < MENDING_SECONDS / 2 and (counted := count_learnt()):
        mended += counted
    for people, touched in _misplaced():
        if time.monotonic() - began < MENDING_SECONDS:
            moved(people=people, between=touched)
            mended += len(people)
    while time.monotonic() - began < MENDING_SECONDS:
        with scoped(CLIENT):
            modules = places.stale_modules(_STEP)
        if not modules:
            break
        sum_up(modules=modules)
        mended += len(modules)
    return mended


def _misplaced() -> list[tuple[list[uuid.UUID], list[Place]]]:
    """Return people whom the summaries have wrong, with the places concerned, by organisation.

    Where they belong, and what they are asked to learn: assignments reach thousands at once, so nobody is counted
    for each of them but whoever differs in the end.
    """
    if not cache.add("analytics.people", True, PEOPLE_SECONDS):
        return []
    with scoped(CLIENT):
        found = places.misplaced_people(_MOST) + places.misasked_people(_MOST)
    by_organisation: dict[uuid.UUID, tuple[list[uuid.UUID], list[Place]]] = {}
    for person_id, touched in found:
        people, all_touched = by_organisation.setdefault(touched[0][0], ([], []))
        people.append(person_id)
        all_touched += touched
    return list(by_organisation.values())


def _lock(touched: Iterable[Place]) -> None:
    """Be the one who counts these organisations, until the transaction ends.

    The order is always the same, so that nobody waits in a ring.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [_EVERYBODY])
        for organisation in sorted({place[0] for place in touched}):
            cursor.execute(
                "SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [_ORGANISATION, str(organisation)]
            )
