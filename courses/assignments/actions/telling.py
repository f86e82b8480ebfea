"""Telling people what they are asked: at once, before it is due, when it is over; each once for each date."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import DurationField, ExpressionWrapper, F, Q, Value
from django.urls import reverse
from django.utils import timezone, translation

from core import mail
from core.ids import uuid7
from core.models import Notice
from core.notices.actions import notify_many
from core.scope import CLIENT, scoped
from courses.assignments import due, words
from courses.assignments.models import Assignment, Enrolment, EnrolmentQuerySet
from courses.assignments.queries import rights
from courses.catalog.naming import public_title
from partners.models import Person
from partners.queries.client import client, zone

_NEVER = dt.datetime.max.replace(tzinfo=dt.UTC)

CHUNK = 500
"""Rows that are locked and told at a time."""

_Thing = tuple[uuid.UUID, uuid.UUID | None]
"""A person, and what is asked of them: a module or a course."""


@transaction.atomic
def tell(*, assignment_id: uuid.UUID | None = None) -> int:
    """Tell whoever is asked anew, or by another day. Returns how many were told."""
    with scoped(CLIENT):
        now, told = timezone.now(), 0
        wanted = Enrolment.objects.open().filter(assignment__cancelled_at__isnull=True)
        if assignment_id is not None:
            wanted = wanted.filter(assignment_id=assignment_id)
        anew = wanted.filter(told_at__isnull=True)
        while rows := _taken(anew):
            _send(words.ASSIGNED, rows, now)
            _note(rows, told_at=now, told_due_at=F("due_at"))
            told += len(rows)
        changed = wanted.filter(told_at__isnull=False).filter(_differs("told_due_at"))
        while rows := _taken(changed):
            _send(words.CHANGED, rows, now)
            _note(rows, told_due_at=F("due_at"))
            told += len(rows)
        return told


@transaction.atomic
def remind_of_dates(*, limit: int = 20 * CHUNK) -> int:
    """Remind whose day comes near, and say so where it is over; in the morning, each once for each due date.

    Once for each enrolment: by when two assignments ask for the same is said of either. Who was asked on this very
    day isn't reminded on it. Returns how many were reminded: at most `limit`, the next run goes on.
    """
    now = timezone.now()
    with scoped(CLIENT):
        here = zone(client())
        if not due.may_remind(now, here):
            return 0
        midnight = due.end_of(now.astimezone(here).date() - dt.timedelta(days=1), here)
        wanted = Enrolment.objects.open().filter(
            assignment__cancelled_at__isnull=True, told_at__lt=midnight
        )
        near = wanted.filter(due_at__gte=now, assignment__remind_days__isnull=False)
        # A day that is an hour longer or shorter than others moves nothing into another one.
        near = near.annotate(
            span=ExpressionWrapper(
                F("assignment__remind_days") * Value(dt.timedelta(days=1)),
                output_field=DurationField(),
            )
        ).filter(
            _differs("reminded_due_at"),
            due_at__lte=Value(midnight + dt.timedelta(days=1, hours=2)) + F("span"),
        )
        over = wanted.filter(_differs("late_due_at"), due_at__lt=midnight + dt.timedelta(seconds=1))
        done = _remind(words.BEFORE, near, now, limit, "reminded_due_at")
        return done + _remind(words.LATE, over, now, limit - done, "late_due_at")


def _remind(kind: str, wanted: EnrolmentQuerySet, now: dt.datetime, limit: int, column: str) -> int:
    done = 0
    while done < limit and (rows := _taken(wanted)):
        _send(kind, rows, now)
        _note(rows, **{column: F("due_at")})
        done += len(rows)
    return done


@transaction.atomic
def remind(*, actor: Person, enrolments: Iterable[uuid.UUID]) -> int:
    """Remind these people by hand: those looked after, signed up, still at it, and once a day.

    What several assignments ask of somebody is one thing: who is reminded of it by one of them isn't by another on
    that day. Returns how many people were reminded now, of one thing or several.
    """
    now = timezone.now()
    today = now.astimezone(zone(client())).date()
    wanted = (
        Enrolment.objects.visible_to(actor)
        .filter(rights.to_remind(actor, today))
        .filter(pk__in=list(enrolments), assignment__cancelled_at__isnull=True)
    )
    told: set[_Thing] = set()
    while rows := _taken(wanted):
        latest_first = sorted(rows, key=lambda row: row.due_at or _NEVER, reverse=True)
        anew = {_thing(row): row for row in latest_first if _thing(row) not in told}
        _send(words.NUDGE, list(anew.values()), now, by=actor)
        _note([*rows, *_same(anew, rights.to_remind(actor, today))], nudged_on=today)
        told.update(anew)
    return len({person for person, _ in told})


def _same(told: Iterable[_Thing], to_remind: Q) -> list[Enrolment]:
    """Lock what else could remind these people of the same; what somebody else is at is left, so that none waits."""
    people: dict[uuid.UUID | None, list[uuid.UUID]] = {}
    for person, thing in told:
        people.setdefault(thing, []).append(person)
    asked = Q(pk__in=[])
    for thing, whom in people.items():
        about = Q(assignment__module=thing) | Q(assignment__course=thing)
        asked |= Q(about, person__in=whom)
    wanted = Enrolment.objects.filter(asked, to_remind, assignment__cancelled_at__isnull=True)
    return list(wanted.select_for_update(no_key=True, skip_locked=True, of=("self",)))


def _thing(row: Enrolment) -> _Thing:
    """Return of whom what is asked: a module or a course."""
    return row.person_id, row.assignment.module_id or row.assignment.course_id


def _differs(column: str) -> Q:
    """Say whether a column names another due date than there is now; each may be none."""
    other = Q(**{f"{column}__lt": F("due_at")}) | Q(**{f"{column}__gt": F("due_at")})
    appeared = Q(**{f"{column}__isnull": True}, due_at__isnull=False)
    vanished = Q(**{f"{column}__isnull": False}, due_at__isnull=True)
    return other | appeared | vanished


def _taken(wanted: EnrolmentQuerySet) -> list[Enrolment]:
    """Lock some of these that nobody else is at."""
    return list(
        wanted.select_for_update(no_key=True, skip_locked=True, of=("self",))
        .select_related("assignment", "person__account", "organisation")
        .order_by("pk")[:CHUNK]
    )


def _note(rows: Sequence[Enrolment], **values: Any) -> None:
    Enrolment.objects.filter(pk__in=[row.pk for row in rows]).update(**values)


@dataclasses.dataclass(frozen=True)
class About:
    """What an assignment is about, for notices: its title, and where it opens."""

    title: str
    url: str


def _send(
    kind: str, rows: Sequence[Enrolment], now: dt.datetime, *, by: Person | None = None
) -> None:
    """Write notices and mail for these enrolments; who has left gets neither.

    What somebody sends by hand says from whom: their name to colleagues, their company to others.
    """
    home = client()
    here, language = zone(home), home.language if home else settings.LANGUAGE_CODE
    made = {row.assignment_id: row.assignment for row in rows}
    abouts = {pk: about(assignment) for pk, assignment in made.items()}
    notices, letters = [], []
    for row in rows:
        if not (row.person.is_active and row.organisation.is_active):
            continue
        found, key = abouts[row.assignment_id], key_of(kind, row, now.astimezone(here))
        data = _data(row, found, here) | (sender(by, row.organisation_id) if by else {})
        notices.append(
            Notice(
                id=uuid7(),
                key=key,
                person_id=row.person_id,
                organisation_id=row.organisation_id,
                kind=f"assignments.{kind}",
                url=found.url,
                data=data,
            )
        )
        if kind != words.CHANGED and row.person.email and _signs_in(row.person):
            with translation.override(row.person.language or language):
                subject, text = words.letter(
                    kind,
                    data | {"message": row.assignment.message, "opens": row.assignment.opens},
                    name=row.person.name,
                    client=home.name if home else "",
                    url=settings.PUBLIC_URL + found.url,
                )
            letters.append(mail.Letter(key, row.person.email, subject, text))
    notify_many(notices)
    if letters:
        mail.post_many(letters)


def _signs_in(person: Person) -> bool:
    """Say whether they have signed up: a mail whose link opens nothing helps nobody."""
    return person.account is not None and person.account.is_active


def key_of(kind: str, row: Enrolment, now: dt.datetime) -> str:
    """Return the key of a notice: the same enrolment, the same kind, the same date; `now` where the client is.

    Of a date that changes back to one told before it is told again: that each change is told once, the enrolment
    itself notes in the same transaction.
    """
    about = {
        words.ASSIGNED: row.assigned_at.isoformat(),
        words.CHANGED: now.isoformat(),
        words.NUDGE: now.date().isoformat(),
    }.get(kind, row.due_at.isoformat() if row.due_at else "none")
    return f"enrolment:{row.pk}:{kind}:{about}"


def _data(row: Enrolment, found: About, here: dt.tzinfo) -> dict[str, Any]:
    return {
        "title": found.title,
        "required": row.assignment.required,
        "due": due.day_of(row.due_at, here).isoformat() if row.due_at else "",
    }


def sender(by: Person, organisation_id: uuid.UUID) -> dict[str, Any]:
    """Return what a notice sent by hand to somebody of this organisation says of whom it is from."""
    colleague = by.organisation_id == organisation_id
    return {"by": by.name if colleague else by.organisation.name, "by_colleague": colleague}


def about(assignment: Assignment) -> About:
    """Return what an assignment is about: the module as it was published, or the course."""
    if (module := assignment.module) is not None:
        return About(public_title(module), reverse("courses:module", args=[module.pk]))
    title = assignment.course.title if assignment.course else ""
    return About(
        title, f"{reverse('courses:learn')}?course={assignment.course_id}#c{assignment.course_id}"
    )
