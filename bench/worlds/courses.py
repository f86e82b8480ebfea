"""Worlds in which people take a course, or partners launch one, in some month: S4 to S6, S11, S12."""

import numpy as np

from analytics.associations.engine import estimate, findings
from analytics.associations.engine.analysis import Analysis, analyse
from bench.worlds import naive
from bench.worlds.case import Case, Found, codes, found
from bench.worlds.drawing import NEVER, Drawn
from bench.worlds.knobs import Cohort, World
from bench.worlds.overtime import drawing
from bench.worlds.panels import of_course

_GROWING = tuple(
    Cohort(0.2375, month, points, points)
    for month, points in ((3, 0.7), (6, 0.5), (9, 0.4), (12, 0.3))
)
_LOT = tuple(Cohort(0.2, month) for month in (5, 8, 11))


def staggered(drawn: Drawn) -> Found:
    """S4: cohorts gain differently and more with time; a two-way regression is never told."""
    analysis = analyse(of_course(drawn))
    two_way = naive.two_way(drawn)
    return found(
        analysis,
        analysis.find(estimate.EVENT_STUDY),
        truth=drawn.truth,
        naive=two_way,
        kept=all(abs(each.value - two_way) > 1e-6 for each in analysis.estimates),
    )


def dip(drawn: Drawn) -> Found:
    """S5: people are sent to the course after a bad month; the event study is refused, the dip-matched one told."""
    analysis = analyse(of_course(drawn))
    return found(
        analysis,
        analysis.find(estimate.DIP_MATCHED),
        truth=drawn.world.dip_points,
        naive=naive.month_before(drawn),
        kept=findings.DIP in _refused(analysis),
    )


def eight(drawn: Drawn) -> Found:
    """S6: four of eight partners launch, and partners have good and bad months; too few to tell.

    What would have been told is looked at all the same: how often it would cry wolf.
    """
    analysis = analyse(of_course(drawn), anyway=True)
    silent = all(answer.headline is None for answer in analysis.answers)
    return found(
        analysis,
        analysis.find(estimate.DID),
        truth=0.0,
        naive=naive.two_way_p(drawn),
        kept=silent and findings.FEW_TREATED_GROUPS in codes(analysis),
    )


def launch(drawn: Drawn) -> Found:
    """S11: half of forty partners launch in a rising season; without the other half a banner stands there."""
    analysis = analyse(of_course(drawn))
    alone = analyse(of_course(drawn, only=np.asarray(drawn.start != NEVER)))
    said = findings.NO_COMPARISON in codes(alone)
    return found(
        analysis,
        analysis.find(estimate.DID),
        truth=0.0,
        naive=naive.before_after(drawn),
        kept=said and alone.grade in "DE",
    )


def mislabelled(drawn: Drawn) -> Found:
    """S12: one in twenty completions is told wrongly; where nothing is, nothing is found."""
    analysis = analyse(of_course(drawn))
    return found(
        analysis,
        analysis.find(estimate.EVENT_STUDY),
        truth=drawn.truth,
        naive=naive.month_before(drawn),
    )


def _refused(analysis: Analysis) -> set[str]:
    every = [*analysis.findings, *(each for answer in analysis.answers for each in answer.findings)]
    return {each.code for each in every if each.kind == findings.REFUSAL}


CASES = (
    Case(
        "S4", "Cohorts gain differently, and more with time; one in twenty never", "no two-way regression",
        drawing(World(cohorts=_GROWING)), staggered, off=2.5, tolerance=0.05, grades="BCD",
    ),
    Case(
        "S5", "Sent to the course after a bad month; no effect", "event study refused",
        drawing(World(dip_cut=3.5)), dip, off=4.0, tolerance=0.05, grades="CDE",
    ),
    Case(
        "S5+", "The same with an effect of one point", "event study refused",
        drawing(World(dip_cut=3.5, dip_points=1.0)), dip, off=4.0, tolerance=0.05, grades="CDE",
    ),
    Case(
        "S6", "Four of eight partners launch; whole partners have bad months; no effect", "too few to tell",
        drawing(World(partners=8, launch=9, shock=1.17)), eight,
        tolerance=0.1, coverage=False, rejects=0.08, naive_rejects=0.4, grades="DE",
    ),
    Case(
        "S11", "Half of forty partners launch in a rising season; no effect", "banner without comparison",
        drawing(World(partners=40, launch=9, trend=0.2, season=1.0, shock=1.0)), launch,
        off=1.5, tolerance=0.05,
    ),
    Case(
        "S12", "No effect; one in twenty completions told wrongly", "",
        drawing(World(cohorts=_LOT, mislabelled=0.05)), mislabelled, tolerance=0.05, rejects=0.12,
    ),
)  # fmt: skip
