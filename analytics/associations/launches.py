"""Launches: asked for, computed, and kept."""

from collections.abc import Callable
from typing import Any

from django.utils import timezone

from analytics.associations import steps, waiting
from analytics.associations.launch_rows import Figures
from analytics.associations.models import LaunchStudy, Rollout
from analytics.associations.queries import launches, rollouts
from core.months import before
from courses.catalog.models import Course
from partners.models import Person
from partners.queries.client import today

BEFORE = 6
"""So many months before its first wave go into the study of a roll-out."""

Engine = Callable[[Figures, int | None, steps.Tell], dict[str, Any]]
"""Says what was found; of a roll-out it is told how many companies strayed from what was drawn."""


def ask(*, actor: Person, course: Course, sales: str, currency: str, months: int) -> LaunchStudy:
    """Return the study that will answer; one that waits already is not asked for twice."""
    return _ask(actor, course_id=course.pk, sales=sales, currency=currency, months=months)


def ask_plan(*, actor: Person, plan: Rollout) -> LaunchStudy:
    """Return the study of a roll-out whose waves have launched; one that waits already is not asked for twice."""
    power = plan.power
    return _ask(
        actor,
        course_id=plan.course_id,
        sales=power.sales,
        currency=power.currency,
        months=BEFORE + (plan.waves - 1) * plan.gap,
        rollout_id=plan.pk,
    )


def _ask(actor: Person, **asked: Any) -> LaunchStudy:
    return waiting.ask(LaunchStudy, actor, {"question_key": LaunchStudy(**asked).key}, **asked)


def compute_waiting(*, engine: Engine, version: str) -> int:
    """Compute every launch that waits, once the last month was counted; returns how many. In the client's scope."""
    if not launches.counted(today().replace(day=1)):
        return 0
    return waiting.work_off(LaunchStudy, lambda study, tell: _compute(study, engine, version, tell))


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
    study.as_of = timezone.now()
    study.launched, study.partners = len(figures.launched), len(figures.partners)
    waiting.answer(
        study,
        inputs=figures.print if strayed is None else figures.printed(strayed),
        version=version,
        compute=lambda: engine(figures, strayed, tell),
        tell=tell,
    )
