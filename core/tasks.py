"""Celery tasks of the ground floor. Each only calls an action; all survive being run twice."""

from typing import Any

from celery import shared_task
from celery.signals import task_postrun, task_prerun, worker_init, worker_process_init
from django.core.exceptions import ImproperlyConfigured

from core import bell, checks, health, mail, outbox, pulse, ratelimit
from core.mediafiles import actions, processing, resumable, storage


@worker_init.connect
def refuse_unsafe_production(**_: Any) -> None:
    """Look at the settings before the first task. Celery only logs what a receiver raises: so exit."""
    try:
        checks.enforce()
    except ImproperlyConfigured as error:
        raise SystemExit(str(error)) from error


@worker_process_init.connect
def start_pulse(**_: Any) -> None:
    """Have each process of a worker tell that it is at work."""
    pulse.own.start()


@task_prerun.connect
def note_task(sender: Any, **_: Any) -> None:
    """Note for the pulse which queue is worked for."""
    pulse.own.begin((sender.request.delivery_info or {}).get("routing_key") or "")


@task_postrun.connect
def note_end(**_: Any) -> None:
    """Note for the pulse that the task is over."""
    pulse.own.end()


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


# Acknowledged at once: a long video must not be rung for again while it is at work, and where its
# worker dies, the lease in the database brings it back.
@shared_task(name=actions.PROCESS, acks_late=False, time_limit=processing.TIME_LIMIT)
def process_media(**_: Any) -> None:
    """Prepare the video that has waited longest, then ring for the next one."""
    if processing.process_waiting():
        bell.call(actions.PROCESS, processing.QUEUE)


@shared_task(name="core.sing")
def sing(queue: str, **_: Any) -> None:
    """Write the queue's sign of life."""
    health.sing(queue)


@shared_task(name="core.tidy")
def tidy(**_: Any) -> None:
    """Delete what is over: old deliveries, windows of tries, what crashed uploads left behind."""
    outbox.forget_done()
    ratelimit.forget_old()
    resumable.forget_expired()
    storage.forget_temporary()
    actions.forget_failed_sources()
