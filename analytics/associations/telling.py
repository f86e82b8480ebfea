"""An analysis in words. A grade fixes the verbs, and no sentence has others: a test makes and reads every one.

Takes what `Analysis.told()` gives, so that pages, files and the command line say the same; columns are called as
`names` calls them.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, npgettext, pgettext

from analytics.associations import doubts, figures
from core.words import number

Told = Mapping[str, Any]
Names = Mapping[str, str]
Units = Mapping[str, str]
"""The currency of each measure of sales in money, and an empty text for those in percentage points."""

TREATED = "treated"


def points(estimate: Told) -> int:
    """Say to which side the interval points, also among all cells of its grid; 0 is to none."""
    q, low, high = estimate.get("q"), estimate["low"], estimate["high"]
    if low is None or high is None or (q is not None and q > 0.05):
        return 0
    nothing = 1.0 if estimate["unit_of_measure"] == "ratio" else 0.0
    return int(low > nothing) - int(high < nothing)


def sentence(answer: Told, names: Names | None = None, units: Units | None = None) -> str:
    """Say an answer in one sentence, with its grade's verbs; `units` are those of sales, where they are known."""
    grade, headline = answer["grade"], answer["headline"]
    if grade == "E":
        return _nothing(answer, _unit(answer, units))
    if headline is None and "sign_adjusted" in answer["reasons"]:
        return _(
            "The raw number and the one at equal controls point to opposite sides: neither is an answer."
        )
    if headline is None and "sign_differs" in answer["reasons"]:
        return _(
            "Between reps and for the same rep it points to opposite sides: neither is an answer."
        )
    if headline is None:
        return _("What was seen before forbids an answer: see the doubts.")
    say = _treated if answer["learning"] == TREATED else _learnt
    told = say(grade, headline, _called(answer, names, _unit(answer, units)))
    return _among_many(told) if _is_held(headline) else told


def _is_held(headline: Told) -> bool:
    """Say whether an interval points to a side, and yet nothing is said, since it is one of several comparisons."""
    return not points(headline) and bool(points({**headline, "q": None}))


def _among_many(told: str) -> str:
    return _(
        "%(told)s By itself this interval lies to one side; discounted for all that were compared at once, chance could"
        " have brought it."
    ) % {"told": told}


def _unit(answer: Told, units: Units | None) -> str | None:
    """Return the unit of an answer's numbers; None where it isn't known, or isn't that of sales."""
    headline = answer["headline"]
    known = headline["unit_of_measure"] == "sales" if headline else answer["learning"] == TREATED
    return (units or {}).get(answer["sales"]) if known else None


def _called(answer: Told, names: Names | None, unit: str | None) -> dict[str, str]:
    names = names or {}
    headline = answer["headline"] or {}
    said = {
        "x": names.get(answer["learning"], answer["learning"]),
        "y": names.get(answer["sales"], answer["sales"]),
        "lag": after(headline.get("lag", 0)),
    }
    if not headline:
        return said | dict.fromkeys(("value", "low", "high"), "")
    numbers = abs(headline["value"]), headline.get("low"), headline.get("high")
    value, low, high = figures.of_unit(numbers, unit)
    if unit is not None:
        value = figures.size(numbers[0], unit, figures.digits(*numbers))
    return said | {"value": value, "low": low, "high": high}


def _nothing(answer: Told, unit: str | None) -> str:
    if "ceiling" in answer["reasons"]:
        return _("There is nothing to compare: most of them are at the highest value.")
    if set(answer["reasons"]) & {"constant", "no_variation"}:
        return _("There is nothing to compare: a figure is the same for all of them.")
    if answer["smallest"] is None:
        return _("Not enough data.")
    return _(
        "Not enough data; the smallest difference that we could have seen is %(smallest)s."
    ) % {"smallest": _smallest(answer, unit)}


def _smallest(answer: Told, unit: str | None) -> str:
    return figures.of_unit([answer["smallest"]], unit)[0]


def _learnt(grade: str, headline: Told, said: dict[str, str]) -> str:
    side = points(headline)
    if grade == "A":
        return _by_lot(side, said)
    if grade == "C":
        return _same_rep(side, said)
    among = headline["method"] == "within"
    if not side:
        text = (
            _(
                "Among reps of the same company it isn't clear whether “%(x)s” is associated with “%(y)s”."
            )
            if among
            else _("It isn't clear whether “%(x)s” is associated with “%(y)s”.")
        )
    elif among:
        text = (
            _("Among reps of the same company, “%(y)s” tends to be higher where “%(x)s” is higher.")
            if side > 0
            else _(
                "Among reps of the same company, “%(y)s” tends to be higher where “%(x)s” is lower."
            )
        )
    else:
        text = (
            _("“%(y)s” tends to be higher where “%(x)s” is higher.")
            if side > 0
            else _("“%(y)s” tends to be higher where “%(x)s” is lower.")
        )
    return text % said


