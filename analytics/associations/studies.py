"""Studies of courses: asked for, made at night, and kept."""

import uuid
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils import timezone

from analytics.associations.actions import COMPUTE, QUEUE
from analytics.associations.course_rows import Figures
from analytics.associations.models import CourseStudy
from analytics.associations.queries import studies
from analytics.associations.waiting import work_off
from core import bell
from core.months import before
from courses.catalog.models import Course
from partners.models import Organisation, Person
from partners.queries.client import today

MONTHS = 24
"""So many whole months are looked at."""

Engine = Callable[[Figures], dict[str, Any]]
"""Says what was found."""


@transaction.atomic
def ask(*, actor: Person, course: Course) -> CourseStudy:
    """Return the study that is waited for; one that waits already is not asked for twice."""
    study, _ = CourseStudy.objects.get_or_create(
        organisation_id=actor.organisation_id,
        course=course,
        state=CourseStudy.State.WAITING,
        defaults={"requested_by": actor},
    )
    transaction.on_commit(lambda: bell.call(COMPUTE, QUEUE), robust=True)
    return study


def compute_waiting(*, engine: Engine, version: str) -> int:
    """Compute every study that waits; returns how many. In the client's scope."""
    return work_off(CourseStudy, lambda study: _compute(study, engine, version))


def keep(course_id: uuid.UUID, *, engine: Engine, version: str) -> CourseStudy:
    """Keep tonight's study of a course; figures that made one already find it again."""
    client = Organisation.objects.get(kind=Organisation.Kind.CLIENT)
    study = CourseStudy(organisation=client, course_id=course_id)
    return _compute(study, engine, version)


def _compute(study: CourseStudy, engine: Engine, version: str) -> CourseStudy:
    until = today().replace(day=1)
    since = before(until, MONTHS)
    figures = studies.figures(study.course_id, since, until)
    now, key = (
        timezone.now(),
        {"since": since, "until": until, "inputs": figures.print, "engine": version},
    )
    known = CourseStudy.objects.filter(
        organisation_id=study.organisation_id, course_id=study.course_id, state="ready", **key
    ).first()
    if known:
        if not study._state.adding:
            study.delete()
        CourseStudy.objects.filter(pk=known.pk).update(checked_at=now)
        return known
    completed = figures.completed
    for name, value in key.items():
        setattr(study, name, value)
    study.completions, study.partners = len(completed), len(set(completed.values()))
    study.result, study.state = engine(figures), CourseStudy.State.READY
    study.as_of = study.checked_at = now
    study.save()
    return study
