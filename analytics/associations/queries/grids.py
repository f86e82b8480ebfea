"""The figures of a grid, from the table of months, and grids as somebody may see them.

One row a rep, made as a report's are: sales of all months together where the last ones were credited, learning the
lag before each month with sales.
"""

import dataclasses
import datetime as dt
import hashlib
import uuid
from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet

from analytics.associations import measures
from analytics.associations.models import AskedGrid, Cell, Grid
from analytics.associations.models.grids import GridQuerySet
from analytics.associations.queries.copied import copied, roomy
from analytics.associations.question import Question
from core.months import before
from partners.models import Organisation, Person

MOST_CURRENCIES = 3
"""Money is looked at in so many currencies, those with the most deals."""

Column = tuple[str, str]
"""A measure of sales, with its currency."""


@dataclasses.dataclass(frozen=True)
class Figures:
    """Everything that a grid is made of. `people` counts reps without any sales as well.

    `rows` is one row a rep as PostgreSQL copied them out, in order: person, organisation, then part and base of each
    measure of sales, in the order of the columns, and of each of learning.
    """

    columns: Sequence[Column]
    rows: bytearray
    people: int

    @property
    def print(self) -> str:
        """A hash of all figures."""
        told = f"{self.people} {self.columns}\n".encode()
        return hashlib.sha256(told + self.rows).hexdigest()


_MONTHS = "bit_count({months}::bit(32))"
"""How many months a set of them holds: a bit for each."""

_AMOUNT = "sum(coalesce((amounts->{c}->>0)::bigint, 0))"

_PARTS = {
    measures.APPOINTMENTS: ("sum(appointments)", "sum(calls)"),
    measures.QUALIFIED: ("sum(qualified)", "sum(appointments)"),
    measures.WIN: ("sum(won)", "sum(won + lost)"),
    measures.AMOUNT: (_AMOUNT, _MONTHS.format(months="bit_or(bit)")),
    measures.DEAL: (_AMOUNT, "sum(coalesce((amounts->{c}->>1)::bigint, 0))"),
}

# What was learned counts once for each month with sales, the lag later, that it came before: from its own on.
_SINCE = _MONTHS.format(months="(o.months & coalesce(s.onward, -1))")
_WORKED = "max(bit_count(o.months::bit(32)))"
_THEN = "FILTER (WHERE o.months & s.bit <> 0)"
_LEARNT = {
    measures.FINISHED: (f"sum(r.finished * {_SINCE})", _WORKED),
    measures.REQUIRED: (f"sum(r.done * {_SINCE})", f"sum(r.asked * {_SINCE})"),
    measures.QUIZ: (f"sum(r.score) {_THEN}", f"sum(r.scored) {_THEN}"),
    measures.MINUTES: (f"sum(r.seconds) {_THEN}", _WORKED),
}

_WIDE = """
WITH span AS MATERIALIZED (
  SELECT m::date AS month, (m - make_interval(months => %(lag)s))::date AS learnt, 1 << (n - 1)::int AS bit,
         -1 << (n - 1)::int AS onward
    FROM generate_series(%(since)s::timestamp, %(until)s::timestamp - interval '1 month', interval '1 month')
         WITH ORDINALITY AS months (m, n)
), sold AS (
  SELECT r.person_id, r.organisation_id, max(sold_on) AS last, bit_or(bit) AS months, {sold}
    FROM associations_repmonth r JOIN span USING (month)
   WHERE r.replaced IS NULL AND r.sold_on IS NOT NULL AND r.month >= %(since)s::date AND r.month < %(until)s::date
         {place} GROUP BY 1, 2
), own AS MATERIALIZED (SELECT DISTINCT ON (person_id) * FROM sold ORDER BY person_id, last DESC, organisation_id
), learnt AS (
  SELECT r.person_id, {learnt}
    FROM associations_repmonth r JOIN own o ON o.person_id = r.person_id LEFT JOIN span s ON s.learnt = r.month
   WHERE r.replaced IS NULL AND r.month < %(learnt_until)s::date{place} GROUP BY 1
)
SELECT o.person_id, o.organisation_id, {names} FROM own o LEFT JOIN learnt l ON l.person_id = o.person_id ORDER BY 2, 1
"""

_CURRENCIES = """
SELECT key, sum((value->>1)::bigint) AS deals FROM associations_repmonth r, jsonb_each(amounts)
 WHERE replaced IS NULL AND amounts <> '{{}}' AND month >= %(since)s AND month < %(until)s{place}
 GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT %(most)s
"""

