"""A report's result: from one row a rep to everything that its page shows, as JSON. Pure."""

import math
import uuid
from typing import Any

import numpy as np

from analytics.associations import measures
from analytics.associations.engine import bins, correlation, over_time, places, power, resampling
from analytics.associations.engine.correlation import Rows
from analytics.associations.question import Question
from analytics.associations.rows import Row, Unit

VERSION = "1.1"
"""Goes up when the same figures would give another result."""

PARTS = ("pooled", "within", "between")
SLOPES = ("slope", "slope_within")


def result(question: Question, unit: Unit, own: uuid.UUID) -> dict[str, Any]:
    """Return the result for people of the organisation `own`, with what the same reps tell over time."""
    found = _at_once(question, unit, own)
    if "reason" in found:
        return found
    same = over_time.over_time(unit.months, question.lag)
    return {**found, "over_time": same} if same else found


def _at_once(question: Question, unit: Unit, own: uuid.UUID) -> dict[str, Any]:
    rows = sorted(unit.complete, key=lambda row: (row.organisation_id, row.person_id))
    found = {**_counts(unit), "grade": "E", "smallest": power.smallest(len(rows))}
    if len(rows) < measures.LEAST_REPS:
        return {**found, "reason": measures.FEW}
    ids, group = places.numbered(rows)
    x = np.array([row.learnt / row.learnt_of for row in rows])
    y = np.array([row.sold / row.sold_of for row in rows])
    said = _said(Rows(x, y, group), _seed(question))
    if "reason" in said:
        return {**found, **said}
    visible = places.shown(rows, own, question.currency)
    told = places.described(ids, unit.names, group, (x, y), visible)
    numbers = [place["number"] for place in told]
    drawn = np.isin(group, numbers)
    return {
        **found,
        **said,
        "grade": "D",
        "places": told,
        "held_back": len(ids) - len(told),
        "not_drawn": int((~drawn).sum()),
        "middle": [float(x.mean()), float(y.mean())],
        "span": [float(x.min()), float(x.max())],
        **_dots(
            x[drawn],
            y[drawn],
            group[drawn],
            [r.person_id for r, d in zip(rows, drawn, strict=True) if d],
        ),
    }


def _counts(unit: Unit) -> dict[str, Any]:
    rows: list[Row] = list(unit.rows)
    no_sales = sum(not row.sold_of for row in rows)
    complete = unit.complete
    return {
        "people": len(rows),
        "reps": len(complete),
        "partners": len({row.organisation_id for row in complete}),
        "no_sales": no_sales,
        "no_learning": len(rows) - len(complete) - no_sales,
    }


def _seed(question: Question) -> int:
    return int(question.key[:8], 16)


def _said(rows: Rows, seed: int) -> dict[str, Any]:
    """Return the parts with their intervals, or why there are none."""
    if np.ptp(rows.x) == 0:
        return {"reason": measures.SAME_LEARNING}
    if np.ptp(rows.y) == 0:
        return {"reason": measures.SAME_SALES}
    estimate = correlation.parts(rows)
    by_partners = rows.groups >= measures.LEAST_CLUSTERS
    draw = resampling.by_groups if by_partners else resampling.within_groups
    interval = draw(rows, seed)
    found: dict[str, Any] = {}
    for name in (*PARTS, *SLOPES):
        value = float(getattr(estimate, name)[0])
        if not math.isnan(value):
            found[name] = [value, interval[name].low, interval[name].high]
    if rows.groups < measures.LEAST_BETWEEN:
        found.pop("between", None)
    elif not by_partners and "between" in found:
        found["between"][1:] = [None, None]
    headline = "within" if rows.groups > 1 else "pooled"
    if found.get(headline, [None, None])[1] is None:
        return {"reason": measures.FEW}
    _, low, high = found[headline]
    return {
        **found,
        "headline": headline,
        "drawn": "partners" if by_partners else "reps",
        "draws": resampling.DRAWS,
        "seed": seed,
        # Clusters can't make people tell more than as many who have nothing to do with each other.
        "smallest": max(power.smallest_by(low, high), power.smallest(len(rows.x)) or 0.0),
    }


def _dots(
    x: correlation.Floats, y: correlation.Floats, group: correlation.Ints, people: list[uuid.UUID]
) -> dict[str, Any]:
    """Return the dots and, in the same order, whose they are; of many people how many lie where."""
    if len(x) > measures.MOST_DOTS:
        return {"bins": bins.honeycomb(x, y)}
    told = sorted(zip(group.tolist(), x.tolist(), y.tolist(), map(str, people), strict=True))
    return {"dots": [each[:3] for each in told], "people_of_dots": [each[3] for each in told]}
