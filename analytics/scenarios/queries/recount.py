"""What the logs say, part by part. Reads all organisations: runs in the client's scope."""

import dataclasses
import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from analytics.scenarios.counting import Figures, Name, count
from analytics.scenarios.models import Counted
from core import months
from courses.scenarios import frozen
from courses.scenarios.fold import Event
from courses.scenarios.models import Run, RunEvent, ScenarioVersion
from courses.scenarios.queries import to_ms
from partners.queries.client import here

IDLE = dt.timedelta(hours=24)
"""After so long without a decision a run without an ending counts as left."""

STEP = 2_000
"""So many runs' logs are held in memory at once."""

ENDED = Q(state=Run.State.FINISHED)


@dataclasses.dataclass(frozen=True, order=True)
class Part:
    """The runs that one group of tallies counts."""

    version_id: uuid.UUID
    organisation_id: uuid.UUID
    team_id: uuid.UUID | None
    month: dt.date
    is_first: bool


def part_of(run: Run, version_id: uuid.UUID | None = None) -> Part:
    """Return the part to which a run belongs, or belonged when it was of another version."""
    return Part(
        version_id or run.version_id,
        run.organisation_id,
        run.team_id,
        months.month_of(run.started_at, here()),
        run.attempt == 1,
    )


def is_left(run: Run, now: dt.datetime) -> bool:
    """Say whether a run was left in the middle."""
    return run.state != Run.State.FINISHED and run.last_at < now - IDLE


def uncounted(most: int) -> list[Run]:
    """Return runs that aren't counted as they stand now, the oldest first. One query."""
    since = timezone.now() - IDLE
    left = ~ENDED & Q(last_at__lt=since)
    same = Counted.objects.filter(
        run_id=OuterRef("pk"), seq=OuterRef("seq"), version_id=OuterRef("version_id")
    )
    return list(
        Run.objects.exclude(
            (left & Exists(same.filter(left=True))) | (~left & Exists(same.filter(left=False)))
        )
        .defer("folded")
        .order_by("last_at", "pk")[:most]
    )


def runs_of(part: Part) -> list[Run]:
    """Return the runs of a part. One query."""
    zone = here()
    begin = dt.datetime.combine(part.month, dt.time(), tzinfo=zone)
    end = dt.datetime.combine(months.after(part.month), dt.time(), tzinfo=zone)
    found = Run.objects.filter(
        Q(team_id=part.team_id) if part.team_id else Q(team_id__isnull=True),
        version_id=part.version_id,
        organisation_id=part.organisation_id,
        started_at__gte=begin,
        started_at__lt=end,
    )
    first = Q(attempt=1)
    return list(found.filter(first if part.is_first else ~first).defer("folded").order_by("pk"))


def logs_of(runs: Sequence[Run]) -> dict[uuid.UUID, list[Event]]:
    """Return the logs of these runs. One query."""
    logs: dict[uuid.UUID, list[Event]] = defaultdict(list)
    rows = (
        RunEvent.objects.filter(run_id__in=[run.pk for run in runs])
        .order_by("run_id", "seq")
        .values_list("run_id", "seq", "kind", "scene", "choice", "at", "data")
    )
    for run_id, seq, kind, scene, choice, at, data in rows.iterator(chunk_size=5_000):
        logs[run_id].append(Event(seq, kind, scene, choice, to_ms(at), data))
    return logs


def tallies(runs: Iterable[Run], left: Iterable[uuid.UUID]) -> dict[Name, Figures]:
    """Return the figures of these runs, counted from their logs. One query, and one for each version not yet read."""
    own, gone = list(runs), set(left)
    logs = logs_of(own)
    total: dict[Name, Figures] = {}
    for run in own:
        _add(total, run, logs[run.pk], gone)
    return total


def _add(
    total: dict[Name, Figures], run: Run, log: Sequence[Event], gone: Collection[uuid.UUID]
) -> None:
    """Add what a run adds."""
    document = frozen.played(run.version_id).document
    for name, figures in count(document, log[: run.seq], left=run.pk in gone).items():
        known = total.setdefault(name, figures)
        if known is not figures:
            known.add(figures)


def versions() -> list[tuple[uuid.UUID, uuid.UUID]]:
    """Return every version that has runs, each with its scenario. One query."""
    found = ScenarioVersion.objects.filter(Exists(Run.objects.filter(version=OuterRef("pk"))))
    return list(found.order_by("pk").values_list("pk", "scenario_id"))


def runs_of_version(version_id: uuid.UUID) -> list[Run]:
    """Return all runs of a version. One query."""
    return list(Run.objects.filter(version_id=version_id).defer("folded").order_by("pk"))


def by_part(runs: Sequence[Run], gone: Collection[uuid.UUID]) -> dict[Part, dict[Name, Figures]]:
    """Return the figures of each part of these runs. One query for each STEP of them, so that no more logs are held."""
    parts: dict[Part, dict[Name, Figures]] = defaultdict(dict)
    for start in range(0, len(runs), STEP):
        some = runs[start : start + STEP]
        logs = logs_of(some)
        for run in some:
            _add(parts[part_of(run)], run, logs[run.pk], gone)
    return parts


def seen_before(runs: Sequence[Run]) -> dict[uuid.UUID, uuid.UUID]:
    """Return in which version these runs were counted, where they were. One query."""
    found = Counted.objects.filter(run_id__in=[run.pk for run in runs])
    return dict(found.values_list("run_id", "version_id"))


def all_parts() -> list[Part]:
    """Return every part that has runs. One query."""
    found = Run.objects.defer("folded").only(
        "version_id", "organisation_id", "team_id", "started_at", "attempt"
    )
    return sorted({part_of(run) for run in found}, key=str)
