"""Every figure held against a recount from the logs. Reads all organisations: runs in the client's scope."""

import dataclasses
from collections.abc import Iterator

from analytics.scenarios.counting import COUNTED, Figures
from analytics.scenarios.models import Counted, Tally
from analytics.scenarios.queries import recount
from analytics.scenarios.queries.recount import Part


@dataclasses.dataclass(frozen=True)
class Difference:
    """A figure that isn't what the logs say."""

    part: Part
    scene: str
    choice: str
    kept: Figures
    counted: Figures

    def __str__(self) -> str:
        names = (*COUNTED, "thought")
        odd = [
            f"{name} {getattr(self.kept, name)}, counted {getattr(self.counted, name)}"
            for name in names
            if getattr(self.kept, name) != getattr(self.counted, name)
        ]
        return f"{self.part.month} {self.scene} {self.choice}: {'; '.join(odd)}"


def differences() -> Iterator[Difference]:
    """Yield what differs, part by part. Two or three queries a part."""
    kept = {
        Part(*row)
        for row in Tally.objects.values_list(
            "version_id", "organisation_id", "team_id", "month", "is_first"
        ).distinct()
    }
    for part in sorted({*recount.all_parts(), *kept}, key=str):
        yield from _of_part(part)


def _of_part(part: Part) -> Iterator[Difference]:
    runs = recount.runs_of(part)
    left = Counted.objects.filter(run_id__in=[run.pk for run in runs], left=True)
    counted = recount.tallies(runs, left.values_list("run_id", flat=True))
    kept = {
        (row.scene, row.choice): Figures(
            **{name: getattr(row, name) for name in COUNTED}, thought=row.thought
        )
        for row in Tally.objects.filter(**vars(part))
    }
    for scene, choice in sorted(counted.keys() | kept.keys()):
        name = scene, choice
        if (own := kept.get(name, Figures())) != (said := counted.get(name, Figures())):
            yield Difference(part, scene, choice, own, said)
