"""Writes of reports: asking a question, and keeping what was found."""

import dataclasses
from collections.abc import Callable, Sequence
from typing import Any

from django.utils import timezone

from analytics.associations import steps, waiting
from analytics.associations.apart import Earlier
from analytics.associations.models import Report
from analytics.associations.queries.over_time import months
from analytics.associations.queries.reports import earlier
from analytics.associations.queries.unit import unit
from analytics.associations.question import Question
from analytics.associations.rows import Unit
from analytics.associations.waiting import answer, work_off
from core.scope import CLIENT, scoped
from partners.models import Organisation, Person

Engine = Callable[[Question, Unit, Any, Sequence[Earlier], steps.Tell], dict[str, Any]]


def ask(*, actor: Person, question: Question) -> Report:
    """Return the report that will answer this question; one that waits already is not asked for twice."""
    return waiting.ask(Report, actor, {"question_key": question.key}, question=question.told())


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
    answer(
        report,
        inputs=figures.print(question.key),
        version=version,
        compute=lambda: engine(question, figures, organisation.pk, earlier(report), tell),
        tell=tell,
    )
