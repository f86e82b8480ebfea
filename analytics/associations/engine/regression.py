"""Least squares with fixed effects taken out, and errors that hang together within groups. Pure.

What is taken out: `diff_diff.utils.demean_by_groups`; coefficients: `statsmodels` OLS; errors: `diff_diff.linalg`
(CRV1, HC1, as fixest counts freedom) and, of few groups, CRV3: what is left when each group is left out in turn.
"""

import dataclasses
import math
import warnings
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from diff_diff import linalg, utils
from scipy import stats
from statsmodels.regression.linear_model import OLS
from statsmodels.tools.sm_exceptions import SingularMatrixWarning

from analytics.associations.engine import power
from analytics.associations.engine.correlation import Floats
from analytics.associations.engine.estimate import Estimate

NORMAL, HC1, CRV1, CRV3 = "normal", "HC1", "CRV1", "CRV3"
FEW = 30
"""With fewer groups than this CRV1 is too sure of itself: CRV3 instead."""

LEVEL = 0.95
_NOTHING = 1e-9
"""What is left of a column's length when it says nothing that the fixed effects don't say."""


@dataclasses.dataclass(frozen=True)
class Fit:
    """One coefficient with what can be said of it."""

    value: float
    se: float
    low: float
    high: float
    p: float
    errors: str
    rows: int


@dataclasses.dataclass(frozen=True)
class _Design:
    y: Floats
    x: Floats
    data: pd.DataFrame
    absorbed: tuple[str, ...]


def choose(groups: int | None) -> str:
    """Return the errors for so many groups; None is rows that have nothing to do with each other."""
    if groups is None or groups < 2:
        return HC1
    return CRV3 if groups < FEW else CRV1


def fit(
    data: pd.DataFrame,
    y: str,
    x: Sequence[str],
    *,
    absorbed: Sequence[str] = (),
    groups: str | None = None,
    errors: str = "",
) -> dict[str, Fit] | None:
    """Regress column y on the columns x (and a constant); None where they don't tell anything apart.

    `absorbed` are columns of which each value has a constant of its own.
    """
    sizes = _sizes(data, [y, *x]) if absorbed else {}
    design = _design(data, y, x, absorbed, sizes)
    if design is None:
        return None
    count = data[groups].nunique() if groups else None
    errors = errors or choose(count)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", UserWarning)
            warnings.simplefilter("error", SingularMatrixWarning)
            result = OLS(design.y, design.x).fit()
            se, freedom = _errors(design, np.asarray(result.params), groups, errors)
    except (UserWarning, SingularMatrixWarning):  # nearly collinear: the libraries say so
        return None
    if not np.isfinite(se).all():
        return None
    first = 0 if absorbed else 1
    found = {}
    for n, name in enumerate(x):
        unit = sizes[y] / sizes[name] if sizes else 1.0
        value, error = float(result.params[first + n]) * unit, float(se[first + n]) * unit
        found[name] = told(value, error, freedom, errors, len(data))
    if not absorbed:
        found["const"] = told(float(result.params[0]), float(se[0]), freedom, errors, len(data))
    return found


def told(value: float, se: float, freedom: float, errors: str, rows: int) -> Fit:
    """Return a value with its interval by the t distribution."""
    wide = float(stats.t.ppf(0.5 + LEVEL / 2, freedom)) * se
    p = float(2 * stats.t.sf(abs(value) / se, freedom)) if se > 0 else float("nan")
    return Fit(value, se, value - wide, value + wide, p, errors, rows)


def estimated(fit: Fit, **about: Any) -> Estimate:
    """Return a coefficient as an estimate; `about` says what it is and what it stands on."""
    return Estimate(
        value=fit.value,
        se=fit.se,
        low=fit.low,
        high=fit.high,
        p=fit.p,
        errors=fit.errors,
        n_rows=fit.rows,
        smallest=power.SEEN * fit.se,
        **about,
    )


def _sizes(data: pd.DataFrame, columns: Sequence[str]) -> dict[str, float]:
    """Return the power of two that each column is about as large as: to divide by it loses no digit.

    What is taken out is sought until less than a fixed amount changes: amounts of money would never be so exact.
    """
    most = {name: float(data[name].abs().max()) if len(data) else 0.0 for name in columns}
    return {name: 2.0 ** math.frexp(each)[1] if each > 0 else 1.0 for name, each in most.items()}


