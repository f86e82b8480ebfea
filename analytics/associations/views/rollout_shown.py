"""What the pages of roll-outs show, in words, places and drawings."""

import dataclasses
import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from analytics.associations import launch_words, words
from analytics.associations.models import Rollout, RolloutPlace, RolloutPower
from analytics.associations.plot import Bars, bars
from analytics.associations.rollout_words import (
    GOING_ON,
    OVER,
    PLANNED,
    WITHDRAWN,
    gap,
    stands,
    waves,
)
from core.months import after
from core.words import between, month, number


@dataclasses.dataclass(frozen=True)
class Way:
    """A number of waves: what it is called, how long it goes on, and the smallest effect that it would see."""

    waves: int
    name: str
    companies: str
    last: str
    months: str
    smallest: str
    note: str
    may_be_drawn: bool


@dataclasses.dataclass(frozen=True)
class Compared:
    """Everything that a comparison shows."""

    measure: str
    asked: str
    ways: Sequence[Way] = ()
    bars: Bars | None = None
    height: int = 0
    best: str = ""
    stands_on: str = ""


def compared(asked: RolloutPower) -> Compared:
    """Return what a comparison shows."""
    found = Compared(
        measure=launch_words.measure(asked.sales, asked.currency),
        asked=_("; ").join(
            [
                words.companies(len(asked.partners)),
                _("first wave in %(month)s") % {"month": month(asked.first)},
                gap(asked.gap),
            ]
        )
        + _("."),
    )
    result: dict[str, Any] = asked.result or {}
    if not result:
        return found
    told = [each for each in result["waves"] if each["smallest"] is not None]
    values = [(waves(each["waves"]), [each["smallest"], None, None]) for each in told]
    return dataclasses.replace(
        found,
        ways=[_at_once(asked), *(_way(asked, each) for each in result["waves"])],
        bars=bars(values, lambda value: launch_words.figure(value, asked.currency, 1))
        if values
        else None,
        height=22 + 40 * len(values),
        best=_best(asked, told),
        stands_on=_stands_on(asked, result),
    )


def _at_once(asked: RolloutPower) -> Way:
    return Way(
        waves=1,
        name=_("All at once"),
        companies=number(len(asked.partners)),
        last=month(asked.first),
        months="–",
        smallest="–",
        note=_("Tells nothing: there is nobody to compare with."),
        may_be_drawn=False,
    )


def _way(asked: RolloutPower, told: dict[str, Any]) -> Way:
    smallest, count = told["smallest"], told["waves"]
    note = ""
    if not told["enough"]:
        note = _(
            "Too few companies in a wave: fewer than 6 on one side, so no number would be told."
        )
    elif smallest is None:
        note = _("The past is too short to reckon with.")
    least, most = told["least"], told["most"]
    return Way(
        waves=count,
        name=waves(count),
        companies=number(least) if least == most else between(number(least), number(most)),
        last=month(after(asked.first, (count - 1) * asked.gap)),
        months=number(told["months"]),
        smallest=_size(asked, smallest),
        note=note,
        may_be_drawn=True,
    )


def _size(asked: RolloutPower, smallest: float | None) -> str:
    if smallest is None:
        return "–"
    return launch_words.size(smallest, asked.currency, launch_words.digits(smallest))


def _best(asked: RolloutPower, told: Sequence[dict[str, Any]]) -> str:
    """Say which number of waves would see the smallest effect."""
    enough = [each for each in told if each["enough"]]
    if not enough:
        return _(
            "No number of waves would tell anything with these companies: more must take part."
        )
    best = min(enough, key=lambda each: each["smallest"])
    return _(
        "%(waves)s would see the most: a difference of %(smallest)s would probably be seen (80 out of 100 such"
        " roll-outs would see it)."
    ) % {"waves": waves(best["waves"]), "smallest": _size(asked, best["smallest"])}


def _stands_on(asked: RolloutPower, result: dict[str, Any]) -> str:
    said = _("From %(months)s past months of %(companies)s; their mean was %(mean)s lately.") % {
        "months": number(result["months"]),
        "companies": words.companies(result["companies"]),
        "mean": "–"
        if result["mean"] is None
        else launch_words.amount(result["mean"], asked.sales, asked.currency),
    }
    if not result["left_out"]:
        return said
    more = ngettext(
        "%(n)s company lacks figures in some of these months and is not reckoned with.",
        "%(n)s companies lack figures in some of these months and are not reckoned with.",
        result["left_out"],
    )
    return f"{said} {more % {'n': number(result['left_out'])}}"


@dataclasses.dataclass(frozen=True)
class Line:
    """A plan in a list."""

    plan: Rollout
    waves: str
    first: str
    state: str


def line(plan: Rollout, day: dt.date) -> Line:
    """Return a plan as a line of a list."""
    return Line(plan, waves(plan.waves), month(plan.first), stands(state(plan, day)))


def state(plan: Rollout, day: dt.date) -> str:
    """Say where a plan stands on a day."""
    if plan.withdrawn_on:
        return WITHDRAWN
    if day < plan.first:
        return PLANNED
    return GOING_ON if day < plan.last else OVER


@dataclasses.dataclass(frozen=True)
class Wave:
    """A wave: its number, month, companies, and where its bar begins in the drawing."""

    number: int
    month: str
    companies: Sequence[tuple[str, str]]
    targets: Sequence[str]
    row: int
    x: str
    width: str


@dataclasses.dataclass(frozen=True)
class Planned:
    """Everything that a plan shows."""

    measure: str
    state: str
    said: str
    waves: Sequence[Wave]
    ticks: Sequence[tuple[str, str]]
    height: int
    smallest: str
    last: str


LEFT, RIGHT = 22.0, 98.0
_MOST_LABELS = 6


def planned(plan: Rollout, places: Sequence[RolloutPlace], day: dt.date) -> Planned:
    """Return what a plan shows."""
    asked, where = plan.power, state(plan, day)
    found: dict[str, Any] = asked.result or {}
    told = next((each for each in found.get("waves", []) if each["waves"] == plan.waves), None)
    months = (plan.waves - 1) * plan.gap + max(2, plan.gap)
    wide = (RIGHT - LEFT) / months

    def at(n: int) -> float:
        return LEFT + wide * n

    step = -(-months // _MOST_LABELS)
    return Planned(
        measure=launch_words.measure(asked.sales, asked.currency),
        state=where,
        said=stands(where),
        waves=[
            _wave(plan, n, [each for each in places if each.wave == n], at)
            for n in range(1, plan.waves + 1)
        ],
        ticks=[
            (f"{at(n):.2f}%", words.month_tick(after(plan.first, n)))
            for n in range(0, months, step)
        ],
        height=34 * plan.waves,
        smallest=_size(asked, told["smallest"]) if told and told["smallest"] else "",
        last=month(plan.last),
    )


def _wave(plan: Rollout, n: int, places: Sequence[RolloutPlace], at: Any) -> Wave:
    begins = at((n - 1) * plan.gap)
    return Wave(
        number=n,
        month=month(plan.month(n)),
        companies=[(each.partner.name, number(each.reps)) for each in places],
        targets=[f"organisation:{each.partner_id}" for each in places],
        row=34 * (n - 1),
        x=f"{begins:.2f}%",
        width=f"{RIGHT - begins:.2f}%",
    )
