"""Taking answers in, handing in, scoring: what may never be lost or counted twice."""

import uuid
from typing import Any

import pytest
from django.db import connection

from core.models import Delivery, Notice
from core.outbox import drain
from courses.progress.publishing import publish
from courses.quizzes import actions
from courses.quizzes.actions import (
    Delivered,
    GivenAnswer,
    MisfitError,
    Receipt,
    UnknownAttemptError,
)
from courses.quizzes.models import Answer, Attempt, LateAnswer
from partners.models import Person
from tests.courses.factories import (
    answers_for,
    hand_in,
    make_module,
    multiple,
    quiz_of,
    single,
    truefalse,
    version_of,
)
from tests.partners.factories import make_client, make_partner, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def rep() -> Person:
    """A partner's rep."""
    make_client()
    return make_person(make_partner())


def deliver(person: Person, attempt: uuid.UUID, *answers: GivenAnswer, **more: Any) -> Receipt:
    """Deliver answers as a phone does."""
    return actions.take_answers(
        person=person, delivered=Delivered(attempt_id=attempt, answers=answers, **more)
    )


def given(item: str, *options: str, seq: int = 1) -> GivenAnswer:
    """An answer as a phone sends it."""
    return GivenAnswer(item, options, seq, None)


def work_off() -> None:
    """Run all waiting deliveries, as the workers do."""
    drain(Delivery.objects.order_by("pk").values_list("pk", flat=True), "score")


def test_the_phone_may_mint_the_id(rep: Person) -> None:
    module, attempt = make_module(), uuid.uuid4()
    receipt = deliver(rep, attempt, given("q001", "a"), module_id=module.pk)
    assert receipt.attempt_id == attempt
    assert receipt.saved == {"q001": 1}
    assert Attempt.objects.get().quiz_version == version_of(module)


def test_the_same_delivery_again_changes_nothing(rep: Person) -> None:
    module, attempt = make_module(), uuid.uuid4()
    first = deliver(rep, attempt, given("q001", "a", seq=5), module_id=module.pk)
    again = deliver(rep, attempt, given("q001", "a", seq=5), module_id=module.pk)
    assert (again.saved, again.late) == (first.saved, [])
    assert Answer.objects.count() == 1


def test_an_older_answer_never_overwrites_a_newer_one(rep: Person) -> None:
    module, attempt = make_module(), uuid.uuid4()
    deliver(rep, attempt, given("q001", "b", seq=9), module_id=module.pk)
    deliver(rep, attempt, given("q001", "a", seq=3), module_id=module.pk)
    assert Answer.objects.get().option_keys == ["b"]


def test_a_change_of_mind_takes_one_statement(rep: Person, django_assert_num_queries) -> None:
    module, attempt = make_module(), uuid.uuid4()
    deliver(rep, attempt, given("q001", "a"), module_id=module.pk)
    with django_assert_num_queries(1):
        deliver(rep, attempt, given("q001", "b", seq=2), given("q002", "c", seq=3))
    assert sorted(Answer.objects.values_list("item_key", "option_keys")) == [
        ("q001", ["b"]),
        ("q002", ["c"]),
    ]


@pytest.mark.parametrize(
    ("item", "options", "field"),
    [("nope", ("a",), "answers.0.item"), ("q001", ("z",), "answers.0.options")],
)
def test_answers_to_other_questions_are_refused_whole(
    rep: Person, item: str, options: tuple[str, ...], field: str
) -> None:
    module, attempt = make_module(), uuid.uuid4()
    deliver(rep, attempt, given("q002", "a"), module_id=module.pk)
    with pytest.raises(MisfitError) as caught:
        deliver(rep, attempt, given(item, *options, seq=7), given("q002", "b", seq=8))
    assert caught.value.field == field
    assert Answer.objects.get().option_keys == ["a"]


def test_nobody_writes_into_somebody_elses_attempt(rep: Person) -> None:
    module, attempt = make_module(), uuid.uuid4()
    deliver(rep, attempt, given("q001", "a"), module_id=module.pk)
    for stranger in (make_person(rep.organisation), make_person(make_partner())):
        with pytest.raises(UnknownAttemptError):
            deliver(stranger, attempt, given("q001", "b", seq=9), module_id=module.pk)
    assert Answer.objects.get().option_keys == ["a"]


def test_an_unpublished_module_is_as_good_as_none(rep: Person) -> None:
    module = make_module(published=False)
    with pytest.raises(UnknownAttemptError):
        deliver(rep, uuid.uuid4(), given("q001", "a"), module_id=module.pk)


def test_handing_in_scores_once_and_tells_once(rep: Person) -> None:
    module = make_module()
    receipt = hand_in(rep, module, right=3)
    again = hand_in(rep, module, right=3, attempt_id=receipt.attempt_id)
    assert again.state == "submitted"
    work_off()
    work_off()
    attempt = Attempt.objects.get()
    assert (attempt.state, attempt.correct_count, attempt.scoring) == ("scored", 3, 1)
    assert Delivery.objects.filter(event="AttemptSubmitted").count() == 1
    assert not Delivery.objects.filter(event="AttemptSubmitted").exclude(state="done").exists()


def test_an_answer_after_the_hand_in_is_kept_as_late_and_never_counts(rep: Person) -> None:
    module = make_module()
    receipt = hand_in(rep, module)
    late = deliver(rep, receipt.attempt_id, given("q001", "d", seq=99))
    assert late.late == ["q001"]
    assert Answer.objects.get(item_key="q001").option_keys == ["a"]
    assert LateAnswer.objects.get().option_keys == ["d"]


