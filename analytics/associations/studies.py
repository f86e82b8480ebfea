"""Studies of courses: asked for, made at night, and kept."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any, Protocol

from django.db import transaction
from django.utils import timezone

from analytics.associations import steps, waiting
from analytics.associations.models import CourseStudy
from analytics.associations.queries import studies
from core.months import before
from courses.catalog.models import Course
from partners.models import Organisation, Person
from partners.queries.client import today

MONTHS = 24
"""So many whole months are looked at."""


class Figures(Protocol):
    """What a study is made of, as the engine has read it."""

    @property
    def print(self) -> str:
        """A hash of all figures."""

    @property
    def completions(self) -> int:
        """How many completed the course."""

    @property
    def partners(self) -> int:
        """Of how many companies they are."""


@dataclasses.dataclass(frozen=True)
class Engine:
    """Reads the figures that were copied out, and says what was found in them."""

    read: Callable[[bytearray], Figures]
    study: Callable[[Any, steps.Tell], dict[str, Any]]


def ask(*, actor: Person, course: Course) -> CourseStudy:
    """Return the study that is waited for; one that waits already is not asked for twice."""
    return waiting.ask(CourseStudy, actor, {"course_id": course.pk})


def compute_waiting(*, engine: Engine, version: str) -> int:
    """Compute every study that waits; returns how many. In the client's scope."""
    return waiting.work_off(CourseStudy, lambda study, tell: _compute(study, engine, version, tell))


def keep(course_id: uuid.UUID, *, engine: Engine, version: str) -> CourseStudy:
    """Keep tonight's study of a course; figures that made one already find it again."""
    client = Organisation.objects.get(kind=Organisation.Kind.CLIENT)
    study = CourseStudy(organisation=client, course_id=course_id)
    return _compute(study, engine, version, steps.nobody)


def _compute(study: CourseStudy, engine: Engine, version: str, tell: steps.Tell) -> CourseStudy:
    until = today().replace(day=1)
    since = before(until, MONTHS)
    tell(steps.READING)
    figures = engine.read(studies.figures(study.course_id, since, until))
    now, key = (
        timezone.now(),
        {"since": since, "until": until, "inputs": figures.print, "engine": version},
    )
    known = CourseStudy.objects.filter(
        organisation_id=study.organisation_id, course_id=study.course_id, state="ready", **key
    ).first()
    if known:
        return _found_again(known, study, now)
    for name, value in key.items():
        setattr(study, name, value)
    study.completions, study.partners = figures.completions, figures.partners
    study.result, study.state = engine.study(figures, tell), CourseStudy.State.READY
    tell(steps.WRITING)
    study.as_of = study.checked_at = now
    study.step = study.steps
    study.save()
    return study


@transaction.atomic
def _found_again(known: CourseStudy, asked: CourseStudy, now: dt.datetime) -> CourseStudy:
    if not asked._state.adding:
        asked.delete()
    CourseStudy.objects.filter(pk=known.pk).update(checked_at=now)
    return known
