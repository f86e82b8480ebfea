"""Keeping the figures of scenarios: a part in which a run went on is counted anew from the logs, whole.

So order and repetition don't matter: counting twice writes the same. One at a time counts a part.
"""

import dataclasses
import json
import time
import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction
from django.utils import timezone

from analytics.scenarios.counting import COUNTED, Figures, Name
from analytics.scenarios.models import Counted, Tally
from analytics.scenarios.queries import recount
from analytics.scenarios.queries.recount import Part
from core.scope import CLIENT, scoped
from courses.scenarios.models import Run, ScenarioVersion

SECONDS = 5.0
"""How long one run of `mend()` goes on: other work waits in the same queue."""

_STEP = 500
_WRITTEN = 5_000
_AT_ONCE = 5_000

_Row = dict[str, Any]

_COLUMNS = {
    **dict.fromkeys(("scenario_id", "version_id", "organisation_id", "team_id"), "uuid"),
    "month": "date",
    "is_first": "boolean",
    **dict.fromkeys(("scene", "choice"), "text"),
    **dict.fromkeys(COUNTED, "integer"),
    "thought": "integer[]",
}


def mend(seconds: float = SECONDS) -> int:
    """Count what went on since it was counted last, and what was left. Returns how many parts were counted.

    Where nothing is counted yet, all of it is at once, as long as that takes seconds.
    """
    began, done = time.monotonic(), 0
    with scoped(CLIENT):
        if not Counted.objects.exists() and Run.objects.count() <= _AT_ONCE:
            return rebuild()
        while runs := recount.uncounted(_STEP):
            before = recount.seen_before(runs)
            parts = {recount.part_of(run) for run in runs}
            parts |= {recount.part_of(run, before[run.pk]) for run in runs if run.pk in before}
            for part in sorted(parts, key=str):
                count_part(part)
                done += 1
                if time.monotonic() - began > seconds:
                    return done
    return done


def rebuild() -> int:
    """Count everything anew, version by version; returns how many parts there are. Whoever counts meanwhile waits."""
    now, parts = timezone.now(), 0
    with scoped(CLIENT), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE scenario_figures_tally IN SHARE ROW EXCLUSIVE MODE")
        Tally.objects.all().delete()
        Counted.objects.all().delete()
        for version_id, scenario_id in recount.versions():
            runs = recount.runs_of_version(version_id)
            left = {run.pk for run in runs if recount.is_left(run, now)}
            found = recount.by_part(runs, left)
            _write([row for part, own in found.items() for row in _rows(part, scenario_id, own)])
            _note(runs, left)
            parts += len(found)
    return parts


@transaction.atomic
def count_part(part: Part) -> None:
    """Count one part anew. Whoever comes at the same time waits, and then reads what the other has written."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"tally:{part}"])
    runs = recount.runs_of(part)
    now = timezone.now()
    left = {run.pk for run in runs if recount.is_left(run, now)}
    scenario_id = ScenarioVersion.objects.values_list("scenario_id", flat=True).get(
        pk=part.version_id
    )
    found = recount.tallies(runs, left)
    Tally.objects.filter(**dataclasses.asdict(part)).delete()
    _write(_rows(part, scenario_id, found))
    _note(runs, left)


def _rows(part: Part, scenario_id: uuid.UUID, found: Mapping[Name, Figures]) -> list[_Row]:
    own = {"scenario_id": scenario_id, **vars(part)}
    return [
        {**own, "scene": scene, "choice": choice, **vars(figures)}
        for (scene, choice), figures in found.items()
    ]


_WRITE = f"""
INSERT INTO scenario_figures_tally ({", ".join(_COLUMNS)}) SELECT {", ".join(_COLUMNS)}
  FROM jsonb_to_recordset(%s) t ({", ".join(f"{name} {kind}" for name, kind in _COLUMNS.items())})
"""  # noqa: S608 - words of our own


def _write(rows: Sequence[_Row]) -> None:
    """Insert tallies. By values, thirty thousand would take five times as long."""
    with connection.cursor() as cursor:
        for start in range(0, len(rows), _WRITTEN):
            some = rows[start : start + _WRITTEN]
            cursor.execute(_WRITE, [json.dumps(some, cls=DjangoJSONEncoder)])


def _note(runs: Iterable[Run], left: Collection[uuid.UUID]) -> None:
    """Note up to where these runs are counted."""
    Counted.objects.bulk_create(
        [
            Counted(
                run_id=run.pk,
                organisation_id=run.organisation_id,
                version_id=run.version_id,
                seq=run.seq,
                left=run.pk in left,
            )
            for run in runs
        ],
        update_conflicts=True,
        unique_fields=["run"],
        update_fields=["organisation", "version", "seq", "left"],
        batch_size=_STEP,
    )
