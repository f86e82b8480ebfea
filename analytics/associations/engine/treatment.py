"""A course, a programme or a launch against one sales column. Pure."""

import dataclasses

from analytics.associations import steps
from analytics.associations.engine import (
    dips,
    estimate,
    findings,
    grading,
    launches,
    regression,
    slopes,
    staggered,
    weighting,
    yesno,
)
from analytics.associations.engine.aligned import X, pair
from analytics.associations.engine.answer import Part
from analytics.associations.engine.cleaning import TREATED, UNIT
from analytics.associations.engine.estimate import Estimate
from analytics.associations.engine.findings import Finding, refusal, warning
from analytics.associations.engine.learning import turned
from analytics.associations.engine.panel import Panel

NAME = "treated"


def against(panel: Panel, sales: str, tell: steps.Tell = steps.nobody) -> Part:
    """Return the part of the treatment and this sales column."""
    tell(steps.STUDYING)
    doubts = [each for each in panel.findings if each.about in {NAME, sales}]
    found, more = _over_time(panel, sales, tell) if panel.timed else _at_once(panel, sales)
    doubts += more
    if panel.units < grading.LEAST_UNITS:
        doubts.append(
            refusal(findings.FEW_UNITS, NAME, units=panel.units, least=grading.LEAST_UNITS)
        )
    return Part(NAME, sales, tuple(found), tuple(doubts), panel.units, panel.groups, panel.grouped)


def _over_time(panel: Panel, sales: str, tell: steps.Tell) -> tuple[list[Estimate], list[Finding]]:
    launch, doubts = launches.launch(panel, sales)
    if not panel.frame[UNIT].duplicated().any():
        doubts.append(warning(findings.NO_PRE_TREND, estimate.DID))
        return launch, doubts + _few_launched(panel, launch)
    study = staggered.study(panel, sales, tell=tell)
    found = [*([study.overall] if study.overall else []), *study.times, *launch]
    after = dips.dip_matched(panel, sales) if study.refused else None
    if after:
        found.append(after)
        if after.details["stretched"]:
            doubts.append(warning(findings.STRETCHED, estimate.DIP_MATCHED))
    return found, [*doubts, *study.findings]


def _few_launched(panel: Panel, launch: list[Estimate]) -> list[Finding]:
    """Say where too few groups launched; of a panel the event study says it."""
    least = staggered.LEAST_GROUPS
    for each in launch:
        groups = int(each.details["treated_groups"])
        if panel.grouped and groups < least:
            return [refusal(findings.FEW_TREATED_GROUPS, each.method, groups=groups, least=least)]
    return []


def _at_once(panel: Panel, sales: str) -> tuple[list[Estimate], list[Finding]]:
    """Compare those with and without a treatment at one time, as they are and weighted."""
    at = pair(panel, TREATED, sales, 0)
    units = at.units
    sizes = units[X].value_counts()
    few = int(min(sizes.get(0.0, 0), sizes.get(1.0, 0)))
    if few < staggered.LEAST_UNITS or not yesno.binary(units[X]):
        return [], [refusal(findings.FEW_TREATED, NAME, units=few, least=staggered.LEAST_UNITS)]
    plain = regression.fit(units, "y", [X], groups=at.cluster)
    found = []
    if plain:
        told = slopes.told(at, estimate.DIFFERENCE, plain[X], estimate.SALES)
        found.append(dataclasses.replace(told, learning=NAME))
    if not at.controls:
        return found, []
    names = dict(zip(at.controls, panel.controls, strict=True))
    more, doubts = weighting.weighted(units, names, at.cluster, (NAME, sales))
    weighted = next((each for each in more if each.method == estimate.AIPW), None)
    refused = any(each.kind == findings.REFUSAL for each in doubts)
    if found and weighted and not refused and turned(found[0], weighted):
        doubts.append(
            warning(findings.SIGN_ADJUSTED, NAME, raw=estimate.DIFFERENCE, fair=estimate.AIPW)
        )
    return found + more, doubts
