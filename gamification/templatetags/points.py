"""Filters that say points, places and months in the reader's language: see `gamification.words`."""

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core import rounding
from core.templatetags.ui import rank_row
from core.words import number
from courses.scenarios.models import Run
from gamification import levels, months, words
from gamification.models import LedgerEntry
from gamification.points import Rule
from gamification.queries import rules
from gamification.queries.page import Known
from gamification.ranking import Spot

register = template.Library()

register.filter("place", words.place)
register.filter("signed", words.signed)
register.filter("tenths", words.tenths)


@register.simple_tag
def person_line(spot: Spot, known: Known | None, me: bool) -> SafeString:
    """Draw a person's line of the ranking, the name only for who may know it."""
    place, points = words.place(spot.place), number(spot.score)
    if known is None:
        return rank_row(place, points, hidden=_("Someone at another partner"))
    detail = pgettext("ranking", "You") if me else known.detail
    return rank_row(place, points, known.name, detail, known.picture, me)


@register.filter
def level(value: levels.Level) -> str:
    """Return a level with its name."""
    return words.level(value)


@register.filter
def cause(entry: LedgerEntry) -> str:
    """Say why this entry was booked. The entry carries `module_title` (see `queries.own.booked`)."""
    return words.cause(entry.rule, entry.detail, getattr(entry, "module_title", None))


@register.filter
def run_state(run: Run) -> str:
    """Say how a run of a scenario stands, or how it ended."""
    return words.run_state(run.state, run.outcome)


@register.filter
def source(rule: str, times: int) -> str:
    """Name what points of a month came from."""
    return words.source(rule, times)


@register.filter
def rule_title(rule: Rule) -> str:
    """Return what earns by this rule."""
    return words.rule_words(rule)[0]


@register.filter
def rule_condition(rule: Rule) -> str:
    """Return the condition of this rule."""
    return words.rule_words(rule)[1]


@register.filter
def minutes(seconds: int) -> int:
    """Return seconds as minutes, a begun one counted from its half."""
    return rounding.whole(seconds / 60)


@register.filter
def percent(fraction: float) -> int:
    """Return a fraction as a percentage."""
    return rounding.percent(fraction)


@register.filter
def hours(minutes: int) -> int:
    """Return the whole hours of so many minutes."""
    return minutes // 60


@register.filter
def rest(minutes: int) -> int:
    """Return the minutes beyond the whole hours."""
    return minutes % 60


@register.filter
def counts_elsewhere(entry: LedgerEntry) -> bool:
    """Say whether an entry counts in another month than that of its cause, which had closed."""
    return entry.month != months.month_of(entry.caused_at, rules.zone())
