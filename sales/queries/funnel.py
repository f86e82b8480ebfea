"""Reads of the funnel: figures by group and in all, straight from the facts."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection

from partners.models import Organisation, Person, Team
from sales import funnel, measures
from sales.funnel import Cell
from sales.models import Product
from sales.queries.facts import Part, facts, recorded

PARTNER, TEAM, PRODUCT, MONTH = "partner", "team", "product", "month"
WAYS = (PARTNER, TEAM, PRODUCT, MONTH)

BY_NAME, BY_WINS, BY_RATE = "name", "wins", "rate"
ORDERS = (BY_NAME, BY_WINS, BY_RATE)
"""How groups can be put in order: as they are called, by wins, by the win rate of what was decided."""

_KEYS = {
    PARTNER: "organisation_id::text",
    TEAM: "coalesce(team_id, organisation_id)::text",
    PRODUCT: "product_id::text",
    MONTH: "to_char({day}, 'YYYY-MM')",
}

_SUMS = """
WITH f AS MATERIALIZED (SELECT {key} AS key, person_id, measure, currency, n FROM ({facts}) AS facts),
people AS (
  SELECT coalesce(key, '') AS key, count(DISTINCT person_id) FILTER (WHERE n > 0) AS people
    FROM f GROUP BY GROUPING SETS ((f.key), ())
), sums AS (
  SELECT coalesce(key, '') AS key,
         json_object_agg(measure, n) FILTER (WHERE measure <> 'amount') AS counts,
         json_object_agg(currency, n) FILTER (WHERE measure = 'amount') AS amounts
    FROM (SELECT key, measure, currency, sum(n)::bigint AS n FROM f
           GROUP BY GROUPING SETS ((key, measure, currency), (measure, currency))) AS each GROUP BY 1
), tops AS (
  SELECT key, json_object_agg(currency, top) AS tops FROM (
    SELECT coalesce(key, '') AS key, currency, max(n)::bigint AS top
      FROM (SELECT key, person_id, currency, sum(n) AS n FROM f WHERE measure = 'amount'
             GROUP BY GROUPING SETS ((key, person_id, currency), (person_id, currency))) AS each
     GROUP BY 1, 2) AS most GROUP BY 1
)
SELECT key, people, counts, amounts, tops FROM people LEFT JOIN sums USING (key) LEFT JOIN tops USING (key)
"""

_OPENED = """
SELECT coalesce(key, '') AS key, json_object_agg(outcome, n) FROM (
  SELECT key, outcome, count(*) AS n FROM (
    SELECT {key} AS key, f.outcome FROM sales_opportunity f{recorded}{where}) AS opened
   GROUP BY GROUPING SETS ((key, outcome), (outcome))) AS each GROUP BY 1
"""


_WINS = """
SELECT {key}, sum(n)::bigint, count(DISTINCT person_id) FILTER (WHERE n > 0)
  FROM ({facts}) AS facts WHERE measure = 'won' GROUP BY 1
