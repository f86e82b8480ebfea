"""Sending what waits: claimed in one transaction, sent outside of any, noted in another.

An endpoint is sent one message at a time, and several endpoints at once: who is slow holds one of our threads, and
rests after a failure. A worker that dies leaves a lease behind; when it is over the message is sent again, with the
same id.
"""

import datetime as dt
import secrets
import time
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from core import bell, scope
from partners.webhooks import kinds, pauses, posting, signing
from partners.webhooks.actions.announcing import QUEUE, SEND
from partners.webhooks.actions.giving_up import give_up
from partners.webhooks.models import Endpoint, Sending, Try
from partners.webhooks.posting import Answer, How

log = structlog.get_logger(__name__)

AT_ONCE = 8
"""So many endpoints are sent to at once."""

ROUND_SECONDS = 10.0
"""After this time a round begins nothing new, and rings for the next: other work of the queue comes in between."""

_SLACK = dt.timedelta(seconds=45)
_LOOK_AGAIN = 1.0


@dataclass(frozen=True)
class Job:
    """One start of a sending, as it goes out."""

    sending: Sending
    endpoint: Endpoint
    start: Try
    body: bytes


def send_waiting() -> int:
    """Send what is due. Returns how many messages were taken by their receivers."""
    with scope.scoped(scope.CLIENT), ThreadPoolExecutor(AT_ONCE, "webhook") as pool:
        return _round(pool, time.monotonic() + ROUND_SECONDS)


def how() -> How:
    """Return the bounds of a POST: as settings say, and to this machine in development and tests alone."""
    return How(settings.WEBHOOK_SECONDS, loopback=settings.EMBEDDED or settings.TESTING)


def _round(pool: ThreadPoolExecutor, until: float) -> int:
    delivered = 0
    running: dict[Future[Answer], Job] = {}
    while True:
        in_time = time.monotonic() < until
        if in_time and len(running) < AT_ONCE:
            for job in _claim(AT_ONCE - len(running)):
                running[pool.submit(_post, job)] = job
        if not running:
            break
        done, _still = wait(running, _LOOK_AGAIN, FIRST_COMPLETED)
        for future in done:
            delivered += _note(running.pop(future), future.result())
    if not in_time and _due().exists():
        bell.call(SEND, QUEUE)
    return delivered


def _post(job: Job) -> Answer:
    """Send; runs in a thread of its own, and touches no database. One message's trouble stops no other."""
    try:
        return _sent(job)
    except Exception as error:
        log.exception("webhook_broke", sending=str(job.sending.pk))
        return Answer(0, error="broken", detail=f"{type(error).__name__}: {error}"[:300])


def _sent(job: Job) -> Answer:
    now = dt.datetime.now(dt.UTC)
    endpoint, body = job.endpoint, job.body.decode()
    keys = [endpoint.secret]
    if endpoint.old_secret and endpoint.old_secret_until and endpoint.old_secret_until > now:
        keys.append(endpoint.old_secret)
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Tomoni-Webhooks/1",
        **signing.headers(
            message_id=job.sending.message.public_id, at=now, body=body, secrets=keys
        ),
    }
    return posting.post(endpoint.url, body=job.body, headers=headers, how=how())


def _due() -> "QuerySet[Sending]":
    """Return what may go out now. A test goes out whatever the endpoint's state."""
    now = timezone.now()
    opened = Q(endpoint__state=Endpoint.State.ACTIVE) | Q(message__kind=kinds.TEST)
    return Sending.objects.filter(
        opened, state=Sending.State.WAITING, next_at__lte=now, endpoint__free_at__lte=now
    )


@transaction.atomic
def _claim(most: int) -> list[Job]:
    """Take the next message of each endpoint that is free, those first that have waited longest for their turn."""
    due = _due().order_by("next_at", "id")
    free = Endpoint.objects.select_for_update(skip_locked=True, no_key=True)
    free = free.filter(Exists(due.filter(endpoint=OuterRef("pk"))), free_at__lte=timezone.now())
    return [
        job for endpoint in free.order_by("free_at", "pk")[:most] for job in _next(endpoint, due)
    ]


def _next(endpoint: Endpoint, due: "QuerySet[Sending]") -> Iterator[Job]:
    rows = due.filter(endpoint=endpoint).select_related("message")
    sending = rows.select_for_update(no_key=True, of=("self",)).first()
    if sending is None:
        return
    lease = timezone.now() + dt.timedelta(seconds=settings.WEBHOOK_SECONDS) + _SLACK
    if sending.tries >= pauses.MAX_TRIES:  # its worker died of it each time
        _settle(sending, Sending.State.FAILED)
        return
    sending.tries += 1
    sending.next_at = endpoint.free_at = lease
    sending.save(update_fields=["tries", "next_at"])
    endpoint.save(update_fields=["free_at"])
    start = Try.objects.create(organisation_id=sending.organisation_id, sending=sending)
    yield Job(sending, endpoint, start, sending.message.body.encode())


@transaction.atomic
def _note(job: Job, answer: Answer) -> bool:
    """Keep what came of it. Returns whether it was delivered. What was settled meanwhile stays as it is."""
    endpoint = Endpoint.objects.select_for_update(no_key=True).get(pk=job.endpoint.pk)
    Try.objects.filter(pk=job.start.pk).update(
        took_ms=answer.took_ms,
        status=answer.status,
        error=answer.error,
        detail=answer.detail.replace("\0", "\ufffd"),
        excerpt=answer.excerpt,
    )
    rows = Sending.objects.select_for_update(no_key=True).filter(state=Sending.State.WAITING)
    sending = rows.filter(pk=job.sending.pk).first()
    is_test = job.sending.message.kind == kinds.TEST
    if sending is not None and answer.is_good:
        _settle(sending, Sending.State.DELIVERED, answer.took_ms)
    elif sending is not None:
        _postpone(sending, answer, is_test=is_test)
    if answer.is_good or not is_test:
        _judge(endpoint, answer)
    else:
        _free(endpoint)
    return answer.is_good


def _settle(sending: Sending, state: str, took_ms: int | None = None) -> None:
    sending.state, sending.settled_at, sending.took_ms = state, timezone.now(), took_ms
    sending.save(update_fields=["state", "settled_at", "took_ms"])


def _postpone(sending: Sending, answer: Answer, *, is_test: bool) -> None:
    luck = secrets.randbelow(1001) / 1000
    pause = pauses.pause(sending.tries, luck, answer.retry_after)
    if pause is None or is_test:
        _settle(sending, Sending.State.FAILED)
        log.warning("webhook_failed", sending=str(sending.pk), error=answer.error)
        return
    sending.next_at = timezone.now() + pause
    sending.save(update_fields=["next_at"])


def _free(endpoint: Endpoint) -> None:
    endpoint.free_at = timezone.now()
    endpoint.save(update_fields=["free_at"])


def _judge(endpoint: Endpoint, answer: Answer) -> None:
    """Count failures in a row, let the endpoint rest after one, and give it up after days, or where it is gone."""
    now = timezone.now()
    if answer.is_good:
        endpoint.failures, endpoint.failing_since, endpoint.free_at = 0, None, now
    else:
        endpoint.failures += 1
        endpoint.failing_since = endpoint.failing_since or now
        endpoint.free_at = now + pauses.rest(endpoint.failures)
    endpoint.save(update_fields=["failures", "failing_since", "free_at"])
    if answer.is_good or not endpoint.is_active:
        return
    if answer.error == "gone" or pauses.is_given_up(endpoint.failing_since or now, now):
        give_up(endpoint)
