"""What people did in a scenario, added up from the tallies: of those that somebody may see, and as they narrow it."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from django.db.models import Sum
from django.db.models.expressions import RawSQL

from analytics.scenarios.counting import BUCKETS, COUNTED, Figures, Name
from analytics.scenarios.models import Tally
from partners.models import Person

_BUCKETS = {f"t{n}": Sum(RawSQL("thought[%s]", [n + 1])) for n in range(BUCKETS)}


@dataclasses.dataclass(frozen=True)
class Wanted:
    """What is asked for; None is all. `first`: only people's first runs (True), or only later ones (False)."""

    version_id: uuid.UUID | None = None
    organisation_id: uuid.UUID | None = None
    team_id: uuid.UUID | None = None
    since: dt.date | None = None
    until: dt.date | None = None
    first: bool | None = None

    def filters(self) -> dict[str, object]:
        """Return it as filters of tallies. `since` and `until` are months, both included."""
        named = {
            "version_id": self.version_id,
            "organisation_id": self.organisation_id,
            "team_id": self.team_id,
            "month__gte": self.since,
            "month__lte": self.until,
            "is_first": self.first,
        }
        return {name: value for name, value in named.items() if value is not None}


def figures(viewer: Person, scenario_id: uuid.UUID, wanted: Wanted) -> dict[Name, Figures]:
    """Return the figures of every scene and choice that people of theirs came to. One query, whatever the size."""
    rows = _summed(viewer, scenario_id, wanted, "scene", "choice")
    return {(scene, choice): _figures(told) for scene, choice, *told in rows}


def by_version(
    viewer: Person, scenario_id: uuid.UUID, wanted: Wanted
) -> dict[uuid.UUID, dict[Name, Figures]]:
    """Return the same, version by version. One query."""
    found: dict[uuid.UUID, dict[Name, Figures]] = {}
    for version, scene, choice, *told in _summed(
        viewer, scenario_id, wanted, "version_id", "scene", "choice"
    ):
        found.setdefault(version, {})[scene, choice] = _figures(told)
    return found


def _summed(viewer: Person, scenario_id: uuid.UUID, wanted: Wanted, *by: str) -> Any:
    sums = {f"n_{name}": Sum(name) for name in COUNTED}
    return (
        Tally.objects.visible_to(viewer)
        .filter(scenario_id=scenario_id, **wanted.filters())
        .order_by()
        .values(*by)
        .annotate(**sums, **_BUCKETS)
        .values_list(*by, *sums, *_BUCKETS)
    )


def _figures(told: Sequence[int]) -> Figures:
    counts = dict(zip(COUNTED, told[: len(COUNTED)], strict=True))
    return Figures(**counts, thought=[*told[len(COUNTED) :]])