def test_a_second_phone_fills_only_what_is_empty(rep: Person) -> None:
    module, one, two = make_module(), uuid.uuid4(), uuid.uuid4()
    deliver(rep, one, given("q001", "a"), module_id=module.pk)
    receipt = deliver(
        rep, two, given("q001", "b", seq=50), given("q002", "b", seq=51), module_id=module.pk
    )
    assert receipt.attempt_id == one
    assert receipt.late == ["q001"]
    assert dict(Answer.objects.values_list("item_key", "option_keys")) == {
        "q001": ["a"],
        "q002": ["b"],
    }
    superseded = Attempt.objects.get(pk=two)
    assert (superseded.state, superseded.merged_into_id) == ("superseded", one)
    assert deliver(rep, two, submit=True).state == "submitted"
    assert Attempt.objects.get(pk=one).state == "submitted"


def test_a_first_go_that_arrives_after_the_hand_in_of_another_is_kept_as_late(rep: Person) -> None:
    module = make_module()
    first = hand_in(rep, module)
    second = hand_in(rep, module, right=0)
    assert second.attempt_id == first.attempt_id
    assert set(second.late) == {"q001", "q002", "q003", "q004"}
    assert Attempt.objects.filter(is_first=True).count() == 1


def test_a_retry_asks_what_was_missed_and_is_no_first(rep: Person) -> None:
    module = make_module()
    hand_in(rep, module, right=2)
    work_off()
    retry = uuid.uuid4()
    deliver(rep, retry, given("q003", "a", "b"), module_id=module.pk, retry=True, submit=True)
    work_off()
    attempt = Attempt.objects.get(pk=retry)
    assert attempt.item_keys == ["q003", "q004"]
    assert (attempt.is_first, attempt.correct_count) == (False, 1)


def test_a_corrected_key_scores_again_and_says_what_was_before(rep: Person) -> None:
    module = make_module(items=[single("q001"), multiple("q002"), truefalse("q003")])
    receipt = hand_in(rep, module)
    work_off()
    actions.correct_key(
        quiz_version_id=version_of(module).pk,
        item_key="q001",
        correct_keys=["b"],
        note="b was meant",
        by=rep.pk,
    )
    ids = Delivery.objects.filter(event="KeyCorrected").values_list("pk", flat=True)
    drain(ids, "bulk")
    attempt = Attempt.objects.get(pk=receipt.attempt_id)
    assert (attempt.correct_count, attempt.scoring) == (2, 2)
    news = Delivery.objects.filter(event="AttemptScored").order_by("pk").last()
    assert news is not None
    assert (news.payload["before_correct"], news.payload["correct_count"]) == (3, 2)
    told = Notice.objects.get(kind="quizzes.rescored")
    assert told.person_id == rep.pk
    assert told.url == f"/attempts/{attempt.pk}/"
    assert told.data == {"title": module.title, "now": 2, "before": 3, "of": 3}
    drain(Delivery.objects.filter(event="KeyCorrected").values_list("pk", flat=True), "bulk")
    assert Notice.objects.filter(kind="quizzes.rescored").count() == 1


@pytest.mark.parametrize("keys", [[], ["a", "b"], ["z"]])
def test_a_correction_that_does_not_fit_is_refused(rep: Person, keys: list[str]) -> None:
    module = make_module()
    with pytest.raises(MisfitError):
        actions.correct_key(
            quiz_version_id=version_of(module).pk,
            item_key="q001",
            correct_keys=keys,
            note="",
            by=rep.pk,
        )


def test_unanswered_questions_count_as_nothing(rep: Person) -> None:
    module = make_module()
    receipt = deliver(rep, uuid.uuid4(), given("q001", "a"), module_id=module.pk, submit=True)
    work_off()
    attempt = Attempt.objects.get(pk=receipt.attempt_id)
    assert (attempt.correct_count, attempt.answers.count()) == (1, 4)
    assert attempt.score / attempt.max_score == pytest.approx(0.25)


def test_a_republished_module_leaves_an_open_attempt_where_it_began(rep: Person) -> None:
    module, attempt = make_module(), uuid.uuid4()
    old = version_of(module)
    deliver(rep, attempt, given("q001", "a"), module_id=module.pk)
    block = module.blocks.get(kind="quiz")
    block.data = {"items": [single("q009")]}
    block.save()
    publish(module_id=module.pk, by=None)
    deliver(rep, attempt, given("q002", "b", seq=2), submit=True)
    work_off()
    stored = Attempt.objects.get(pk=attempt)
    assert stored.quiz_version == old
    assert stored.correct_count == 2
    assert quiz_of(module).versions.count() == 2


def test_answers_saved_by_the_fast_way_lie_in_the_attempts_organisation(rep: Person) -> None:
    module, attempt = make_module(), uuid.uuid4()
    deliver(rep, attempt, given("q001", "a"), module_id=module.pk)
    deliver(rep, attempt, given("q002", "a", seq=2), module_id=module.pk)
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT organisation_id FROM quizzes_answer")
        assert cursor.fetchall() == [(rep.organisation_id,)]


def test_answers_are_all_there_after_any_delivery(rep: Person) -> None:
    module, attempt = make_module(), uuid.uuid4()
    for index, answer in enumerate(answers_for(module)):
        receipt = deliver(rep, attempt, answer, module_id=module.pk)
        assert len(receipt.saved) >= 1, index
    assert Answer.objects.filter(attempt_id=attempt).count() == 4
