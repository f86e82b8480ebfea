"""What the engine has to say besides numbers: a code and its values. `words` makes sentences of them. Pure."""

import dataclasses
from typing import Any

WARNING, REFUSAL = "warning", "refusal"

# What was left out of the rows, before anything was computed.
MISSING, INFINITE, FUTURE = "missing", "infinite", "future"
TWICE, TWICE_OTHERWISE = "twice", "twice_otherwise"
TREATED_VARIES, TREATED_MISSING = "treated_varies", "treated_missing"
KEY_MISSING, CURRENCIES = "key_missing", "currencies"
CONSTANT, CONSTANT_CONTROL, ONE_GROUP = "constant", "constant_control", "one_group"
MUCH_MISSING, ALWAYS_TREATED = "much_missing", "always_treated"

# Doubts that are told beside a number.
SIGN_DIFFERS, SIGN_ADJUSTED = "sign_differs", "sign_adjusted"
FEW_GROUPS, FEW_TIMES = "few_groups", "few_times"
LEAD, LEAD_UNKNOWN, OTHER_LAG = "lead", "lead_unknown", "other_lag"
ONE_WHALE, CEILING = "one_whale", "ceiling"
LEAVERS, LEAVERS_TREATED = "leavers", "leavers_treated"
PRE_TREND_POWER, NO_PRE_TREND, NOT_ROBUST = "pre_trend_power", "no_pre_trend", "not_robust"
NO_COMPARISON, BY_LUCK, BALANCE = "no_comparison", "by_luck", "balance"
STRETCHED, NO_SENSITIVITY = "stretched", "no_sensitivity"

# Why a number is not told.
FEW_UNITS, NO_VARIATION, FEW_TREATED = "few_units", "no_variation", "few_treated"
FEW_TREATED_GROUPS, NOBODY_LEFT = "few_treated_groups", "nobody_left"
FEW_OTHERS = "few_others"
DIP, PRE_TREND, OVERLAP, NO_BEFORE = "dip", "pre_trend", "overlap", "no_before"
NOT_COMPUTED = "not_computed"

# Why an answer has its grade.
BY_LOT, FLAT_BEFORE, SAME_UNIT, RAW = "by_lot", "flat_before", "same_unit", "raw"


@dataclasses.dataclass(frozen=True)
class Finding:
    """One thing that was left out, doubted or refused; `about` names the method or column that it is about."""

    code: str
    kind: str = WARNING
    about: str = ""
    values: dict[str, Any] = dataclasses.field(default_factory=dict)

    def told(self) -> dict[str, Any]:
        """Return it as JSON keeps it."""
        return dataclasses.asdict(self)


def warning(code: str, about: str = "", **values: Any) -> Finding:
    """Return a doubt that is told beside a number."""
    return Finding(code, WARNING, about, values)


def refusal(code: str, about: str = "", **values: Any) -> Finding:
    """Return why a number is not told."""
    return Finding(code, REFUSAL, about, values)
