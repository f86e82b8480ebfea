"""Celery tasks of the ground floor. Each only calls an action; all survive being run twice."""

from typing import Any

from celery import shared_task
from django.utils import timezone

from core import bell, mail, outbox
from core.mediafiles import processing
from core.models import Canary


@shared_task(name=bell.DRAIN)
def drain(ids: list[int], queue: str, **_: Any) -> None:
    """Process the deliveries that a bell was rung for."""
    outbox.drain(ids, queue)


@shared_task(name="core.sweep")
def sweep(**_: Any) -> None:
    """Ring again for what has waited too long."""
    outbox.sweep()


@shared_task(name="core.send_mail")
def send_mail(**_: Any) -> None:
    """Send the messages that wait."""
    mail.send_waiting()


@shared_task(name="core.process_media")
def process_media(**_: Any) -> None:
    """Process uploads that wait or whose worker died."""
    processing.process_waiting()


@shared_task(name="core.sing")
def sing(queue: str, **_: Any) -> None:
    """Write the queue's sign of life."""
    Canary.objects.update_or_create(queue=queue, defaults={"sung_at": timezone.now()})


@shared_task(name="core.tidy")
def tidy(**_: Any) -> None:
    """Delete deliveries that were done long ago."""
    outbox.forget_done()
