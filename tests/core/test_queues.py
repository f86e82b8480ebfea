"""Real workers: each queue is served, a video is prepared, and doesn't hold up a score."""

import time
from collections.abc import Callable

import pytest
from celery import current_app
from django.core.files.base import ContentFile

from core import health
from core.mediafiles import actions
from core.models import Asset, Canary
from tests.core import media_samples
from tests.plugin.processes import Worker

pytestmark = pytest.mark.django_db(transaction=True)


def within(seconds: float, true: Callable[[], bool]) -> float:
    """Wait until something is true; returns how long that took, fails after `seconds`."""
    began = time.monotonic()
    while not true():
        assert time.monotonic() - began < seconds, f"not within {seconds} s"
        time.sleep(0.01)
    return time.monotonic() - began


def sung(queue: str) -> bool:
    return Canary.objects.filter(queue=queue).exists()


def test_a_worker_sings_for_each_queue(worker: Worker):
    for queue in health.queues():
        current_app.send_task("core.sing", args=[queue], queue=queue)
    within(10, lambda: all(check.ok for check in health.workers()))


def test_an_uploaded_video_is_prepared_while_the_score_queue_answers_within_a_second(
    worker: Worker,
):
    film = media_samples.video(20, "1280x720")
    asset = actions.add_video(ContentFile(film), name="film")
    within(10, lambda: Asset.objects.get(pk=asset.pk).state == "working")
    current_app.send_task("core.sing", args=["score"], queue="score")
    waited = within(5, lambda: sung("score"))
    assert Asset.objects.get(pk=asset.pk).state == "working", "the video was too short for this test"
    assert waited < 1
    within(90, lambda: Asset.objects.get(pk=asset.pk).state == "ready")
    assert asset.renditions.count() == 3


def test_a_worker_that_is_asked_for_the_impossible_goes_on(worker: Worker):
    broken = actions.add_video(ContentFile(media_samples.video(4)[:3000]), name="broken")
    good = actions.add_video(ContentFile(media_samples.video(1)), name="good")
    within(60, lambda: Asset.objects.get(pk=good.pk).state == "ready")
    assert Asset.objects.get(pk=broken.pk).state == "failed"
