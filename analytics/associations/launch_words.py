"""A launch in words. The grade fixes the verbs, as in `telling`: a test makes and reads every sentence."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from analytics.associations import figures, measures, telling, words
from core.words import number

Told = Mapping[str, Any]


def measure(sales: str, currency: str) -> str:
    """Name what is measured."""
    money = f" ({currency})" if currency else ""
    return f"{words.SALES[sales]}{money}"


figure, size, digits = figures.difference, figures.size, figures.digits


def sentence(answer: Told, course: str, currency: str = "") -> str:
    """Say what was found in one sentence, with its grade's verbs."""
    grade, headline = answer["grade"], answer["headline"]
    if grade == "E":
        return _nothing(answer, currency)
    if headline is None:
        return telling.sentence(answer)
    places = digits(headline["value"], headline["low"], headline["high"])
    said = {
        "x": course,
        "y": measure(answer["sales"], currency),
        "value": size(abs(headline["value"]), currency, places),
        "low": figure(headline["low"], currency, places),
        "high": size(headline["high"], currency, places),
    }
    side = telling.points(headline)
    if grade == "A":
        return _by_lot(side) % said
    if grade == "B":
        return _not_yet(side) % said
    return _goes_along(headline["method"], side) % said


def _nothing(answer: Told, currency: str) -> str:
    if {"constant", "no_variation"} & set(answer["reasons"]) or answer["smallest"] is None:
        return telling.sentence({**answer, "smallest": None})
    smallest = answer["smallest"]
    return _(
        "Not enough data; the smallest difference that we could have seen is %(smallest)s."
    ) % {"smallest": size(smallest, currency, digits(smallest))}


def _by_lot(side: int) -> str:
    if side > 0:
        return _("By lot: the launch of “%(x)s” raised “%(y)s” by %(value)s (%(low)s to %(high)s).")
    if side < 0:
        return _(
            "By lot: the launch of “%(x)s” lowered “%(y)s” by %(value)s (%(low)s to %(high)s)."
        )
    return _(
        "By lot: no clear difference was seen in “%(y)s” with the launch of “%(x)s” (%(low)s to %(high)s)."
    )


def _not_yet(side: int) -> str:
    if side > 0:
        return _(
            "After the launch of “%(x)s”, “%(y)s” was %(value)s higher (%(low)s to %(high)s) than at comparable"
            " companies that hadn't launched it yet; consistent with an effect if trends would have stayed parallel."
        )
    if side < 0:
        return _(
            "After the launch of “%(x)s”, “%(y)s” was %(value)s lower (%(low)s to %(high)s) than at comparable"
            " companies that hadn't launched it yet; consistent with an effect if trends would have stayed parallel."
        )
    return _(
        "After the launch of “%(x)s”, no clear difference in “%(y)s” was seen from comparable companies that hadn't"
        " launched it yet (%(low)s to %(high)s)."
    )


def _goes_along(method: str, side: int) -> str:
    if method == "before_after":
        return _(
            "Before and after alone, with no comparison group: “%(y)s” differs by %(low)s to %(high)s around the launch"
            " of “%(x)s”; season and trend are in this number, and it can't be told what else is."
        )
    if not side:
        return _(
            "It isn't clear whether the launch of “%(x)s” is associated with “%(y)s” (%(low)s to %(high)s)."
        )
    if method == "dip_matched":
        return _dip(side)
    if side > 0:
        return _(
            "“%(y)s” tends to be higher by %(value)s where “%(x)s” was launched (%(low)s to %(high)s)."
        )
    return _(
        "“%(y)s” tends to be lower by %(value)s where “%(x)s” was launched (%(low)s to %(high)s)."
    )


def _dip(side: int) -> str:
    if side > 0:
        return _(
            "After an equally bad month, “%(y)s” tends to be higher where “%(x)s” was launched (%(low)s to %(high)s)."
        )
    return _(
        "After an equally bad month, “%(y)s” tends to be lower where “%(x)s” was launched (%(low)s to %(high)s)."
    )


def stands_on(result: Told, launched: int, currency: str = "") -> str:
    """Say what the sentence stands on: reps, companies that launched and all, months, what is missing, the grade."""
    answer, facts = result["answer"], result["facts"]
    headline = answer["headline"]
    units = headline["n_units"] if headline else facts["units"]
    said = [
        words.reps(units),
        _("%(launched)s of %(all)s companies launched it")
        % {"launched": number(launched), "all": number(facts["groups"])},
        ngettext("%(n)s month with figures", "%(n)s months with figures", facts["times"])
        % {"n": number(facts["times"])},
        _("%(missing)s%% missing") % {"missing": f"{100 * facts['missing']:.1f}"},
    ]
    if headline and not telling.points(headline) and answer["smallest"] is not None:
        smallest = size(answer["smallest"], currency, digits(answer["smallest"]))
        said.append(
            _("smallest difference that would probably have been seen: %(smallest)s")
            % {"smallest": smallest}
        )
    said.append(_("evidence grade %(grade)s") % {"grade": answer["grade"]})
    return _("; ").join(said) + _(".")


LEAST = 6
"""So many companies must have launched, and so many not, for a comparison."""


def settles(result: Told, launched: int, currency: str = "") -> list[str]:
    """Say what would settle what is open; nothing where nothing is."""
    answer, others = result["answer"], result["others"]
    found = []
    if launched < LEAST:
        found.append(
            ngettext(
                "%(n)s company has launched it in these months; from %(least)s on a comparison is made.",
                "%(n)s companies have launched it in these months; from %(least)s on a comparison is made.",
                launched,
            )
            % {"n": number(launched), "least": LEAST}
        )
    if others < LEAST:
        found.append(
            ngettext(
                "%(n)s company had not launched it when the first ones did; at least %(least)s should wait.",
                "%(n)s companies had not launched it when the first ones did; at least %(least)s should wait.",
                others,
            )
            % {"n": number(others), "least": LEAST}
        )
    headline, smallest = answer["headline"], answer["smallest"]
    if headline and smallest is not None and not telling.points(headline):
        half = size(smallest / 2, currency, digits(smallest / 2))
        found.append(
            _(
                "To detect a difference of %(half)s just as reliably, you would need about four times as many"
                " companies, or a launch in waves over a longer time."
            )
            % {"half": half}
        )
    return found


def alone(result: Told) -> bool:
    """Say whether there is nobody to compare with."""
    codes = {each["code"] for each in result["answer"]["findings"]}
    return bool({"no_comparison", "nobody_left"} & codes)


def banner() -> str:
    """Say what can't be told where everybody launched at once."""
    return _(
        "Before/after, no comparison group: every company launched it in the same month. Season, trend and all else of"
        " those months are in the figures, and nothing here can take them out."
    )


def amount(value: float, sales: str, currency: str) -> str:
    """Say a mean in its unit: percent, or an amount."""
    return figure(value, currency) if sales in measures.OF_MONEY else f"{value:.1f}%"
