"""Real workers: each queue is served, a video is prepared, and doesn't hold up a score."""

import contextlib
import os
import signal
from pathlib import Path

import pytest
from celery import current_app
from django.core.files.base import ContentFile
from django.utils import timezone

from core import health
from core.mediafiles import actions
from core.models import Asset, Canary
from tests.core import media_samples
from tests.plugin.database import backends
from tests.plugin.patience import wait_until
from tests.plugin.processes import Worker

pytestmark = pytest.mark.django_db(transaction=True)


def sung(queue: str) -> bool:
    return Canary.objects.filter(queue=queue).exists()


def test_a_worker_sings_for_each_queue(worker: Worker):
    for queue in health.queues():
        current_app.send_task("core.sing", args=[queue], queue=queue)
    wait_until(lambda: all(check.ok for check in health.workers()), "each queue sings")


def test_the_score_queue_answers_while_an_uploaded_video_is_prepared(worker: Worker):
    film = media_samples.video(10, "1280x720")
    asset = actions.add_video(ContentFile(film), name="film")
    wait_until(lambda: Asset.objects.get(pk=asset.pk).state == "working", "the video is at work")
    current_app.send_task("core.sing", args=["score"], queue="score")
    wait_until(lambda: sung("score"), "the score queue sings")
    assert Asset.objects.get(pk=asset.pk).state == "working", (
        "the video was too short for this test"
    )
    wait_until(lambda: Asset.objects.get(pk=asset.pk).state == "ready", "the video is ready", 240)
    assert asset.renditions.count() == 3


def test_a_worker_that_is_asked_for_the_impossible_goes_on(worker: Worker):
    broken = actions.add_video(ContentFile(media_samples.video(4)[:3000]), name="broken")
    good = actions.add_video(ContentFile(media_samples.video(1)), name="good")
    wait_until(lambda: Asset.objects.get(pk=good.pk).state == "ready", "the video is ready", 240)
    assert Asset.objects.get(pk=broken.pk).state == "failed"


def sing_once(queue: str) -> None:
    """Let a worker do one task and wait until it is done."""
    Canary.objects.all().delete()
    current_app.send_task("core.sing", args=[queue], queue=queue)
    wait_until(lambda: sung(queue), "the queue sings")


def test_a_worker_keeps_its_connection_from_task_to_task_and_replaces_a_dead_one(worker: Worker):
    sing_once("media")
    kept = backends("tomoni_worker")
    assert kept
    sing_once("media")
    assert backends("tomoni_worker") & kept
    backends("tomoni_worker", end=True)
    sing_once("media")
    assert not backends("tomoni_worker") & kept


def commands_of(pid: int) -> dict[int, str]:
    """Return the ids and command lines of all processes that descend from this one."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError, IndexError):
                parents[int(entry.name)] = int(
                    (entry / "stat").read_text().rpartition(")")[2].split()[1]
                )
    found: dict[int, str] = {}
    todo = [pid]
    while todo:
        parent = todo.pop()
        children = [child for child, its_parent in parents.items() if its_parent == parent]
        todo += children
        for child in children:
            with contextlib.suppress(OSError):
                found[child] = (
                    Path(f"/proc/{child}/cmdline").read_bytes().replace(b"\0", b" ").decode()
                )
    return found


def test_a_video_whose_worker_is_killed_is_taken_up_again_and_nothing_runs_on(worker: Worker):
    asset = actions.add_video(ContentFile(media_samples.video(10, "1280x720")), name="film")
    seen: dict[int, str] = {}

    def is_at_work() -> bool:
        seen.clear()
        seen.update(commands_of(worker.pid))
        return any("main.mp4" in line for line in seen.values())

    wait_until(is_at_work, "ffmpeg runs")
    program = next(pid for pid, line in seen.items() if "main.mp4" in line)
    for pid, line in seen.items():
        if "celery" in line:
            os.kill(pid, signal.SIGKILL)
    wait_until(lambda: not Path(f"/proc/{program}").exists(), "ffmpeg ends with its worker")
    assert Asset.objects.get(pk=asset.pk).state == "working"
    Asset.objects.filter(pk=asset.pk).update(lease_until=timezone.now())
    current_app.send_task("core.process_media", queue="media")
    wait_until(lambda: Asset.objects.get(pk=asset.pk).state == "ready", "the video is ready", 240)
    assert Asset.objects.get(pk=asset.pk).tries == 2
