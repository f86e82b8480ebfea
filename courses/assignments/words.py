"""Assignments in words: due dates, notices and mail, in the reader's language."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy

from core.words import inner
from courses.assignments import due

ASSIGNED, CHANGED, BEFORE, LATE, NUDGE = "assigned", "changed", "before", "late", "nudge"
PRACTISE = "practise"


def on(date: dt.date) -> str:
    """Return a day with its weekday: 11月27日（金）, Fri 27 Nov."""
    return date_format(date, pgettext("date format", "D j M"))


def on_past(date: dt.date, today: dt.date) -> str:
    """Return a day that is over: with its weekday this year, else with its year: 2025年9月23日, 23 Sep 2025."""
    if date.year == today.year:
        return on(date)
    return date_format(date, pgettext("date format", "j M Y"))


def by_when(due_at: dt.datetime, now: dt.datetime, zone: dt.tzinfo) -> str:
    """Say by when something is to be done; what is over is said without blame."""
    left, date = due.days_left(due_at, now, zone), due.day_of(due_at, zone)
    if left < 0:
        return _("was due %(day)s") % {"day": on(date)}
    if left == 0:
        return _("due today")
    if left == 1:
        return _("due tomorrow")
    if left < 7:
        return _("due %(weekday)s") % {"weekday": date_format(date, "l")}
    return _("due %(day)s") % {"day": on(date)}


def necessity(*, required: bool) -> str:
    """Say whether something has to be learnt."""
    return _("required") if required else _("suggested")


def tone(due_at: dt.datetime | None, now: dt.datetime, zone: dt.tzinfo) -> str:
    """Return the colour of a due date: late, soon, or none."""
    if due_at is None:
        return ""
    left = due.days_left(due_at, now, zone)
    return "bad" if left < 0 else "warn" if left <= 2 else ""


def notice(kind: str, data: Mapping[str, Any]) -> str:
    """Return what a notice of this kind says."""
    values = {"title": inner(data.get("title", "")), "day": _day_in(data), "by": data.get("by", "")}
    if kind == ASSIGNED:
        return _assigned(values["day"], required=bool(data.get("required", True))) % values
    if kind == CHANGED and not values["day"]:
        return _("“%(title)s” has no due date any more") % values
    sentences = {
        CHANGED: _("“%(title)s” is now due %(day)s"),
        BEFORE: _("“%(title)s” is due %(day)s"),
        LATE: _("“%(title)s” was due %(day)s. It still counts"),
        NUDGE: _nudge(data, dated=bool(values["day"])),
        PRACTISE: _practise(data),
    }
    return sentences[kind] % values


def _assigned(day: str, *, required: bool) -> str:
    if not required:
        return _("Suggested for you: “%(title)s”")
    return _("Please learn “%(title)s” by %(day)s") if day else _("Please learn “%(title)s”")


def _nudge(data: Mapping[str, Any], *, dated: bool) -> str:
    """Say that something waits, from whom: a colleague, or another company."""
    if data.get("by"):
        said = (
            _("%(by)s reminds you: “%(title)s” isn't finished yet")
            if data.get("by_colleague")
            else pgettext("company", "%(by)s reminds you: “%(title)s” isn't finished yet")
        )
    else:
        said = _("A reminder: “%(title)s” isn't finished yet")
    return said + (pgettext("reminder", " (due %(day)s)") if dated else "")


def _practise(data: Mapping[str, Any]) -> str:
    """Ask to practise what was finished and not understood, and say who asks: a colleague, or another company."""
    if data.get("by_colleague"):
        return _("%(by)s asks you to practise “%(title)s” once more")
    return pgettext("company", "%(by)s asks you to practise “%(title)s” once more")


def letter(
    kind: str, data: Mapping[str, Any], *, name: str, client: str, url: str
) -> tuple[str, str]:
    """Return subject and text of a mail of this kind."""
    lines = [
        _("Hello %(name)s,") % {"name": name},
        notice(kind, data) + _("."),
        str(data.get("message") or ""),
        _("Once finished: %(opens)s") % {"opens": data["opens"]} if data.get("opens") else "",
        _("It takes a few minutes, on your phone as well:") + f"\n{url}",
        _("You get this because %(client)s learns together with you on Tomoni.")
        % {"client": client},
    ]
    return notice(kind, data), "\n\n".join(line for line in lines if line) + "\n"


def learners_of(organisation: str) -> str:
    """Name whom a company stands for: its reps and aces."""
    return _("Reps and aces of %(organisation)s") % {"organisation": organisation}


def stopped() -> str:
    """Say that nobody of a company is asked any more."""
    return _("Stopped")


PEOPLE: dict[str, Promise] = {
    "rep": pgettext_lazy("people", "Reps"),
    "manager": pgettext_lazy("people", "Team managers"),
    "ace": pgettext_lazy("people", "Aces"),
    "author": pgettext_lazy("people", "Authors"),
    "sales_manager": pgettext_lazy("people", "Sales managers"),
    "admin": pgettext_lazy("people", "Administrators"),
}
"""Everybody of a role: see `partners.roles`."""


def role_everywhere(role: str) -> str:
    """Name everybody of a role."""
    return _("%(people)s of all companies") % {"people": PEOPLE[role]}


def role_of(role: str, organisation: str) -> str:
    """Name the people of a role in one company."""
    names = {"people": PEOPLE[role], "organisation": organisation}
    return _("%(people)s of %(organisation)s") % names


def _day_in(data: Mapping[str, Any]) -> str:
    try:
        return on(dt.date.fromisoformat(str(data.get("due") or "")))
    except ValueError:
        return ""
