"""What the ways have earned: ledger entries and badges, by the product's own rules, at their own time."""

import dataclasses
import datetime as dt
import random
import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from zoneinfo import ZoneInfo

from courses.progress.events import ModuleFinished
from courses.quizzes.events import AttemptScored
from courses.quizzes.scoring import Score
from gamification import badges, months, points
from gamification.models import BadgeAward, LedgerEntry
from gamification.queries.facts import LEAST_ITEMS, LEAST_MODULES
from lms.demo.answering import Go
from lms.demo.chance import uuid_at
from lms.demo.records import Address, Trail
from lms.demo.runs import Track, news

_AFTER_SCORING = dt.timedelta(milliseconds=160)


def ledger(
    trails: Iterable[Trail], rules: Sequence[points.Rule], zone: ZoneInfo
) -> list[LedgerEntry]:
    """Return the entries that scoring these attempts would have booked, in the order of booking."""
    entries = [
        _booked(trail.who, go.scored, entry, zone)
        for trail in trails
        for go in trail.way.goes
        if go.is_first and go.score is not None
        for event in (_scored(trail, go, go.score), _finished(trail, go))
        if (entry := points.entry_for(event, rules)) is not None
    ]
    return sorted(entries, key=lambda entry: (entry.booked_at, entry.source_key))


def of_runs(
    tracks: Iterable[Track], rules: Sequence[points.Rule], zone: ZoneInfo
) -> list[LedgerEntry]:
    """Return the entries that finishing these runs would have booked, in the order of booking."""
    entries = [
        _booked(track.who, event.finished_at, entry, zone)
        for track in tracks
        for event in news(track)
        if (entry := points.entry_for(event, rules)) is not None
    ]
    return sorted(entries, key=lambda entry: (entry.booked_at, entry.source_key))


def _booked(who: Address, at: dt.datetime, entry: points.Entry, zone: ZoneInfo) -> LedgerEntry:
    booked_at = at + _AFTER_SCORING
    return LedgerEntry(
        person_id=who.person_id,
        organisation_id=who.organisation_id,
        team_id=who.team_id,
        source_key=entry.source_key,
        rule=entry.rule,
        rule_number=entry.rule_number,
        points=entry.points,
        month=months.booking_month(entry.caused_at, booked_at, zone),
        caused_at=entry.caused_at,
        booked_at=booked_at,
        module_id=entry.module_id,
        attempt_id=entry.attempt_id,
        detail=entry.detail,
    )


def _scored(trail: Trail, go: Go, score: Score) -> AttemptScored:
    return AttemptScored(
        attempt_id=go.id,
        person_id=trail.who.person_id,
        organisation_id=trail.who.organisation_id,
        team_id=trail.who.team_id,
        quiz_id=trail.lesson.quiz_id,
        module_id=trail.lesson.module_id,
        is_first=go.is_first,
        submitted_at=go.submitted,
        scoring=1,
        correct_count=len(score.correct),
        item_count=len(go.asked),
        score_fraction=str(score.fraction),
    )


def _finished(trail: Trail, go: Go) -> ModuleFinished:
    return ModuleFinished(
        person_id=trail.who.person_id,
        organisation_id=trail.who.organisation_id,
        team_id=trail.who.team_id,
        module_id=trail.lesson.module_id,
        attempt_id=go.id,
        finished_at=go.submitted,
    )


@dataclasses.dataclass(frozen=True)
class _News:
    """A moment at which the product looks for badges: what was done by whom."""

    at: dt.datetime
    who: Address
    module_id: uuid.UUID


