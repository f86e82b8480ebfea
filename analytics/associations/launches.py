"""Launches: asked for, computed, and kept."""

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils import timezone

from analytics.associations.actions import COMPUTE, QUEUE
from analytics.associations.launch_rows import Figures
from analytics.associations.models import LaunchStudy
from analytics.associations.queries import launches
from analytics.associations.waiting import work_off
from core import bell
from core.months import before
from courses.catalog.models import Course
from partners.models import Person
from partners.queries.client import today

Engine = Callable[[Figures], dict[str, Any]]
"""Says what was found."""


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


def compute_waiting(*, engine: Engine, version: str) -> int:
    """Compute every launch that waits, once the last month was counted; returns how many. In the client's scope."""
    if not launches.counted(today().replace(day=1)):
        return 0
    return work_off(LaunchStudy, lambda study: _compute(study, engine, version))


def _compute(study: LaunchStudy, engine: Engine, version: str) -> None:
    study.until = today().replace(day=1)
    study.since = before(study.until, study.months)
    figures = launches.figures(study, study.since, study.until)
    study.as_of, study.inputs, study.engine = timezone.now(), figures.print, version
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
        study.state, study.result = LaunchStudy.State.READY, engine(figures)
        study.launched, study.partners = len(figures.launched), len(figures.partners)
    study.save()
