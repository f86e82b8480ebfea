"""The night's work: months counted anew, frozen in time, revised where something was told late; grids; courses.

It goes on for some seconds at a time, so that reports that somebody waits for come in between, and takes up what
another worker left. Running it twice changes nothing.
"""

import datetime as dt
import time
import uuid
from collections.abc import Callable, Iterator
from functools import partial

import structlog
from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.utils import timezone

from analytics.associations.models import Month, MonthRevision, Night
from analytics.associations.queries import grids, months, studies
from analytics.associations.queries.copied import roomy
from core import bell
from core.months import after, before
from core.scope import CLIENT, scoped
from partners.models import Organisation
from partners.queries.client import client, zone

log = structlog.get_logger(__name__)

NIGHT = "associations.night"
QUEUE = "stats"
SECONDS = 20.0
"""How long one ring of the night goes on."""

HOUR = 2
"""The night's work begins at this hour where the client is; where none was ever done, at once."""

MOST_MONTHS = 60
"""So many months back are kept."""

LOOKED_BACK = 24
"""In so many months what is told late is looked for."""

Keep = Callable[[Organisation, dt.date], object]
"""Keeps an organisation's grid of the months before a day."""

Study = Callable[[uuid.UUID], object]
"""Keeps the study of a course."""


def night(keep: Keep, study: Study, seconds: float = SECONDS) -> bool:
    """Go on with this night's work; returns whether it is done. Rings for itself where there is more."""
    began = time.monotonic()
    with scoped(CLIENT):
        tonight = _tonight()
        if tonight is None:
            return True
        for step in _steps(tonight, keep, study):
            if time.monotonic() - began > seconds:
                bell.call(NIGHT, QUEUE)
                return False
            _try(step)
        Night.objects.filter(pk=tonight.pk).update(done_at=timezone.now())
    return True


def _try(step: Callable[[], object]) -> None:
    """Do a step; one that can't be done is noted and left for the next night, so that it holds up no other one."""
    try:
        step()
    except (OperationalError, InterfaceError):
        raise  # the database is away: this ring ends, the next one goes on
    except (DatabaseError, ArithmeticError, LookupError, ValueError) as error:
        log.exception("night_step_failed", step=str(step), error=str(error)[:200])


def _tonight() -> Night | None:
    """Return the night whose work is due, begun now if nobody did; None where it is done, or nothing is set up."""
    own = client()
    if own is None:
        return None
    now = timezone.localtime(timezone=zone(own))
    day = (now - dt.timedelta(hours=HOUR)).date()
    found, _ = Night.objects.get_or_create(day=day, defaults={"begun_at": timezone.now()})
    return found if found.done_at is None else None


def _steps(tonight: Night, keep: Keep, study: Study) -> Iterator[Callable[[], object]]:
    """Yield what nobody has done yet this night: months from the oldest on, grids, and the courses of the night."""
    today = timezone.localdate(timezone=zone(client()))
    for month in _due(tonight, today.replace(day=1)):
        yield partial(count, month, today=today)
    for organisation in grids.due(tonight.begun_at):
        yield partial(keep, organisation, today)
    for course_id in studies.due(tonight.begun_at):
        yield partial(study, course_id)


def _due(tonight: Night, running: dt.date) -> list[dt.date]:
    begin = months.first()
    if begin is None:
        return []
    checked = dict(Month.objects.values_list("month", "checked_at"))
    looked_at = before(running, LOOKED_BACK)
    return [
        month
        for month in (before(running, back) for back in range(MOST_MONTHS, -1, -1))
        if month >= begin
        and (month not in checked or (month >= looked_at and checked[month] < tonight.begun_at))
    ]


@roomy(loops=True)
def count(of: dt.date, *, today: dt.date) -> months.Changes:
    """Make the rows of a month what the records say; returns what changed. One at a time counts a month.

    A frozen month keeps its rows, and gets a revision of those that changed.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"month:{of}"])
    month = Month.objects.filter(pk=of).first() or Month(month=of)
    frozen, now = month.frozen_at is not None, timezone.now()
    revision = month.revision + 1 if frozen else 0
    changes = months.rewrite(of, revision=revision, keep=frozen)
    if changes or month._state.adding:
        month.as_of = now
    if frozen and changes:
        month.revision = revision
    if not frozen and freezes_on(of) <= today:
        month.frozen_at = now
    month.checked_at = now
    month.save()
    if frozen:
        MonthRevision.objects.bulk_create(
            MonthRevision(
                organisation_id=place, month=month, revision=revision, rows=rows, figures=figures
            )
            for place, rows, figures in changes
        )
    return changes


def freezes_on(of: dt.date) -> dt.date:
    """Return the day on which a month is frozen."""
    return after(of) + dt.timedelta(days=settings.REPORTS_FREEZE_DAYS)
