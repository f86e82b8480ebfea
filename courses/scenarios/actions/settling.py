"""What a new version means for those who are in the middle of an older one: the table of `republishing`, written."""

import itertools
import uuid
from collections.abc import Iterator, Sequence

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from courses.scenarios import acts, frozen, queries
from courses.scenarios.actions import keeping
from courses.scenarios.actions.positions import Position, locked, position_of
from courses.scenarios.acts import RefusedError
from courses.scenarios.fold import Event, State
from courses.scenarios.models import Run, ScenarioVersion
from courses.scenarios.republishing import Fate, fate
from partners.models import Person

AT_ONCE = 5_000
"""How many runs are looked at where something waits for it: the clock looks at all."""


def settle(
    *, scenario_id: uuid.UUID | None = None, most: int | None = None, part: int = 1_000
) -> dict[str, int]:
    """Look at the open runs that aren't of their scenario's newest version. Returns how many met which fate.

    All of them, unless `most` are enough: those that stay behind come again each time. Each run is settled in a
    transaction of its own. Doing it again changes nothing.
    """
    found: dict[str, int] = {}
    for run_id in itertools.islice(_behind(scenario_id, part), most):
        met = settle_run(run_id=run_id)
        found[met] = found.get(met, 0) + 1
    return found


def _behind(scenario_id: uuid.UUID | None, part: int) -> Iterator[uuid.UUID]:
    """Yield the runs, read so many at a time."""
    behind = Run.objects.filter(state=Run.State.OPEN).exclude(version_id=F("scenario__version_id"))
    if scenario_id is not None:
        behind = behind.filter(scenario_id=scenario_id)
    following = behind.order_by("pk").values_list("pk", flat=True)
    ids = list(following[:part])
    while ids:
        yield from ids
        ids = list(following.filter(pk__gt=ids[-1])[:part])


@transaction.atomic
def settle_run(*, run_id: uuid.UUID) -> Fate:
    """Do with one run what the table says; a run that is over stays as it is."""
    run = (
        Run.objects.select_for_update(no_key=True, of=("self",))
        .select_related("scenario")
        .get(pk=run_id)
    )
    newest_id = run.scenario.version_id
    if run.state != Run.State.OPEN or newest_id == run.version_id:
        return Fate.KEEP
    if newest_id is None:  # all versions were taken back, this one while the run was begun
        keeping.supersede(run, "withdrawn", counts=False)
        return Fate.WITHDRAW
    versions = {
        each.pk: each
        for each in ScenarioVersion.objects.filter(pk__in=[run.version_id, newest_id])
        .select_related("withdrawal")
        .defer("document")
    }
    pinned, newest = versions[run.version_id], versions[newest_id]
    log = queries.log_of(run.pk)
    state = acts.replays(log, frozen.played(newest.pk).document)
    since = run.diverged_at if state is None and run.diverged_at else timezone.now()
    met = fate(
        is_open=True,
        is_exam=run.mode == Run.Mode.EXAM,
        harmful=hasattr(pinned, "withdrawal"),
        same_graph=pinned.graph_sha256 == newest.graph_sha256,
        replays=state is not None,
        since=timezone.now() - since,
    )
    _do(run, met, newest, log, state)
    return met


def _do(
    run: Run, met: Fate, newest: ScenarioVersion, log: Sequence[Event], state: State | None
) -> None:
    if met is Fate.ADOPT and state is not None:
        _adopt(run, newest, state)
    elif met is Fate.SUPERSEDE:
        keeping.supersede(run, "superseded")
    elif met is Fate.WITHDRAW:
        keeping.supersede(run, "withdrawn", counts=False)
    else:
        run.offered = newest if met is Fate.OFFER else None
        run.diverged_at = None if state is not None else (run.diverged_at or timezone.now())
        run.save(update_fields=["offered", "diverged_at"])


def _adopt(run: Run, newest: ScenarioVersion, state: State) -> None:
    """Pin a run to another version, in which its log led to `state`; the log says so from then on."""
    document = frozen.played(newest.pk).document
    data = {"version": str(newest.pk), "from": str(run.version_id)}
    step = acts.note(
        document, state, kind="version_adopted", about="", at=keeping.now_ms(), data=data
    )
    run.version, run.offered, run.diverged_at = newest, None, None
    run.save(update_fields=["version", "offered", "diverged_at"])
    keeping.keep(run, frozen.played(newest.pk), [step])


def move(*, person: Person, run_id: uuid.UUID) -> Position:
    """Go on in the newer version that was offered. Raises RefusedError where none is, or the log doesn't fit it."""
    with transaction.atomic():
        run = locked(person, run_id)
        if run.state == Run.State.OPEN and run.offered_id and run.mode == Run.Mode.PRACTICE:
            document = frozen.played(run.offered_id).document
            state = acts.replays(queries.log_of(run.pk), document)
            newest = ScenarioVersion.objects.defer("document").get(pk=run.offered_id)
            withdrawn = ScenarioVersion.objects.filter(
                pk=newest.pk, withdrawal__isnull=False
            ).exists()
            if state is not None and not withdrawn:
                _adopt(run, newest, state)
                return position_of(run)
    raise RefusedError("no_offer")
