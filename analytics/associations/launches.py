"""Launches: asked for, computed, and kept."""

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils import timezone

from analytics.associations import steps
from analytics.associations.actions import COMPUTE, QUEUE
from analytics.associations.launch_rows import Figures
from analytics.associations.models import LaunchStudy, Rollout
from analytics.associations.queries import launches, rollouts
from analytics.associations.waiting import work_off
from core import bell
from core.months import before
from courses.catalog.models import Course
from partners.models import Person
from partners.queries.client import today

BEFORE = 6
"""So many months before its first wave go into the study of a roll-out."""

Engine = Callable[[Figures, int | None, steps.Tell], dict[str, Any]]
"""Says what was found; of a roll-out it is told how many companies strayed from what was drawn."""


@transaction.atomic
def ask(*, actor: Person, course: Course, sales: str, currency: str, months: int) -> LaunchStudy:
    """Return the study that will answer; one that waits already is not asked for twice."""
    asked = LaunchStudy(course=course, sales=sales, currency=currency, months=months)
    study, _ = LaunchStudy.objects.get_or_create(
        organisation_id=actor.organisation_id,
        question_key=asked.key,
        state=LaunchStudy.State.WAITING,
        defaults={
            "requested_by": actor,
            "course": course,
            "sales": sales,
            "currency": currency,
            "months": months,
        },
    )
    transaction.on_commit(lambda: bell.call(COMPUTE, QUEUE), robust=True)
    return study


@transaction.atomic
def ask_plan(*, actor: Person, plan: Rollout) -> LaunchStudy:
    """Return the study of a roll-out whose waves have launched; one that waits already is not asked for twice."""
    power = plan.power
    asked = {
        "course_id": plan.course_id,
        "sales": power.sales,
        "currency": power.currency,
        "months": BEFORE + (plan.waves - 1) * plan.gap,
        "rollout": plan,
    }
    study, _ = LaunchStudy.objects.get_or_create(
        organisation_id=actor.organisation_id,
        question_key=LaunchStudy(**asked).key,
        state=LaunchStudy.State.WAITING,
        defaults={"requested_by": actor, **asked},
    )
    transaction.on_commit(lambda: bell.call(COMPUTE, QUEUE), robust=True)
    return study


def compute_waiting(*, engine: Engine, version: str) -> int:
    """Compute every launch that waits, once the last month was counted; returns how many. In the client's scope."""
    if not launches.counted(today().replace(day=1)):
        return 0
    return work_off(LaunchStudy, lambda study, tell: _compute(study, engine, version, tell))


def _figures(study: LaunchStudy) -> tuple[Figures, int | None]:
    """Return what goes in; of a roll-out also how many companies began in another month than was drawn."""
    plan = study.rollout
    study.until = plan.last if plan else today().replace(day=1)
    study.since = before(study.until, study.months)
    if plan is None:
        return launches.figures(study, study.since, study.until), None
    return rollouts.as_drawn(plan, study.since), len(rollouts.strayed(plan))


def _compute(study: LaunchStudy, engine: Engine, version: str, tell: steps.Tell) -> None:
    tell(steps.READING)
    figures, strayed = _figures(study)
    study.as_of, study.engine = timezone.now(), version
    study.inputs = figures.print if strayed is None else figures.printed(strayed)
    earlier = LaunchStudy.objects.filter(
        organisation_id=study.organisation_id,
        question_key=study.question_key,
        inputs=study.inputs,
        engine=version,
        state=LaunchStudy.State.READY,
    ).first()
    if earlier:
        study.state, study.same_as = LaunchStudy.State.SAME, earlier
    else:
        study.state, study.result = LaunchStudy.State.READY, engine(figures, strayed, tell)
        study.launched, study.partners = len(figures.launched), len(figures.partners)
    tell(steps.WRITING)
    study.step = study.steps
    study.save()
