"""Which entries of the ledger a piece of news causes. The same news always causes the same entries.

Every entry has a key made of its cause and the rule's name, so that news which comes twice, or in another
order, changes nothing. The version of the rule is not part of the key: a changed rule pays nobody twice.
"""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Iterable

from courses.progress.events import ModuleFinished
from courses.quizzes.events import AttemptScored
from courses.scenarios.events import ScenarioRunFinished

FINISHED = "module_finished"
FIRST_CORRECT = "first_correct"
FIRST_BEST = "first_best"
RESCORE = "rescore"
"""Not a rule of its own: what a corrected answer key changes in the points of `first_correct`."""


_ORDER = (FINISHED, FIRST_CORRECT, FIRST_BEST, RESCORE)

News = ModuleFinished | AttemptScored | ScenarioRunFinished

_ALWAYS = dt.datetime.min.replace(tzinfo=dt.UTC)


@dataclasses.dataclass(frozen=True)
class Rule:
    """What earns how much: `points` for each time, at most `cap` for one cause, between two moments."""

    key: str
    number: int
    points: int
    cap: int | None = None
    active_from: dt.datetime = _ALWAYS
    active_until: dt.datetime | None = None

    def covers(self, moment: dt.datetime) -> bool:
        """Say whether the rule holds at this moment."""
        return self.active_from <= moment and (
            self.active_until is None or moment < self.active_until
        )

    def earned(self, times: int) -> int:
        """Return the points for so many times in one cause."""
        total = self.points * max(times, 0)
        return total if self.cap is None else min(total, self.cap)


@dataclasses.dataclass(frozen=True)
class Entry:
    """What is to be booked: points, and the cause in data from which its words are made."""

    source_key: str
    rule: str
    rule_number: int
    points: int
    caused_at: dt.datetime
    module_id: uuid.UUID
    attempt_id: uuid.UUID | None
    detail: dict[str, int]


def rule_at(rules: Iterable[Rule], key: str, moment: dt.datetime) -> Rule | None:
    """Return the rule of this name that holds at this moment, the newest of several; None without one."""
    fitting = [rule for rule in rules if rule.key == key and rule.covers(moment)]
    return max(fitting, key=lambda rule: rule.number, default=None)


def entry_for(event: News, rules: Iterable[Rule]) -> Entry | None:
    """Return what this news books, by the rules of the time of its cause; None if nothing."""
    if isinstance(event, ModuleFinished):
        return _for_finished(event, rule_at(rules, FINISHED, event.finished_at))
    if isinstance(event, ScenarioRunFinished):
        return _for_run(event, rule_at(rules, FIRST_BEST, event.finished_at))
    return _for_scored(event, rule_at(rules, FIRST_CORRECT, event.submitted_at))


def finished_key(module_id: uuid.UUID, person_id: uuid.UUID) -> str:
    """Return the key of the entry for finishing a module."""
    return f"module:{module_id}:person:{person_id}:finished"


def scored_key(attempt_id: uuid.UUID, scoring: int = 1) -> str:
    """Return the key of the entry for an attempt's first scoring, or for a later one."""
    what = FIRST_CORRECT if scoring == 1 else f"{RESCORE}:{scoring}"
    return f"attempt:{attempt_id}:{what}"


def _for_finished(event: ModuleFinished, rule: Rule | None) -> Entry | None:
    if rule is None or not rule.earned(1):
        return None
    return Entry(
        source_key=finished_key(event.module_id, event.person_id),
        rule=FINISHED,
        rule_number=rule.number,
        points=rule.earned(1),
        caused_at=event.finished_at,
        module_id=event.module_id,
        attempt_id=event.attempt_id,
        detail={},
    )


def run_key(run_id: uuid.UUID) -> str:
    """Return the key of the entry for a run's best choices."""
    return f"run:{run_id}:{FIRST_BEST}"


def _for_run(event: ScenarioRunFinished, rule: Rule | None) -> Entry | None:
    """Only the first finished run of a scenario earns, and a run is finished once."""
    if rule is None or not event.is_first or not rule.earned(event.best_count):
        return None
    return Entry(
        source_key=run_key(event.run_id),
        rule=FIRST_BEST,
        rule_number=rule.number,
        points=rule.earned(event.best_count),
        caused_at=event.finished_at,
        module_id=event.module_id,
        attempt_id=event.run_id,
        detail={"best": event.best_count, "forks": event.fork_count},
    )


def _for_scored(event: AttemptScored, rule: Rule | None) -> Entry | None:
    """Only a first attempt earns. A re-scoring books what it changed, so all of them add up to the last."""
    if rule is None or not event.is_first:
        return None
    if event.scoring > 1 and event.before_correct is None:
        raise ValueError(
            f"Re-scoring {event.scoring} of {event.attempt_id} doesn't say what was before"
        )
    points = rule.earned(event.correct_count) - rule.earned(event.before_correct or 0)
    if not points:
        return None
    return Entry(
        source_key=scored_key(event.attempt_id, event.scoring),
        rule=FIRST_CORRECT if event.scoring == 1 else RESCORE,
        rule_number=rule.number,
        points=points,
        caused_at=event.submitted_at,
        module_id=event.module_id,
        attempt_id=event.attempt_id,
        detail={
            "correct": event.correct_count,
            "items": event.item_count,
            "before": event.before_correct or 0,
        },
    )


def order(rule: str) -> int:
    """Return where entries and rules of this name stand in a list."""
    return _ORDER.index(rule) if rule in _ORDER else len(_ORDER)
