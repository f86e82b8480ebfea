"""What people say in the scenarios: runs whose events the product's own rules make, choice by choice. Pure.

Whoever is able chooses better, and everybody better when they play again; nothing of it feeds back into what is
sold. Some stop in the middle.
"""

import dataclasses
import datetime as dt
import math
import random
import uuid
from collections.abc import Iterator, Sequence

from courses.scenarios import acts, fold, scoring
from courses.scenarios.acts import Step
from courses.scenarios.document import Choice, Scene
from courses.scenarios.fold import Event, State
from courses.scenarios.queries import of_ms, to_ms
from courses.scenarios.scoring import Result
from lms.demo import script
from lms.demo.calendar import Calendar
from lms.demo.chance import logistic, stream, uuid_at
from lms.demo.population import Rep
from lms.demo.staging import Stage

_MOST_RUNS = 4
_MOST_STEPS = 60
_STOPS = 0.13
"""How many runs are left in the middle."""

_WEIGHT = {"best": (0.45, 0.75), "ok": (0.25, 0.0), "poor": (-0.25, -0.55)}
"""Log-weights of a choice by its quality: at no ability, and for each standard deviation of it."""

_READS = {"best": 0.2, "ok": 0.4, "poor": 0.65}
"""How often the explanation of a choice is opened."""

_AGAIN = {"success": 0.2, "partial": 0.5, "fail": 0.6, "neutral": 0.3}


@dataclasses.dataclass(frozen=True)
class Play:
    """One run of one person, with its log and the state that the log folds to."""

    id: uuid.UUID
    rep: Rep
    scenario: str
    firm: int
    team: int
    attempt: int
    events: tuple[Event, ...]
    state: State
    result: Result | None
    is_first: bool

    @property
    def started(self) -> dt.datetime:
        """When it began."""
        return of_ms(self.events[0].at)

    @property
    def ended(self) -> dt.datetime | None:
        """When it came to an ending, or was given up; None while it is open."""
        last = (each for each in self.events if each.kind in {"finished", "abandoned"})
        return next((of_ms(each.at) for each in last), None)

    @property
    def last(self) -> dt.datetime:
        """When anything moved in it, as the product keeps it: notes don't count."""
        return max(of_ms(each.at) for each in self.events if each.kind not in fold.ASIDE)

    @property
    def seconds(self) -> int:
        """How long was thought."""
        return sum(int(each.data.get("ms", 0)) for each in self.events) // 1000


def plays(
    seed: int, reps: Sequence[Rep], stages: Sequence[Stage], calendar: Calendar
) -> Iterator[Play]:
    """Return every run, by rep, scenario and attempt."""
    for rep in reps:
        if rep.key in script.SITTING_OUT:
            continue
        for stage in stages:
            yield from _Player(seed, rep, stage, calendar).runs()


