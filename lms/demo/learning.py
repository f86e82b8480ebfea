"""From the world's finished lessons to what each person really did: watching, reading, answering. Pure.

A *way* is one person's way through one lesson: stretches of learning time and attempts at the quiz. All that
the product keeps about it (progress, points, badges) follows from it by the product's own rules.
"""

import dataclasses
import datetime as dt
import random
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from courses.progress import spans
from lms.demo.answering import Go, Question, Sitting, begin, sit, still_open
from lms.demo.calendar import Calendar
from lms.demo.chance import logistic, stream
from lms.demo.knobs import Lesson
from lms.demo.population import Rep
from lms.demo.sales import Finishes

_MOST_GOES = 4
_DROPPED = 0.10
"""How many of the lessons that somebody has not finished were begun all the same."""


@dataclasses.dataclass(frozen=True)
class Material:
    """A lesson as it is published: its questions, the length of its video, the time its text takes."""

    questions: tuple[Question, ...]
    video_ms: int
    reading_seconds: int
    published: dt.datetime


@dataclasses.dataclass(frozen=True)
class Scene:
    """What a known person did in the current month, so many days ago at an hour.

    `wrong` says how many answers were wrong in each go; without any the quiz was not begun, and the video
    watched up to `watched` (a fraction).
    """

    day: int
    hour: float
    wrong: tuple[int, ...] = (0,)
    watched: float = 1.0


@dataclasses.dataclass(frozen=True)
class Stretch:
    """Learning without a pause. For video `from_ms` to `to_ms` is what played."""

    kind: str
    start: dt.datetime
    seconds: int
    from_ms: int = 0
    to_ms: int = 0

    @property
    def end(self) -> dt.datetime:
        """When it ended."""
        return self.start + dt.timedelta(seconds=self.seconds)


@dataclasses.dataclass(frozen=True)
class Way:
    """One person's way through one lesson."""

    rep: Rep
    lesson: str
    firm: int
    team: int
    stretches: tuple[Stretch, ...]
    goes: tuple[Go, ...]

    @property
    def first(self) -> Go | None:
        """The go that was handed in first, the one that earns."""
        return next((go for go in self.goes if go.is_first), None)

    @property
    def started(self) -> dt.datetime:
        """When they opened it."""
        return self.stretches[0].start

    @cached_property
    def last(self) -> dt.datetime:
        """When they were last at it."""
        return max([each.end for each in self.stretches] + [go.submitted for go in self.goes])

    @cached_property
    def watched(self) -> list[spans.Span]:
        """The parts of the video that played."""
        return spans.merge((s.from_ms, s.to_ms) for s in self.stretches if s.kind == "video")

    @property
    def position_ms(self) -> int:
        """Where the video goes on."""
        return max((s.to_ms for s in self.stretches if s.kind == "video"), default=0)

    @cached_property
    def understood(self) -> dict[str, dt.datetime]:
        """The questions answered rightly, and since when."""
        since: dict[str, dt.datetime] = {}
        for go in self.goes:
            for item in go.right:
                since.setdefault(item, go.submitted)
        return since

    @property
    def understood_at(self) -> dt.datetime | None:
        """When the last question had been answered rightly; None while one is missing."""
        first = self.first
        if first is None or not set(first.asked) <= self.understood.keys():
            return None
        return max(self.understood.values())


@dataclasses.dataclass(frozen=True)
class Story:
    """All that ways are made from: who learns, which lessons they finish when, and the scenes of now."""

    seed: int
    learners: Sequence[Rep]
    lessons: Sequence[Lesson]
    finishes: Finishes
    calendar: Calendar
    materials: Mapping[str, Material]
    scenes: Mapping[tuple[str, str], Scene]

    def ways(self) -> Iterator[Way]:
        """Return every way, by rep and lesson."""
        for rep in self.learners:
            for lesson in self.lessons:
                way = _Walk(self, rep, lesson).way()
                if way is not None:
                    yield way