def _same_rep(side: int, said: dict[str, str]) -> str:
    if side > 0:
        text = _(
            "In months after a rep did more “%(x)s”, the same rep's “%(y)s” was higher by %(value)s for each 1 more"
            " (%(low)s to %(high)s; %(lag)s)."
        )
    elif side < 0:
        text = _(
            "In months after a rep did more “%(x)s”, the same rep's “%(y)s” was lower by %(value)s for each 1 more"
            " (%(low)s to %(high)s; %(lag)s)."
        )
    else:
        text = _(
            "In months after a rep did more “%(x)s”, no clear difference was seen in the same rep's “%(y)s”"
            " (%(low)s to %(high)s for each 1 more; %(lag)s)."
        )
    return text % said


def _by_lot(side: int, said: dict[str, str]) -> str:
    if side > 0:
        text = _("By lot: “%(x)s” raised “%(y)s” by %(value)s (%(low)s to %(high)s).")
    elif side < 0:
        text = _("By lot: “%(x)s” lowered “%(y)s” by %(value)s (%(low)s to %(high)s).")
    else:
        text = _(
            "By lot: no clear difference was seen in “%(y)s” with “%(x)s” (%(low)s to %(high)s)."
        )
    return text % said


def _treated(grade: str, headline: Told, said: dict[str, str]) -> str:
    side = points(headline)
    if grade == "A":
        return _by_lot(side, said)
    if grade == "B":
        return _not_yet(side, said)
    if headline["method"] == "before_after":
        text = _(
            "Before and after alone, with nobody to compare: “%(y)s” differs by %(low)s to %(high)s; season and trend"
            " are in this number, and it can't be told what else is."
        )
    elif headline["method"] == "dip_matched":
        text = _dip(side)
    elif not side:
        text = _("It isn't clear whether “%(x)s” is associated with “%(y)s” (%(low)s to %(high)s).")
    elif side > 0:
        text = _(
            "“%(y)s” tends to be higher where there was “%(x)s”, by %(value)s (%(low)s to %(high)s)."
        )
    else:
        text = _(
            "“%(y)s” tends to be lower where there was “%(x)s”, by %(value)s (%(low)s to %(high)s)."
        )
    return text % said


def _dip(side: int) -> str:
    if side > 0:
        return _(
            "After an equally bad month, “%(y)s” tends to be higher with “%(x)s” (%(low)s to %(high)s)."
        )
    if side < 0:
        return _(
            "After an equally bad month, “%(y)s” tends to be lower with “%(x)s” (%(low)s to %(high)s)."
        )
    return _(
        "After an equally bad month it isn't clear whether “%(x)s” is associated with “%(y)s” (%(low)s to %(high)s)."
    )


def _not_yet(side: int, said: dict[str, str]) -> str:
    if side > 0:
        text = _(
            "After completing “%(x)s”, “%(y)s” was %(value)s higher (%(low)s to %(high)s) than for comparable reps not"
            " yet trained; consistent with an effect if trends would have stayed parallel."
        )
    elif side < 0:
        text = _(
            "After completing “%(x)s”, “%(y)s” was %(value)s lower (%(low)s to %(high)s) than for comparable reps not"
            " yet trained; consistent with an effect if trends would have stayed parallel."
        )
    else:
        text = _(
            "After completing “%(x)s”, no clear difference in “%(y)s” was seen from comparable reps not yet trained"
            " (%(low)s to %(high)s)."
        )
    return text % said


def stands_on(answer: Told, facts: Told, units: Units | None = None) -> str:
    """Say what an answer stands on: how many, lag, what is missing, what would have been seen, the grade."""
    headline = answer["headline"]
    reps = headline["n_units"] if headline else facts["units"]
    groups = headline["n_groups"] if headline else facts["groups"]
    said = [ngettext("%(n)s rep", "%(n)s reps", reps) % {"n": number(reps)}]
    if facts["grouped"]:
        said.append(ngettext("%(n)s company", "%(n)s companies", groups) % {"n": number(groups)})
    if facts["timed"]:
        said.append(period(facts["period"], facts["times"]))
        if answer["learning"] != TREATED:
            said.append(after(headline["lag"] if headline else facts["lag"]))
    missing = facts.get("missing_by", {}).get(answer["sales"], facts["missing"])
    said.append(_("%(missing)s%% missing") % {"missing": figures.missing(missing)})
    if headline and not points(headline) and answer["smallest"] is not None:
        said.append(
            _("smallest difference that would probably have been seen: %(smallest)s")
            % {"smallest": _smallest(answer, _unit(answer, units))}
        )
    said.append(_("evidence grade %(grade)s") % {"grade": answer["grade"]})
    return _("; ").join(said) + _(".")


def period(kind: str, n: int) -> str:
    """Say how many times there are."""
    if kind == "month":
        return npgettext("length", "%(n)s month", "%(n)s months", n) % {"n": number(n)}
    if kind == "year":
        return npgettext("length", "%(n)s year", "%(n)s years", n) % {"n": number(n)}
    return npgettext("length", "%(n)s time", "%(n)s times", n) % {"n": number(n)}


def after(lag: int) -> str:
    """Say how much later the sales are."""
    if lag == 0:
        return pgettext("lag", "sales at the same time")
    if lag < 0:
        return pgettext("lag", "sales before the learning")
    return ngettext("sales %(n)s period later", "sales %(n)s periods later", lag) % {"n": lag}


def finding(told: Told, names: Names | None = None, unit: str | None = None) -> str:
    """Say a doubt, or why something is not told; `unit` is that of sales, where it is known."""
    return doubts.said(told, names or {}, unit)
