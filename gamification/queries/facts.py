"""What a person has done, summed up for badges from the records of courses."""

import datetime as dt
import uuid

from django.db.models import Count, Exists, F, OuterRef, Q

from courses.catalog.models import Module
from courses.progress.models import LearningDay, ModuleProgress
from courses.quizzes.models import Attempt, Quiz
from gamification.badges import WEEKS_BACK, Facts

LEAST_ITEMS = 3
"""A quiz with fewer questions is too easily all right to be worth a badge."""

LEAST_MODULES = 2
"""A course with fewer modules is not yet a course to be proud of."""


def facts_of(person_id: uuid.UUID, today: dt.date) -> Facts:
    """Return what badges look at. Four queries."""
    since = today - dt.timedelta(days=today.weekday(), weeks=WEEKS_BACK)
    done = ModuleProgress.objects.filter(person_id=person_id).aggregate(
        finished=Count("pk", filter=Q(finished_at__isnull=False)),
        understood=Count("pk", filter=Q(understood_at__isnull=False)),
        comebacks=Count("pk", filter=Q(understood_at__isnull=False, first_score__lt=1)),
    )
    perfect = (
        Attempt.objects.filter(person_id=person_id, is_first=True, state=Attempt.State.SCORED)
        .filter(item_keys__len__gte=LEAST_ITEMS, correct_count=F("item_keys__len"))
        .count()
    )
    days = LearningDay.objects.filter(person_id=person_id, day__gte=since)
    return Facts(
        **done,
        perfect=perfect,
        courses=_understood_courses(person_id),
        days=frozenset(days.values_list("day", flat=True)),
    )


def _understood_courses(person_id: uuid.UUID) -> int:
    """Count the courses of which every module with a quiz that is open to everybody is understood."""
    understood = ModuleProgress.objects.filter(
        person_id=person_id, module=OuterRef("pk"), understood_at__isnull=False
    )
    modules = Module.objects.filter(
        Exists(Quiz.objects.filter(module=OuterRef("pk"))),
        version__isnull=False,
        is_archived=False,
        course__is_archived=False,
        audience=Module.Audience.EVERYBODY,
    )
    return (
        modules.annotate(understood=Exists(understood))
        .order_by()
        .values("course")
        .annotate(all=Count("pk"), done=Count("pk", filter=Q(understood=True)))
        .filter(all__gte=LEAST_MODULES, all=F("done"))
        .count()
    )
