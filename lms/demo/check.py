"""Proves that the stored demo world agrees with itself, by the product's own rules."""

import dataclasses
import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterator

from django.db.models import F, Max, Q
from django.utils import timezone

from analytics.queries import checks as summaries
from courses.assignments.actions import enrolling
from courses.progress.models import ModuleProgress
from courses.quizzes import scoring
from courses.quizzes.models import Answer, Attempt, QuizVersion
from courses.quizzes.queries import corrections_of
from courses.scenarios import fold, frozen
from courses.scenarios.fold import Event, State
from courses.scenarios.models import Run, RunEvent
from courses.scenarios.queries import to_ms
from gamification import points
from gamification.models import LedgerEntry
from gamification.queries import checks
from lms.demo import panels
from partners.models import Membership, Person
from sales.queries import checks as crediting


@dataclasses.dataclass(frozen=True)
class _Attempts:
    """All attempts and answers, at hand."""

    attempts: dict[uuid.UUID, Attempt]
    answers: dict[uuid.UUID, dict[str, Answer]]

    @classmethod
    def read(cls) -> "_Attempts":
        """Read them. Two queries."""
        answers: dict[uuid.UUID, dict[str, Answer]] = defaultdict(dict)
        for answer in Answer.objects.all():
            answers[answer.attempt_id][answer.item_key] = answer
        return cls({row.pk: row for row in Attempt.objects.select_related("quiz")}, answers)


def problems() -> list[str]:
    """Return everything that doesn't agree, one line each."""
    known = _Attempts.read()
    return [
        *_scores(known),
        *_progress(known),
        *_points(known),
        *_runs(),
        *_future(),
        *_belonging(),
        *_asking(),
        *(str(each) for month in checks.all_months() for each in checks.differences(month)),
        *(str(each) for each in summaries.differences()),
        *crediting.differences(),
        *_selling(),
    ]


def _scores(known: _Attempts) -> Iterator[str]:
    """Score every attempt again."""
    items = {
        row.pk: scoring.items_of(row.document, corrections_of(row.pk))
        for row in QuizVersion.objects.all()
    }
    for attempt in known.attempts.values():
        if attempt.state != Attempt.State.SCORED:
            continue
        asked = [i for i in items[attempt.quiz_version_id] if i.key in attempt.item_keys]
        answers = known.answers[attempt.pk]
        result = scoring.score(asked, {key: row.option_keys for key, row in answers.items()})
        if (result.score, result.max_score, len(result.correct)) != (
            attempt.score,
            attempt.max_score,
            attempt.correct_count,
        ):
            yield f"attempt {attempt.pk}: {attempt.score}, scored again {result.score}"
        if any(row.credit != result.credits[key] for key, row in answers.items()):
            yield f"attempt {attempt.pk}: its answers' credits differ"


def _progress(known: _Attempts) -> Iterator[str]:
    """Compare what is finished and understood with the attempts behind it."""
    firsts: dict[tuple[uuid.UUID, uuid.UUID], Attempt] = {}
    right: dict[tuple[uuid.UUID, uuid.UUID], set[str]] = defaultdict(set)
    for attempt in known.attempts.values():
        key = attempt.person_id, attempt.quiz.module_id
        if attempt.is_first and attempt.state == Attempt.State.SCORED:
            firsts[key] = attempt
        answers = known.answers[attempt.pk].values()
        right[key] |= {answer.item_key for answer in answers if answer.credit == 1}
    for row in ModuleProgress.objects.exclude(module__scenario__version__isnull=False):
        first = firsts.pop((row.person_id, row.module_id), None)
        if row.finished_at != (first.submitted_at if first else None):
            yield f"progress {row.pk}: finished at another time than its first attempt"
        if set(row.understood) != right[row.person_id, row.module_id]:
            yield f"progress {row.pk}: understood differs from the answers"
        if first and (row.understood_at is not None) != (
            set(first.item_keys) <= set(row.understood)
        ):
            yield f"progress {row.pk}: understood as a whole, or not"
    for person, module in firsts:
        yield f"person {person}, module {module}: an attempt without progress"


