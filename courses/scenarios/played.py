"""Reads of one person's play: where they stand in a module's scenario, and what a choice of theirs brought."""

import dataclasses
import uuid
from collections.abc import Sequence
from typing import Any

from courses.catalog.models import Module
from courses.scenarios import fold, frozen, queries, shown
from courses.scenarios.document import Document
from courses.scenarios.fold import State
from courses.scenarios.models import Run, Scenario, Withdrawal
from partners.models import Person

OLD_RUNS = 10
"""So many older runs are listed."""


@dataclasses.dataclass(frozen=True)
class Place:
    """A module's scenario for one person: the run that is open, and the newest of those that are over."""

    scenario: Scenario
    document: Document
    running: Run | None
    over: Sequence[Run]

    @property
    def is_exam(self) -> bool:
        """Whether it is played online only."""
        return self.document.settings.mode == "exam"

    @property
    def is_timed(self) -> bool:
        """Whether some scene asks for a choice within a time."""
        return any(scene.limit for scene in self.document.scenes)

    @property
    def next_attempt(self) -> int:
        """Which run the next one would be."""
        return max((run.attempt for run in self.over if run.counts), default=0) + 1


def place(person: Person, module_id: uuid.UUID) -> Place | None:
    """Return where somebody stands in a module's scenario; None without a published one. Two queries.

    A third one the first time that a process meets the version.
    """
    found = queries.of_module(person, module_id)
    if found is None or found.version_id is None:
        return None
    runs = list(
        Run.objects.visible_to(person)
        .filter(scenario=found)
        .order_by("-started_at")[: OLD_RUNS + 1]
    )
    running = next((run for run in runs if run.state == Run.State.OPEN), None)
    pinned = running.version_id if running else found.version_id
    return Place(
        scenario=found,
        document=frozen.played(pinned).document,
        running=running,
        over=[run for run in runs if run is not running][:OLD_RUNS],
    )


@dataclasses.dataclass(frozen=True)
class Told:
    """What a choice brought. `before` and `after` are the states around it, `seq` its number in the log.

    `is_latest`: nothing was decided since, so that one may still go back behind it.
    """

    run: Run
    document: Document
    seq: int
    before: State
    after: State
    consequence: dict[str, Any]
    is_latest: bool

    @property
    def can_go_back(self) -> bool:
        """Whether the scene may be played again from here."""
        is_open = self.run.state == Run.State.OPEN
        return is_open and self.is_latest and self.document.settings.back == "rewind"


def told(person: Person, run_id: uuid.UUID, seq: int) -> Told | None:
    """Return what the decision of this number brought; None where there is none in a run of theirs. Two queries."""
    run = queries.run(person, run_id)
    if run is None:
        return None
    log = queries.log_of(run.pk)
    if not 0 < seq < len(log) or log[seq - 1].kind not in {"choice_made", "timed_out"}:
        return None
    document = frozen.played(run.version_id).document
    before = fold.fold(log[: seq - 1], document)
    after = fold.fold(log[: seq + 1], document)
    return Told(
        run=run,
        document=document,
        seq=seq,
        before=before,
        after=after,
        consequence=shown.consequence(document, before, log[seq - 1].choice),
        is_latest=State.of_json(run.folded).turn == seq + 1,
    )


def taken_back(person: Person, module_id: uuid.UUID) -> Run | None:
    """Return a person's newest run of a module's scenario, if its version was taken back. One query."""
    runs = Run.objects.visible_to(person).filter(scenario__module_id=module_id)
    last = runs.order_by("-started_at").first()
    return last if last is not None and last.reason == "withdrawn" else None


def is_revised(person: Person, module_id: uuid.UUID) -> bool:
    """Say whether all versions of a module's scenario were taken back, for a module that is theirs. One query."""
    there = Scenario.objects.filter(module__in=Module.objects.visible_to(person))
    return there.filter(module_id=module_id, version=None, versions__isnull=False).exists()


def reason_of(run: Run) -> str:
    """Return why a run's version was taken back; empty where it wasn't. One query."""
    found = Withdrawal.objects.filter(version_id=run.version_id).values_list("reason", flat=True)
    return found.first() or ""
