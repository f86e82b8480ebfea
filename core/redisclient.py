"""Our own connection to Redis, beside Django's cache: for what needs more than get and set."""

import functools

import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry


def client(*, patience: float = 1.0) -> redis.Redis:
    """Return this process's client of REDIS_URL. It connects when first used and gives up fast.

    `patience`: the seconds that an answer may take.
    """
    return _client_of(settings.REDIS_URL, patience)


@functools.cache
def _client_of(url: str, patience: float) -> redis.Redis:
    return redis.Redis.from_url(
        url,
        socket_timeout=patience,
        socket_connect_timeout=0.3,
        decode_responses=True,
        retry=Retry(NoBackoff(), 1),  # a connection that a restart has broken is opened anew, once
    )
