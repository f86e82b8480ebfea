"""The doorbell: tells workers that something waits. A bell that is not heard costs only time."""

from typing import Any

import structlog
from celery import current_app
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

log = structlog.get_logger(__name__)

DRAIN = "core.drain"


def ring(queue: str, ids: list[int]) -> bool:
    """Send one message for these deliveries. Returns False where no broker answers: the sweep will."""
    return call(DRAIN, queue, ids, queue)


def call(task: str, queue: str, *args: Any) -> bool:
    """Ask a worker of this queue to run a task. Returns False where no broker answers."""
    try:
        current_app.send_task(task, args=list(args), queue=queue, ignore_result=True, retry=False)
    except (OperationalError, RedisError, OSError) as error:
        log.warning("bell_unheard", task=task, queue=queue, error=str(error)[:200])
        return False
    return True
