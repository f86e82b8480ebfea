"""Published scenarios, which never change: each version is read and understood once per process."""

import functools
import uuid
from dataclasses import dataclass

from courses.scenarios import reading, scoring
from courses.scenarios.document import Document
from courses.scenarios.models import ScenarioVersion
from courses.scenarios.scoring import Attainable

_KEPT_IN_MEMORY = 200


@dataclass(frozen=True, slots=True)
class Played:
    """What playing a version needs."""

    document: Document
    attainable: Attainable


@functools.lru_cache(maxsize=_KEPT_IN_MEMORY)
def played(version_id: uuid.UUID) -> Played:
    """Return a version, ready to be played. One query the first time; DoesNotExist for an unknown id."""
    raw = ScenarioVersion.objects.values_list("document", flat=True).get(pk=version_id)
    document = reading.parse(raw)
    return Played(document, scoring.attainable(document))
