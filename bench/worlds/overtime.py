"""Worlds over months in which more learning goes with more sales, or seems to: S1 to S3, S9, S10, S13."""

import dataclasses
from collections.abc import Callable

from analytics.associations.engine import estimate, findings
from analytics.associations.engine.analysis import Analysis, analyse
from bench.worlds import naive
from bench.worlds.case import Case, Found, codes, found
from bench.worlds.drawing import Drawn, draw
from bench.worlds.knobs import World
from bench.worlds.panels import of_hours

ABILITY = World(ability_to_learn=0.6, ability_to_sales=2.9, quality_to_sales=2.0)
"""Whoever is able learns more and sells more."""
SIMPSON = World(quality_to_learn=-1.25, quality_to_sales=4.2)
"""Weak partners have their people learn."""


def drawing(world: World) -> Callable[[int, float], Drawn]:
    """Return how a world is drawn with a seed, in a size."""
    return lambda seed, size: draw(dataclasses.replace(world, reps=round(world.reps * size)), seed)


def _same_rep(drawn: Drawn, guard: Callable[[Analysis], bool], *, lag: int = 1) -> Found:
    analysis = analyse(of_hours(drawn), lag=1)
    return found(
        analysis,
        analysis.find(estimate.FIXED_EFFECTS, lag=1),
        truth=drawn.world.effect,
        naive=naive.pooled(drawn, lag),
        kept=guard(analysis),
    )


def ability(drawn: Drawn) -> Found:
    """S1: the same rep's months tell the effect, as grade C, and the report says which of its numbers to read."""
    return _same_rep(drawn, lambda analysis: _headline(analysis) == estimate.FIXED_EFFECTS)


def nothing(drawn: Drawn) -> Found:
    """S2: the report must not say that the same rep sold more."""
    return _same_rep(drawn, lambda analysis: not _seen(analysis))


def wrong_lag(drawn: Drawn) -> Found:
    """S1b: the same month tells nothing; of the lags shown, the right one stands out."""
    analysis = analyse(of_hours(drawn), lag=1)
    strip = {lag: analysis.find(estimate.FIXED_EFFECTS, lag=lag) for lag in range(4)}
    values = {lag: each.value for lag, each in strip.items() if each}
    same_month = values.get(0, float("nan"))
    return found(
        analysis,
        strip[1],
        truth=drawn.world.effect,
        naive=same_month,
        kept=len(values) == 4 and max(values, key=lambda lag: values[lag]) == 1,
    )


def paradox(drawn: Drawn) -> Found:
    """S3: all together point one way, colleagues the other; the report says so, and keeps the former to itself."""

    def says(analysis: Analysis) -> bool:
        turned = findings.SIGN_DIFFERS in codes(analysis)
        return turned and analysis.find(estimate.POOLED) is None

    return _same_rep(drawn, says)


def busy(drawn: Drawn) -> Found:
    """S9: who sold well learns less; the test of sales before learning fires, and nothing above D is said.

    The obvious reading is the same rep over time, without that test.
    """
    analysis = analyse(of_hours(drawn), lag=1)
    same = analysis.find(estimate.FIXED_EFFECTS, lag=1)
    return found(
        analysis,
        same if _headline(analysis) == estimate.FIXED_EFFECTS else None,
        truth=0.0,
        naive=same.value if same else 0.0,
        kept=findings.LEAD in codes(analysis),
    )


def survivors(drawn: Drawn) -> Found:
    """S10: who has many courses is who stayed; leavers are shown."""
    return _same_rep(drawn, lambda analysis: findings.LEAVERS in codes(analysis))


def mergers(drawn: Drawn) -> Found:
    """S13: partners are taken over in the middle; the same rep's months tell the effect as before."""
    return _same_rep(drawn, lambda analysis: _headline(analysis) == estimate.FIXED_EFFECTS)


def _headline(analysis: Analysis) -> str:
    first = analysis.answers[0].headline if analysis.answers else None
    return first.method if first else ""


def _seen(analysis: Analysis) -> bool:
    """Say whether the report tells of the same rep's months that something is there."""
    first = analysis.answers[0] if analysis.answers else None
    return bool(
        first
        and first.headline
        and first.headline.method == estimate.FIXED_EFFECTS
        and first.headline.points
    )


CASES = (
    Case(
        "S1", "Ability makes learn and sell; true effect a month later", "headline is the same rep's",
        drawing(dataclasses.replace(ABILITY, effect=1.0)), ability,
        off=1.0, tolerance=0.01, keeps=0.88, grades="CD",
    ),
    Case(
        "S1b", "The same, read in the same month", "the right lag stands out",
        drawing(dataclasses.replace(ABILITY, effect=1.0)), wrong_lag, off=0.9, tolerance=0.01,
    ),
    Case(
        "S2", "No effect at all", "nothing is said of the same rep",
        drawing(ABILITY), nothing, off=1.0, tolerance=0.01, rejects=0.12, keeps=0.88, grades="CDE",
    ),
    Case(
        "S3", "Weak partners have people learn", "opposite signs are told",
        drawing(dataclasses.replace(SIMPSON, effect=1.0)), paradox, off=1.5, tolerance=0.01,
    ),
    Case(
        "S9", "Who sells well learns less", "the lead test fires",
        drawing(World(busy=0.3)), busy, off=0.05, tolerance=None, coverage=False, grades="DE",
    ),
    Case(
        "S10", "Weak reps leave", "leavers are shown",
        drawing(World(courses=True, ability_to_sales=2.4, attrition=1.0)), survivors,
        off=0.05, tolerance=0.01,
    ),
    Case(
        "S13", "A third of the partners is taken over", "headline is the same rep's",
        drawing(dataclasses.replace(SIMPSON, effect=1.0, mergers=0.34)), mergers,
        off=1.5, tolerance=0.01, keeps=0.88,
    ),
)  # fmt: skip
