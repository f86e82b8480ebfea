"""Writes of reports: asking a question, and keeping what was found."""

import dataclasses
import datetime as dt
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils import timezone

from analytics.associations.models import OFFICE, Report
from analytics.associations.queries.over_time import months
from analytics.associations.queries.unit import unit
from analytics.associations.question import Question
from analytics.associations.rows import Unit
from core import bell
from core.scope import CLIENT, scoped
from partners.models import Organisation, Person
from partners.queries import people

COMPUTE = "associations.compute"
QUEUE = "stats"
MOST_TRIES = 3

_AT_HAND = dt.timedelta(seconds=10)
"""A report that was taken up so lately may not be locked yet by whoever works at it."""

Engine = Callable[[Question, Unit, Any], dict[str, Any]]


@transaction.atomic
def ask(*, actor: Person, question: Question) -> Report:
    """Return the report that will answer this question; one that waits already is not asked for twice."""
    report, _ = Report.objects.get_or_create(
        organisation_id=actor.organisation_id,
        question_key=question.key,
        state=Report.State.WAITING,
        defaults={"requested_by": actor, "question": question.told()},
    )
    transaction.on_commit(_ring, robust=True)
    return report


def _ring() -> None:
    bell.call(COMPUTE, QUEUE)


def compute_waiting(*, engine: Engine, version: str) -> int:
    """Compute every report that waits, one after the other; returns how many. In the client's scope.

    A try is counted before the work: what ends its worker is given up after MOST_TRIES.
    """
    done = 0
    while report := _next():
        with transaction.atomic():
            locked = Report.objects.select_for_update(skip_locked=True).select_related(
                "organisation"
            )
            found = locked.filter(pk=report.pk, state=Report.State.WAITING).first()
            if found:
                _compute(found, engine, version)
                done += 1
    return done


@transaction.atomic
def _next() -> Report | None:
    """Return the report that waits longest and nobody works at, its try counted; give up what was tried too often."""
    waiting = Report.objects.filter(state=Report.State.WAITING)
    free = waiting.select_for_update(skip_locked=True).order_by("tries", "created_at")
    worn = free.filter(tries__gte=MOST_TRIES, as_of__lt=timezone.now() - _AT_HAND)
    Report.objects.filter(pk__in=[each.pk for each in worn]).update(state=Report.State.FAILED)
    report = free.filter(tries__lt=MOST_TRIES).first()
    if report:
        report.tries += 1
        report.as_of = timezone.now()
        report.save(update_fields=["tries", "as_of"])
    return report


def _may_still_ask(report: Report) -> bool:
    person = people.acting(report.requested_by_id)
    return (
        person is not None
        and person.organisation_id == report.organisation_id
        and person.has_role(*OFFICE)
    )


def _compute(report: Report, engine: Engine, version: str) -> None:
    """Read the figures as the report's organisation may see them, and keep what they say.

    Nothing is read for somebody who may not ask any more.
    """
    if not _may_still_ask(report):
        report.state = Report.State.FAILED
        report.save(update_fields=["state"])
        return
    organisation, question = report.organisation, report.asked
    whose = CLIENT if organisation.kind == Organisation.Kind.CLIENT else organisation.pk
    report.as_of = timezone.now()
    with scoped(whose):
        figures = dataclasses.replace(unit(question), months=months(question))
    report.inputs, report.engine = figures.print(question.key), version
    earlier = Report.objects.filter(
        organisation=organisation,
        question_key=report.question_key,
        inputs=report.inputs,
        engine=version,
        state=Report.State.READY,
    ).first()
    if earlier:
        report.state, report.same_as = Report.State.SAME, earlier
    else:
        report.state = Report.State.READY
        report.result = engine(question, figures, organisation.pk)
    report.save()
