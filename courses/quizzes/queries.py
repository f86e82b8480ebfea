"""Reads of quizzes and attempts."""

import dataclasses
import uuid
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch

from courses.catalog.models import Module
from courses.quizzes.models import (
    Answer,
    Attempt,
    KeyCorrection,
    LateAnswer,
    Quiz,
    QuizVersion,
)
from partners.models import Person


@dataclasses.dataclass(frozen=True)
class Option:
    """An option as it is asked: nothing says whether it is right."""

    key: str
    text: str


@dataclasses.dataclass(frozen=True)
class Item:
    """A question as it is asked."""

    key: str
    number: int
    kind: str
    stem: str
    options: tuple[Option, ...]
    weight: int = 1

    @property
    def several(self) -> bool:
        """Whether more than one option may be chosen."""
        return self.kind == "multiple"


@dataclasses.dataclass(frozen=True)
class QuizPage:
    """A quiz as a person meets it now: the version of the open attempt, else the newest."""

    module: Module
    quiz: Quiz
    version: QuizVersion
    items: tuple[Item, ...]
    attempt: Attempt | None
    answers: Mapping[str, list[str]]
    is_retry: bool
    understood: frozenset[str]


def quiz_page(person: Person, module_id: uuid.UUID, *, retry: bool = False) -> QuizPage | None:
    """Return the quiz of a module for this person; None if there is none they may see. Four queries.

    With `retry`, or when a first attempt was handed in already, the items are those not understood yet
    (all, if all are).
    """
    module = (
        Module.objects.visible_to(person)
        .select_related("version", "course")
        .filter(pk=module_id)
        .first()
    )
    if module is None or module.version_id is None:
        return None
    attempts = list(
        Attempt.objects.visible_to(person)
        .select_related("quiz_version__quiz")
        .prefetch_related(
            Prefetch(
                "answers", Answer.objects.only("attempt_id", "item_key", "option_keys", "credit")
            )
        )
        .filter(quiz__module_id=module_id)
    )
    is_open = next((a for a in attempts if a.state == Attempt.State.OPEN), None)
    version = is_open.quiz_version if is_open else _newest(module)
    if version is None:
        return None
    understood = frozenset(
        row.item_key for attempt in attempts for row in attempt.answers.all() if row.credit == 1
    )
    is_retry = any(a.is_first for a in attempts)
    items = public_items(version)
    if is_open:
        items = tuple(item for item in items if item.key in is_open.item_keys)
    elif is_retry or retry:
        items = tuple(item for item in items if item.key not in understood) or items
    answers = {row.item_key: row.option_keys for row in is_open.answers.all()} if is_open else {}
    return QuizPage(module, version.quiz, version, items, is_open, answers, is_retry, understood)


def _newest(module: Module) -> QuizVersion | None:
    return (
        QuizVersion.objects.select_related("quiz")
        .filter(module_version_id=module.version_id)
        .order_by("pk")
        .first()
    )


def public_items(version: QuizVersion) -> tuple[Item, ...]:
    """Return a version's questions without their key."""
    return tuple(
        Item(
            key=raw["key"],
            number=number,
            kind=raw["kind"],
            stem=raw["stem"],
            options=tuple(Option(option["key"], option["text"]) for option in raw["options"]),
            weight=raw.get("weight", 1),
        )
        for number, raw in enumerate(version.document["items"], start=1)
    )


@dataclasses.dataclass(frozen=True)
class OptionResult:
    """An option with what is to be learnt from it."""

    key: str
    text: str
    correct: bool
    chosen: bool
    explanation: str


@dataclasses.dataclass(frozen=True)
class ItemResult:
    """A question with what was answered, what is right, and why. `credit` is 0 to 1."""

    key: str
    number: int
    kind: str
    stem: str
    options: tuple[OptionResult, ...]
    explanation: str
    credit: Decimal
    was_corrected: bool

    @property
    def correct(self) -> bool:
        """Whether the answer had full credit."""
        return self.credit == 1

    @property
    def answered(self) -> bool:
        """Whether anything was chosen."""
        return any(option.chosen for option in self.options)

    @property
    def partly(self) -> bool:
        """Whether the answer had some credit, not all."""
        return 0 < self.credit < 1


