"""What is left out of a table of figures before anything is computed, and how that is told. Pure.

Nothing is filled in and nothing is guessed: a row or a figure that can't be used is counted and left out.
"""

import numpy as np
import pandas as pd

from analytics.associations.engine import findings
from analytics.associations.engine.findings import Finding, refusal, warning

UNIT, GROUP, TIME, TREATED = "_unit", "_group", "_time", "_treated"
"""Names of the frame's own columns; those of learning, sales and controls keep the names they were given."""

_CURRENCY = "_currency"

MUCH = 0.5
"""A figure that lacks in so many of the rows is doubted."""

WHALE = 0.5
"""One unit that has more than this share of all sales decides every mean."""

WHALE_AMONG = 30
"""Among fewer nothing is told of any of them."""

CEILING_VALUES, CEILING_SOME, CEILING_MOST = 10, 0.15, 0.5
"""Of so many different values: the share at the highest from which it is told, and from which nothing is."""


class Table:
    """A frame on its way to a panel; every step leaves something out and says so in `findings`."""

    def __init__(
        self,
        frame: pd.DataFrame,
        learning: tuple[str, ...],
        sales: tuple[str, ...],
        controls: tuple[str, ...],
    ) -> None:
        self._raw = frame
        self.learning, self.sales, self.controls = learning, sales, controls
        self.findings: list[Finding] = []
        self.frame = pd.DataFrame(index=range(len(frame)))
        self._moments: list[str] = []

    def name(self, **columns: str | None) -> None:
        """Take the columns that were named; leave out rows whose unit, group or time is missing."""
        taken: dict[str, object] = {}
        for own, column in columns.items():
            if column is not None:
                taken[f"_{own}"] = self._raw[column].to_numpy()
        for column in self._figures:
            if column in {UNIT, GROUP, TIME, TREATED, _CURRENCY}:
                raise ValueError(f"A column of figures can't be called {column!r}.")
            taken[column] = self._raw[column].to_numpy()
        self.frame = pd.DataFrame(taken)
        if UNIT not in taken:
            self.frame[UNIT] = np.arange(len(self.frame))
        self._moments = [UNIT] + [TIME] * (TIME in taken)
        keys = [key for key in (*self._moments, GROUP) if key in self.frame]
        self._leave_out(self.frame[keys].isna().any(axis=1), findings.KEY_MISSING)

    @property
    def _figures(self) -> list[str]:
        return list(dict.fromkeys((*self.learning, *self.sales, *self.controls)))

    def _leave_out(self, which: "pd.Series[bool]", code: str, about: str = "") -> None:
        rows = int(which.sum())
        if rows:
            self.findings.append(warning(code, about, rows=rows))
            self.frame = self.frame[~which].reset_index(drop=True)

    def one_currency(self) -> None:
        """Keep the most frequent currency: amounts of two can't be added."""
        column = _CURRENCY
        if column not in self.frame or not len(self.frame):
            return
        kept = self.frame[column].value_counts().sort_index(kind="stable").idxmax()
        self._leave_out(self.frame[column] != kept, findings.CURRENCIES, str(kept))

    def without_future(self, now: int | None) -> None:
        """Leave out what lies in the future."""
        if now is not None and TIME in self.frame:
            self._leave_out(self.frame[TIME] > now, findings.FUTURE)

    def once_a_time(self) -> None:
        """Count a row that stands twice once; where two differ, nobody knows which is right: both go."""
        if not self.frame.duplicated(self._moments).any():
            return
        self._leave_out(self.frame.duplicated(), findings.TWICE)
        self._leave_out(self.frame.duplicated(self._moments, keep=False), findings.TWICE_OTHERWISE)

    def finite(self) -> None:
        """Make every figure a number or missing; count what is infinite, and where much is missing."""
        for column in self._figures:
            values = self.frame[column].astype("float64")
            infinite = np.isinf(values)
            if infinite.any():
                self.findings.append(warning(findings.INFINITE, column, rows=int(infinite.sum())))
            self.frame[column] = values.mask(infinite)
            missing = int(self.frame[column].isna().sum())
            if missing:
                share = missing / len(self.frame)
                code = findings.MUCH_MISSING if share >= MUCH else findings.MISSING
                self.findings.append(warning(code, column, rows=missing, share=share))

    def by_treatment(self) -> None:
        """Make of `treated` the first treated time of each unit; who has several goes."""
        column = TREATED
        if column not in self.frame:
            return
        values = self.frame[column].astype("float64").replace([np.inf, -np.inf], np.nan)
        if not self._timed:
            self._leave_out(values.isna(), findings.TREATED_MISSING)
            self.frame[column] = (self.frame[column].astype("float64") > 0).astype("float64")
            return
        times = self.frame[TIME]
        units = self.frame[UNIT]
        changes = bool((values.groupby(units).transform("nunique") > 1).any())
        if set(values.dropna().unique()) <= {0.0, 1.0} and (changes or not times.isin([1]).any()):
            values = self._since_first(values == 1)
        self.frame[column] = values.mask(values == 0)
        held = self.frame[column].fillna(-np.inf).groupby(self.frame[UNIT])
        several = held.transform("nunique") > 1
        self._leave_out(several, findings.TREATED_VARIES)

    @property
    def _timed(self) -> bool:
        return TIME in self.frame

    def _since_first(self, treated: "pd.Series[bool]") -> "pd.Series[float]":
        """Return when a unit was first treated; where units don't stand twice, when its group was."""
        holder = UNIT
        if GROUP in self.frame and not self.frame[holder].duplicated().any():
            holder = GROUP
        when = self.frame[TIME].astype("float64").where(treated)
        first: pd.Series[float] = when.groupby(self.frame[holder]).transform("min")
        return first

    def constant(self) -> None:
        """Say which figures are the same everywhere; a control of that kind goes."""
        for column in (*self.learning, *self.sales):
            values = self.frame[column].dropna()
            if values.nunique() <= 1:
                self.findings.append(refusal(findings.CONSTANT, column))
            elif column in self.learning:
                self._ceiling(column, values)
        kept = [each for each in self.controls if self.frame[each].dropna().nunique() > 1]
        for column in self.controls:
            if column not in kept:
                self.findings.append(warning(findings.CONSTANT_CONTROL, column))
        self.controls = tuple(kept)
        for column in self.sales:
            self._whale(column)
        if GROUP in self.frame and self.frame[GROUP].nunique() == 1:
            self.findings.append(warning(findings.ONE_GROUP))

    def _ceiling(self, column: str, values: "pd.Series[float]") -> None:
        at = float((values == values.max()).mean())
        if values.nunique() >= CEILING_VALUES and at > CEILING_SOME:
            tell = refusal if at > CEILING_MOST else warning
            self.findings.append(tell(findings.CEILING, column, share=at))

    def _whale(self, column: str) -> None:
        sums = self.frame.groupby(UNIT)[column].sum()
        if len(sums) >= WHALE_AMONG and sums.min() >= 0 and sums.max() > WHALE * sums.sum() > 0:
            self.findings.append(
                warning(findings.ONE_WHALE, column, share=float(sums.max() / sums.sum()))
            )

    def numbered(self) -> pd.DataFrame:
        """Return the frame with units and groups as numbers."""
        frame = self.frame.drop(columns=_CURRENCY, errors="ignore")
        units = pd.factorize(frame[UNIT], sort=True)[0]
        groups = pd.factorize(frame[GROUP], sort=True)[0] if GROUP in frame else units
        own = {UNIT: units, GROUP: groups}
        if self._timed:
            own[TIME] = frame[TIME].astype("int64").to_numpy()
        if TREATED in frame:
            own[TREATED] = frame[TREATED].to_numpy()
        return pd.DataFrame({**own, **{each: frame[each].to_numpy() for each in self._figures}})
