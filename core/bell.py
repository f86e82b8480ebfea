"""The doorbell: tells workers that something waits. A bell that is not heard costs only time."""

from typing import Any

import structlog
from celery import current_app
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

log = structlog.get_logger(__name__)

DRAIN = "core.drain"

MOST = 50
"""So many deliveries one message is for at most: what comes in hundreds leaves room between for others."""


def ring(queue: str, ids: list[int]) -> bool:
    """Send a message for these deliveries, several for many. Returns False where no broker answers: the sweep will."""
    parts = (ids[start : start + MOST] for start in range(0, len(ids), MOST))
    return all(call(DRAIN, queue, part, queue) for part in parts)


def call(task: str, queue: str, *args: Any) -> bool:
    """Ask a worker of this queue to run a task. Returns False where no broker answers."""
    try:
        current_app.send_task(task, args=list(args), queue=queue, ignore_result=True, retry=False)
    except (OperationalError, RedisError, OSError) as error:
        log.warning("bell_unheard", task=task, queue=queue, error=str(error)[:200])
        return False
    return True
