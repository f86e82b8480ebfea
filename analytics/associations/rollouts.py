"""Roll-outs: compared, drawn by lot, and withdrawn before they begin."""

import datetime as dt
import secrets
import uuid
from collections.abc import Callable, Sequence
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from analytics.associations import lot, steps, waiting
from analytics.associations.launch_rows import Figures
from analytics.associations.models import Rollout, RolloutPlace, RolloutPower
from analytics.associations.queries import launches, rollouts
from courses.catalog.models import Course
from partners.models import Person
from partners.problems import Problem
from partners.queries.client import today

Engine = Callable[[Figures, int, int], dict[str, Any]]
"""Says what a roll-out would see, given the months between two waves and how many companies take part."""


def compare(
    *,
    actor: Person,
    course: Course,
    sales: str,
    currency: str,
    partners: Sequence[uuid.UUID],
    first: dt.date,
    gap: int,
) -> RolloutPower:
    """Return the comparison that will answer; one that waits already is not asked for twice."""
    asked: dict[str, Any] = {
        "course_id": course.pk,
        "sales": sales,
        "currency": currency,
        "partners": sorted(partners),
        "first": first,
        "gap": gap,
    }
    return waiting.ask(RolloutPower, actor, {"question_key": RolloutPower(**asked).key}, **asked)


def compute_waiting(*, engine: Engine, version: str) -> int:
    """Compute every comparison that waits, once the last month was counted. In the client's scope."""
    if not launches.counted(today().replace(day=1)):
        return 0
    return waiting.work_off(
        RolloutPower, lambda asked, tell: _compute(asked, engine, version, tell)
    )


def _compute(asked: RolloutPower, engine: Engine, version: str, tell: steps.Tell) -> None:
    tell(steps.READING)
    figures = rollouts.past(asked, today().replace(day=1))
    asked.as_of = timezone.now()

    def compute() -> dict[str, Any]:
        tell(steps.LOOKING)
        return engine(figures, asked.gap, len(asked.partners))

    waiting.answer(asked, inputs=figures.print, version=version, compute=compute, tell=tell)


@transaction.atomic
def draw(*, actor: Person, power: RolloutPower, waves: int) -> Rollout:
    """Draw by lot who launches in which wave, and keep it with its seed; a comparison is drawn from once.

    Raises Problem where it is too late, where there are fewer companies than waves, or where another plan of the
    course holds: it has to be withdrawn first.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"rollout:{power.course_id}"]
        )
    if made := rollouts.drawn_from(power):
        return made
    month = today().replace(day=1)
    if power.first <= month:
        raise Problem(_("The first month has begun. Compare once more with a later one."))
    if not lot.LEAST_WAVES <= waves <= min(lot.MOST_WAVES, len(power.partners)):
        raise Problem(_("Choose one of the numbers of waves that are offered."))
    if rollouts.live(power, month):
        raise Problem(_("There is a plan for this course already. Withdraw it first."))
    made = Rollout.objects.create(
        organisation_id=actor.organisation_id,
        power=power,
        course_id=power.course_id,
        first=power.first,
        gap=power.gap,
        waves=waves,
        seed=secrets.token_hex(16),
        drawn_by=actor,
    )
    sizes = rollouts.sizes(power.partners)
    RolloutPlace.objects.bulk_create(
        RolloutPlace(
            rollout=made,
            organisation_id=actor.organisation_id,
            partner_id=partner,
            wave=wave,
            reps=sizes[partner],
        )
        for partner, wave in sorted(lot.draw(made.seed, sizes, waves).items())
    )
    return made


@transaction.atomic
def withdraw(*, actor: Person, rollout_id: uuid.UUID) -> Rollout:
    """Withdraw a plan; it stays to be seen. Raises Problem once its first wave has begun."""
    row = Rollout.objects.select_for_update().get(pk=rollout_id)
    if row.withdrawn_on is not None:
        return row
    day = today()
    if day >= row.first:
        raise Problem(_("The first wave has begun: the plan stays as it was drawn."))
    row.withdrawn_by, row.withdrawn_on = actor, day
    row.save(update_fields=["withdrawn_by", "withdrawn_on"])
    return row
