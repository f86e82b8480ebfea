"""What a scenario's page tells: the words of one version, with what people did there or wherever it said the same."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Mapping, Sequence

from analytics.scenarios import findings
from analytics.scenarios.counting import Figures, Name
from analytics.scenarios.queries.figures import Wanted, by_version
from courses.catalog.naming import public
from courses.scenarios import frozen
from courses.scenarios.document import Document
from courses.scenarios.models import Scenario, ScenarioVersion
from partners.models import Person


@dataclasses.dataclass(frozen=True)
class Published:
    """A version, as it is chosen from."""

    id: uuid.UUID
    number: int
    at: dt.datetime


@dataclasses.dataclass(frozen=True)
class Told:
    """The document whose words are shown, the figures, and those of what each is a part of."""

    document: Document
    figures: Mapping[Name, Figures]
    around: Mapping[Name, Figures]


def scenario(viewer: Person, scenario_id: uuid.UUID) -> Scenario:
    """Return a scenario with its module's `title`. Raises Scenario.DoesNotExist for what is not theirs. One query."""
    found = Scenario.objects.visible_to(viewer).annotate(title=public("title", "module__"))
    return found.get(pk=scenario_id)


def versions(scenario_id: uuid.UUID) -> list[Published]:
    """Return what was published of a scenario, the newest first. One query."""
    found = ScenarioVersion.objects.filter(scenario_id=scenario_id).order_by("-number")
    return [Published(*row) for row in found.values_list("pk", "number", "published_at")]


def told(
    viewer: Person, scenario_id: uuid.UUID, wanted: Wanted, published: Sequence[Published]
) -> Told:
    """Return what people did, in the words of the version that is asked for, else of the newest.

    One query, and one for each version that this process hasn't read yet.
    """
    words = shown_document(wanted, published)
    found = by_version(viewer, scenario_id, wanted)
    parts = [(frozen.played(each).document, figures) for each, figures in found.items()]
    return Told(words, findings.merged(words, parts), findings.around(words, parts))


def shown_document(wanted: Wanted, published: Sequence[Published]) -> Document:
    """Return the document whose words are shown: of the version that is asked for, else of the newest."""
    return frozen.played(wanted.version_id or published[0].id).document


def same_words(name: Name, wanted: Wanted, published: Sequence[Published]) -> list[uuid.UUID]:
    """Return the versions that say of a scene or choice what the one that is shown says; none where it isn't there."""
    if not published:
        return []
    words = shown_document(wanted, published)
    among = [wanted.version_id] if wanted.version_id else [each.id for each in published]
    return [
        each for each in among if findings.says_the_same(words, frozen.played(each).document, name)
    ]