def _design(
    data: pd.DataFrame,
    y: str,
    x: Sequence[str],
    absorbed: Sequence[str],
    sizes: Mapping[str, float],
) -> _Design | None:
    columns = list(dict.fromkeys([y, *x]))
    values = data[columns].astype("float64")
    if absorbed:
        values = values / pd.Series(sizes)[columns]
        frame = pd.concat([values, data[list(absorbed)]], axis=1)
        taken, _ = utils.demean_by_groups(frame, columns, list(absorbed))
        del frame
        if any(_is_gone(taken[name], values[name]) for name in columns):
            return None
        matrix = taken[list(x)].to_numpy()
        values = taken
    else:
        matrix = np.column_stack([np.ones(len(data)), values[list(x)].to_numpy()])
    if len(data) <= matrix.shape[1] + 1 or np.linalg.matrix_rank(_even(matrix)) < matrix.shape[1]:
        return None
    return _Design(values[y].to_numpy(), matrix, data, tuple(absorbed))


def _is_gone(left: "pd.Series[float]", before: "pd.Series[float]") -> bool:
    """Say whether what is left of a column says nothing that the fixed effects don't say."""
    length = float(np.linalg.norm(before - before.mean()))
    return float(np.linalg.norm(left)) <= _NOTHING * length


def _even(matrix: Floats) -> Floats:
    """Return columns of one length, so that the rank doesn't hang on units."""
    length = np.linalg.norm(matrix, axis=0)
    return np.asarray(matrix / np.where(length > 0, length, 1.0))


def _errors(
    design: _Design, params: Floats, groups: str | None, errors: str
) -> tuple[Floats, float]:
    """Return a standard error for each coefficient, and the degrees of freedom of their t."""
    absorbed = list(design.absorbed)
    rank = utils.absorbed_fe_rank(design.data, absorbed, has_intercept_col=False) if absorbed else 0
    rows, columns = design.x.shape
    freedom = rows - columns - rank
    residuals = design.y - design.x @ params
    if errors == CRV3 and groups:
        return _left_out(design, params, groups)
    if errors == CRV1 and groups:
        ids = design.data[groups].to_numpy()
        more = utils.absorbed_fe_cr1_k_increment(
            design.data, absorbed, ids, has_intercept_col=not absorbed
        )
        cov = linalg.compute_robust_vcov(
            design.x, residuals, cluster_ids=ids, cluster_k_adjustment=more
        )
        return _root(np.diag(cov)), len(np.unique(ids)) - 1
    if freedom < 1:
        return np.full(columns, np.nan), 1
    kind = "classical" if errors == NORMAL else "hc1"
    cov = linalg.compute_robust_vcov(design.x, residuals, vcov_type=kind)
    return _root(np.diag(cov) * (rows - columns) / freedom), freedom


def _root(variances: Floats) -> Floats:
    """Return errors; what rounding left of a variance below nothing is none."""
    return np.sqrt(np.where(variances >= 0, variances, np.nan))


def _left_out(design: _Design, params: Floats, groups: str) -> tuple[Floats, float]:
    """Return the jackknife's errors: each group is left out once, the fixed effects taken out anew."""
    ids = design.data[groups].to_numpy()
    every = np.unique(ids)
    spread = np.zeros(len(params))
    if not design.absorbed:
        for each in every:
            kept = ids != each
            found = np.linalg.lstsq(design.x[kept], design.y[kept], rcond=None)[0]
            spread += (found - params) ** 2
        return np.sqrt(spread * (len(every) - 1) / len(every)), len(every) - 1
    names = [f"x{n}" for n in range(len(params))]
    frame = pd.DataFrame(design.x, columns=names).assign(y=design.y)
    for name in design.absorbed:
        frame[name] = design.data[name].to_numpy()
    for each in every:
        kept = frame[ids != each].reset_index(drop=True)
        taken, _ = utils.demean_by_groups(kept, ["y", *names], list(design.absorbed))
        found = np.linalg.lstsq(taken[names].to_numpy(), taken["y"].to_numpy(), rcond=None)[0]
        spread += (found - params) ** 2
    return np.sqrt(spread * (len(every) - 1) / len(every)), len(every) - 1
