"""Questions that wait for the statistics worker: each is worked at by one, tried a few times, and then given up."""

import datetime as dt
from collections.abc import Callable
from typing import TypeVar

from django.db import transaction
from django.utils import timezone

from analytics.associations.models import OFFICE, CourseStudy, LaunchStudy, Report, RolloutPower
from partners.queries import people

MOST_TRIES = 3

_AT_HAND = dt.timedelta(seconds=10)
"""What was taken up so lately may not be locked yet by whoever works at it."""

Asked = TypeVar("Asked", Report, CourseStudy, LaunchStudy, RolloutPower)


def work_off(model: type[Asked], compute: Callable[[Asked], object]) -> int:
    """Compute every row that waits, one after the other; returns how many. In the client's scope.

    A try is counted before the work: what ends its worker is given up after MOST_TRIES. Nothing is computed for
    somebody who may not ask any more.
    """
    done = 0
    while row := _next(model):
        with transaction.atomic():
            locked = model.objects.select_for_update(skip_locked=True, of=("self",))
            found = locked.select_related("organisation").filter(pk=row.pk, state="waiting").first()
            if found is None:
                continue
            if _may_still_ask(found):
                compute(found)
            else:
                found.state = "failed"
                found.save(update_fields=["state"])
            done += 1
    return done


@transaction.atomic
def _next(model: type[Asked]) -> Asked | None:
    """Return the row that waits longest and nobody works at, its try counted; give up what was tried too often."""
    free = model.objects.filter(state="waiting").select_for_update(skip_locked=True)
    worn = free.filter(tries__gte=MOST_TRIES, as_of__lt=timezone.now() - _AT_HAND)
    model.objects.filter(pk__in=[each.pk for each in worn]).update(state="failed")
    row = free.filter(tries__lt=MOST_TRIES).order_by("tries", "created_at").first()
    if row:
        row.tries += 1
        row.as_of = timezone.now()
        row.save(update_fields=["tries", "as_of"])
    return row


def _may_still_ask(row: Report | CourseStudy | LaunchStudy | RolloutPower) -> bool:
    person = people.acting(row.requested_by_id) if row.requested_by_id else None
    return (
        person is not None
        and person.organisation_id == row.organisation_id
        and person.has_role(*OFFICE)
    )
