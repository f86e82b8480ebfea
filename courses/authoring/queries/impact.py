"""What a publication means for people who are in the middle of a module, and for its questions."""

import dataclasses
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Exists, OuterRef

from courses.authoring.documents import Document
from courses.catalog.models import Module
from courses.progress.models import ModuleProgress
from courses.quizzes.models import Attempt, QuizVersion
from courses.quizzes.queries import as_corrected, corrections_of


@dataclasses.dataclass(frozen=True)
class Impact:
    """How many people stand where in a module.

    `answering`: an attempt of theirs is open; it stays with its version. `watching`: begun, no attempt yet; they
    get the new version. `finished`: what they learnt and earned stays.
    """

    answering: int
    watching: int
    finished: int

    @property
    def in_the_middle(self) -> int:
        """How many have begun and not finished."""
        return self.answering + self.watching


def impact(module: Module) -> Impact:
    """Count the people whom a publication of this module meets. Three queries, whatever their number."""
    answering = Attempt.objects.filter(quiz__module=module, state=Attempt.State.OPEN)
    begun = ModuleProgress.objects.filter(module=module)
    is_answering = answering.filter(person_id=OuterRef("person_id"))
    return Impact(
        answering=answering.values("person_id").distinct().count(),
        watching=begun.filter(~Exists(is_answering), finished_at__isnull=True).count(),
        finished=begun.filter(finished_at__isnull=False).count(),
    )


def had_quiz(module: Module) -> bool:
    """Say whether a quiz was ever published with a module: only then somebody may answer it, or its key be wrong."""
    return QuizVersion.objects.filter(quiz__module=module).exists()


def chosen(module: Module) -> list[str]:
    """Return the names of those whom a module for chosen partners is for. One query, none for another module."""
    if module.audience != Module.Audience.CHOSEN:
        return []
    names = module.readers.order_by("organisation__kind", "organisation__name")
    return list(names.values_list("organisation__name", flat=True))


@dataclasses.dataclass(frozen=True)
class QuestionChange:
    """A question that is not as it was published. `what`: added, removed, changed or key (another right answer)."""

    key: str
    stem: str
    what: str


def question_changes(module: Module, document: Document) -> list[QuestionChange]:
    """Return which questions of the published version the draft changes. Two queries for a module's one quiz."""
    old: dict[str, Mapping[str, Any]] = {}
    if module.version_id:
        versions = QuizVersion.objects.filter(module_version_id=module.version_id)
        for pk, raw in versions.values_list("pk", "document"):
            items = as_corrected(raw["items"], corrections_of(pk))
            old |= {item["key"]: item for item in items}
    new = {
        str(item["key"]): item
        for block in document.blocks
        if block.kind == "quiz"
        for item in block.data.get("items") or []
    }
    return [
        *(
            QuestionChange(key, item["stem"], what)
            for key, item in new.items()
            if (what := _what(old.get(key), item))
        ),
        *(
            QuestionChange(key, item["stem"], "removed")
            for key, item in old.items()
            if key not in new
        ),
    ]


def _what(old: Mapping[str, Any] | None, new: Mapping[str, Any]) -> str:
    if old is None:
        return "added"
    if _right(old) != _right(new) and _asked(old) == _asked(new):
        return "key"
    return "changed" if old != new else ""


def _right(item: Mapping[str, Any]) -> set[str]:
    return {option["key"] for option in item["options"] if option.get("correct")}


def _asked(item: Mapping[str, Any]) -> Sequence[tuple[str, str]]:
    """Return what a reader chooses between."""
    return sorted((option["key"], option["text"]) for option in item["options"])


def attempts_of_version(quiz_version_id: uuid.UUID) -> int:
    """Return how many attempts have been scored by a version's key. One query."""
    return Attempt.objects.filter(
        quiz_version_id=quiz_version_id, state=Attempt.State.SCORED
    ).count()
