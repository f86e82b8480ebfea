"""The rows that the product keeps about learning, made from ways: attempts, answers, progress, time."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence

from courses.progress import spans
from courses.progress.models import Heartbeat, LearningDay, ModuleProgress
from courses.quizzes.models import Answer, Attempt
from lms.demo.calendar import Calendar
from lms.demo.chance import stream, uuid_at
from lms.demo.learning import Stretch, Way

BEAT = 15
"""Seconds of a heartbeat."""

BEATS_KEPT = dt.timedelta(days=14)
"""How far back the log of heartbeats goes; progress holds the sums of all time."""


@dataclasses.dataclass(frozen=True)
class Published:
    """Under which ids a lesson stands in the catalogue."""

    module_id: uuid.UUID
    course_id: uuid.UUID
    quiz_id: uuid.UUID
    quiz_version_id: uuid.UUID
    published: dt.datetime


@dataclasses.dataclass(frozen=True)
class Address:
    """Who went a way, and where they belonged then."""

    person_id: uuid.UUID
    organisation_id: uuid.UUID
    team_id: uuid.UUID


@dataclasses.dataclass(frozen=True)
class Trail:
    """A way with the ids of all that it touches."""

    way: Way
    who: Address
    lesson: Published


def attempts(trails: Iterable[Trail]) -> Iterator[Attempt]:
    """Return the rows of all attempts."""
    for trail in trails:
        for go in trail.way.goes:
            score = go.score
            yield Attempt(
                id=go.id,
                person_id=trail.who.person_id,
                organisation_id=trail.who.organisation_id,
                team_id=trail.who.team_id,
                quiz_id=trail.lesson.quiz_id,
                quiz_version_id=trail.lesson.quiz_version_id,
                state=Attempt.State.SCORED if score else Attempt.State.OPEN,
                is_first=go.is_first,
                item_keys=list(go.asked),
                started_at=go.started,
                submitted_at=go.submitted if score else None,
                scored_at=go.scored if score else None,
                scoring=1 if score else 0,
                correct_count=len(score.correct) if score else None,
                score=score.score if score else None,
                max_score=score.max_score if score else None,
            )


def answers(trails: Iterable[Trail]) -> Iterator[Answer]:
    """Return the rows of all answers."""
    for trail in trails:
        for go in trail.way.goes:
            for given in go.answers:
                yield Answer(
                    attempt_id=go.id,
                    organisation_id=trail.who.organisation_id,
                    item_key=given.item,
                    option_keys=list(given.options),
                    client_seq=int(given.at.timestamp() * 1000),
                    client_at=given.at,
                    saved_at=given.at,
                    credit=go.score.credits[given.item] if go.score else None,
                )


def progress(trails: Iterable[Trail]) -> Iterator[ModuleProgress]:
    """Return the rows of progress, summed up as heartbeats and scored attempts would have."""
    for trail in trails:
        way, first = trail.way, trail.way.first
        yield ModuleProgress(
            person_id=trail.who.person_id,
            organisation_id=trail.who.organisation_id,
            module_id=trail.lesson.module_id,
            started_at=way.started,
            last_at=way.last,
            position_ms=way.position_ms,
            watched_ms=spans.total(way.watched),
            watched=[list(span) for span in way.watched],
            active_seconds=sum(stretch.seconds for stretch in way.stretches),
            finished_at=first.submitted if first else None,
            understood=sorted(way.understood),
            understood_at=way.understood_at,
            first_score=first.score.fraction if first and first.score else None,
        )


def heartbeats(trails: Iterable[Trail], calendar: Calendar, seed: int) -> Iterator[Heartbeat]:
    """Return the log of the last days, by the time of each beat."""
    since = calendar.now - BEATS_KEPT
    beats = [
        beat
        for trail in trails
        if trail.way.last >= since
        for beat in _beats_of(trail, since, seed)
    ]
    return iter(sorted(beats, key=lambda beat: (beat.received_at, beat.session, beat.seq)))


def _beats_of(trail: Trail, since: dt.datetime, seed: int) -> Iterator[Heartbeat]:
    rng = stream(seed, "beats", trail.way.rep.number, trail.way.lesson)
    for stretch in trail.way.stretches:
        session = uuid_at(rng, stretch.start)
        if stretch.start < since:
            continue
        for seq, (begin, end) in enumerate(_chopped(stretch), start=1):
            at = stretch.start + dt.timedelta(seconds=end)
            is_video = stretch.kind == Heartbeat.Kind.VIDEO
            yield Heartbeat(
                person_id=trail.who.person_id,
                organisation_id=trail.who.organisation_id,
                module_id=trail.lesson.module_id,
                session=session,
                seq=seq,
                kind=stretch.kind,
                seconds=end - begin,
                from_ms=_played(stretch, begin) if is_video else None,
                to_ms=_played(stretch, end) if is_video else None,
                client_at=at,
                received_at=at,
            )


def _chopped(stretch: Stretch) -> Iterator[tuple[int, int]]:
    for begin in range(0, stretch.seconds, BEAT):
        yield begin, min(begin + BEAT, stretch.seconds)


def _played(stretch: Stretch, second: int) -> int:
    """Return where the video was after so many seconds of the stretch."""
    length = stretch.to_ms - stretch.from_ms
    return stretch.from_ms + length * second // stretch.seconds


def learning_days(trails: Sequence[Trail], calendar: Calendar) -> Iterator[LearningDay]:
    """Return one row for each person and day on which they learnt, by day."""
    found = _days(trails, calendar)
    for (person, day), organisation in sorted(found.items(), key=lambda item: item[0][1]):
        yield LearningDay(person_id=person, organisation_id=organisation, day=day)


def days_of_people(trails: Sequence[Trail], calendar: Calendar) -> dict[uuid.UUID, list[dt.date]]:
    """Return the learning days by person."""
    found: dict[uuid.UUID, list[dt.date]] = {}
    for person, day in _days(trails, calendar):
        found.setdefault(person, []).append(day)
    return found


def _days(
    trails: Sequence[Trail], calendar: Calendar
) -> dict[tuple[uuid.UUID, dt.date], uuid.UUID]:
    """Return every person and day of learning, with the organisation of that time."""
    found: dict[tuple[uuid.UUID, dt.date], uuid.UUID] = {}
    for trail in trails:
        moments = [stretch.start for stretch in trail.way.stretches]
        moments += [go.submitted for go in trail.way.goes]
        for moment in moments:
            day = moment.astimezone(calendar.zone).date()
            found.setdefault((trail.who.person_id, day), trail.who.organisation_id)
    return found


def trails(
    ways: Iterable[Way],
    who: Mapping[int, uuid.UUID],
    where: Mapping[tuple[int, int], tuple[uuid.UUID, uuid.UUID]],
    lessons: Mapping[str, Published],
) -> list[Trail]:
    """Put ids to ways: people by their number, organisations and teams by (firm, team)."""
    return [
        Trail(
            way,
            Address(who[way.rep.number], *where[way.firm, way.team]),
            lessons[way.lesson],
        )
        for way in ways
    ]
