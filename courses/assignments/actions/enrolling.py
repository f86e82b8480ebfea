"""Keeping enrolments true: who is asked, what is finished, by when. Every write here computes anew."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Iterable
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from core.outbox import publish
from core.scope import CLIENT, scoped
from core.written import written_once
from courses.assignments import statements
from courses.assignments.events import EnrolmentsChanged
from courses.assignments.models import LEARNERS, Enrolment
from partners.queries.client import client, zone

_LOCK = 0x7A55_1617
"""The advisory lock of enrolments: changes of who is asked go one after the other, so that the last one saw all."""


@dataclasses.dataclass(frozen=True)
class Change:
    """One enrolment that was brought up to date. `what`: begun, moved, ended, finished, dated or unproved.

    Moved are those, too, who came back within a day: nothing begins for them.
    """

    what: str
    assignment_id: uuid.UUID
    person_id: uuid.UUID


@dataclasses.dataclass(frozen=True)
class Part:
    """Which enrolments are looked at; nothing named means all."""

    assignment: uuid.UUID | None = None
    person: uuid.UUID | None = None
    organisation: uuid.UUID | None = None


@transaction.atomic
def refresh(*, part: Part, at: dt.datetime | None = None) -> list[Change]:
    """Make these enrolments true and say what changed: nothing, when it is done a second time.

    Waits for others who do the same, and so sees whatever they have seen. Who is asked anew, or has another due
    date, is told after the commit. It runs in the client's scope: somebody who changed companies finished modules in
    both.
    """
    with scoped(CLIENT):
        lock()
        return _refresh(part, at or timezone.now())


@transaction.atomic
def begin(*, assignment_id: uuid.UUID, at: dt.datetime) -> list[Change]:
    """Ask whom a new assignment names for the modules that stand on the shelf now.

    Needs `lock()` before, and the client's scope, as `refresh` has.
    """
    part = Part(assignment=assignment_id)
    _run(statements.FOLLOW, part, at)
    return _refresh(part, at)


@transaction.atomic
def follow_shelf(*, assignment_id: uuid.UUID | None = None) -> list[Change]:
    """Ask for the modules that stand on the shelf now: published later, archived, moved, expired, for others.

    Who is still at a course is asked for its new module as well; who had finished it, has finished it.
    """
    with scoped(CLIENT):
        lock()
        changed = _run(statements.FOLLOW, Part(assignment_id), timezone.now())
        return [
            change
            for (each,) in changed
            for change in _refresh(Part(assignment=each), timezone.now())
        ]


@transaction.atomic
def finish(*, person_id: uuid.UUID) -> list[Change]:
    """Finish what this person has finished by now.

    Doesn't wait for others who finish something, only for those who change who is asked.
    """
    with scoped(CLIENT):
        lock(shared=True)
        changes = _changes(statements.FINISH, Part(person=person_id), timezone.now())
        _announce(changes)
        return changes


def is_asked(*, person_id: uuid.UUID) -> bool:
    """Say whether this person may have something to finish, in the client's scope. Two queries; waits for nobody.

    A no holds until the transaction ends, with what it has written: whoever changes who is asked waits for it, and
    then sees that. While somebody changes it the answer is yes.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock_shared(%s)", [_LOCK])
        if not cursor.fetchone()[0]:
            return True
    return bool(_open_enrolments(person_id))


@written_once
def _open_enrolments(person_id: uuid.UUID) -> QuerySet[Enrolment, uuid.UUID]:
    mine = Enrolment.objects.filter(person_id=person_id, state=Enrolment.State.OPEN)
    return mine.values_list("pk", flat=True)[:1]


@transaction.atomic
def recount(*, repair: bool) -> list[Change]:
    """Return every enrolment that differs from a count anew; with `repair` they are true afterwards."""
    with scoped(CLIENT):
        lock()
        now = timezone.now()
        changes = _changes(statements.UNPROVED, Part(), now)
        _run(statements.FOLLOW, Part(), now)
        changes += _refresh(Part(), now)
        if not repair:
            transaction.set_rollback(True)
        return changes


def _refresh(part: Part, at: dt.datetime) -> list[Change]:
    changes = [
        change
        for statement in (statements.ENROL, statements.FINISH, statements.DATE)
        for change in _changes(statement, part, at)
    ]
    _announce(changes)
    return changes


def _announce(changes: Iterable[Change]) -> None:
    for assignment_id in sorted({change.assignment_id for change in changes}):
        publish(EnrolmentsChanged(assignment_id=assignment_id))


def _changes(statement: str, part: Part, at: dt.datetime) -> list[Change]:
    return [Change(*row) for row in _run(statement, part, at)]


def _run(statement: str, part: Part, at: dt.datetime) -> list[Any]:
    values = {
        **dataclasses.asdict(part),
        "at": at,
        "zone": str(zone(client())),
        "learners": list(LEARNERS),
    }
    with connection.cursor() as cursor:
        cursor.execute(statement, {k: v for k, v in values.items() if f"%({k})s" in statement})
        return list(cursor.fetchall())


def lock(*, shared: bool = False) -> None:
    """Let one change of who is asked happen at a time, until the end of the transaction."""
    function = "pg_advisory_xact_lock_shared" if shared else "pg_advisory_xact_lock"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s)", [_LOCK])
