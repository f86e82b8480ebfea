"""Reads of rankings: from Redis, and from the database whenever Redis can't answer.

Places among everybody need everybody's points, which row security hides from a partner's people. So the
database is asked in the client's scope for points and places alone; names are read afterwards in the
scope of the person who looks, and only through `.visible_to()`.
"""

import datetime as dt
import uuid
from typing import Any

from django.db import connection
from django.utils import timezone

from core.scope import CLIENT, scoped
from gamification import boards, months
from gamification.queries.rules import zone
from gamification.ranking import (
    AROUND,
    FIRST,
    Among,
    Part,
    Spot,
    Unit,
    View,
    places,
)
from partners.models import Person


def in_redis(month: dt.date, stale: frozenset[dt.date]) -> bool:
    """Say whether the month's board is one that Redis should hold, and none that is known to be wrong."""
    return month not in stale and month in months.kept_months(timezone.now(), zone())


def view(
    month: dt.date,
    unit: Unit,
    member: uuid.UUID | None,
    *,
    company: uuid.UUID | None = None,
    part: Part = FIRST,
    from_redis: bool = True,
) -> View:
    """Return a part of the month's ranking, and what is around a member: no query from Redis, one from the database.

    With a company, a person's place among its people, too.
    """
    if from_redis:
        try:
            return boards.view(month, unit, member, company, part=part)
        except boards.BoardLostError:
            pass  # not an error: the database knows it all, only slower
    return view_from_database(month, unit, member, company, part=part)


_BOARDS = {
    Unit.REP: """
        SELECT person_id AS member, points AS score, NULL::integer AS people
          FROM gamification_standing WHERE month = %(month)s""",
    Unit.TEAM: """
        SELECT team_id AS member, tenths AS score, people FROM gamification_groupstanding
         WHERE month = %(month)s AND team_id IS NOT NULL AND tenths IS NOT NULL""",
    Unit.PARTNER: """
        SELECT organisation_id AS member, tenths AS score, people FROM gamification_groupstanding
         WHERE month = %(month)s AND team_id IS NULL AND tenths IS NOT NULL""",
}

# `near` are the member's neighbours. Only the first of them is counted out: the others' places follow.
# LATERAL lets each part begin at the member's own row of the index.
_VIEW = """
WITH board AS NOT MATERIALIZED ({board}),
own AS (SELECT * FROM board WHERE member = %(member)s),
part AS (
  SELECT * FROM board ORDER BY score DESC, member DESC OFFSET %(start)s
   LIMIT CASE WHEN EXISTS (SELECT FROM own) THEN %(for_ranked)s ELSE %(for_onlookers)s END),
near AS (
  SELECT up.* FROM own, LATERAL (
    SELECT b.* FROM board b WHERE (b.score, b.member) >= (own.score, own.member)
     ORDER BY b.score, b.member LIMIT %(around)s + 1) AS up
  UNION ALL
  SELECT down.* FROM own, LATERAL (
    SELECT b.* FROM board b WHERE (b.score, b.member) < (own.score, own.member)
     ORDER BY b.score DESC, b.member DESC LIMIT %(around)s) AS down
),
first AS (SELECT * FROM near ORDER BY score DESC, member DESC LIMIT 1)
SELECT (SELECT count(*) FROM board),
  (SELECT next.score FROM own, LATERAL (
     SELECT b.score FROM board b WHERE b.score > own.score ORDER BY b.score LIMIT 1) AS next),
  (SELECT ahead.n FROM first, LATERAL (
     SELECT count(*) AS n FROM board b WHERE (b.score, b.member) > (first.score, first.member)) AS ahead),
  (SELECT above.n FROM first, LATERAL (
     SELECT 1 + count(*) AS n FROM board b WHERE b.score > first.score) AS above),
  (SELECT 1 + count(*) FROM board b WHERE b.score > (SELECT max(score) FROM part)),
  ARRAY(SELECT json_build_array(member, score, people) FROM part ORDER BY score DESC, member DESC),
  ARRAY(SELECT json_build_array(member, score, people) FROM near ORDER BY score DESC, member DESC),
  (SELECT json_build_array(CASE WHEN bool_or(c.person_id = %(member)s)
       THEN 1 + count(*) FILTER (WHERE c.points > (SELECT score FROM own)) END, count(*))
     FROM gamification_standing c WHERE c.month = %(month)s AND c.organisation_id = %(company)s)
"""


def view_from_database(
    month: dt.date,
    unit: Unit,
    member: uuid.UUID | None,
    company: uuid.UUID | None = None,
    *,
    part: Part = FIRST,
) -> View:
    """Return what `boards.view()` would, from the database. One query, in the client's scope."""
    wanted: dict[str, Any] = {"month": month, "member": member, "company": company}
    wanted |= {"around": AROUND, "start": part.start}
    wanted |= {"for_ranked": part.read_for_ranked, "for_onlookers": part.for_onlookers}
    with scoped(CLIENT), connection.cursor() as cursor:
        cursor.execute(_VIEW.format(board=_BOARDS[unit]), wanted)  # the parts are constants
        total, above, index, place, first, rows, near, (place_there, people) = cursor.fetchone()
    spots = {
        s.index: s
        for s in [*_spots(rows, part.start, first), *_spots(near, index or 0, place or 1)]
    }
    own = next((spot for spot in spots.values() if spot.member == member), None)
    return View(
        total=total,
        spots=tuple(spots[at] for at in sorted(spots)),
        own=own,
        next_score=above,
        among=Among(place_there, people) if company else None,
    )


def _spots(rows: list[list[Any]], first_index: int, first_place: int) -> list[Spot]:
    found = places([score for _, score, _ in rows], first_index, first_place)
    return [
        Spot(first_index + offset, found[offset], uuid.UUID(member), score, people)
        for offset, (member, score, people) in enumerate(rows)
    ]


def own_member(person: Person, unit: Unit) -> uuid.UUID | None:
    """Return by what the person is found in the ranking of this unit; None without a team or partner."""
    if unit is Unit.REP:
        return person.pk
    if unit is Unit.TEAM:
        return person.team_id
    return None if person.of_client else person.organisation_id