"""


@dataclasses.dataclass(frozen=True)
class Group:
    """A line of a comparison: what it is called, its figures, and whether they may be shown."""

    label: str
    cell: Cell
    is_shown: bool
    filters: Mapping[str, str]
    order: tuple[Any, ...] = ()
    is_client: bool = False


@dataclasses.dataclass(frozen=True)
class Figures:
    """The funnel of a part: all of it, and its groups."""

    total: Cell
    groups: list[Group]


def figures(viewer: Person, part: Part, by: str) -> Figures:
    """Return the funnel of what somebody may see. Three statements."""
    part = part.seen_by(viewer)
    cells = _cells(viewer, part, by)
    total = _told(cells.pop("", _nothing()))
    cells = {key: dataclasses.replace(cell, untold=total.untold) for key, cell in cells.items()}
    names = _names(viewer, by, list(cells))
    keyed = {
        key: dataclasses.replace(cell, own=cell.own or names[key].own)
        for key, cell in cells.items()
        if key in names
    }
    visible = funnel.shown(keyed.values())
    keyed = {cell.key: cell for cell in funnel.with_amounts_held(keyed.values(), visible)}
    groups = [
        Group(name.label, keyed[key], key in visible, name.filters, name.order, name.is_client)
        for key, name in names.items()
    ]
    return Figures(total, sorted(groups, key=lambda group: group.order))


def total(viewer: Person, part: Part) -> Cell:
    """Return the figures of a part in all. Two statements."""
    found = _cells(viewer, part.seen_by(viewer), MONTH)
    return _told(found.get("", _nothing()))


def _told(whole: Cell) -> Cell:
    return dataclasses.replace(whole, untold=whole.not_told)


def happened(viewer: Person, part: Part) -> Cell:
    """Return what happened in a part in all, without what became of the deals opened in it. One statement."""
    part = part.seen_by(viewer)
    own = part.organisation_id == viewer.organisation_id
    return _summed(part, MONTH, own=own).get("", _nothing(own=own))


def _nothing(*, own: bool = False) -> Cell:
    return Cell(key="", people=0, counts={}, amounts={}, tops={}, own=own)


def wins(viewer: Person, part: Part) -> dict[str, tuple[int, int]]:
    """Return by month how many deals were won, and how many people won them. One statement.

    Only what tells of wins is looked at: a small part of all facts.
    """
    part = part.seen_by(viewer)
    asked = _WINS.format(key=_KEYS[MONTH].format(day="day"), facts=facts(part))
    with connection.cursor() as cursor:
        cursor.execute(asked, part.values())
        return {key: (won, people) for key, won, people in cursor.fetchall()}


def _cells(viewer: Person, part: Part, by: str) -> dict[str, Cell]:
    """Return figures by key, those of everything under an empty one. Two statements."""
    own = part.organisation_id == viewer.organisation_id
    moment = "(f.opened_at AT TIME ZONE %(zone)s)"
    opening = _OPENED.format(
        key=_KEYS[by].format(day=moment),
        recorded=recorded("'won'", "opportunity"),
        where=part.where("f.opened_at", moment=True),
    )
    found = _summed(part, by, own=own)
    with connection.cursor() as cursor:
        cursor.execute(opening, part.values())
        for key, outcomes in cursor.fetchall():
            cell = found.get(key) or dataclasses.replace(_nothing(own=own), key=key)
            found[key] = dataclasses.replace(cell, opened=outcomes)
    return found


def _summed(part: Part, by: str, *, own: bool) -> dict[str, Cell]:
    """Return by key what happened, that of everything under an empty one. One statement."""
    with connection.cursor() as cursor:
        sums = _SUMS.format(key=_KEYS[by].format(day="day"), facts=facts(part))
        cursor.execute(sums, part.values())
        return {
            key: Cell(
                key=key,
                people=people,
                counts=counts or {},
                amounts=amounts or {},
                tops=tops or {},
                own=own,
            )
            for key, people, counts, amounts, tops in cursor.fetchall()
        }


@dataclasses.dataclass(frozen=True)
class _Name:
    label: str
    filters: Mapping[str, str]
    order: tuple[Any, ...]
    own: bool = False
    is_client: bool = False


def _names(viewer: Person, by: str, keys: list[str]) -> dict[str, _Name]:
    """Return what the groups are called. One query, none for months."""
    if by == MONTH:
        return {key: _Name(key, {"period": key}, (key,)) for key in keys}
    ids = [uuid.UUID(key) for key in keys]
    if by == PRODUCT:
        rows = Product.objects.filter(pk__in=ids)
        return {
            str(row.pk): _Name(row.name, {"product": str(row.pk)}, (row.name, str(row.pk)))
            for row in rows
        }
    return _teams(viewer, ids) if by == TEAM else _partners(viewer, ids)


def _partners(viewer: Person, ids: list[uuid.UUID]) -> dict[str, _Name]:
    found = Organisation.objects.visible_to(viewer).filter(pk__in=ids)
    return {str(row.pk): _of_organisation(viewer, row) for row in found}


def _of_organisation(viewer: Person, row: Organisation) -> _Name:
    return _Name(
        row.name,
        {"organisation": str(row.pk)},
        (row.kind, row.name, ""),
        own=row.pk == viewer.organisation_id,
        is_client=row.kind == Organisation.Kind.CLIENT,
    )


def _teams(viewer: Person, ids: list[uuid.UUID]) -> dict[str, _Name]:
    """Name teams; people without one stand under their organisation's name."""
    found = {}
    for team in Team.objects.visible_to(viewer).filter(pk__in=ids).select_related("organisation"):
        place = _of_organisation(viewer, team.organisation)
        label = f"{team.organisation.name} · {team.name}" if viewer.of_client else team.name
        found[str(team.pk)] = dataclasses.replace(
            place,
            label=label,
            filters={"organisation": str(team.organisation_id), "team": str(team.pk)},
            order=(*place.order[:2], team.name, str(team.pk)),
        )
    rest = [each for each in ids if str(each) not in found]
    for key, name in _partners(viewer, rest).items():
        found[key] = dataclasses.replace(name, filters={**name.filters, "team": "none"})
    return found


def ordered(groups: Sequence[Group], order: str) -> list[Group]:
    """Return groups in one of ORDERS, the highest first; those without a figure that may be shown come last."""
    if order == BY_NAME:
        return list(groups)
    return sorted(groups, key=lambda group: -_figure(group, order))


def _figure(group: Group, order: str) -> float:
    """Return what a group is put in order by; less than any figure where none may be shown."""
    if not group.is_shown:
        return -2
    if order == BY_WINS:
        return group.cell.counts.get(measures.WON, 0)
    return group.cell.closed.percent if group.cell.closed.enough else -1


def month_of(key: str) -> dt.date:
    """Return the month that a key names."""
    return dt.date.fromisoformat(f"{key}-01")