@dataclasses.dataclass(frozen=True)
class AttemptResult:
    """An attempt as its person sees it. `items` is empty until it has been scored."""

    attempt: Attempt
    module: Module
    items: tuple[ItemResult, ...]
    late: tuple[tuple[str, str], ...]

    @property
    def scored(self) -> bool:
        """Whether the score is there."""
        return self.attempt.state == Attempt.State.SCORED

    @property
    def correct_count(self) -> int:
        """How many items had full credit."""
        return self.attempt.correct_count or 0

    @property
    def item_count(self) -> int:
        """How many items were asked."""
        return len(self.attempt.item_keys)

    @property
    def missed(self) -> int:
        """How many items had no full credit."""
        return self.item_count - self.correct_count


def attempt_result(person: Person, attempt_id: uuid.UUID) -> AttemptResult | None:
    """Return somebody's own attempt; None if it is not theirs or not handed in. Two queries, seldom four.

    An attempt that another one superseded gives the result of that one.
    """
    corrections = KeyCorrection.objects.filter(quiz_version=OuterRef("quiz_version"))
    attempt: Any = (
        Attempt.objects.visible_to(person)
        .select_related("quiz_version", "quiz__module__course", "merged_into")
        .prefetch_related("answers")
        .annotate(
            was_corrected=Exists(corrections),
            has_late=Exists(LateAnswer.objects.filter(attempt=OuterRef("pk"))),
        )
        .filter(pk=attempt_id)
        .first()
    )
    if attempt is None:
        return None
    if attempt.merged_into_id:
        return attempt_result(person, attempt.merged_into_id)
    if attempt.state not in (Attempt.State.SUBMITTED, Attempt.State.SCORED):
        return None
    items: tuple[ItemResult, ...] = ()
    if attempt.state == Attempt.State.SCORED:
        right = corrections_of(attempt.quiz_version_id) if attempt.was_corrected else {}
        items = _item_results(attempt, right)
    return AttemptResult(
        attempt, attempt.quiz.module, items, _late(attempt) if attempt.has_late else ()
    )


def corrections_of(quiz_version_id: uuid.UUID) -> dict[str, list[str]]:
    """Return the corrected keys of a version: item → right options, the newest correction of each. One query."""
    rows = KeyCorrection.objects.filter(quiz_version_id=quiz_version_id).order_by("number")
    return {row.item_key: row.correct_keys for row in rows}


def _item_results(attempt: Attempt, corrected: Mapping[str, list[str]]) -> tuple[ItemResult, ...]:
    answers = {row.item_key: row for row in attempt.answers.all()}
    results = []
    for number, raw in enumerate(attempt.quiz_version.document["items"], start=1):
        row = answers.get(raw["key"])
        if raw["key"] not in attempt.item_keys:
            continue
        chosen = set(row.option_keys) if row else set()
        results.append(
            ItemResult(
                key=raw["key"],
                number=number,
                kind=raw["kind"],
                stem=raw["stem"],
                options=tuple(
                    _option(o, chosen, corrected.get(raw["key"])) for o in raw["options"]
                ),
                explanation=raw.get("explanation", ""),
                credit=(row.credit if row else None) or Decimal(0),
                was_corrected=raw["key"] in corrected,
            )
        )
    return tuple(results)


def _option(raw: Mapping[str, Any], chosen: set[str], corrected: list[str] | None) -> OptionResult:
    return OptionResult(
        key=raw["key"],
        text=raw["text"],
        correct=bool(raw["correct"]) if corrected is None else raw["key"] in corrected,
        chosen=raw["key"] in chosen,
        explanation=raw.get("explanation", ""),
    )


def _late(attempt: Attempt) -> tuple[tuple[str, str], ...]:
    """Return what came too late, as pairs of question and chosen text."""
    items = {raw["key"]: raw for raw in attempt.quiz_version.document["items"]}
    pairs = []
    for row in attempt.late_answers.all():
        raw = items.get(row.item_key)
        if raw is not None:
            texts = [o["text"] for o in raw["options"] if o["key"] in row.option_keys]
            pairs.append((raw["stem"], " / ".join(texts)))
    return tuple(pairs)