class _Walk:
    """One rep and one lesson, being worked out."""

    def __init__(self, story: Story, rep: Rep, lesson: Lesson) -> None:
        self.story, self.rep, self.lesson, self.opens = story, rep, lesson.key, lesson.opens
        self.calendar, self.material = story.calendar, story.materials[lesson.key]
        self.rng = stream(story.seed, "way", rep.number, lesson.key)
        self.scene = story.scenes.get((rep.key or "", lesson.key))
        self.skill = rep.ability + self.rng.gauss(0, 0.5)
        self.stretches: list[Stretch] = []
        self.goes: list[Go] = []
        self.until = self.calendar.now

    def way(self) -> Way | None:
        """Return the way, or None if the lesson was never opened."""
        month = self._month()
        spell = self.rep.spell(month) if month is not None else None
        if month is None or spell is None:
            return None
        if spell.last is not None:
            self.until = self.calendar.at(self.calendar.first_day(spell.last + 1))
        finished = (self.rep.number, self.lesson) in self.story.finishes
        at = self._begins(month)
        if finished:
            at = self._watch(at, self._portion())
            self._quiz(self._read(at))
        else:
            self._drop(at)
        return Way(
            rep=self.rep,
            lesson=self.lesson,
            firm=spell.firm,
            team=spell.team,
            stretches=tuple(self.stretches),
            goes=tuple(self.goes),
        )

    def _month(self) -> int | None:
        """Return the month of the finish; for a lesson dropped on the way the month of the try."""
        current = self.calendar.months - 1
        done = self.story.finishes.get((self.rep.number, self.lesson))
        if done is not None or self.scene is not None:
            return current if done is None else done
        begin = max(self.opens, self.rep.hired, 0)
        end = current if self.rep.left is None else min(self.rep.left, current)
        drops = self.rng.random() < _DROPPED and self.rep.key is None
        return self.rng.randint(begin, end) if drops and begin <= end else None

    def _bounds(self, month: int) -> tuple[dt.datetime, dt.datetime]:
        first = max(self.calendar.at(self.calendar.first_day(month)), self.material.published)
        return first, self.calendar.at(self.calendar.first_day(month + 1))

    def _begins(self, month: int) -> dt.datetime:
        """Return when the lesson was opened."""
        earliest, latest = self._bounds(month)
        if self.scene is None:
            is_new = self.material.published >= earliest
            room = latest - dt.timedelta(minutes=20)
            return self.calendar.moment(self.rng, earliest, room, 1.7 if is_new else 1.0)
        day = self.calendar.today - dt.timedelta(days=self.scene.day)
        latest_start = self.calendar.now - dt.timedelta(minutes=self.rng.uniform(15, 55))
        return min(max(self.calendar.at(day, self.scene.hour), earliest), latest_start)

    def _portion(self) -> float:
        if self.scene is not None:
            return self.scene.watched
        return 1.0 if self.rng.random() < 0.8 else self.rng.uniform(0.35, 0.95)

    def _watch(self, at: dt.datetime, portion: float) -> dt.datetime:
        """Watch the video, some with a pause of hours in the middle; return when it was over."""
        until = int(self.material.video_ms * portion)
        if not until:
            return at
        pause = self.rng.uniform(0.4, 9)
        split = int(until * self.rng.uniform(0.2, 0.8))
        resumed = at + dt.timedelta(hours=pause)
        if self.rng.random() < 0.25 and self.scene is None and self._fits(resumed, at):
            self._add("video", at, split // 1000, 0, split)
            self._add("video", resumed, (until - split) // 1000, split, until)
        else:
            self._add("video", at, until // 1000, 0, until)
        return self.stretches[-1].end

    def _fits(self, moment: dt.datetime, same_day_as: dt.datetime) -> bool:
        """Say whether a pause until then is over well before now, and on the same day."""
        zone = self.calendar.zone
        same_day = moment.astimezone(zone).date() == same_day_as.astimezone(zone).date()
        return same_day and moment < self.calendar.now - dt.timedelta(minutes=30)

    def _read(self, at: dt.datetime) -> dt.datetime:
        seconds = int(self.material.reading_seconds * self.rng.uniform(0.5, 1.3))
        self._add("reading", at + dt.timedelta(seconds=2), seconds)
        return self.stretches[-1].end

    def _quiz(self, at: dt.datetime) -> None:
        """Answer, and try again until understood or until the patience is over."""
        forced = self.scene.wrong if self.scene else None
        while True:
            number = len(self.goes)
            wrong = forced[number] if forced is not None else None
            rng = stream(self.story.seed, "go", self.rep.number, self.lesson, number)
            skill = self.skill + 1.2 * number
            asked = still_open(self.material.questions, self._right()) if number else None
            questions = asked if asked is not None else list(self.material.questions)
            go = sit(questions, Sitting(rng, skill, at, is_first=number == 0, wrong=wrong))
            self.goes.append(go)
            self._add("quiz", go.started, int((go.submitted - go.started).total_seconds()))
            again = self._again(go, number, forced)
            if again is None:
                return
            at = again

    def _right(self) -> set[str]:
        return {item for go in self.goes for item in go.right}

    def _again(self, go: Go, number: int, forced: tuple[int, ...] | None) -> dt.datetime | None:
        """Return when the next go begins, or None if there is none."""
        at = go.submitted + dt.timedelta(seconds=self.rng.uniform(25, 120))
        if forced is not None:
            return at if number + 1 < len(forced) else None
        missing = len(self.material.questions) - len(self._right())
        eager = self.rng.random() < logistic(0.5 + 0.4 * self.rep.ability)
        if not missing or not eager or number + 1 >= _MOST_GOES:
            return None
        if self.rng.random() > 0.7:
            week_later = go.submitted + dt.timedelta(days=8)
            at = self.calendar.moment(self.rng, at, min(week_later, self.until))
        return at if at < self.until - dt.timedelta(minutes=5) else None

    def _drop(self, at: dt.datetime) -> None:
        """Begin, and not come to the end: in the video, or in the middle of the quiz."""
        in_quiz = self.scene is None and self.rng.random() < 0.15
        portion = 1.0 if in_quiz else self.rng.uniform(0.1, 0.9)
        at = self._watch(at, self.scene.watched if self.scene else portion)
        if in_quiz and len(self.material.questions) > 1:
            at = self._read(at)
            answered = self.rng.randint(1, len(self.material.questions) - 1)
            rng: random.Random = stream(self.story.seed, "go", self.rep.number, self.lesson)
            self.goes.append(
                begin(
                    self.material.questions, Sitting(rng, self.skill, at, is_first=False), answered
                )
            )
            self._add("quiz", at, int((self.goes[0].submitted - at).total_seconds()))

    def _add(
        self, kind: str, at: dt.datetime, seconds: int, from_ms: int = 0, to_ms: int = 0
    ) -> None:
        self.stretches.append(Stretch(kind, at, max(seconds, 1), from_ms, to_ms))
