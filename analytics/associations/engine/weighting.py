"""Those with and without something, weighted until they are alike in what is known of them. Pure.

Computed by statsmodels' `TreatmentEffect` (as Stata's teffects): regression adjustment, inverse weights, and both.
Where the two kinds don't overlap, weights stand on few people, and nothing is told.
"""

import dataclasses
import warnings

import numpy as np
import pandas as pd
from scipy import stats
from statsmodels.discrete.discrete_model import Probit
from statsmodels.regression.linear_model import OLS
from statsmodels.tools.sm_exceptions import PerfectSeparationError
from statsmodels.treatment.treatment_effects import TreatmentEffect

from analytics.associations.engine import estimate, findings, power, regression
from analytics.associations.engine.correlation import Floats
from analytics.associations.engine.estimate import Estimate
from analytics.associations.engine.findings import Finding, refusal, warning

METHODS = (estimate.RA, estimate.IPW, estimate.AIPW, estimate.IPW_RA)
LEAST_ALIKE, LEAST_SHARE = 30, 0.1
"""Weights must be worth so many people on each side, and so much of each side."""
BALANCED, UNBALANCED = 0.1, 0.25
"""Standardised differences after weighting: alike up to the first, not to be told above the second."""
_SIX = 6
"""statsmodels 0.15.0 takes the last six parameters for those of the selection: with others IPW-RA is wrong."""
_FAILS = (ValueError, np.linalg.LinAlgError, PerfectSeparationError, FloatingPointError)


@dataclasses.dataclass(frozen=True)
class Overlap:
    """How alike the two kinds are."""

    lowest: float
    highest: float
    worth: tuple[float, float]
    """Of how many people the weights of those without and of those with are worth."""
    share: tuple[float, float]
    before: dict[str, float]
    after: dict[str, float]

    @property
    def poor(self) -> bool:
        """Whether the weights stand on too few, or leave too much."""
        return (
            min(self.worth) < LEAST_ALIKE
            or min(self.share) < LEAST_SHARE
            or max(self.after.values(), default=0.0) > UNBALANCED
        )

    def told(self) -> dict[str, object]:
        """Return it as JSON keeps it."""
        return dataclasses.asdict(self)


def effects(
    y: Floats, treated: Floats, outcome: Floats, selection: Floats, *, link: type = Probit
) -> tuple[dict[str, tuple[float, float]], Floats]:
    """Return mean difference and error by each method, and how likely each was treated.

    `outcome` and `selection` are the columns (with a constant) that explain sales and who is treated.
    """
    treated = treated.astype(int)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        chosen = link(treated, selection).fit(disp=0, maxiter=200)
        model = TreatmentEffect(OLS(y, outcome), treated, results_select=chosen)
        found = {}
        for method in METHODS:
            if method == estimate.IPW_RA and selection.shape[1] != _SIX:
                continue
            result = getattr(model, method)(return_results=True, disp=False)
            found[method] = (float(result.results_gmm.params[0]), float(result.results_gmm.bse[0]))
        return found, np.asarray(chosen.predict())


def weighted(
    frame: pd.DataFrame, controls: dict[str, str], cluster: str | None, names: tuple[str, str]
) -> tuple[list[Estimate], list[Finding]]:
    """Return the differences of `y` between those with `x` = 1 and 0, at alike controls (columns by their names)."""
    columns = list(controls)
    matrix = np.column_stack([np.ones(len(frame)), *(_scaled(frame[each]) for each in columns)])
    about = estimate.IPW
    try:
        found, likely = effects(frame["y"].to_numpy(), frame["x"].to_numpy(), matrix, matrix)
    except _FAILS:
        return [], [refusal(findings.OVERLAP, about, worth=0)]
    over = _overlap(frame, likely, controls)
    factor = _design(frame, columns, cluster)
    alike = {"overlap": over.told()}
    told = [
        dataclasses.replace(each, details={**each.details, **alike})
        for each in (
            _told(method, *found[method], frame, cluster, names, factor) for method in found
        )
    ]
    if not all(np.isfinite(each.value) and each.se for each in told) or over.poor:
        return told, [refusal(findings.OVERLAP, about, worth=round(min(over.worth)))]
    worst = max(over.after.values(), default=0.0)
    if worst > BALANCED:
        return told, [warning(findings.BALANCE, about, left=worst)]
    return told, []


def _scaled(values: "pd.Series[float]") -> Floats:
    return np.asarray((values - values.mean()) / (values.std() or 1.0))


def _overlap(frame: pd.DataFrame, likely: Floats, controls: dict[str, str]) -> Overlap:
    with_it = frame["x"].to_numpy() == 1
    likely = np.clip(likely, 1e-9, 1 - 1e-9)
    weights = np.where(with_it, 1 / likely, 1 / (1 - likely))
    worth = [
        float(weights[side].sum() ** 2 / (weights[side] ** 2).sum()) for side in (~with_it, with_it)
    ]
    sizes = [int((~with_it).sum()), int(with_it.sum())]
    even = np.ones(len(frame))
    return Overlap(
        lowest=float(likely.min()),
        highest=float(likely.max()),
        worth=(worth[0], worth[1]),
        share=(worth[0] / sizes[0], worth[1] / sizes[1]),
        before={name: _apart(frame[each], with_it, even) for each, name in controls.items()},
        after={name: _apart(frame[each], with_it, weights) for each, name in controls.items()},
    )


def _apart(
    values: "pd.Series[float]",
    with_it: "np.ndarray[tuple[int], np.dtype[np.bool_]]",
    weights: Floats,
) -> float:
    """Return the difference of the means in standard deviations (of the unweighted)."""
    x = values.to_numpy()
    means = [np.average(x[side], weights=weights[side]) for side in (with_it, ~with_it)]
    spread = np.sqrt((x[with_it].var(ddof=1) + x[~with_it].var(ddof=1)) / 2)
    return float(abs(means[0] - means[1]) / spread) if spread else 0.0


def _design(frame: pd.DataFrame, columns: list[str], cluster: str | None) -> float:
    """Return by how much errors are larger since they hang together within groups (never less than 1)."""
    if cluster is None:
        return 1.0
    alone = regression.fit(frame, "y", ["x", *columns], errors=regression.HC1)
    together = regression.fit(frame, "y", ["x", *columns], groups=cluster)
    return max(1.0, together["x"].se / alone["x"].se) if alone and together else 1.0


def _told(
    method: str,
    value: float,
    se: float,
    frame: pd.DataFrame,
    cluster: str | None,
    names: tuple[str, str],
    factor: float,
) -> Estimate:
    wide = float(stats.norm.ppf(0.975)) * se * factor
    return Estimate(
        method=method,
        learning=names[0],
        sales=names[1],
        value=value,
        se=se * factor,
        low=value - wide,
        high=value + wide,
        p=float(2 * stats.norm.sf(abs(value) / (se * factor))) if se else None,
        n_rows=len(frame),
        n_units=len(frame),
        n_groups=int(frame[cluster].nunique()) if cluster else len(frame),
        unit_of_measure=estimate.SALES,
        errors="GMM by groups" if cluster else "GMM",
        smallest=power.SEEN * se * factor,
        details={"with": int(frame["x"].sum()), "design": factor},
    )


__all__ = ["Overlap", "Probit", "effects", "weighted"]
