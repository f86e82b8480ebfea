"""Keeping the figures of scenarios: a part in which a run went on is counted anew from the logs, whole.

So order and repetition don't matter: counting twice writes the same. One at a time counts a part.
"""

import dataclasses
import time

from django.db import connection, transaction
from django.utils import timezone

from analytics.scenarios.models import Counted, Tally
from analytics.scenarios.queries import recount
from analytics.scenarios.queries.recount import Part
from core.scope import CLIENT, scoped
from courses.scenarios.models import ScenarioVersion

SECONDS = 5.0
"""How long one run of `mend()` goes on: other work waits in the same queue."""

_STEP = 500


def mend(seconds: float = SECONDS) -> int:
    """Count what went on since it was counted last, and what was left. Returns how many parts were counted."""
    began, done = time.monotonic(), 0
    with scoped(CLIENT):
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
    """Count everything anew; returns how many parts there are."""
    with scoped(CLIENT), transaction.atomic():
        Tally.objects.all().delete()
        Counted.objects.all().delete()
        parts = recount.all_parts()
        for part in parts:
            count_part(part)
    return len(parts)


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
    Tally.objects.bulk_create(
        [
            Tally(
                scenario_id=scenario_id, scene=scene, choice=choice, **vars(part), **vars(figures)
            )
            for (scene, choice), figures in found.items()
        ]
    )
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
    )
