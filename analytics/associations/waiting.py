"""Questions that wait for the statistics worker: each is worked at by one, tried a few times, and then given up."""

import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any, TypeVar

from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from analytics.associations import steps
from analytics.associations.models import (
    OFFICE,
    AskedGrid,
    CourseStudy,
    LaunchStudy,
    Report,
    RolloutPower,
)
from core import bell
from partners.models import Person
from partners.queries import people

COMPUTE = "associations.compute"
QUEUE = "stats"

MOST_TRIES = 3

Row = Report | CourseStudy | LaunchStudy | RolloutPower | AskedGrid
Asked = TypeVar("Asked", Report, CourseStudy, LaunchStudy, RolloutPower, AskedGrid)


@transaction.atomic
def ask(model: type[Asked], actor: Person, key: Mapping[str, Any], **more: Any) -> Asked:
    """Return the row that will answer; one with this key that waits already is not asked for twice."""
    row, _ = model.objects.get_or_create(
        organisation_id=actor.organisation_id,
        state="waiting",
        **key,
        defaults={"requested_by": actor, **more},
    )
    transaction.on_commit(lambda: bell.call(COMPUTE, QUEUE), robust=True)
    return row


def answer(
    row: Report | LaunchStudy | RolloutPower,
    *,
    inputs: str,
    version: str,
    compute: Callable[[], dict[str, Any]],
    tell: steps.Tell,
) -> None:
    """Keep what is computed of these inputs; the same question, figures and rules have been answered before."""
    row.inputs, row.engine = inputs, version
    known = type(row).objects.filter(
        organisation_id=row.organisation_id,
        question_key=row.question_key,
        inputs=inputs,
        engine=version,
        state="ready",
    )
    if earlier := known.first():
        row.state, row.same_as = "same", earlier
    else:
        row.state, row.result = "ready", compute()
    tell(steps.WRITING)
    row.step = row.steps
    row.save()


class Progress:
    """Writes into a row which step of its plan begins, at once, so that whoever waits sees it; it only goes onward."""

    def __init__(self, row: Row) -> None:
        self._row = row
        self._at = -1

    def __call__(self, step: str) -> None:
        """Say that this step begins: all before it are done."""
        at = steps.onward(self._row.PLAN, self._at, step)
        if at > self._at:
            self._at = self._row.step = at
            type(self._row).objects.filter(pk=self._row.pk, state="waiting").update(step=at)


def work_off(model: type[Asked], compute: Callable[[Asked, steps.Tell], object]) -> int:
    """Compute every row that waits, one after the other; returns how many. In the client's scope.

    A try is counted before the work: what ends its worker is given up after MOST_TRIES. Nothing is computed for
    somebody who may not ask any more. Work is no transaction, so that others see how far it is.
    """
    done = 0
    while True:
        with _next(model) as row:
            if row is None:
                return done
            if _may_still_ask(row):
                compute(row, Progress(row))
            else:
                row.state = "failed"
                row.save(update_fields=["state"])
            done += 1


@contextmanager
def _next(model: type[Asked]) -> Iterator[Asked | None]:
    """Give the row that waits longest and nobody works at, its try counted; give up what was tried too often.

    Whoever works at a row holds a lock of their connection meanwhile: a worker that dies lets go of it.
    """
    waiting = model.objects.filter(state="waiting").order_by("tries", "created_at")
    for pk in waiting.values_list("pk", flat=True):
        name = f"associations:{pk}"
        if not _told("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", name):
            continue
        try:
            if row := _taken_up(model, pk):
                yield row
                return
        finally:
            with suppress(DatabaseError):  # of a broken connection nothing is locked any more
                _told("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", name)
    yield None


def _told(statement: str, name: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(statement, [name])
        return bool(cursor.fetchone()[0])


@transaction.atomic
def _taken_up(model: type[Asked], pk: uuid.UUID) -> Asked | None:
    """Count a try of this row, which begins anew; None where it waits no more, or was tried too often."""
    found = model.objects.select_for_update(of=("self",)).select_related("organisation")
    row = found.filter(pk=pk, state="waiting").first()
    if row is None:
        return None
    worn = row.tries >= MOST_TRIES
    if worn:
        row.state = "failed"
    else:
        row.tries, row.step, row.steps, row.as_of = row.tries + 1, 0, len(row.PLAN), timezone.now()
    row.save(update_fields=["tries", "step", "steps", "as_of", "state"])
    return None if worn else row


def _may_still_ask(row: Row) -> bool:
    person = people.acting(row.requested_by_id) if row.requested_by_id else None
    return (
        person is not None
        and person.organisation_id == row.organisation_id
        and person.has_role(*OFFICE)
    )