def _points(known: _Attempts) -> Iterator[str]:
    """Every first attempt has its entries, and every entry its attempt."""
    booked: dict[uuid.UUID | None, set[str]] = defaultdict(set)
    ended = dict(Run.objects.filter(is_first=True).values_list("pk", "ended_at"))
    for entry in LedgerEntry.objects.all():
        if entry.rule == points.FIRST_BEST or entry.attempt_id is None:
            run = entry.attempt_id
            if run is not None and ended.get(run) != entry.caused_at:
                yield f"ledger {entry.source_key}: no such run at that time"
            continue
        if entry.rule != points.RESCORE:
            booked[entry.attempt_id].add(entry.rule)
        attempt = known.attempts.get(entry.attempt_id)
        if attempt is None or attempt.submitted_at != entry.caused_at:
            yield f"ledger {entry.source_key}: no such attempt at that time"
    firsts = {a for a in known.attempts.values() if a.is_first and a.scoring}
    for attempt in known.attempts.values():
        if attempt.scoring > 1:
            continue  # what a corrected key changed stands in entries of its own
        wanted = {points.FINISHED} if attempt in firsts else set()
        if attempt in firsts and attempt.correct_count:
            wanted.add(points.FIRST_CORRECT)
        if booked[attempt.pk] != wanted:
            yield f"attempt {attempt.pk}: booked {sorted(booked[attempt.pk])}"


def _runs() -> Iterator[str]:
    """Every run's log replays to the state kept beside it, and progress says what the runs came to."""
    logs: dict[uuid.UUID, list[Event]] = defaultdict(list)
    for row in RunEvent.objects.order_by("run_id", "seq").iterator(chunk_size=5_000):
        event = Event(row.seq, row.kind, row.scene, row.choice, to_ms(row.at), row.data)
        logs[row.run_id].append(event)
    firsts: dict[tuple[uuid.UUID, uuid.UUID], dt.datetime | None] = {}
    for run in Run.objects.select_related("scenario"):
        state = fold.fold(logs[run.pk], frozen.played(run.version_id).document)
        if state != State.of_json(run.folded) or state.seq != run.seq:
            yield f"run {run.pk}: its log doesn't replay to what is kept"
        if run.is_first:
            firsts[run.person_id, run.scenario.module_id] = run.ended_at
    for way in ModuleProgress.objects.filter(module__scenario__version__isnull=False):
        if way.finished_at != firsts.pop((way.person_id, way.module_id), None):
            yield f"progress {way.pk}: finished at another time than its first run"
    yield from (f"person {one}, module {what}: a run without progress" for one, what in firsts)


def _future() -> Iterator[str]:
    """Nothing has happened that is still to come."""
    now = timezone.now()
    latest: list[tuple[str, dt.datetime | None]] = [
        ("attempt", Attempt.objects.aggregate(at=Max("submitted_at"))["at"]),
        ("progress", ModuleProgress.objects.aggregate(at=Max("last_at"))["at"]),
        ("ledger", LedgerEntry.objects.aggregate(at=Max("booked_at"))["at"]),
    ]
    for name, at in latest:
        if at is not None and at > now:
            yield f"{name}: {at} is still to come"


def _asking() -> Iterator[str]:
    """Everybody is asked what a count anew says."""
    for change in enrolling.recount(repair=False):
        yield f"enrolment of {change.person_id} in {change.assignment_id}: {change.what}"


def _selling() -> Iterator[str]:
    """What the panel counts is what was drawn."""
    try:
        yield from (f"panel: {' '.join(cell)}" for cell in panels.compare().differences())
    except FileNotFoundError:
        yield "panel: the file with the truth is not there"


def _belonging() -> Iterator[str]:
    """Everybody's last membership says where they are."""
    last = {row.person_id: row for row in Membership.objects.order_by("days")}
    for person in Person.objects.filter(is_demo=True):
        row = last.get(person.pk)
        if row is None or (row.organisation_id, row.team_id) != (
            person.organisation_id,
            person.team_id,
        ):
            yield f"person {person.pk}: belongs elsewhere than the membership says"
        elif (row.days.upper is None) != person.is_active:
            yield f"person {person.pk}: has left, or not"
    odd = Attempt.objects.filter(Q(submitted_at__lt=F("started_at")))
    yield from (f"attempt {row.pk}: handed in before it began" for row in odd)
