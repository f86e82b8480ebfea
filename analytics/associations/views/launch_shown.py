"""What the page of a launch shows: the result in words, places and drawings."""

import dataclasses
import datetime as dt
import math
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from analytics.associations import launch_words, telling, words
from analytics.associations.models import LaunchStudy
from analytics.associations.plot import BOTTOM, TOP, Field, Tick, axis
from analytics.associations.queries import launches
from analytics.associations.views.around import drawn
from core.months import before, parse
from core.words import month, number
from partners.models import Person

_MOST_LABELS = 6
"""More than so many labels of months lie on top of each other on a phone."""


@dataclasses.dataclass(frozen=True)
class Side:
    """One of the two lines: its marks and the pieces between them."""

    look: int
    marks: Sequence[tuple[str, str]]
    pieces: Sequence[tuple[str, str, str, str]]


@dataclasses.dataclass(frozen=True)
class Month:
    """A month of the table: its name, and mean, reps and companies of both sides; empty where held back."""

    name: str
    launched: Sequence[str]
    others: Sequence[str]


@dataclasses.dataclass(frozen=True)
class Lines:
    """The drawing of means by month, and its table."""

    sides: Sequence[Side]
    x_ticks: Sequence[Tick]
    y_ticks: Sequence[Tick]
    marks: Sequence[Tick]
    months: Sequence[Month]
    several: bool
    left_out: int
    top: str = f"{TOP}%"
    bottom: str = f"{BOTTOM}%"


@dataclasses.dataclass(frozen=True)
class Start:
    """A company: its name, when it launched, by what that is known, and its reps."""

    name: str
    month: str
    by: str
    reps: str


@dataclasses.dataclass(frozen=True)
class Shown:
    """Everything that the page of a launch draws."""

    measure: str
    months: str = ""
    grade: str = "E"
    sentence: str = ""
    stands_on: str = ""
    banner: str = ""
    doubts: Sequence[str] = ()
    settles: Sequence[str] = ()
    lines: Lines | None = None
    around: Mapping[str, Any] | None = None
    unit: str = ""
    starts: Sequence[Start] = ()


def shown(viewer: Person, study: LaunchStudy) -> Shown:
    """Return what the page of this launch shows. One query."""
    measure = launch_words.measure(study.sales, study.currency)
    result: dict[str, Any] = study.result or {}
    if not result or study.since is None or study.until is None:
        return Shown(measure)
    answer, times = result["answer"], _times(result)
    places = launch_words.digits(*(each["value"] for each in times))
    say = partial(launch_words.figure, currency=study.currency, digits=places)
    return Shown(
        measure=measure,
        months=words.months(study.since, study.until),
        grade=result["grade"],
        sentence=launch_words.sentence(answer, study.course.title, study.currency),
        stands_on=launch_words.stands_on(result, study.launched, study.currency),
        banner=launch_words.banner() if launch_words.alone(result) else "",
        doubts=_doubts(study, result),
        settles=launch_words.settles(result, study.launched, study.currency),
        lines=_lines(study, result["drawn"]) if result["drawn"] else None,
        around=drawn(times, say) if times else None,
        unit=study.currency or pgettext("difference", "Points"),
        starts=_starts(viewer, result["starts"]),
    )


def _times(result: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [each for each in result["estimates"] if each["method"] == "event_time"]


def _doubts(study: LaunchStudy, result: Mapping[str, Any]) -> list[str]:
    names = {
        "treated": study.course.title,
        study.sales: launch_words.measure(study.sales, study.currency),
    }
    found = [*result["answer"]["findings"], *result.get("general", ())]
    said = [telling.finding(each, names, study.currency) for each in found]
    early = sum(each["early"] for each in result["starts"])
    if early:
        said.append(
            ngettext(
                "At %(n)s company modules of it were finished before anybody was asked, or without: its months before"
                " aren't free of the course.",
                "At %(n)s companies modules of it were finished before anybody was asked, or without: their months"
                " before aren't free of the course.",
                early,
            )
            % {"n": number(early)}
        )
    if result.get("strayed"):
        said.append(
            ngettext(
                "%(n)s company began in another month than was drawn; it counts as drawn, and the highest grade is"
                " lost.",
                "%(n)s companies began in another month than was drawn; they count as drawn, and the highest grade is"
                " lost.",
                result["strayed"],
            )
            % {"n": number(result["strayed"])}
        )
    if result["before"]:
        said.append(
            ngettext(
                "%(n)s company had launched it before these months and is left out.",
                "%(n)s companies had launched it before these months and are left out.",
                result["before"],
            )
            % {"n": number(result["before"])}
        )
    return said


def _starts(viewer: Person, told: Sequence[Mapping[str, Any]]) -> list[Start]:
    names = launches.names(viewer, {each["organisation_id"] for each in told})
    by = {
        "asked": _("first asked of somebody there"),
        "finished": _("first module finished there"),
        "drawn": _("as drawn by lot"),
        "": "–",
    }
    return [
        Start(
            names.get(each["organisation_id"], "…"),
            month(_day(each["month"])) if each["month"] else _("not launched"),
            by[each["by"]],
            number(each["reps"]),
        )
        for each in told
    ]


def _day(text: str) -> dt.date:
    found = parse(text)
    if found is None:
        raise ValueError(text)
    return found


def _lines(study: LaunchStudy, told: Mapping[str, Any]) -> Lines | None:
    months = told["months"]
    values = [each[side][0] for each in months for side in ("launched", "others") if each[side]]
    if not values or study.since is None or study.until is None:
        return None
    first, last = _number(study.since), _number(before(study.until))
    across = axis(first - 1, last + 1, from_zero=False, wanted=last - first + 2)
    field = Field(across, axis(min(values), max(values), from_zero=False, wanted=4))
    step = math.ceil((last - first + 1) / _MOST_LABELS)
    return Lines(
        sides=[_side(n, name, months, field) for n, name in ((1, "launched"), (2, "others"))],
        x_ticks=[Tick(field.across(each), _label(each)) for each in range(first, last + 1, step)],
        y_ticks=[Tick(field.up(each), _tick(study, each)) for each in field.y.ticks],
        marks=[
            Tick(field.across(_number(_day(each["month"])) - 0.5), number(each["companies"]))
            for each in told["marks"]
        ],
        months=[_month(study, each) for each in months],
        several=told["several"],
        left_out=told["left_out"],
    )


def _side(look: int, name: str, months: Sequence[Mapping[str, Any]], field: Field) -> Side:
    places = [
        (_number(_day(each["month"])), field.up(each[name][0])) for each in months if each[name]
    ]
    marks = [(field.across(at), up) for at, up in places]
    joined = zip(places, places[1:], marks, marks[1:], strict=False)
    pieces = [(*a, *b) for (one, _u), (two, _v), a, b in joined if two == one + 1]
    return Side(look, marks, pieces)


def _number(day: dt.date) -> int:
    return day.year * 12 + day.month - 1


def _label(of: int) -> str:
    return words.month_tick(dt.date(of // 12, of % 12 + 1, 1))


def _tick(study: LaunchStudy, value: float) -> str:
    if study.currency:
        return words.tick(
            study.sales, value / words.scale(study.sales, study.currency), study.currency
        )
    return f"{value:g}%"


def _month(study: LaunchStudy, told: Mapping[str, Any]) -> Month:
    def side(name: str) -> list[str]:
        if not told[name]:
            return []
        mean, reps, companies = told[name]
        said = launch_words.amount(mean, study.sales, study.currency)
        return [said, number(reps), number(companies)]

    return Month(month(_day(told["month"])), side("launched"), side("others"))
