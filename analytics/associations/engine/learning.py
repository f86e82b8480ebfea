"""One learning column against one sales column: everything that can be computed, and its doubts. Pure."""

import dataclasses

from analytics.associations import measures, steps
from analytics.associations.engine import (
    cells,
    estimate,
    findings,
    fixed,
    grading,
    power,
    ranks,
    slopes,
    weighting,
    yesno,
)
from analytics.associations.engine.aligned import Pair, X, Y, groups_of, pair
from analytics.associations.engine.answer import Part
from analytics.associations.engine.estimate import Estimate
from analytics.associations.engine.findings import Finding, refusal, warning
from analytics.associations.engine.panel import Panel

_LOUDER, _LOUD = 1.5, 2.5
"""Another lag is told where its t is so many times that of the one asked for, and at least so large."""


def against(
    panel: Panel,
    learning: str,
    sales: str,
    *,
    lag: int,
    seed: int,
    draws: int,
    tell: steps.Tell = steps.nobody,
) -> Part:
    """Return the part of this pair."""
    tell(steps.LOOKING)
    once = panel.at_once
    at = dataclasses.replace(pair(once, learning, sales, lag), lag=lag)
    doubts = [each for each in once.findings if each.about in {learning, sales}]
    found: list[Estimate] = []
    if len(at.units) < 3 or at.units[X].nunique() < 2 or at.units[Y].nunique() < 2:
        doubts.append(refusal(findings.NO_VARIATION, learning))
    else:
        found, more = _units(at, seed, draws)
        doubts += more
    if panel.timed:
        tell(steps.OVER_TIME)
        over, more = _over_time(panel, learning, sales, lag)
        found += over
        # Of too few units nothing is told, not even that it is doubtful.
        doubts += more if len(at.units) >= grading.LEAST_UNITS else []
    if len(at.units) < grading.LEAST_UNITS:
        doubts.append(
            refusal(findings.FEW_UNITS, learning, units=len(at.units), least=grading.LEAST_UNITS)
        )
    # Of a single one the panel says so itself.
    if panel.grouped and 1 < at.groups < measures.LEAST_CLUSTERS:
        doubts.append(
            warning(findings.FEW_GROUPS, learning, groups=at.groups, least=measures.LEAST_CLUSTERS)
        )
    part = Part(
        learning, sales, tuple(found), tuple(doubts), len(at.units), at.groups, panel.grouped
    )
    return dataclasses.replace(part, findings=(*part.findings, *_signs(part)))


def _units(at: Pair, seed: int, draws: int) -> tuple[list[Estimate], list[Finding]]:
    """Return what is told of units at one time, or of their means."""
    found = ranks.rank_correlations(at, seed=seed, draws=draws)
    p = cells.cell(at.units[X].to_numpy(), at.units[Y].to_numpy(), groups_of(at)).p
    found = [dataclasses.replace(each, p=p) if n == 0 else each for n, each in enumerate(found)]
    found += ranks.others(at) + slopes.slopes(at) + yesno.odds(at)
    if not yesno.binary(at.units[X]):
        return found, []
    plain = next((each for each in found if each.method == estimate.SLOPE), None)
    if plain:
        found.append(_named(plain, estimate.DIFFERENCE, estimate.SALES))
    if not at.controls:
        return found, []
    controls = dict(zip(at.controls, at.called, strict=True))
    more, doubts = weighting.weighted(at.units, controls, at.cluster, (at.learning, at.sales))
    return found + more, doubts


def _named(told: Estimate, method: str, unit: str) -> Estimate:
    return dataclasses.replace(told, method=method, unit_of_measure=unit)


def _over_time(
    panel: Panel, learning: str, sales: str, lag: int
) -> tuple[list[Estimate], list[Finding]]:
    """Return the same unit over time at every lag, the lead test, and what they make doubtful."""
    if panel.times < fixed.LEAST_TIMES:
        return [], [warning(findings.FEW_TIMES, learning, times=panel.times)]
    strip = fixed.strip(panel, learning, sales, lag)
    if not strip or strip[0].lag != lag:
        return [], []
    doubts = _few_times(strip[0], panel) + _other_lag(strip)
    lead = fixed.lead(panel, learning, sales, lag)
    if lead is None:
        return strip, [*doubts, warning(findings.LEAD_UNKNOWN, learning)]
    if lead.p is not None and lead.p <= power.LEVEL:
        doubts.append(warning(findings.LEAD, learning, p=lead.p))
    return [*strip, lead], doubts


def _few_times(same: Estimate, panel: Panel) -> list[Finding]:
    """Say that too few units, of too few groups, have several times: of the others nothing is seen.

    Not where there are too few groups at all: that is said otherwise, and more times wouldn't help.
    """
    few = same.n_units < grading.LEAST_UNITS
    least = grading.LEAST_GROUPS
    if few or (panel.grouped and same.n_groups < least <= panel.at_once.groups):
        return [warning(findings.FEW_TIMES, same.learning, times=same.n_rows / same.n_units)]
    return []


def _other_lag(strip: list[Estimate]) -> list[Finding]:
    strength = [abs(each.value / each.se) if each.se else 0.0 for each in strip]
    loudest = max(range(len(strip)), key=lambda n: strength[n])
    if loudest and strength[loudest] > max(_LOUD, _LOUDER * strength[0]):
        return [
            warning(
                findings.OTHER_LAG, strip[0].learning, lag=strip[loudest].lag, asked=strip[0].lag
            )
        ]
    return []


_PAIRS = (
    (findings.SIGN_DIFFERS, estimate.POOLED, estimate.WITHIN),
    (findings.SIGN_DIFFERS, estimate.ODDS, estimate.COMMON_ODDS),
    (findings.SIGN_DIFFERS, estimate.SLOPE, estimate.FIXED_EFFECTS),
    (findings.SIGN_ADJUSTED, estimate.SLOPE_WITHIN, estimate.SLOPE_WITHIN_ADJUSTED),
    (findings.SIGN_ADJUSTED, estimate.SLOPE, estimate.SLOPE_ADJUSTED),
    (findings.SIGN_ADJUSTED, estimate.DIFFERENCE, estimate.AIPW),
)


def _signs(part: Part) -> list[Finding]:
    """Say where a number turns round when like is compared with like."""
    found: dict[str, Finding] = {}
    held = part.withheld()
    for code, raw, fair in _PAIRS:
        one, other = part.find(raw), part.find(fair)
        if fair in held and code == findings.SIGN_ADJUSTED:
            continue
        surely = fair == estimate.FIXED_EFFECTS
        if one and other and turned(one, other, surely=surely) and code not in found:
            found[code] = warning(code, part.learning, raw=raw, fair=fair)
    return list(found.values())


def turned(one: Estimate, other: Estimate, *, surely: bool = False) -> bool:
    """Say whether two numbers point to two sides, at least one of them (or, `surely`, both) beyond doubt."""
    nothing = 1.0 if one.unit_of_measure == estimate.RATIO else 0.0
    opposite = (one.value - nothing) * (other.value - nothing) < 0
    known = (one.points != 0) + (other.points != 0)
    return opposite and known >= (2 if surely else 1)
