"""How somebody answers a quiz: by skill and difficulty, scored by the product's own rules. Pure."""

import dataclasses
import datetime as dt
import random
import uuid
from collections.abc import Collection, Sequence

from courses.quizzes.scoring import Item, Score, score
from lms.demo.chance import logistic, stream, uuid_at

_SCORED_AFTER = dt.timedelta(milliseconds=420)


@dataclasses.dataclass(frozen=True)
class Question:
    """A question as it is published (`item`), its options in order, and how hard it truly is."""

    item: Item
    options: tuple[str, ...]
    difficulty: float

    @property
    def wrong(self) -> tuple[str, ...]:
        """The options that are not right, in order."""
        return tuple(key for key in self.options if key not in self.item.correct_keys)


@dataclasses.dataclass(frozen=True)
class Given:
    """An answer as the phone sent it."""

    item: str
    options: tuple[str, ...]
    at: dt.datetime


@dataclasses.dataclass(frozen=True)
class Go:
    """One attempt at a quiz: at which questions, the answers, and the score (None while it is open)."""

    id: uuid.UUID
    asked: tuple[str, ...]
    started: dt.datetime
    submitted: dt.datetime
    answers: tuple[Given, ...]
    score: Score | None
    is_first: bool

    @property
    def scored(self) -> dt.datetime:
        """When the worker had scored it."""
        return self.submitted + _SCORED_AFTER

    @property
    def right(self) -> list[str]:
        """The questions answered rightly; nothing while it is open."""
        return self.score.correct if self.score else []


@dataclasses.dataclass(frozen=True)
class Sitting:
    """What a go is made from: who sits there (`skill`), since when, and which answers are forced wrong."""

    rng: random.Random
    skill: float
    started: dt.datetime
    is_first: bool
    wrong: int | None = None


def question(seed: int, lesson: str, item: Item, options: Sequence[str]) -> Question:
    """Return a question of a lesson with its hidden difficulty, in standard deviations of skill."""
    return Question(item, tuple(options), stream(seed, "item", lesson, item.key).gauss(0, 0.7))


def sit(questions: Sequence[Question], sitting: Sitting) -> Go:
    """Answer these questions one after the other, hand in, be scored."""
    answers, at = _answers(questions, sitting)
    chosen = {given.item: given.options for given in answers}
    return Go(
        id=uuid_at(sitting.rng, sitting.started),
        asked=tuple(q.item.key for q in questions),
        started=sitting.started,
        submitted=at + dt.timedelta(seconds=sitting.rng.uniform(1, 4)),
        answers=answers,
        score=score([q.item for q in questions], chosen),
        is_first=sitting.is_first,
    )


def begin(questions: Sequence[Question], sitting: Sitting, answered: int) -> Go:
    """Answer only the first few questions: the attempt stays open."""
    answers, at = _answers(questions[:answered], sitting)
    return Go(
        id=uuid_at(sitting.rng, sitting.started),
        asked=tuple(q.item.key for q in questions),
        started=sitting.started,
        submitted=at,
        answers=answers,
        score=None,
        is_first=False,
    )


def _answers(
    questions: Sequence[Question], sitting: Sitting
) -> tuple[tuple[Given, ...], dt.datetime]:
    """Return the answers and the moment of the last one. Forced wrong ones are the hardest questions."""
    at, given = sitting.started, []
    ranked = sorted(questions, key=lambda q: -q.difficulty)
    forced = None if sitting.wrong is None else {q.item.key for q in ranked[: sitting.wrong]}
    for each in questions:
        at += dt.timedelta(seconds=sitting.rng.uniform(6, 24))
        right = sitting.rng.random() < logistic(1.05 + 0.75 * sitting.skill - each.difficulty)
        if forced is not None:
            right = each.item.key not in forced
        options = tuple(sorted(each.item.correct_keys)) if right else _mistake(each, sitting.rng)
        given.append(Given(each.item.key, options, at))
    return tuple(given), at


def _mistake(asked: Question, rng: random.Random) -> tuple[str, ...]:
    """Choose wrongly: the first wrong option tempts most; several marks miss one or add one."""
    wrong, right = asked.wrong, sorted(asked.item.correct_keys)
    if asked.item.kind != "multiple":
        weights = [2.5, *[1.0] * (len(wrong) - 1)]
        return (rng.choices(wrong, weights)[0],)
    if len(right) > 1 and (not wrong or rng.random() < 0.6):
        missed = rng.choice(right)
        return tuple(key for key in right if key != missed)
    return tuple(sorted({*right, rng.choice(wrong)}))


def still_open(questions: Sequence[Question], understood: Collection[str]) -> list[Question]:
    """Return the questions that a retry asks: those that were never right, or all of them."""
    return [q for q in questions if q.item.key not in understood] or list(questions)