def badge_awards(
    trails: Sequence[Trail],
    tracks: Sequence[Track],
    days: Mapping[uuid.UUID, Sequence[dt.date]],
    zone: ZoneInfo,
    seed: int,
) -> Iterator[BadgeAward]:
    """Return the badges that everybody would hold by now, each given when it was first earned."""
    of_person: dict[uuid.UUID, list[Trail]] = defaultdict(list)
    played: dict[uuid.UUID, list[Track]] = defaultdict(list)
    courses: dict[uuid.UUID, dict[uuid.UUID, dt.datetime]] = defaultdict(dict)
    for trail in trails:
        of_person[trail.who.person_id].append(trail)
        courses[trail.lesson.course_id][trail.lesson.module_id] = trail.lesson.published
    for track in tracks:
        played[track.who.person_id].append(track)
    for person in {**of_person, **played}:
        own, runs = of_person[person], played[person]
        rng = random.Random(f"{seed}:badges:{person}")
        held: set[str] = set()
        told = [*_news(own), *_news_of_runs(runs)]
        for each in sorted(told, key=lambda each: each.at):
            known = _with_runs(
                _facts(own, each.at, courses, days.get(person, ()), zone), runs, each.at
            )
            for badge in badges.newly_earned(known, held):
                held.add(badge.key)
                yield BadgeAward(
                    id=uuid_at(rng, each.at),
                    person_id=person,
                    organisation_id=each.who.organisation_id,
                    badge=badge.key,
                    awarded_at=each.at,
                    cause=f"module:{each.module_id}",
                )


def _news(own: Iterable[Trail]) -> Iterator[_News]:
    """A module was finished, or understood later: the goes that did it."""
    for trail in own:
        for go in trail.way.goes:
            if go.is_first or go.submitted == trail.way.understood_at:
                yield _News(go.scored + 2 * _AFTER_SCORING, trail.who, trail.lesson.module_id)


def _news_of_runs(own: Iterable[Track]) -> Iterator[_News]:
    """A scenario was finished for the first time, or passed."""
    for track in own:
        result, at = track.play.result, track.finished
        if result is not None and at is not None and (track.play.is_first or result.passed):
            yield _News(at + 2 * _AFTER_SCORING, track.who, track.staged.module_id)


def _with_runs(known: badges.Facts, own: Sequence[Track], at: dt.datetime) -> badges.Facts:
    """Add what was known of a person's runs at a moment."""
    over = [track for track in own if track.finished is not None and track.finished <= at]
    firsts = {
        track.staged.module_id: track.play.result.score
        for track in over
        if track.play.is_first and track.play.result
    }
    passed = {t.staged.module_id for t in over if t.play.result and t.play.result.passed}
    return dataclasses.replace(
        known,
        finished=known.finished + len(firsts),
        understood=known.understood + len(passed),
        comebacks=known.comebacks + sum(firsts[module] < 100 for module in passed),
    )


def _facts(
    own: Sequence[Trail],
    at: dt.datetime,
    courses: Mapping[uuid.UUID, Mapping[uuid.UUID, dt.datetime]],
    days: Sequence[dt.date],
    zone: ZoneInfo,
) -> badges.Facts:
    """Return what was known of a person at a moment."""
    firsts = [(t.way, f) for t in own if (f := t.way.first) is not None and f.submitted <= at]
    understood = {
        t.lesson.module_id
        for t in own
        if t.way.understood_at is not None and t.way.understood_at <= at
    }
    perfect = [f for _, f in firsts if len(f.right) == len(f.asked) >= LEAST_ITEMS]
    comebacks = [
        way
        for way, first in firsts
        if way.understood_at is not None
        and way.understood_at <= at
        and len(first.right) < len(first.asked)
    ]
    today = at.astimezone(zone).date()
    since = today - dt.timedelta(days=today.weekday(), weeks=badges.WEEKS_BACK)
    return badges.Facts(
        finished=len(firsts),
        understood=len(understood),
        perfect=len(perfect),
        comebacks=len(comebacks),
        courses=sum(_whole(modules, understood, at) for modules in courses.values()),
        days=frozenset(day for day in days if since <= day <= today),
    )


def _whole(
    modules: Mapping[uuid.UUID, dt.datetime], understood: set[uuid.UUID], at: dt.datetime
) -> bool:
    """Say whether all that the course had by then was understood."""
    there = {module for module, published in modules.items() if published <= at}
    return len(there) >= LEAST_MODULES and there <= understood