class _Player:
    """One rep and one scenario."""

    def __init__(self, seed: int, rep: Rep, stage: Stage, calendar: Calendar) -> None:
        self.rng = stream(seed, "plays", rep.number, stage.key)
        self.rep, self.stage, self.calendar = rep, stage, calendar
        self.skill = rep.ability + self.rng.gauss(0, 0.4)

    def runs(self) -> Iterator[Play]:
        """Return this rep's runs of the scenario."""
        month = self._month()
        spell = self.rep.spell(month) if month is not None else None
        if month is None or spell is None:
            return
        earliest = max(self.calendar.at(self.calendar.first_day(month)), self.stage.published)
        until = self.calendar.now
        if spell.last is not None:
            until = min(until, self.calendar.at(self.calendar.first_day(spell.last + 1)))
        ends = min(self.calendar.at(self.calendar.first_day(month + 1)), until)
        at = self.calendar.moment(self.rng, earliest, ends - dt.timedelta(minutes=30))
        finished = False
        for attempt in range(1, _MOST_RUNS + 1):
            if at >= until - dt.timedelta(minutes=30):
                return
            again = self._next(attempt, at)
            events, state = self._log(attempt, at, again if again and again < until else None)
            result = scoring.result(self.stage.document, state, self.stage.attainable)
            is_first = result is not None and not finished
            finished = finished or is_first
            yield Play(
                id=uuid_at(self.rng, at),
                rep=self.rep,
                scenario=self.stage.key,
                firm=spell.firm,
                team=spell.team,
                attempt=attempt,
                events=events,
                state=state,
                result=result,
                is_first=is_first,
            )
            if again is None or state.status == "running":
                return
            if result is not None and self.rng.random() > _AGAIN[result.outcome]:
                return
            at = max(again, of_ms(events[-1].at) + dt.timedelta(minutes=1))

    def _month(self) -> int | None:
        """Return the month of the first run, if there is one; known people have played before this month."""
        current = self.calendar.months - 1
        opens = max(self.stage.opens, self.rep.hired, 0)
        for month in range(opens, current + 1):
            is_new = month - opens < 2
            chance = logistic(-2.2 + 0.3 * self.rep.ability + 0.9 * is_new)
            chance *= self.calendar.elapsed if month == current else 1
            if self.rng.random() < chance:
                known = month == current and self.rep.key is not None
                return None if known or self.rep.spell(month) is None else month
        return None

    def _next(self, attempt: int, at: dt.datetime) -> dt.datetime | None:
        """Return when they would play again."""
        if attempt == _MOST_RUNS:
            return None
        if self.rng.random() < 0.6:
            return at + dt.timedelta(minutes=self.rng.uniform(15, 90))
        return at + dt.timedelta(
            days=self.rng.choice([1, 1, 2, 3, 7]), minutes=self.rng.uniform(0, 99)
        )

    def _log(
        self, attempt: int, at: dt.datetime, given_up: dt.datetime | None
    ) -> tuple[tuple[Event, ...], State]:
        """Return one run's log; one that stops is given up at that moment, or stays open."""
        document, rng = self.stage.document, self.rng
        stops = rng.randint(1, 9) if rng.random() < _STOPS else _MOST_STEPS
        now = to_ms(at)
        step = acts.begin(document, attempt=attempt, at=now)
        events = [*step.events]
        for turn in range(_MOST_STEPS):
            if step.state.status != "running" or turn >= stops:
                break
            step, now = self._decide(step.state, now, attempt)
            events += step.events
            step, now = self._read(step, now, events)
        if step.state.status == "running" and given_up is not None and rng.random() < 0.5:
            at_last = max(to_ms(given_up) - 60_000, now + 1_000)
            step = acts.abandon(document, step.state, at=at_last, reason="given_up")
            events += step.events
        return tuple(events), step.state

    def _decide(self, state: State, now: int, attempt: int) -> tuple[Step, int]:
        """Think, and choose; where the time runs out, the scene goes on without them."""
        scene = self.stage.document.by_key[state.scene]
        ms = self._thought(scene)
        if scene.limit is not None and ms > scene.limit.seconds * 1000:
            ms = scene.limit.seconds * 1000
            at = now + ms
            late = acts.time_out(self.stage.document, state, scene=scene.key, at=at, ms=ms)
            return late, at
        skill = self.skill + 0.7 * (attempt - 1) + 0.5 * (state.visits[scene.key] - 1)
        choice = _drawn(self.rng, fold.available(self.stage.document, state), skill)
        at = now + ms
        made = acts.choose(
            self.stage.document, state, scene=scene.key, choice=choice.key, at=at, ms=ms
        )
        return made, at

    def _thought(self, scene: Scene) -> int:
        letters = len(scene.text) + sum(len(each.text) for each in scene.choices)
        reading = 1000 * letters / (12 if scene.text.isascii() else 9)
        return int(min(reading * math.exp(self.rng.gauss(0.1, 0.45)) + 1500, 150_000))

    def _read(self, step: Step, now: int, events: list[Event]) -> tuple[Step, int]:
        """Open the explanation of what was just chosen, or don't."""
        choice = step.events[0].choice
        if not choice or choice not in self.stage.document.explanations:
            return step, now
        quality = self.stage.document.choice[choice][1].quality
        if self.rng.random() >= _READS[quality]:
            return step, now
        at = now + self.rng.randint(1_500, 6_000)
        read = acts.note(
            self.stage.document, step.state, kind="explanation_opened", about=choice, at=at, data={}
        )
        events += read.events
        return read, at + self.rng.randint(4_000, 15_000)


def _drawn(rng: random.Random, offered: Sequence[Choice], skill: float) -> Choice:
    weights = []
    for choice in offered:
        base, slope = _WEIGHT[choice.quality]
        weights.append(math.exp(base + slope * skill))
    return rng.choices(offered, weights)[0]
