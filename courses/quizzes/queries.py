"""Reads of quizzes and attempts."""

import dataclasses
import functools
import uuid
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, QuerySet, Subquery

from core import rounding
from core.written import written_once
from courses.catalog.cards import of_versions
from courses.catalog.models import Module
from courses.catalog.naming import public
from courses.quizzes import frozen, scoring
from courses.quizzes.models import Answer, Attempt, KeyCorrection, LateAnswer, QuizVersion
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
    """A quiz as a person meets it now: the version of the open attempt, else the newest.

    `title` and `language` are the module's, as it was published.
    """

    module_id: uuid.UUID
    version_id: uuid.UUID
    title: str
    language: str
    items: tuple[Item, ...]
    attempt: Attempt | None
    answers: Mapping[str, list[str]]
    is_retry: bool
    understood: frozenset[str]


def quiz_page(person: Person, module_id: uuid.UUID, *, retry: bool = False) -> QuizPage | None:
    """Return the quiz of a module for this person; None if there is none they may see. Two queries.

    One more where there are attempts, and once for each version. With `retry`, or when a first attempt was handed in
    already, the items are those not understood yet (all, if all are).
    """
    module = next(iter(_published(person, module_id)), None)
    if module is None:
        return None
    attempts = _attempts(person, module_id)
    is_open = next((a for a in attempts if a.state == Attempt.State.OPEN), None)
    version_id = is_open.quiz_version_id if is_open else module["newest"]
    if version_id is None:
        return None
    understood = frozenset(
        row.item_key for attempt in attempts for row in attempt.answers.all() if row.credit == 1
    )
    is_retry = any(a.is_first for a in attempts)
    items = _items(version_id)
    if is_open:
        items = tuple(item for item in items if item.key in is_open.item_keys)
    elif is_retry or retry:
        items = tuple(item for item in items if item.key not in understood) or items
    answers = {row.item_key: row.option_keys for row in is_open.answers.all()} if is_open else {}
    card = of_versions([module["version_id"]])[module["version_id"]]
    return QuizPage(
        module_id, version_id, card.title, card.language, items, is_open, answers, is_retry, understood
    )  # fmt: skip


@written_once
def _published(person: Person, module_id: uuid.UUID) -> QuerySet[Module, Any]:
    """Return the module if it is published, with the newest version of its quiz."""
    newest = QuizVersion.objects.filter(module_version_id=OuterRef("version_id")).order_by("pk")
    return (
        Module.objects.visible_to(person)
        .filter(pk=module_id, version__isnull=False)
        .values("version_id", newest=Subquery(newest.values("pk")[:1]))
    )


@written_once
def _attempts(person: Person, module_id: uuid.UUID) -> QuerySet[Attempt]:
    answers = Answer.objects.only("attempt_id", "item_key", "option_keys", "credit")
    return (
        Attempt.objects.visible_to(person)
        .prefetch_related(Prefetch("answers", answers))
        .filter(quiz__module_id=module_id)
    )


@functools.lru_cache(maxsize=200)
def _items(version_id: uuid.UUID) -> tuple[Item, ...]:
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
        for number, raw in enumerate(frozen.document(version_id)["items"], start=1)
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
    """A question with what was answered, what is right, and why. `credit` is 0 to 1.

    `correction` says why its right answer was corrected, where it was.
    """

    key: str
    number: int
    kind: str
    stem: str
    options: tuple[OptionResult, ...]
    explanation: str
    credit: Decimal
    was_corrected: bool
    correction: str = ""

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
    module_id: uuid.UUID
    title: str
    language: str
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

    @property
    def missed_most(self) -> bool:
        """Whether more items were missed than not: then trying them again comes before what follows."""
        return 2 * self.missed > self.item_count

    @property
    def partly(self) -> int:
        """How many items had some credit, not all: they are in the score, not among the right ones."""
        return sum(item.partly for item in self.items)

    @property
    def percent(self) -> int:
        """The score as records show it, 0 to 100."""
        score, most = self.attempt.score, self.attempt.max_score
        return rounding.percent(scoring.fraction(score, most)) if score and most else 0


def attempt_result(person: Person, attempt_id: uuid.UUID) -> AttemptResult | None:
    """Return somebody's own attempt; None if it is not theirs or not handed in. Two queries, seldom four.

    An attempt that another one superseded gives the result of that one.
    """
    attempt: Any = next(iter(_one(person, attempt_id)), None)
    if attempt is None:
        return None
    if attempt.merged_into_id:
        return attempt_result(person, attempt.merged_into_id)
    if attempt.state not in (Attempt.State.SUBMITTED, Attempt.State.SCORED):
        return None
    items: tuple[ItemResult, ...] = ()
    if attempt.state == Attempt.State.SCORED:
        corrected = _corrections(attempt.quiz_version_id) if attempt.was_corrected else {}
        items = _item_results(attempt, corrected)
    late = _late(attempt) if attempt.has_late else ()
    module_id = attempt.quiz.module_id
    return AttemptResult(attempt, module_id, attempt.title, attempt.language, items, late)