# Who has moved on is no longer seen by the company that they sold for; what they sold there is.
_PEOPLE = """
SELECT count(*) FROM (SELECT r.person_id FROM associations_repmonth r
 WHERE r.replaced IS NULL AND r.month >= %(since)s AND r.month < %(until)s{place} AND (r.sold_on IS NOT NULL
   OR EXISTS (SELECT FROM partners_person p WHERE p.id = r.person_id AND 'rep' = ANY (p.roles))) GROUP BY 1) AS people
"""


def figures(since: dt.date, until: dt.date, lag: int, place: uuid.UUID | None = None) -> Figures:
    """Return the figures of everybody, or of one organisation, whom the connection's scope shows. Seven statements."""
    where = " AND r.organisation_id = %(place)s::uuid" if place else ""
    values: dict[str, Any] = {
        "since": since,
        "until": until,
        "lag": lag,
        "learnt_until": before(until, lag),
        "place": place,
        "most": MOST_CURRENCIES,
    }
    with roomy(), connection.cursor() as cursor:
        cursor.execute(_CURRENCIES.format(place=where), values)
        columns = _columns([row[0] for row in cursor.fetchall()])
        cursor.execute(_PEOPLE.format(place=where), values)
        (people,) = cursor.fetchone()
        named = {f"c{n}": currency for n, (_, currency) in enumerate(columns)}
    return Figures(columns, copied(_statement(columns, where), values | named), people)


def _columns(currencies: Sequence[str]) -> list[Column]:
    return [
        (measure, currency)
        for measure in measures.SALES
        for currency in (currencies if measure in measures.OF_MONEY else [""])
    ]


def _statement(columns: Sequence[Column], where: str) -> str:
    sold = [part for n, (measure, _) in enumerate(columns) for part in _parts(measure, n)]
    learnt = [part for measure in measures.LEARNING for part in _LEARNT[measure]]
    names = [f"s{n}" for n in range(len(sold))]
    for n, part in enumerate(learnt):
        otherwise = _MONTHS.format(months="o.months") if part == _WORKED else "0"
        names.append(f"coalesce(l{n}, {otherwise})::bigint")
    return _WIDE.format(
        place=where,
        sold=", ".join(f"coalesce({part}, 0)::bigint AS s{n}" for n, part in enumerate(sold)),
        learnt=", ".join(f"{part} AS l{n}" for n, part in enumerate(learnt)),
        names=", ".join(names),
    )


def _parts(measure: str, number: int) -> list[str]:
    return [part.replace("{c}", f"%(c{number})s::text") for part in _PARTS[measure]]


def due(since: dt.datetime) -> QuerySet[Organisation]:
    """Return the organisations whose grid nobody has looked at since a moment, the client first."""
    looked_at = Grid.objects.usual().filter(organisation_id=OuterRef("pk"), checked_at__gte=since)
    return Organisation.objects.filter(~Exists(looked_at), is_active=True).order_by("kind", "pk")


def latest(viewer: Person) -> Grid | None:
    """Return the newest grid of one's own organisation that a night made. One query."""
    return mine(viewer).usual().order_by("-until", "-as_of").first()


def mine(viewer: Person) -> GridQuerySet:
    """Return the grids of one's own organisation: what is held back depends on whose eyes they are for."""
    return Grid.objects.filter(organisation_id=viewer.organisation_id)


def cell_of(viewer: Person, question: Question) -> Cell | None:
    """Return the cell that the newest grid of one's own organisation has for a question, if it is one. One query."""
    whole = question.organisation_id in {None, None if viewer.of_client else viewer.organisation_id}
    if question.product_id or question.course_id or question.team_id or not whole:
        return None
    found = Cell.objects.filter(
        grid__organisation_id=viewer.organisation_id,
        grid__since=question.since,
        grid__until=question.until,
        grid__lag=question.lag,
        learning=question.learning,
        sales=question.sales,
        currency=question.currency,
    )
    return found.select_related("grid").order_by("-grid__as_of").first()


def cells(grid: Grid) -> list[Cell]:
    """Return the cells of a grid as they were made. One query."""
    return list(grid.cells.order_by("pk"))


def asked(viewer: Person, asked_id: uuid.UUID) -> AskedGrid | None:
    """Return what somebody of one's own organisation asked for. One query."""
    found = AskedGrid.objects.filter(organisation_id=viewer.organisation_id, pk=asked_id)
    return found.first()
