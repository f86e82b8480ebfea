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
from analytics.associations.models import Cell, Grid
from analytics.associations.question import Question
from core.months import before
from partners.models import Organisation, Person

MOST_CURRENCIES = 3
"""Money is looked at in so many currencies, those with the most deals."""

Column = tuple[str, str]
"""A measure of sales, with its currency."""


@dataclasses.dataclass(frozen=True)
class Wide:
    """One rep: where they belong, and part and base of each measure, in the order of the columns."""

    person_id: uuid.UUID
    organisation_id: uuid.UUID
    learning: Sequence[tuple[int, int]]
    sales: Sequence[tuple[int, int]]


@dataclasses.dataclass(frozen=True)
class Figures:
    """Everything that a grid is made of. `people` counts reps without any sales as well."""

    columns: Sequence[Column]
    rows: Sequence[Wide]
    people: int

    @property
    def print(self) -> str:
        """A hash of all figures."""
        lines = [f"{self.people} {self.columns}"]
        lines += sorted(
            f"{r.person_id} {r.organisation_id} {r.learning} {r.sales}" for r in self.rows
        )
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()


_PARTS = {
    measures.APPOINTMENTS: ("sum(appointments)", "sum(calls)"),
    measures.QUALIFIED: ("sum(qualified)", "sum(appointments)"),
    measures.WIN: ("sum(won)", "sum(won + lost)"),
    measures.AMOUNT: ("sum(coalesce((amounts->{c}->>0)::bigint, 0))", "count(DISTINCT month)"),
    measures.DEAL: (
        "sum(coalesce((amounts->{c}->>0)::bigint, 0))",
        "sum(coalesce((amounts->{c}->>1)::bigint, 0))",
    ),
}

_LEARNT = {
    measures.FINISHED: ("sum(finished)", "count(*)"),
    measures.REQUIRED: ("sum(done)", "sum(asked)"),
    measures.QUIZ: ("sum(score)", "sum(scored)"),
    measures.MINUTES: ("sum(seconds)", "count(*)"),
}

_WIDE = """
WITH own_all AS MATERIALIZED (
  SELECT person_id, organisation_id, month, sold_on, calls, appointments, qualified, won, lost, amounts
    FROM associations_repmonth
   WHERE replaced IS NULL AND sold_on IS NOT NULL AND month >= %(since)s AND month < %(until)s{place}
), home AS (
  SELECT DISTINCT ON (person_id) person_id, organisation_id FROM own_all
   ORDER BY person_id, sold_on DESC, organisation_id
), own AS MATERIALIZED (SELECT o.* FROM own_all o JOIN home USING (person_id, organisation_id)
), sold AS (SELECT person_id, organisation_id, {sold} FROM own GROUP BY 1, 2
), worked AS (
  SELECT DISTINCT person_id, (month - make_interval(months => %(lag)s))::date AS month FROM own
), flow AS (
  SELECT person_id, month, sum(finished) AS finished, sum(scored) AS scored, sum(score) AS score,
         sum(seconds) AS seconds, sum(asked) AS asked, sum(done) AS done
    FROM associations_repmonth WHERE replaced IS NULL AND month < %(learnt_until)s{place} GROUP BY 1, 2
), told AS (
  SELECT person_id, w.month IS NOT NULL AS works, score, scored, seconds,
         sum(finished) OVER until AS finished, sum(asked) OVER until AS asked, sum(done) OVER until AS done
    FROM flow f FULL JOIN worked w USING (person_id, month) WINDOW until AS (PARTITION BY person_id ORDER BY month)
), learnt AS (SELECT person_id, {learnt} FROM told WHERE works GROUP BY 1)
SELECT s.*, l.* FROM sold s JOIN learnt l ON l.person_id = s.person_id ORDER BY s.organisation_id, s.person_id
"""

_CURRENCIES = """
SELECT key, sum((value->>1)::bigint) AS deals FROM associations_repmonth, jsonb_each(amounts)
 WHERE replaced IS NULL AND amounts <> '{{}}' AND month >= %(since)s AND month < %(until)s{place}
 GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT %(most)s
"""

# Who has moved on is no longer seen by the company that they sold for; what they sold there is.
_PEOPLE = """
SELECT count(DISTINCT m.person_id) FROM associations_repmonth m LEFT JOIN partners_person p ON p.id = m.person_id
 WHERE m.replaced IS NULL AND m.month >= %(since)s AND m.month < %(until)s{place}
   AND (m.sold_on IS NOT NULL OR 'rep' = ANY (p.roles))
"""


def figures(since: dt.date, until: dt.date, lag: int, place: uuid.UUID | None = None) -> Figures:
    """Return the figures of everybody, or of one organisation, whom the connection's scope shows. Three statements."""
    where = " AND organisation_id = %(place)s" if place else ""
    values: dict[str, Any] = {
        "since": since,
        "until": until,
        "lag": lag,
        "learnt_until": before(until, lag),
        "place": place,
        "most": MOST_CURRENCIES,
    }
    with connection.cursor() as cursor:
        cursor.execute(_CURRENCIES.format(place=where), values)
        columns = _columns([row[0] for row in cursor.fetchall()])
        cursor.execute(
            _PEOPLE.format(place=where.replace("organisation", "m.organisation")), values
        )
        (people,) = cursor.fetchone()
        named = {f"c{n}": currency for n, (_, currency) in enumerate(columns)}
        cursor.execute(_statement(columns, where), values | named)
        rows = [_wide(row, len(columns)) for row in cursor.fetchall()]
    return Figures(columns, rows, people)


def _columns(currencies: Sequence[str]) -> list[Column]:
    return [
        (measure, currency)
        for measure in measures.SALES
        for currency in (currencies if measure in measures.OF_MONEY else [""])
    ]


def _statement(columns: Sequence[Column], where: str) -> str:
    sold = [part for n, (measure, _) in enumerate(columns) for part in _parts(measure, n)]
    learnt = [part for measure in measures.LEARNING for part in _LEARNT[measure]]
    return _WIDE.format(
        place=where,
        sold=", ".join(f"coalesce({part}, 0)::bigint AS s{n}" for n, part in enumerate(sold)),
        learnt=", ".join(f"coalesce({part}, 0)::bigint AS l{n}" for n, part in enumerate(learnt)),
    )


def _parts(measure: str, number: int) -> list[str]:
    return [part.replace("{c}", f"%(c{number})s::text") for part in _PARTS[measure]]


def _wide(row: Sequence[Any], columns: int) -> Wide:
    person, place, *numbers = row
    sold, learnt = numbers[: 2 * columns], numbers[2 * columns + 1 :]
    return Wide(person, place, _pairs(learnt), _pairs(sold))


def _pairs(numbers: Sequence[int]) -> list[tuple[int, int]]:
    return list(zip(numbers[::2], numbers[1::2], strict=True))


def due(since: dt.datetime) -> QuerySet[Organisation]:
    """Return the organisations whose grid nobody has looked at since a moment, the client first."""
    looked_at = Grid.objects.filter(organisation_id=OuterRef("pk"), checked_at__gte=since)
    return Organisation.objects.filter(~Exists(looked_at), is_active=True).order_by("kind", "pk")


def latest(viewer: Person) -> Grid | None:
    """Return the newest grid of one's own organisation. One query."""
    return mine(viewer).order_by("-until", "-as_of").first()


def mine(viewer: Person) -> QuerySet[Grid]:
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
