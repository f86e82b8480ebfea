"""A report's result: what `analyse` says of its rows, and where its dots and companies lie, as JSON. Pure."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from analytics.associations import apart, measures, steps
from analytics.associations.apart import Earlier
from analytics.associations.engine import (
    analysis,
    bins,
    estimate,
    findings,
    grading,
    places,
    power,
    unit_panel,
)
from analytics.associations.engine.analysis import analyse
from analytics.associations.engine.correlation import Floats, Ints
from analytics.associations.question import Question
from analytics.associations.rows import Row, Unit

Told = Mapping[str, Any]

VERSION = f"2.{analysis.VERSION}"
"""Goes up when the same figures would give another result."""

NUMBERS = (
    *(estimate.POOLED, estimate.WITHIN, estimate.BETWEEN, estimate.PARTIAL),
    *(estimate.SLOPE, estimate.SLOPE_WITHIN),
)
"""What is told of reps beside each other, where nothing forbids it."""


def result(
    question: Question,
    unit: Unit,
    own: uuid.UUID,
    earlier: Sequence[Earlier] = (),
    tell: steps.Tell = steps.nobody,
) -> dict[str, Any]:
    """Return the result for people of the organisation `own`: every number in it is one of `analyse`.

    `earlier` are reports that they have already: no company is shown of which the two together tell too much.
    """
    rows = sorted(unit.complete, key=lambda row: (row.organisation_id, row.person_id))
    panel = unit_panel.panel(unit)
    found = analyse(panel, lag=question.lag, seed=_seed(question), tell=tell).told()
    x = np.array([row.learnt / row.learnt_of for row in rows])
    y = np.array([row.sold / row.sold_of for row in rows])
    reasons = found["answers"][0]["reasons"]
    told = {
        **_counts(unit),
        "grade": found["grade"],
        "reasons": reasons,
        "findings": [*found["refusals"], *found["warnings"]],
        "smallest": power.smallest(len(rows)),
    }
    if found["grade"] == grading.E:
        return {**told, "reason": _reason(reasons, x, y)}
    return {
        **told,
        **_said(found),
        **_over_time(found),
        **_places(rows, (x, y), unit.names, visible(question, rows, own, earlier)),
    }


def _seed(question: Question) -> int:
    return int(question.key[:8], 16)


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


def _reason(reasons: list[str], x: Floats, y: Floats) -> str:
    """Return why nothing is said."""
    if findings.FEW_UNITS in reasons or not len(x):
        return measures.FEW
    if np.ptp(x) == 0:
        return measures.SAME_LEARNING
    if np.ptp(y) == 0:
        return measures.SAME_SALES
    return measures.CEILING if findings.CEILING in reasons else measures.FEW


def _said(found: Told) -> dict[str, Any]:
    """Return what is told of reps beside each other; `headline` is the one with a direction, if one has."""
    known = {each["method"]: each for each in found["estimates"] if each["value"] is not None}
    told: dict[str, Any] = {
        name: [known[name][each] for each in ("value", "low", "high")]
        for name in NUMBERS
        if name in known
    }
    head = known.get(estimate.WITHIN) or known.get(estimate.POOLED)
    if head is None or head["low"] is None:
        return told
    told["drawn"] = "partners" if head["errors"] == "groups" else "reps"
    told |= {name: found["facts"][name] for name in ("draws", "seed")}
    if not found["answers"][0]["turned"]:
        told |= {"headline": head["method"], "smallest": head["smallest"]}
    return told


def _over_time(found: Told) -> dict[str, Any]:
    """Return the same rep over time: the strip of lags, the lead test, and whether they are believed."""
    every = found["estimates"]
    strip = [each for each in every if each["method"] == estimate.FIXED_EFFECTS]
    if not strip:
        return {}
    leads = [_at(each) for each in every if each["method"] == estimate.LEAD]
    codes = {each["code"] for each in found["answers"][0]["findings"]}
    told = {
        "grade": found["grade"],
        "doubts": sorted(codes & set(grading.OVER_TIME)),
        "strip": [_at(each) for each in sorted(strip, key=lambda each: each["lag"])],
        "lead": leads[0] if leads else None,
    }
    return {"over_time": told}


def _at(one: Told) -> dict[str, Any]:
    told = {name: one[name] for name in ("lag", "value", "low", "high", "p", "smallest")}
    counts = (("months", "n_rows"), ("reps", "n_units"), ("partners", "n_groups"))
    return told | {name: one[counted] for name, counted in counts}


def visible(
    question: Question, rows: list[Row], own: uuid.UUID, earlier: Sequence[Earlier]
) -> tuple[frozenset[str], int]:
    """Return the companies that may be shown, and how many may not for the sake of earlier reports.

    Where one is held back, another may be shown that stood back for it: that one is looked at as well.
    """
    held: set[str] = set()
    seen = places.shown(rows, own, question.currency)
    while more := apart.held(apart.marks(rows, seen), question, earlier, str(own)):
        held |= more
        seen = places.shown(rows, own, question.currency, held)
    return seen, len(held)


def _places(
    rows: list[Row],
    values: tuple[Floats, Floats],
    names: Mapping[uuid.UUID, str],
    seen: tuple[frozenset[str], int],
) -> dict[str, Any]:
    """Return the companies that may be shown, and the dots of their reps; nothing of the others' figures."""
    may_be_shown, apart_held = seen
    ids, group = places.numbered(rows)
    told = places.described(ids, names, group, values, may_be_shown)
    drawn = np.isin(group, [place["number"] for place in told])
    found = {
        "places": told,
        "held_back": len(ids) - len(told),
        "apart": apart_held,
        "not_drawn": int((~drawn).sum()),
    }
    if not told:
        return found
    x, y = (each[drawn] for each in values)
    rows = [row for row, is_drawn in zip(rows, drawn, strict=True) if is_drawn]
    return {
        **found,
        "middle": [float(x.mean()), float(y.mean())],
        "span": [float(x.min()), float(x.max())],
        **_dots(x, y, group[drawn], rows),
    }


def _dots(x: Floats, y: Floats, group: Ints, rows: list[Row]) -> dict[str, Any]:
    """Return the dots and, in the same order, whose they are; of many people how many lie where."""
    if len(x) > measures.MOST_DOTS:
        everybody = frozenset(str(row.organisation_id) for row in rows)
        return {"bins": bins.honeycomb(x, y), "marks": apart.marks(rows, everybody)}
    people = [row.person_id for row in rows]
    told = sorted(zip(group.tolist(), x.tolist(), y.tolist(), map(str, people), strict=True))
    return {"dots": [[*each[:3]] for each in told], "people_of_dots": [each[3] for each in told]}
