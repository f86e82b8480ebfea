"""A module that asks something else since somebody learnt it: what is understood is said of what is asked today."""

import uuid
from decimal import Decimal

import pytest

from core.mediafiles.actions import add_ready_video
from core.models import Asset
from core.scope import CLIENT, scoped
from courses.catalog.models import Module
from courses.progress import queries
from courses.progress.actions import Beat, record_beats
from courses.progress.models import ModuleProgress
from courses.progress.publishing import publish
from courses.quizzes.actions import correct_key
from partners.models import Person
from tests.analytics.factories import deliver
from tests.browser.learner import MEDIA
from tests.courses.factories import hand_in, make_module, single, version_of
from tests.partners.factories import make_client, make_partner, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def rep() -> Person:
    make_client()
    return make_person(make_partner())


def ask(module: Module, *keys: str, instead: str | None = None) -> None:
    """Publish the module with these questions: in its quiz, or in another one, of the block `instead`."""
    with scoped(CLIENT):
        block = module.blocks.get(kind="quiz")
        if instead:
            block.delete()
            block.pk, block.key = None, instead
        block.data = {"items": [single(key) for key in keys]}
        block.save()
        publish(module_id=module.pk, by=None)
    module.refresh_from_db()


def test_a_replaced_quiz_that_is_scored_again_leaves_the_new_one_understood(rep: Person) -> None:
    module = make_module(items=[single("q001"), single("q002")])
    old = version_of(module)
    hand_in(rep, module, right=1)
    deliver()
    ask(module, "n001", "n002", instead="blknew")
    hand_in(rep, module)
    deliver()
    before = ModuleProgress.objects.get()
    assert (before.understood, before.first_score) == (["n001", "n002"], Decimal(1))
    correct_key(quiz_version_id=old.pk, item_key="q001", correct_keys=["b"], note="", by=rep.pk)
    deliver()
    after = ModuleProgress.objects.get()
    assert after.understood_at == before.understood_at is not None
    assert (after.understood, after.first_score) == (before.understood, before.first_score)


def test_an_attempt_at_a_quiz_that_was_replaced_meanwhile_finishes_the_module(rep: Person) -> None:
    module = make_module(items=[single("q001")])
    hand_in(rep, module)
    ask(module, "n001", instead="blknew")
    deliver()
    progress = ModuleProgress.objects.get()
    assert progress.finished_at is not None
    assert (progress.understood, progress.understood_at) == ([], None)


def test_only_what_is_asked_today_counts_as_right_and_as_left_to_practise(rep: Person) -> None:
    module = make_module(items=[single(f"q00{number}") for number in range(1, 5)])
    hand_in(rep, module, right=3)
    deliver()
    ask(module, "q003", "q004")
    way = queries.way(rep, module.pk)
    assert way
    assert (way.state, way.understood, way.to_practise) == (queries.FINISHED, 1, 1)


def a_video(name: str) -> Asset:
    """Return one of the example's videos, ready to be shown."""
    clip, still = MEDIA / "clips" / f"{name}.mp4", MEDIA / "pictures" / "price.webp"
    with scoped(CLIENT):
        return add_ready_video(clip, still, name=name, captions={})


def played(module: Module, video: Asset) -> list[Beat]:
    """Return the beats of a video that was played to its end."""
    end = video.duration_ms
    return [Beat(module.pk, uuid.uuid4(), 1, "video", 30, 0, end, None, video.pk)]


def test_another_video_has_not_been_watched_and_begins_anew(rep: Person) -> None:
    first, second = a_video("price"), a_video("ringi")
    module = make_module(blocks=[("video", {"asset": str(first.pk), "title": "a"})])
    record_beats(person=rep, beats=played(module, first))
    way = queries.way(rep, module.pk)
    assert way
    assert way.at_quiz
    with scoped(CLIENT):
        block = module.blocks.get(kind="video")
        block.data = {"asset": str(second.pk), "title": "b"}
        block.save()
        publish(module_id=module.pk, by=None)
    way = queries.way(rep, module.pk)
    assert way
    assert (way.position_ms, way.at_quiz, way.watched) == (0, False, False)
    record_beats(person=rep, beats=played(module, first))
    assert ModuleProgress.objects.get().video == first.pk, (
        "what an open page still plays is left out"
    )
    record_beats(person=rep, beats=[Beat(module.pk, uuid.uuid4(), 1, "video", 5, 0, 5000)])
    progress = ModuleProgress.objects.get()
    assert (progress.video, progress.position_ms, progress.watched) == (
        second.pk,
        5000,
        [[0, 5000]],
    )
