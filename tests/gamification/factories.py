"""Points and rankings for tests, in one line each."""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from core import outbox
from core.scope import CLIENT, scoped
from courses.progress.events import ModuleFinished
from courses.quizzes.events import AttemptScored
from gamification import actions, boards
from gamification.models import LedgerEntry
from gamification.queries import rules
from gamification.ranking import Unit
from partners.models import Person
from tests.core.waiting import rounds


def finished(person: Person, **fields: Any) -> ModuleFinished:
    """Return the news that a person has finished a module."""
    values: dict[str, Any] = {
        "person_id": person.pk,
        "organisation_id": person.organisation_id,
        "team_id": person.team_id,
        "module_id": uuid.uuid4(),
        "attempt_id": None,
        "finished_at": timezone.now(),
        **fields,
    }
    return ModuleFinished(**values)


def scored(person: Person, correct: int, items: int = 4, **fields: Any) -> AttemptScored:
    """Return the news that a person's first attempt was scored."""
    values: dict[str, Any] = {
        "attempt_id": uuid.uuid4(),
        "person_id": person.pk,
        "organisation_id": person.organisation_id,
        "team_id": person.team_id,
        "quiz_id": uuid.uuid4(),
        "module_id": uuid.uuid4(),
        "is_first": True,
        "submitted_at": timezone.now(),
        "scoring": 1,
        "correct_count": correct,
        "item_count": items,
        "score_fraction": f"{correct / items:.3f}",
        "before_correct": None,
        **fields,
    }
    return AttemptScored(**values)


def book(
    person: Person, points: int, *, month: dt.date | None = None, **fields: Any
) -> LedgerEntry:
    """Book points for a person, without any standing being told."""
    with scoped(CLIENT):
        return LedgerEntry.objects.create(
            person=person,
            organisation_id=person.organisation_id,
            team_id=person.team_id,
            points=points,
            month=month or rules.running_month(),
            **{
                "source_key": f"test:{uuid.uuid4()}",
                "rule": "module_finished",
                "caused_at": timezone.now(),
                **fields,
            },
        )


def give(person: Person, points: int, **fields: Any) -> None:
    """Book points for a person and bring the standing up to date."""
    entry = book(person, points, **fields)
    actions.refresh_standing(person_id=person.pk, month=entry.month)


def build(month: dt.date | None = None) -> None:
    """Build the month's board, so that Redis holds it as a whole."""
    assert actions.rebuild(month=month or rules.running_month())


def deliver() -> int:
    """Work off the outbox as a worker would, with all that follows; return how many were done."""
    done = 0
    for waiting in rounds():
        done += sum(outbox.process(each.pk) for each in waiting)
    return done


def totals() -> dict[uuid.UUID, int]:
    """Return everybody's points of the running month, as Redis shows them."""
    held = boards.contents(rules.running_month())
    return held.people if held else {}


def means(unit: Unit) -> Mapping[uuid.UUID, int]:
    """Return the teams or partners of the running month with their tenths, as Redis shows them."""
    held = boards.contents(rules.running_month())
    assert held is not None
    return held.teams if unit is Unit.TEAM else held.partners
