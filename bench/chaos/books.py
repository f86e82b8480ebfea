"""Whether the database holds what clients were told, and nothing else: an oracle that shares no code with the product.

What is right and what it earns is computed here from the rows of answers and the key that the seed told.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bench.chaos.journal import Told

FINISHED, FIRST_CORRECT, CAP = 20, 5, 20
"""The rules of points with which an installation begins."""

Rows = Any
"""A function that runs a statement and returns its rows."""


@dataclass
class Findings:
    """What doesn't agree."""

    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        """Whether all agrees."""
        return not (self.lost or self.doubled or self.others)


def check(rows: Rows, told: Told, quizzes: Sequence[Mapping[str, Any]]) -> Findings:
    """Compare the journal with the rows, and the rows with each other."""
    found = Findings()
    found.lost += _lost(rows, told)
    _compare_ledger(rows, quizzes, found)
    found.doubled += [
        f"{key}: {count} deliveries"
        for key, count in rows(
            "SELECT payload ->> 'attempt_id', count(*) FROM core_delivery"
            " WHERE event = 'AttemptSubmitted' GROUP BY 1 HAVING count(*) > 1"
        )
    ]
    found.doubled += [
        f"notice {kind} of {person}: {count} times"
        for person, kind, count in rows(
            "SELECT person_id, kind, count(*) FROM core_notice"
            " GROUP BY person_id, kind, data HAVING count(*) > 1"
        )
    ]
    found.others += _left_behind(rows)
    return found


def scored(rows: Rows, handed_in: set[str]) -> bool:
    """Say whether all that was handed in is scored."""
    [[waiting]] = rows("SELECT count(*) FROM quizzes_attempt WHERE state = 'submitted'")
    if waiting:
        return False
    [[found]] = rows(
        "SELECT count(*) FROM quizzes_attempt WHERE state IN ('scored', 'superseded')"
        " AND id = ANY (%s::uuid[])",
        list(handed_in),
    )
    return bool(found == len(handed_in))


def settled(rows: Rows, handed_in: set[str]) -> bool:
    """Say whether all that was handed in is scored and nothing waits any more."""
    [[waiting, stale]] = rows(
        "SELECT (SELECT count(*) FROM core_delivery WHERE state = 'pending'),"
        " (SELECT count(*) FROM gamification_board WHERE stale)"
    )
    return not waiting and not stale and scored(rows, handed_in)


def _lost(rows: Rows, told: Told) -> Iterator[str]:
    """Yield what was acknowledged and is nowhere to be found."""
    attempts = {
        str(pk): (state, str(heir or pk))
        for pk, state, heir in rows("SELECT id, state, merged_into_id FROM quizzes_attempt")
    }
    stored = {
        (str(attempt), item): (sorted(options), seq)
        for attempt, item, options, seq in rows(
            "SELECT attempt_id, item_key, option_keys, client_seq FROM quizzes_answer"
        )
    }
    late = {
        (str(source), item, seq)
        for source, item, seq in rows(
            "SELECT source_attempt_id, item_key, client_seq FROM quizzes_lateanswer"
        )
    }
    for attempt, acknowledged in told.attempts.items():
        state, heir = attempts.get(attempt, ("missing", attempt))
        if acknowledged.handed_in and state not in {"scored", "superseded"}:
            yield f"attempt {attempt} was handed in and is {state}"
        for item, (options, seq) in acknowledged.answers.items():
            found, _ = stored.get((heir, item), (None, 0))
            if found != sorted(options) and (attempt, item, seq) not in late:
                yield f"answer {item} of {attempt} was {options} and is {found}"


def _compare_ledger(rows: Rows, quizzes: Sequence[Mapping[str, Any]], found: Findings) -> None:
    expected = expected_ledger(rows, quizzes)
    booked = {
        key: (str(person), points)
        for key, person, points in rows(
            "SELECT source_key, person_id, points FROM gamification_ledgerentry"
        )
    }
    [[count]] = rows("SELECT count(*) FROM gamification_ledgerentry")
    if count != len(booked):
        found.doubled.append(f"{count - len(booked)} entries share a key")
    found.lost += [f"not booked: {key}" for key in expected.keys() - booked.keys()]
    found.doubled += [f"booked for nothing: {key}" for key in booked.keys() - expected.keys()]
    found.doubled += [
        f"{key}: {booked[key]} instead of {expected[key]}"
        for key in expected.keys() & booked.keys()
        if expected[key] != booked[key]
    ]
    totals: dict[str, int] = {}
    for person, points in expected.values():
        totals[person] = totals.get(person, 0) + points
    shown = {
        str(person): points
        for person, points in rows(
            "SELECT person_id, sum(points)::int FROM gamification_standing GROUP BY 1"
        )
    }
    found.others += [
        f"standing of {person}: {shown.get(person)} instead of {totals.get(person)}"
        for person in totals.keys() | shown.keys()
        if totals.get(person) != shown.get(person)
    ]


def expected_ledger(rows: Rows, quizzes: Sequence[Mapping[str, Any]]) -> dict[str, tuple[str, int]]:
    """Return person and points by key of all that first attempts have earned, by the answers that are stored."""
    keys = {quiz["module"]: quiz["items"] for quiz in quizzes}
    right: dict[str, int] = {}
    first = {
        str(attempt): (str(person), str(module))
        for attempt, person, module in rows(
            "SELECT a.id, a.person_id, q.module_id FROM quizzes_attempt a"
            " JOIN quizzes_quiz q ON q.id = a.quiz_id WHERE a.state = 'scored' AND a.is_first"
        )
    }
    for attempt, item, options in rows(
        "SELECT attempt_id, item_key, option_keys FROM quizzes_answer"
    ):
        if str(attempt) in first:
            asked = keys[first[str(attempt)][1]][item]
            right[str(attempt)] = right.get(str(attempt), 0) + (
                sorted(options) == sorted(asked["right"])
            )
    entries: dict[str, tuple[str, int]] = {}
    for attempt, (person, module) in first.items():
        entries[f"module:{module}:person:{person}:finished"] = (person, FINISHED)
        if points := min(FIRST_CORRECT * right.get(attempt, 0), CAP):
            entries[f"attempt:{attempt}:first_correct"] = (person, points)
    return entries


def _left_behind(rows: Rows) -> Iterator[str]:
    [[parked, old, doubled, firsts]] = rows(
        "SELECT (SELECT count(*) FROM core_delivery WHERE state = 'parked'),"
        " (SELECT count(*) FROM quizzes_attempt WHERE state = 'submitted'"
        "   AND submitted_at < now() - interval '5 minutes'),"
        " (SELECT count(*) FROM quizzes_attempt WHERE scoring > 1),"
        " (SELECT count(*) FROM (SELECT FROM quizzes_attempt WHERE is_first"
        "   GROUP BY person_id, quiz_id HAVING count(*) > 1) twice)"
    )
    if parked:
        yield f"{parked} deliveries parked"
    if old:
        yield f"{old} attempts wait for their score since 5 minutes"
    if doubled:
        yield f"{doubled} attempts scored more than once"
    if firsts:
        yield f"{firsts} quizzes have two first attempts"
