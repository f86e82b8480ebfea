"""Writes of reports: asking a question, and keeping what was found."""

import dataclasses
from collections.abc import Callable, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from analytics.associations import steps
from analytics.associations.apart import Earlier
from analytics.associations.models import Report
from analytics.associations.queries.over_time import months
from analytics.associations.queries.reports import earlier
from analytics.associations.queries.unit import unit
from analytics.associations.question import Question
from analytics.associations.rows import Unit
from analytics.associations.waiting import work_off
from core import bell
from core.scope import CLIENT, scoped
from partners.models import Organisation, Person

COMPUTE = "associations.compute"
QUEUE = "stats"

Engine = Callable[[Question, Unit, Any, Sequence[Earlier], steps.Tell], dict[str, Any]]


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
    """Compute every report that waits; returns how many. In the client's scope."""
    return work_off(Report, lambda report, tell: _compute(report, engine, version, tell))


def _compute(report: Report, engine: Engine, version: str, tell: steps.Tell) -> None:
    """Read the figures as the report's organisation may see them, and keep what they say."""
    organisation, question = report.organisation, report.asked
    whose = CLIENT if organisation.kind == Organisation.Kind.CLIENT else organisation.pk
    report.as_of = timezone.now()
    tell(steps.READING)
    with scoped(whose):
        figures = dataclasses.replace(unit(question), months=months(question))
    report.inputs, report.engine = figures.print(question.key), version
    known = Report.objects.filter(
        organisation=organisation,
        question_key=report.question_key,
        inputs=report.inputs,
        engine=version,
        state=Report.State.READY,
    ).first()
    if known:
        report.state, report.same_as = Report.State.SAME, known
    else:
        report.state = Report.State.READY
        report.result = engine(question, figures, organisation.pk, earlier(report), tell)
    tell(steps.WRITING)
    report.step = report.steps
    report.save()
