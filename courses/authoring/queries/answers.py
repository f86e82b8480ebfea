"""Reads of published questions and the answers that count as right today."""

import dataclasses
import uuid
from collections.abc import Sequence

from django.db.models import Count, Q

from courses.catalog.models import Module
from courses.quizzes.models import KeyCorrection, QuizVersion
from courses.quizzes.queries import corrections_of


@dataclasses.dataclass(frozen=True)
class PublishedOption:
    """An option of a published question."""

    key: str
    text: str
    right: bool


@dataclasses.dataclass(frozen=True)
class PublishedQuestion:
    """A question as it is published, with what counts as right today."""

    key: str
    number: int
    kind: str
    stem: str
    options: Sequence[PublishedOption]
    was_corrected: bool

    @property
    def several(self) -> bool:
        """Whether more than one option may be right."""
        return self.kind == "multiple"


@dataclasses.dataclass(frozen=True)
class PublishedQuiz:
    """A version of a module's quiz; `answered` says how many attempts were scored by its key."""

    version: QuizVersion
    number: int
    answered: int
    questions: Sequence[PublishedQuestion]
    is_current: bool


def published_quizzes(module: Module) -> list[PublishedQuiz]:
    """Return the current version of the module's quiz and older ones that somebody has answered. Newest first."""
    rows = (
        QuizVersion.objects.filter(quiz__module=module)
        .annotate(answered=Count("attempts", filter=Q(attempts__state="scored")))
        .select_related("module_version")
        .order_by("-module_version__number", "pk")
        .defer("module_version__document")
    )
    wanted = [row for row in rows if row.answered or row.module_version_id == module.version_id]
    return [_quiz(row, module) for row in wanted]


def _quiz(row: QuizVersion, module: Module) -> PublishedQuiz:
    corrected = corrections_of(row.pk)
    return PublishedQuiz(
        version=row,
        number=row.module_version.number,
        answered=row.answered,  # type: ignore[attr-defined]
        questions=[
            PublishedQuestion(
                key=raw["key"],
                number=number,
                kind=raw["kind"],
                stem=raw["stem"],
                options=[
                    PublishedOption(
                        option["key"],
                        option["text"],
                        option["key"] in corrected[raw["key"]]
                        if raw["key"] in corrected
                        else bool(option["correct"]),
                    )
                    for option in raw["options"]
                ],
                was_corrected=raw["key"] in corrected,
            )
            for number, raw in enumerate(row.document["items"], start=1)
        ],
        is_current=row.module_version_id == module.version_id,
    )


def question(
    module: Module, quiz_version_id: uuid.UUID, item_key: str
) -> tuple[PublishedQuiz, PublishedQuestion] | None:
    """Return one published question of this module; None if there is none."""
    for quiz in published_quizzes(module):
        if quiz.version.pk == quiz_version_id:
            return next(((quiz, each) for each in quiz.questions if each.key == item_key), None)
    return None


def corrections(module: Module) -> list[KeyCorrection]:
    """Return the module's corrections, the newest first, thirty at most. One query."""
    rows = KeyCorrection.objects.filter(quiz_version__quiz__module=module)
    return list(
        rows.select_related("quiz_version__module_version")
        .defer("quiz_version__document", "quiz_version__module_version__document")
        .order_by("-corrected_at", "-pk")[:30]
    )
