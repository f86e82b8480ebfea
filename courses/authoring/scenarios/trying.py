"""A draft played to try it: from any scene, with any values. What was chosen stands in the address; nothing is kept."""

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from courses.scenarios import acts, conditions, debrief, fold, scoring, shown
from courses.scenarios.acts import RefusedError, Step
from courses.scenarios.conditions import Attempt, Condition, Value
from courses.scenarios.document import Document, Variable
from courses.scenarios.fold import DivergedError, Event, State
from courses.scenarios.models import Run
from courses.scenarios.played import Told
from courses.scenarios.queries import Ended

MOST = 200
"""So many choices are carried in an address."""

MOST_ATTEMPTS = 99
LATE = ""
"""Stands for the time that ran out, where a choice's key would stand."""


@dataclass(frozen=True)
class Asked:
    """How somebody wants to try a draft: from which scene, with which values, the how manieth time."""

    scene: str
    values: Mapping[str, Value]
    attempt: int = 1


def asked(document: Document, *, scene: str, values: Mapping[str, str], attempt: str) -> Asked:
    """Return what is asked for in words; what can't be meant is as the draft begins."""
    begins = document.start or next((each.key for each in document.scenes), "")
    return Asked(
        scene if scene in document.by_key else begins,
        {each.key: value(each, values.get(each.key)) for each in document.variables},
        min(max(_whole(attempt, 1), 1), MOST_ATTEMPTS),
    )


def value(variable: Variable, said: str | None) -> Value:
    """Return a variable's value as it was written in a form, within its bounds."""
    if said is None:
        return variable.initial
    if variable.kind == "bool":
        return said == "yes"
    if variable.kind == "enum":
        return said if said in variable.words else variable.initial
    whole = _whole(said.strip().replace("－", "-").replace("−", "-"), int(variable.initial))
    return min(max(whole, variable.low), variable.high)


def _whole(said: str, default: int) -> int:
    digits = said.removeprefix("-")
    return int(said) if digits.isdecimal() and len(digits) < 8 else default


def begun_so(document: Document, wanted: Asked) -> Document:
    """Return the draft as one that begins with this scene and these values."""
    variables = tuple(
        dataclasses.replace(each, initial=wanted.values[each.key]) for each in document.variables
    )
    return dataclasses.replace(document, start=wanted.scene or None, variables=variables)


def asks_attempt(document: Document) -> bool:
    """Say whether anything depends on the how manieth run it is."""
    return any(
        isinstance(leaf, Attempt)
        for condition in _conditions(document)
        for leaf in conditions.leaves(condition)
    )


def _conditions(document: Document) -> Iterator[Condition | None]:
    for _scene, choice in document.choice.values():
        yield choice.condition
        yield from (route.when for route in choice.routes)


class Play:
    """A draft after these choices (a time-out is an empty one). `stopped`: the last choice leads nowhere.

    Choices that the draft doesn't offer any more are left out, with all that came after them (`changed`).
    """

    def __init__(self, document: Document, choices: Sequence[str], attempt: int = 1) -> None:
        self.document = document
        self.attempt = attempt
        self.log: list[Event] = []
        self.state = State()
        self.made: list[str] = []
        self.stopped = self.changed = False
        try:
            self._take(acts.begin(document, attempt=attempt, at=0))
        except DivergedError:
            self.stopped = True
            return
        for choice in choices[:MOST]:
            try:
                self._take(self._step(choice))
            except RefusedError:
                self.changed = True
                return
            except DivergedError:
                self.stopped = True
                return
            self.made.append(choice)

    def _take(self, step: Step) -> None:
        self.log += step.events
        self.state = step.state

    def _step(self, choice: str) -> Step:
        scene = self.state.scene
        if choice == LATE:
            return acts.time_out(self.document, self.state, scene=scene, at=0, ms=0)
        return acts.choose(self.document, self.state, scene=scene, choice=choice, at=0)

    @property
    def is_over(self) -> bool:
        """Whether it came to an ending."""
        return self.state.status == "finished"

    @cached_property
    def run(self) -> Run:
        """A run that nobody made: what pages of runs ask for, never saved."""
        state = Run.State.FINISHED if self.is_over else Run.State.OPEN
        most = scoring.attainable(self.document)
        result = scoring.result(self.document, self.state, most)
        return Run(
            state=state,
            mode=self.document.settings.mode,
            attempt=self.attempt,
            is_first=True,
            ending=result.ending if result else "",
            outcome=result.outcome if result else "",
            points=result.points if result else None,
            score=result.score if result else None,
            passed=result.passed if result else None,
        )

    def told(self) -> Told | None:
        """Return what the last choice brought; None before the first."""
        turns = [each.seq for each in self.log if each.kind in {"choice_made", "timed_out"}]
        if not turns:
            return None
        seq = turns[-1]
        before = fold.fold(self.log[: seq - 1], self.document)
        return Told(
            run=self.run,
            document=self.document,
            seq=seq,
            before=before,
            after=self.state,
            consequence=shown.consequence(self.document, before, self.log[seq - 1].choice),
            is_latest=True,
        )

    def ended(self) -> Ended:
        """Return the debriefing of a play that came to its end."""
        return Ended(
            run=self.run,
            document=self.document,
            state=self.state,
            debrief=debrief.of(self.log, self.document),
            result=scoring.result(self.document, self.state, scoring.attainable(self.document)),
        )
