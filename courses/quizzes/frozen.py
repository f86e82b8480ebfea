"""Published quizzes, which never change: each version is read and understood once per process."""

import functools
import uuid
from collections.abc import Mapping
from typing import Any

from courses.quizzes import scoring
from courses.quizzes.models import QuizVersion

_KEPT_IN_MEMORY = 500


@functools.lru_cache(maxsize=_KEPT_IN_MEMORY)
def document(version_id: uuid.UUID) -> Mapping[str, Any]:
    """Return a version's questions with their key. One query the first time; DoesNotExist for an unknown id.

    The mapping is shared by all who ask: it is read, never written to.
    """
    found: dict[str, Any] = QuizVersion.objects.values_list("document", flat=True).get(
        pk=version_id
    )
    return found


@functools.lru_cache(maxsize=_KEPT_IN_MEMORY)
def items(version_id: uuid.UUID) -> tuple[scoring.Item, ...]:
    """Return what scoring needs of a version, with the key as it was published."""
    return tuple(scoring.items_of(document(version_id)))