def last_handed_in(person: Person, module_id: uuid.UUID) -> uuid.UUID | None:
    """Return the attempt that somebody handed in last at a module's quiz; None where there is none. One query."""
    over = Attempt.objects.visible_to(person).filter(
        quiz__module_id=module_id, state__in=(Attempt.State.SUBMITTED, Attempt.State.SCORED)
    )
    return over.order_by("-submitted_at").values_list("pk", flat=True).first()


@written_once
def _one(person: Person, attempt_id: uuid.UUID) -> QuerySet[Attempt]:
    corrections = KeyCorrection.objects.filter(quiz_version=OuterRef("quiz_version"))
    return (
        Attempt.objects.visible_to(person)
        .select_related("quiz")
        .annotate(
            was_corrected=Exists(corrections),
            has_late=Exists(LateAnswer.objects.filter(attempt=OuterRef("pk"))),
            title=public("title", "quiz__module__"),
            language=public("language", "quiz__module__"),
        )
        .filter(pk=attempt_id)
    )


@written_once
def _answers(attempt_id: uuid.UUID) -> QuerySet[Answer, tuple[Any, ...]]:
    return Answer.objects.filter(attempt_id=attempt_id).values_list(
        "item_key", "option_keys", "credit"
    )


def corrections_of(quiz_version_id: uuid.UUID) -> dict[str, list[str]]:
    """Return the corrected keys of a version: item → right options, the newest correction of each. One query."""
    return {key: row.correct_keys for key, row in _corrections(quiz_version_id).items()}


def _corrections(quiz_version_id: uuid.UUID) -> dict[str, KeyCorrection]:
    rows = KeyCorrection.objects.filter(quiz_version_id=quiz_version_id).order_by("number")
    return {row.item_key: row for row in rows}


def as_corrected(
    items: Iterable[Mapping[str, Any]], corrected: Mapping[str, list[str]]
) -> list[dict[str, Any]]:
    """Return published questions with the right answers that count today."""
    return [
        {**item, "options": [{**each, "correct": each["key"] in right} for each in item["options"]]}
        if (right := corrected.get(item["key"])) is not None
        else dict(item)
        for item in items
    ]


def current_items(quiz_version_id: uuid.UUID) -> list[dict[str, Any]]:
    """Return a published quiz's questions with the right answers that count today. Two queries at most."""
    items = frozen.document(quiz_version_id)["items"]
    return as_corrected(items, corrections_of(quiz_version_id))


def _item_results(
    attempt: Attempt, corrected: Mapping[str, KeyCorrection]
) -> tuple[ItemResult, ...]:
    answers = {key: (options, credit) for key, options, credit in _answers(attempt.pk)}
    results = []
    for number, raw in enumerate(frozen.document(attempt.quiz_version_id)["items"], start=1):
        if raw["key"] not in attempt.item_keys:
            continue
        options, credit = answers.get(raw["key"], ((), None))
        chosen = set(options)
        correction = corrected.get(raw["key"])
        right = correction.correct_keys if correction else None
        results.append(
            ItemResult(
                key=raw["key"],
                number=number,
                kind=raw["kind"],
                stem=raw["stem"],
                options=tuple(_option(o, chosen, right) for o in raw["options"]),
                explanation=raw.get("explanation", ""),
                credit=credit or Decimal(0),
                was_corrected=correction is not None,
                correction=correction.note if correction else "",
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
    """Return what came too late, as pairs of question and chosen text, in the words that its phone showed."""
    rows = list(attempt.late_answers.all())
    merged = Attempt.objects.filter(pk__in={row.source_attempt_id for row in rows})
    versions = dict(merged.values_list("pk", "quiz_version_id"))
    pairs = []
    for row in rows:
        version = versions.get(row.source_attempt_id, attempt.quiz_version_id)
        items = {raw["key"]: raw for raw in frozen.document(version)["items"]}
        raw = items.get(row.item_key)
        if raw is not None:
            texts = [o["text"] for o in raw["options"] if o["key"] in row.option_keys]
            pairs.append((raw["stem"], " / ".join(texts)))
    return tuple(pairs)
