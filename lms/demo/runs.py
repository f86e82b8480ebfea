"""The rows that the product keeps about runs through scenarios: runs, their logs, progress, days, points."""

import dataclasses
import datetime as dt
import json
import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from courses.progress.events import ModuleFinished
from courses.progress.models import LearningDay, ModuleProgress
from courses.scenarios.events import ScenarioRunFinished
from courses.scenarios.fold import Event
from courses.scenarios.models import Run, RunEvent
from courses.scenarios.queries import of_ms
from lms.demo import rows
from lms.demo.calendar import Calendar
from lms.demo.playing import Play
from lms.demo.records import Address
from lms.demo.staging import Staged

_COLUMNS = (
    "run_id", "person_id", "organisation_id", "seq", "kind", "scene", "choice", "data", "at",
)  # fmt: skip


@dataclasses.dataclass(frozen=True)
class Track:
    """A run with the ids of all that it touches."""

    play: Play
    who: Address
    staged: Staged

    @property
    def finished(self) -> dt.datetime | None:
        """When it came to an ending."""
        return self.play.ended if self.play.result else None


def tracks(
    plays: Iterable[Play],
    who: Mapping[int, uuid.UUID],
    where: Mapping[tuple[int, int], tuple[uuid.UUID, uuid.UUID]],
    staged: Mapping[str, Staged],
) -> list[Track]:
    """Put ids to runs, as `records.trails` does to ways."""
    return [
        Track(
            play, Address(who[play.rep.number], *where[play.firm, play.team]), staged[play.scenario]
        )
        for play in plays
    ]


def insert(found: Sequence[Track]) -> tuple[int, int]:
    """Insert runs and their logs; returns how many."""
    return rows.insert(map(_run, found)), rows.insert_values(RunEvent, _COLUMNS, _events(found))


def _run(track: Track) -> Run:
    play, result = track.play, track.play.result
    abandoned = play.state.status == "abandoned"
    ended = play.ended
    return Run(
        id=play.id,
        scenario_id=track.staged.scenario_id,
        version_id=track.staged.version_id,
        person_id=track.who.person_id,
        organisation_id=track.who.organisation_id,
        team_id=track.who.team_id,
        mode=Run.Mode.PRACTICE,
        state=Run.State.FINISHED if result else Run.State.ABANDONED if ended else Run.State.OPEN,
        attempt=play.attempt,
        is_first=play.is_first,
        seq=play.state.seq,
        folded=play.state.to_json(),
        ending=result.ending if result else "",
        outcome=result.outcome if result else "",
        points=result.points if result else play.state.points if abandoned else None,
        attainable=max(result.attainable, 0) if result else None,
        score=result.score if result else None,
        passed=result.passed if result else None,
        reason="given_up" if abandoned else "",
        started_at=play.started,
        last_at=play.last,
        ended_at=ended,
    )


def _events(found: Iterable[Track]) -> Iterator[tuple[Any, ...]]:
    for track in found:
        who = track.who
        for event in track.play.events:
            yield (
                track.play.id, who.person_id, who.organisation_id, event.seq, event.kind,
                event.scene, event.choice, json.dumps(_data(track, event)), of_ms(event.at),
            )  # fmt: skip


def _data(track: Track, event: Event) -> dict[str, Any]:
    """Return what else belongs to an event; the version that a run began with has its id only now."""
    version = {"version": str(track.staged.version_id)} if event.kind == "started" else {}
    return {**event.data, **version}


def progress(found: Iterable[Track]) -> Iterator[ModuleProgress]:
    """Return how far each person is with each scenario's module."""
    by_way: dict[tuple[uuid.UUID, uuid.UUID], list[Track]] = defaultdict(list)
    for track in found:
        by_way[track.who.person_id, track.staged.module_id].append(track)
    for (person, module), own in by_way.items():
        first = next((each for each in own if each.play.is_first), None)
        passed = (each.finished for each in own if each.play.result and each.play.result.passed)
        yield ModuleProgress(
            person_id=person,
            organisation_id=own[0].who.organisation_id,
            module_id=module,
            started_at=own[0].play.started - dt.timedelta(seconds=25),
            last_at=max(each.play.last for each in own),
            position_ms=0,
            watched_ms=0,
            watched=[],
            active_seconds=20 + sum(each.play.seconds for each in own),
            finished_at=first.finished if first else None,
            understood=[],
            understood_at=next(passed, None),
            first_score=Decimal(first.play.result.score) / 100
            if first and first.play.result
            else None,
        )


def learning_days(
    found: Iterable[Track], known: Mapping[uuid.UUID, Sequence[dt.date]], calendar: Calendar
) -> Iterator[LearningDay]:
    """Return the days on which somebody played and learnt nothing else."""
    days = {(person, day) for person, own in known.items() for day in own}
    for track in sorted(found, key=lambda each: each.play.started):
        for at in (track.play.started, track.finished or track.play.started):
            day = at.astimezone(calendar.zone).date()
            if (track.who.person_id, day) not in days:
                days.add((track.who.person_id, day))
                who = track.who
                yield LearningDay(
                    person_id=who.person_id, organisation_id=who.organisation_id, day=day
                )


def news(track: Track) -> tuple[ScenarioRunFinished | ModuleFinished, ...]:
    """Return what finishing this run tells, as far as it earns: for the person's first one."""
    result, at = track.play.result, track.finished
    if result is None or at is None or not track.play.is_first:
        return ()
    forks = track.play.state.forks
    who: dict[str, Any] = {
        "person_id": track.who.person_id,
        "organisation_id": track.who.organisation_id,
        "team_id": track.who.team_id,
        "module_id": track.staged.module_id,
        "finished_at": at,
    }
    return (
        ScenarioRunFinished(
            **who,
            run_id=track.play.id,
            scenario_id=track.staged.scenario_id,
            version_id=track.staged.version_id,
            mode=Run.Mode.PRACTICE,
            attempt=track.play.attempt,
            is_first=True,
            ending=result.ending,
            outcome=result.outcome,
            points=result.points,
            attainable=result.attainable,
            score=result.score,
            passed=result.passed,
            best_count=sum(quality == "best" for quality in forks.values()),
            fork_count=len(forks),
        ),
        ModuleFinished(**who, attempt_id=None),
    )
