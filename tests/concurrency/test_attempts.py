"""Two tabs, two phones, fifty impatient taps."""

import threading
import uuid
from functools import partial

import pytest
from django.db import connection, transaction

from core.models import Delivery
from core.outbox import process
from core.scope import CLIENT, scoped
from courses.quizzes.actions import (
    Delivered,
    GivenAnswer,
    Receipt,
    correct_key,
    rescore_part,
    score_attempt,
    take_answers,
)
from courses.quizzes.events import KeyCorrected
from courses.quizzes.models import Answer, Attempt, LateAnswer
from tests.concurrency.racing import race
from tests.core.broker import quiet_broker
from tests.courses.factories import answers_for, hand_in, make_module, single, version_of
from tests.partners.factories import make_client, make_partner, make_person
from tests.plugin.patience import PATIENCE, wait_until

__all__ = ["quiet_broker"]  # a fixture: no worker takes part

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("quiet_broker")]


def test_fifty_hand_ins_of_one_attempt_are_one() -> None:
    make_client()
    rep, module, attempt = make_person(make_partner()), make_module(), uuid.uuid4()
    jobs = [partial(hand_in, rep, module, attempt_id=attempt)] * 50
    receipts = race(jobs)
    assert {receipt.attempt_id for receipt in receipts} == {attempt}
    assert {receipt.state for receipt in receipts} == {"submitted"}
    assert Attempt.objects.count() == 1
    assert Answer.objects.count() == 4
    assert Delivery.objects.filter(event="AttemptSubmitted").count() == 1


def test_hand_ins_of_an_attempt_that_is_open_are_one() -> None:
    make_client()
    rep, module = make_person(make_partner()), make_module()
    for _ in range(5):
        attempt = uuid.uuid4()
        answers = answers_for(module)
        take_answers(
            person=rep, delivered=Delivered(attempt, answers, module_id=module.pk, retry=True)
        )
        told = Delivery.objects.count()
        race([partial(take_answers, person=rep, delivered=Delivered(attempt, [], submit=True))] * 8)
        assert Delivery.objects.count() == told + 1


def test_ten_phones_that_began_offline_are_one_attempt() -> None:
    make_client()
    rep, module = make_person(make_partner()), make_module()
    receipts = race([partial(hand_in, rep, module, right=n % 5) for n in range(10)])
    assert all(isinstance(receipt, Receipt) for receipt in receipts), receipts
    assert len({receipt.attempt_id for receipt in receipts}) == 1
    assert Attempt.objects.filter(state="submitted", is_first=True).count() == 1
    assert Attempt.objects.filter(state="superseded").count() == 9
    assert Answer.objects.count() == 4


def test_no_answer_slips_in_behind_a_hand_in_and_none_before_it_is_lost() -> None:
    make_client()
    rep, module = make_person(make_partner()), make_module()
    for _ in range(15):
        attempt = uuid.uuid4()
        first, *others = answers_for(module)
        take_answers(
            person=rep,
            delivered=Delivered(attempt, [first], module_id=module.pk, retry=True),
        )
        results = race(
            [
                partial(take_answers, person=rep, delivered=Delivered(attempt, [each]))
                for each in others
            ]
            + [partial(take_answers, person=rep, delivered=Delivered(attempt, [], submit=True))]
        )
        assert not [r for r in results if isinstance(r, Exception)], results
        stored = set(Answer.objects.filter(attempt_id=attempt).values_list("item_key", flat=True))
        late = set(LateAnswer.objects.filter(attempt_id=attempt).values_list("item_key", flat=True))
        asked = {answer.item for answer in (first, *others)}
        assert stored | late >= asked & set(Attempt.objects.get(pk=attempt).item_keys)
        assert not stored & late
        Attempt.objects.filter(pk=attempt).update(state="submitted")


def test_the_newest_answer_wins_whatever_the_order_of_arrival() -> None:
    make_client()
    rep, module, attempt = make_person(make_partner()), make_module(), uuid.uuid4()
    changes = [GivenAnswer("q001", ("abcd"[n % 4],), n + 1, None) for n in range(40)]
    take_answers(person=rep, delivered=Delivered(attempt, changes[:1], module_id=module.pk))
    race(
        [partial(take_answers, person=rep, delivered=Delivered(attempt, [c])) for c in changes[1:]]
    )
    answer = Answer.objects.get()
    assert (answer.client_seq, answer.option_keys) == (40, ["d"])


def test_eight_workers_with_the_same_delivery_score_once() -> None:
    make_client()
    rep, module = make_person(make_partner()), make_module()
    hand_in(rep, module)
    waiting = Delivery.objects.get(event="AttemptSubmitted")
    done = race([partial(process, waiting.pk)] * 8)
    assert sum(bool(each) for each in done) == 1
    assert Attempt.objects.get().scoring == 1
    assert Delivery.objects.filter(event="AttemptScored", handler__contains="progress").count() == 1


def corrected(version_id: uuid.UUID, by: uuid.UUID) -> KeyCorrected:
    """Let b be right, and return the news of it."""
    correction = correct_key(
        quiz_version_id=version_id, item_key="q001", correct_keys=["b"], note="", by=by
    )
    return KeyCorrected(quiz_version_id=version_id, correction_id=correction.pk)


def _waits_for_a_row() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT FROM pg_locks WHERE locktype = 'transactionid' AND NOT granted")
        return cursor.fetchone() is not None


def test_a_key_corrected_while_an_attempt_is_being_scored_counts_for_it() -> None:
    make_client()
    rep, module = make_person(make_partner()), make_module(items=[single("q001", right="a")])
    attempt_id, version_id = hand_in(rep, module).attempt_id, version_of(module).pk
    has_read, is_over = threading.Event(), threading.Event()

    def score() -> None:
        with scoped(CLIENT), transaction.atomic():
            score_attempt(attempt_id=attempt_id)
            has_read.set()
            wait_until(lambda: is_over.is_set() or _waits_for_a_row(), "somebody waits")

    def correct() -> int:
        assert has_read.wait(PATIENCE)
        with scoped(CLIENT):
            news = corrected(version_id, rep.pk)
            try:
                return rescore_part(news=news)
            finally:
                is_over.set()

    assert race([score, correct]) == [None, 1]
    attempt = Attempt.objects.get()
    assert (attempt.correct_count, attempt.scoring) == (0, 2)


def test_an_attempt_that_waits_for_its_score_is_scored_once_by_the_corrected_key() -> None:
    make_client()
    rep, module = make_person(make_partner()), make_module(items=[single("q001", right="a")])
    attempt_id, version_id = hand_in(rep, module).attempt_id, version_of(module).pk
    with scoped(CLIENT):
        assert rescore_part(news=corrected(version_id, rep.pk)) == 0
        assert Attempt.objects.get().state == "submitted"
        assert score_attempt(attempt_id=attempt_id)
    attempt = Attempt.objects.get()
    assert (attempt.correct_count, attempt.scoring) == (0, 1)
