"""A corrected key is applied in parts, beside learners and not before them."""

import uuid
from typing import Any

import pytest

from core import bell
from core.models import Delivery
from core.outbox import drain
from core.scope import CLIENT, scoped
from courses.catalog.models import Module
from courses.progress.models import ModuleProgress
from courses.quizzes import actions
from courses.quizzes.actions import correcting
from courses.quizzes.events import KeyCorrected
from courses.quizzes.models import Attempt
from gamification.models import LedgerEntry, Standing
from tests.core.broker import bells, quiet_broker
from tests.courses.factories import hand_in, make_module, single, version_of
from tests.partners.factories import make_client, make_partner, make_person

__all__ = ["quiet_broker"]  # a fixture: no worker takes part

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("quiet_broker")]


@pytest.fixture
def module() -> Module:
    """A module with a question that five people answered, rightly so far."""
    make_client()
    partner = make_partner()
    made = make_module(items=[single("q001", right="a"), single("q002")])
    for _ in range(5):
        hand_in(make_person(partner), made)
    work_off("score")
    return made


def work_off(queue: str) -> list[int]:
    """Hear the bells of a queue, as its worker does, until none is left; return how many were done by each."""
    done: list[int] = []
    heard = 0
    while waiting := rung(queue)[heard:]:
        heard += len(waiting)
        done += [drain(*arguments) for arguments in waiting]
    return done


def rung(queue: str) -> list[list[Any]]:
    """Return what the bells for deliveries said, the oldest first."""
    return [arguments for task, arguments in bells(queue) if task == bell.DRAIN]


def correct(module: Module, right: str = "b") -> KeyCorrected:
    version = version_of(module)
    with scoped(CLIENT):
        correction = actions.correct_key(
            quiz_version_id=version.pk,
            item_key="q001",
            correct_keys=[right],
            note="",
            by=uuid.uuid4(),
        )
    return KeyCorrected(quiz_version_id=version.pk, correction_id=correction.pk)


def scores() -> list[tuple[int, int]]:
    """Return right answers and number of scorings of each attempt."""
    return list(Attempt.objects.order_by("pk").values_list("correct_count", "scoring"))


def test_a_part_is_a_delivery_of_its_own(module: Module, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(correcting, "_PART", 2)
    correct(module)
    for part in range(3):
        waiting = Delivery.objects.get(event="KeyCorrected", state="pending")
        drain([waiting.pk], "bulk")
        again = sum(scoring == 2 for _right, scoring in scores())
        assert again == min(2 * (part + 1), 5)
    assert not Delivery.objects.filter(event="KeyCorrected", state="pending").exists()
    assert scores() == [(1, 2)] * 5


def test_a_last_part_that_is_full_ends_with_an_empty_one(
    module: Module, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(correcting, "_PART", 5)
    correct(module)
    work_off("bulk")
    assert Delivery.objects.filter(event="KeyCorrected", state="done").count() == 2
    assert scores() == [(1, 2)] * 5


def test_a_part_that_is_done_twice_changes_nothing(module: Module, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(correcting, "_PART", 2)
    news = correct(module)
    work_off("bulk")
    before = scores(), LedgerEntry.objects.count()
    with scoped(CLIENT):
        assert actions.rescore_part(news=news) == 0
    work_off("bulk")
    assert (scores(), LedgerEntry.objects.count()) == before


def test_what_follows_is_done_in_bulk_and_comes_out_right(
    module: Module, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(correcting, "_PART", 2)
    before = len(rung("score"))
    points = set(Standing.objects.values_list("points", flat=True))
    correct(module)
    work_off("bulk")
    assert len(rung("score")) == before
    assert not Delivery.objects.filter(state="pending").exists()
    after = set(Standing.objects.values_list("points", flat=True))
    assert len(points) == len(after) == 1
    assert max(after) < min(points)
    assert {
        float(each) for each in ModuleProgress.objects.values_list("first_score", flat=True)
    } == {0.5}


def test_no_part_shares_a_bell_with_what_follows_from_the_one_before(
    module: Module, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(correcting, "_PART", 2)
    correct(module)
    first = Delivery.objects.get(event="KeyCorrected")
    before = len(rung("bulk"))
    drain([first.pk], "bulk")
    part = Delivery.objects.get(event="KeyCorrected", state="pending")
    followed = Delivery.objects.filter(event="AttemptScored", state="pending").order_by("pk")
    ids = list(followed.values_list("pk", flat=True))
    assert rung("bulk")[before:] == [[ids, "bulk"], [[part.pk], "bulk"]]


def test_news_that_an_earlier_version_stored_begins_with_the_first_part(module: Module):
    news = correct(module)
    payload = news.to_payload()
    del payload["after"]
    assert KeyCorrected.from_payload(payload) == news
