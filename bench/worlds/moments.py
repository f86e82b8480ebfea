"""Worlds of one moment: S7, S8, S14, S16."""

import numpy as np
from scipy import stats

from analytics.associations.engine import cells, estimate, findings
from analytics.associations.engine.analysis import analyse
from analytics.associations.engine.corrections import LEVEL
from bench.worlds import cross
from bench.worlds.case import Case, Found, codes, found
from bench.worlds.cross import Moment
from bench.worlds.panels import of_moment


def nothing(moment: Moment) -> Found:
    """S7: two hundred cells of nothing; after the correction none is marked. `p` is the smallest q of the grid."""
    found = cells.marked(
        {
            (one, other): cells.cell(x, y, moment.partner)
            for one, x in moment.learning.items()
            for other, y in moment.sales.items()
        }
    )
    plain = [
        stats.spearmanr(x, y).pvalue
        for x in moment.learning.values()
        for y in moment.sales.values()
    ]
    return Found(
        truth=0.0,
        naive=float(np.sum(np.array(plain) < LEVEL)),
        p=min(each.q for each in found.values() if each.q is not None),
        kept=all(each.q is not None for each in found.values()),
    )


def too_easy(moment: Moment) -> Found:
    """S8: who has everything right can't have more; the report says that the figure is too small for it."""
    analysis = analyse(of_moment(moment))
    pearson = analysis.find(estimate.PEARSON)
    return found(
        analysis,
        analysis.find(estimate.POOLED),
        truth=moment.truth,
        naive=pearson.value if pearson else float("nan"),
        kept=findings.CEILING in codes(analysis),
    )


def one_deal(moment: Moment) -> Found:
    """S14: one deal turns the straight line; ranks stay as they are."""
    analysis = analyse(of_moment(moment))
    x, y = next(iter(moment.learning.values())), next(iter(moment.sales.values()))
    return found(
        analysis,
        analysis.find(estimate.POOLED),
        truth=moment.truth,
        naive=float(stats.pearsonr(x, y).statistic),
        kept=findings.ONE_WHALE in codes(analysis),
    )


def raters(moment: Moment) -> Found:
    """S16: mild trainers sit where little is sold; colleagues of one trainer tell the truth."""
    analysis = analyse(of_moment(moment))
    x, y = next(iter(moment.learning.values())), next(iter(moment.sales.values()))
    return found(
        analysis,
        analysis.find(estimate.SLOPE_WITHIN),
        truth=moment.truth,
        naive=float(np.polyfit(x, y, 1)[0]),
        kept=findings.SIGN_DIFFERS in codes(analysis),
    )


def _reps(usual: int, size: float) -> int:
    return round(usual * size)


CASES = (
    Case(
        "S7", "Two hundred cells of nothing, 300 reps", "every cell is tested, and luck is told",
        lambda seed, size: cross.luck(seed, reps=_reps(300, size)), nothing,
        off=5.0, tolerance=None, coverage=False, rejects=0.08,
    ),
    Case(
        "S8", "The quiz is too easy: a fifth has everything right", "the ceiling is told",
        lambda seed, size: cross.ceiling(seed, reps=_reps(600, size)), too_easy,
        off=0.01, tolerance=0.05, coverage=False,
    ),
    Case(
        "S14", "One deal a thousand times as large", "the whale is told",
        lambda seed, size: cross.whale(seed, reps=_reps(300, size)), one_deal,
        off=0.15, tolerance=0.03, coverage=False,
    ),
    Case(
        "S16", "Each partner's own trainer rates", "opposite signs are told",
        lambda seed, size: cross.leniency(seed, reps=_reps(600, size)), raters,
        off=1.5, tolerance=0.02,
    ),
)  # fmt: skip
