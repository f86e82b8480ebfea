"""Assignments and enrolments as pages show them: dates in words, tones, views."""

import dataclasses
import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core import rounding
from courses.assignments import due, words
from courses.assignments.models import Enrolment
from courses.assignments.queries.lists import Counts, Row
from partners.queries.client import client, zone


@dataclasses.dataclass(frozen=True)
class ShownRow:
    """One assignment as a list shows it."""

    row: Row
    label: str
    tone: str
    percent: int

    @property
    def suggested(self) -> bool:
        """Whether it is only suggested, and `label` says something else."""
        return not self.row.assignment.required and self.label != words.necessity(required=False)


@dataclasses.dataclass(frozen=True)
class ShownPerson:
    """One person of an assignment as its page shows them: `label` is their state in words."""

    enrolment: Enrolment
    label: str
    tone: str
    reminded: str


def rows(found: Iterable[Row]) -> list[ShownRow]:
    """Return these with their dates in words."""
    now, here = timezone.now(), zone(client())
    return [_row(each, now, here) for each in found]


def row(found: Row) -> ShownRow:
    """Return one with its date in words."""
    return rows([found])[0]


def _row(found: Row, now: dt.datetime, here: dt.tzinfo) -> ShownRow:
    made = found.assignment
    label = words.necessity(required=made.required)
    if made.cancelled_at is not None:
        label = _("taken back")
    elif found.off is not None:
        label = pgettext("assignment", "archived") if found.off.archived else _("no longer shown")
    elif made.due_at is not None:
        label = words.by_when(made.due_at, now, here)
    soon = made.due_at is not None and 0 <= due.days_left(made.due_at, now, here) <= 2
    tone = "warn" if soon and found.counts.open and made.cancelled_at is None else ""
    people = found.counts.people + (found.off.unasked if found.off else 0)
    percent = rounding.divided(100 * found.counts.finished, people) if people else 0
    return ShownRow(found, label, tone, percent)


def people(found: Iterable[Enrolment]) -> list[ShownPerson]:
    """Return these with their states in words."""
    now, here = timezone.now(), zone(client())
    return [_person(each, now, here) for each in found]


def _person(one: Enrolment, now: dt.datetime, here: dt.tzinfo) -> ShownPerson:
    reminded = _("reminded %(day)s") % {"day": words.on(one.nudged_on)} if one.nudged_on else ""
    if one.finished_at is not None:
        finished, today = one.finished_at.astimezone(here).date(), now.astimezone(here).date()
        day = words.on_past(finished, today)
        return ShownPerson(one, _("finished %(day)s") % {"day": day}, "ok", "")
    if one.due_at is None:
        return ShownPerson(one, _("not finished yet"), "", reminded)
    label, tone = words.by_when(one.due_at, now, here), words.tone(one.due_at, now, here)
    return ShownPerson(one, label, tone, reminded)


def pills(counts: Counts, state: str) -> list[dict[str, Any]]:
    """Return the views of an assignment's people, with how many each shows."""
    known = [
        ("", pgettext("assignment", "All"), counts.people),
        ("late", pgettext("people", "Late"), counts.late),
        ("open", pgettext("assignment", "Not finished"), counts.open),
        ("finished", pgettext("assignment", "Finished"), counts.finished),
    ]
    return [
        {"label": f"{label} {n}", "url": f"?state={key}" if key else "?", "current": key == state}
        for key, label, n in known
    ]
