"""Panels with a known truth for tests of the engine: 600 reps, 30 partners, 18 months unless said."""

import numpy as np
import pandas as pd

from analytics.associations.engine.panel import Panel

REPS, PARTNERS, MONTHS = 600, 30, 18


def frame(seed: int, partners: int = PARTNERS, reps: int = REPS) -> pd.DataFrame:
    """Return reps by months in partners, with what each rep is able to."""
    rng = np.random.default_rng(seed)
    rep, month = np.repeat(np.arange(reps), MONTHS), np.tile(np.arange(MONTHS), reps)
    return pd.DataFrame(
        {"rep": rep, "month": month, "partner": rep % partners, "able": rng.normal(size=reps)[rep]}
    )


def noise(
    seed: int, rows: int, size: float = 3.0
) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    """Return what nobody can explain."""
    return np.random.default_rng(1000 + seed).normal(size=rows) * size


def learnt(seed: int, effect: float = 1.0, lag: int = 1) -> pd.DataFrame:
    """Able reps learn more and sell more; learning also counts, a lag later."""
    data = frame(seed)
    data["learning"] = data["able"] + noise(seed + 50, len(data), 1.0)
    before = data.groupby("rep")["learning"].shift(lag).fillna(0)
    data["sales"] = effect * before + 3 * data["able"] + noise(seed, len(data))
    return data


def staggered(seed: int) -> tuple[pd.DataFrame, float]:
    """A course at several times, whose effect grows: the panel, and the mean effect after it."""
    data = frame(seed)
    rng = np.random.default_rng(seed)
    first = rng.choice([5, 8, 11, 14, 0], p=[0.25, 0.25, 0.25, 0.2, 0.05], size=REPS)[data["rep"]]
    since = data["month"] - first
    effect = np.where((first > 0) & (since >= 0), 1 + 0.5 * since * (1 + (first == 5)), 0.0)
    data["first"] = first
    data["sales"] = effect + data["able"] + 0.3 * data["month"] + noise(seed, len(data))
    return data, float(effect[(first > 0) & (since >= 0)].mean())


def panel(
    data: pd.DataFrame, *, learning: tuple[str, ...] = ("learning",), **named: object
) -> Panel:
    """Return the panel of a frame made here."""
    return Panel.of(
        data,
        unit="rep",
        group="partner",
        time="month",
        learning=learning,
        sales=("sales",),
        **named,
    )


def dipped(seed: int) -> pd.DataFrame:
    """Most of those who had a bad month are sent to a course that does nothing."""
    data = frame(seed)
    data["sales"] = data["able"] + noise(seed, len(data))
    sent = np.random.default_rng(seed).random(len(data)) < 0.6
    bad = data[(data["sales"] < -4) & (data["month"] >= 4) & sent].groupby("rep")["month"].min()
    data["first"] = data["rep"].map(bad + 1).fillna(0)
    return data
