"""Which entries news causes: the same ones, whatever the order and however often it comes."""

import datetime as dt
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.progress.events import ModuleFinished
from courses.quizzes.events import AttemptScored
from gamification import points
from gamification.points import Entry, Rule

NOON = dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC)
FINISH = Rule("module_finished", 1, 20)
CORRECT = Rule("first_correct", 1, 5, cap=20)
RULES = [FINISH, CORRECT]


def finished(**fields) -> ModuleFinished:
    values = {
        "person_id": uuid.uuid4(),
        "organisation_id": uuid.uuid4(),
        "team_id": None,
        "module_id": uuid.uuid4(),
        "attempt_id": uuid.uuid4(),
        "finished_at": NOON,
    }
    return ModuleFinished(**values | fields)


def scored(correct: int, **fields) -> AttemptScored:
    values = {
        "attempt_id": uuid.UUID(int=7),
        "person_id": uuid.uuid4(),
        "organisation_id": uuid.uuid4(),
        "team_id": None,
        "quiz_id": uuid.uuid4(),
        "module_id": uuid.uuid4(),
        "is_first": True,
        "submitted_at": NOON,
        "scoring": 1,
        "correct_count": correct,
        "item_count": 6,
        "score_fraction": "0.500",
        "before_correct": None,
    }
    return AttemptScored(**values | fields)


def ledger(events) -> dict[str, Entry]:
    """The ledger as its unique key keeps it: the first entry of a key stays."""
    book: dict[str, Entry] = {}
    for event in events:
        entry = points.entry_for(event, RULES)
        if entry is not None:
            book.setdefault(entry.source_key, entry)
    return book


def test_a_finished_module_pays_once_per_person():
    event = finished()
    entry = points.entry_for(event, RULES)
    assert entry is not None
    assert entry.points == 20
    assert entry.source_key == f"module:{event.module_id}:person:{event.person_id}:finished"
    assert entry.attempt_id == event.attempt_id


@pytest.mark.parametrize(("correct", "paid"), [(1, 5), (3, 15), (4, 20), (6, 20)])
def test_right_first_answers_pay_up_to_the_cap(correct, paid):
    entry = points.entry_for(scored(correct), RULES)
    assert entry is not None
    assert entry.points == paid
    assert entry.source_key == f"attempt:{uuid.UUID(int=7)}:first_correct"
    assert entry.detail == {"correct": correct, "items": 6, "before": 0}


def test_nothing_right_pays_nothing():
    assert points.entry_for(scored(0), RULES) is None


def test_later_attempts_pay_nothing():
    assert points.entry_for(scored(6, is_first=False), RULES) is None


@pytest.mark.parametrize(("before", "after", "difference"), [(1, 3, 10), (3, 1, -10), (0, 2, 10)])
def test_a_rescoring_books_the_difference_under_its_own_key(before, after, difference):
    entry = points.entry_for(scored(after, scoring=3, before_correct=before), RULES)
    assert entry is not None
    assert entry.points == difference
    assert entry.source_key == f"attempt:{uuid.UUID(int=7)}:rescore:3"
    assert entry.rule == "rescore"


def test_a_rescoring_above_the_cap_changes_nothing():
    assert points.entry_for(scored(5, scoring=2, before_correct=6), RULES) is None


def test_a_rescoring_that_hides_what_was_before_is_refused():
    with pytest.raises(ValueError, match="Re-scoring 2"):
        points.entry_for(scored(3, scoring=2), RULES)


def test_the_newest_rule_of_the_causes_time_counts():
    until = Rule("module_finished", 1, 20, active_until=NOON)
    since = Rule("module_finished", 2, 30, active_from=NOON)
    newer = Rule("module_finished", 3, 40, active_from=NOON)
    found = points.rule_at([since, until, newer, CORRECT], "module_finished", NOON)
    assert found is newer
    just_before = NOON - dt.timedelta(seconds=1)
    assert points.rule_at([since, until, newer], "module_finished", just_before) is until
    assert points.rule_at([CORRECT], "module_finished", NOON) is None


def test_without_a_rule_nothing_is_earned():
    assert points.entry_for(finished(), []) is None
    assert points.entry_for(scored(3), [FINISH]) is None


@given(
    st.lists(st.integers(0, 6), min_size=1, max_size=5),
    st.randoms(use_true_random=False),
)
def test_any_order_and_repetition_of_scorings_gives_the_points_of_the_last(counts, random):
    events = [
        scored(count, scoring=number, before_correct=counts[number - 2] if number > 1 else None)
        for number, count in enumerate(counts, start=1)
    ]
    shuffled = events + random.choices(events, k=random.randrange(8))
    random.shuffle(shuffled)
    assert sum(e.points for e in ledger(shuffled).values()) == CORRECT.earned(counts[-1])
    assert ledger(shuffled) == ledger(events)


@given(st.lists(st.integers(0, 3), max_size=12), st.randoms(use_true_random=False))
def test_a_module_finished_again_and_again_pays_once(modules, random):
    person = uuid.uuid4()
    events = [finished(person_id=person, module_id=uuid.UUID(int=number)) for number in modules]
    random.shuffle(events)
    assert sum(entry.points for entry in ledger(events).values()) == 20 * len(set(modules))
